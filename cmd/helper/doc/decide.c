/* decide.c - how a page of a PDF is read: the only place that decides it.
 *
 * A text layer is set aside only on evidence: it is bad itself, or an image
 * shows print where the layer has no words.  Its length and position do not
 * matter: a stamp on a scan and a short digital page are alike in both. */
#include "decide.h"

enum decision
decide_page(const struct page_facts *f)
{
	if (f->characters == 0)
		return DECIDE_OCR;
	if (f->quality != LAYER_GOOD)
		return DECIDE_COMPARE;
	return f->images && f->unread > 0 ? DECIDE_BOTH : DECIDE_LAYER;
}
