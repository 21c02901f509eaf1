/* text.h - text files. */
#ifndef TEXT_H
#define TEXT_H

#include "helper/doc/doc.h"

/* The text as UTF-8, owned by the caller.  NULL with error. */
char *text_read(const struct doc_bytes *, const char *charset, size_t *length,
    char error[MESSAGE_SIZE]);

#endif
