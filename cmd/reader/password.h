/* password.h - the password of locked PDFs. */
#ifndef PASSWORD_H
#define PASSWORD_H

#include "cli/cli.h"

/* The first line of the file at path; if path is NULL, $PC_OCR_PASSWORD or
 * NULL.  Ends the program if the file cannot be read, or if users other than
 * its owner can read it. */
const char *password_find(struct cli *, const char *path);

#endif
