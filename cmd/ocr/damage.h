/* damage.h - documents that lost something: their text is printed, with a
 * warning and exit status 3, and is cached only if --negative asks for it.
 *
 * In the store, the extra of a document is the records of its pages, a newline,
 * and the warnings, one per line, which each hit repeats; see also reason.h.
 * They follow the document's name: ", page N: ..." or ": ...".  A warning of
 * doubt.h, which is not of damage, has DAMAGE_NONE before that. */
#ifndef DAMAGE_H
#define DAMAGE_H

#include "ocr/doc.h"

enum { DAMAGE_NONE = '?' };

/* Warn that the document is damaged, and note that it is. */
void damage_warn_document(struct cli *, struct doc *, const char *what);
/* The same for a page of it that is. */
void damage_warn_page(struct cli *, struct doc *, const struct page *);
/* Append to the JSON record of such a page how many errors of each kind it has.
 */
void damage_add_page(struct pc_buf *, const struct page *);
/* Append the extra under which a damaged document is stored. */
void damage_add_extra(const struct doc *, struct pc_buf *extra);
/* What of a record's extra are the records of pages. */
size_t damage_records_length(const struct pc_record *);
/* A hit: repeat its warnings, and note that it is damaged if it is. */
void damage_warn_hit(struct cli *, struct doc *);

#endif
