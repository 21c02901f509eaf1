/* doc_convert.h - documents that a converter of the user's configuration makes
 * readable: its result is read in place of the file. */
#ifndef DOC_CONVERT_H
#define DOC_CONVERT_H

#include "ocr/doc.h"
#include "reader/team.h"

/* Make the key of what is read of the document, its material left in
 * c->material.  If that is a converter's result, the document's own id is an
 * input too. */
void doc_make_key(struct cli *, const struct doc *, struct pc_id *key);
/* If the document was converted before, find the result in the store. */
void doc_recall_conversion(struct cli *, const struct ocr_options *,
    struct doc *);
/* Is there a converter for this type, and is the document not converted yet? */
int doc_is_convertible(const struct ocr_options *, const struct doc *,
    const char *type);
/* Find the result in the store.  1: it is not there, and
 * doc_conversion_serve() is to make it; -1: it cannot be made (d->error). */
int doc_begin_conversion(struct cli *, const struct ocr_options *, struct doc *,
    const char *type);
/* In a worker of its own (struct team): run the converter of the struct doc at
 * ctx, whose file is document.  One request starts it; the answer is its
 * result. */
void doc_conversion_serve(const void *ctx, int channel, int document);
/* Take the worker's answer; NULL: it died.  -1: it failed (d->error). */
int doc_end_conversion(struct cli *, struct doc *, const struct worker *);
/* Load the bytes of a result that was found.  -1 with errno. */
int doc_load_conversion(struct doc *);
void doc_drop_conversion(struct doc *);
/* Remove the byte order mark of a text that ends with a NUL beyond its length.
 */
void doc_drop_mark(struct pc_buf *);
/* Take d->text as the page.  1: there is none. */
int doc_take_text(struct doc *, struct page *);

#endif
