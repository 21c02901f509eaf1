/* merge.h - merge a page's text layer with the words that OCR read. */
#ifndef MERGE_H
#define MERGE_H

#include "page.h"

/* A page's text layer, kept while the page is recognised. */
struct page_layer {
	unsigned char *data; /* owned: the words in the form of page.h, then
			      * the plain text; NULL: there is no layer */
	size_t words, text;  /* length of each in bytes; text may be 0 */
	enum layer_quality quality;
};

void page_layer_clear(struct page_layer *);
/* Merge the recognised page with its layer, and clear the layer.
 *
 * A good layer stays, and OCR adds the words that it lacks.  Of a layer in
 * doubt, the parts stay that OCR confirms or cannot judge.  Garbage stays only
 * if OCR reads nothing.  The page's source records what was used.  -1 with
 * errno: EBADMSG (the layer is not valid) or ENOMEM. */
int page_merge(struct page *, struct page_layer *);

#endif
