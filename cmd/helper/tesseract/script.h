/* script.h - detect a page's script. */
#ifndef SCRIPT_H
#define SCRIPT_H

struct Pix;
struct script_finder;

/* Map tesseract's script model from its model directory, while files can still
 * be opened.  NULL: it is not installed. */
struct script_finder *script_open(const char *models);
/* The page's script by tesseract's name, valid until the next call; NULL:
 * unclear. */
const char *script_find(struct script_finder *, struct Pix *, int dpi);

#endif
