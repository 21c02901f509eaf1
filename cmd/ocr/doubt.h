/* doubt.h - pages that OCR read badly: one warning names them all.
 *
 * The text is what could be read, so the exit status is 0, and it is cached;
 * each hit repeats the warning, see damage.h. */
#ifndef DOUBT_H
#define DOUBT_H

#include "ocr/doc.h"

/* Note the page if the warning has to name it. */
void doubt_note_page(struct doc *, const struct page *);
/* All pages are noted: warn of them, and keep the warning for hits. */
void doubt_warn(struct cli *, struct doc *);

#endif
