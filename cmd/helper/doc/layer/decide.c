/* decide.c - how a page of a PDF is read: the only place that decides it.
 *
 * A text layer is set aside only on evidence: it is bad itself, or an image
 * shows print where the layer has no words.  Its length and position do not
 * matter: a stamp on a scan and a short digital page are alike in both. */
#include "decide.h"
#include "helper/doc/doc.h"

enum ocr_when
decide_when(enum ocr_when option, const struct page_request *ask)
{
	return ask->layer ? OCR_NEVER : option;
}

int
decide_has_text(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] > ' ')
			return 1;
	return 0;
}

enum decision
decide_page(const struct page_facts *f)
{
	if (!f->has_text)
		return DECIDE_OCR;
	if (f->quality != LAYER_GOOD)
		return DECIDE_COMPARE;
	return f->images && f->unread > 0 ? DECIDE_BOTH : DECIDE_LAYER;
}
