/* decide.c - how a page of a PDF is read: the only place that decides it.
 *
 * A text layer is only set aside by what is seen: it must be bad by itself, or
 * an image must show print where it has no words.  How long it is, and where
 * it stands, does not matter, as a stamp on a scan and a short digital page
 * are alike in that. */
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
