/* doubt.h - pages that OCR read badly: one warning names them all.
 *
 * OCR read what it could, so the exit status is 0 and the text is cached.
 * Each hit repeats the warning (damage.h). */
#ifndef DOUBT_H
#define DOUBT_H

#include "ocr/doc.h"

/* Note the page if the warning has to name it. */
void doubt_note_page(struct doc *, const struct page *);
/* Call it when all pages are noted: warn, and keep the warning for hits. */
void doubt_warn(struct cli *, struct doc *);

#endif
