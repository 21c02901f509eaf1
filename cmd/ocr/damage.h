/* damage.h - documents of which a part is lost: their text is printed, with a
 * warning and exit status 3, and is cached only if --negative asks for it.
 *
 * In the store, a document's extra holds the records of its pages, a newline,
 * and its warnings, one per line; each hit repeats them (see also reason.h).
 * A warning begins with what follows the document's name: ", page N: ..." or
 * ": ...".  If it is not about damage (doubt.h), DAMAGE_NONE precedes it. */
#ifndef DAMAGE_H
#define DAMAGE_H

#include "ocr/doc.h"

enum { DAMAGE_NONE = '?' };

/* Warn that the document is damaged, and note it in d. */
void damage_warn_document(struct cli *, struct doc *, const char *what);
/* Do the same for one damaged page of it. */
void damage_warn_page(struct cli *, struct doc *, const struct page *);
/* Do the same for an image, with its number on the page. */
void damage_warn_image(struct cli *, struct doc *, unsigned page,
    unsigned image);
/* Do the same for a page that OCR could not read; its text layer is printed. */
void damage_warn_unread(struct cli *, struct doc *, const struct page *);
/* Append to the JSON record of a damaged page how many errors of each kind it
 * has. */
void damage_add_page(struct pc_buf *, const struct page *);
/* Append the extra under which a damaged document is stored. */
void damage_add_extra(const struct doc *, struct pc_buf *extra);
/* The length of the page records at the start of a record's extra, in bytes. */
size_t damage_records_length(const struct pc_record *);
/* On a hit: repeat the stored warnings, and note the damage, if any. */
void damage_warn_hit(struct cli *, struct doc *);

#endif
