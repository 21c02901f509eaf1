/* script.h - in which script a page is written. */
#ifndef SCRIPT_H
#define SCRIPT_H

struct Pix;
struct script_finder;

/* Read tesseract's model of scripts from its directory of models, while files
 * can still be opened.  NULL: it is not installed. */
struct script_finder *script_open(const char *models);
/* The page's script, as tesseract names it, good until the next call; NULL: it
 * is not clear. */
const char *script_find(struct script_finder *, struct Pix *, int dpi);

#endif
