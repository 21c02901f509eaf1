/* merge.h - a page's text layer and what OCR read of it, as one page. */
#ifndef MERGE_H
#define MERGE_H

#include "page.h"

/* A page's text layer, kept while the page is recognised. */
struct page_layer {
	unsigned char *data; /* owned: the words, as page.h has them, then the
			      * plain text; NULL: there is no layer */
	size_t words, text;  /* bytes of each; text may be 0 */
	enum layer_quality quality;
};

void page_layer_clear(struct page_layer *);
/* Turn the recognised page into what the page says, and clear the layer.
 *
 * A good layer stays, and OCR adds the words that it lacks.  Of one in
 * doubt, those parts stay that OCR confirms or cannot judge; garbage stays only
 * if OCR reads nothing.  The page's source says what
 * was used.  -1 with errno: EBADMSG, the layer is not valid, or ENOMEM. */
int page_merge(struct page *, struct page_layer *);

#endif
