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

size_t
decide_characters(const char *text, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += (unsigned char)text[i] > ' ' &&
		    ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

enum decision
decide_page(const struct page_facts *f)
{
	if (f->characters == 0)
		return DECIDE_OCR;
	if (f->quality != LAYER_GOOD)
		return DECIDE_COMPARE;
	return f->images && f->unread > 0 ? DECIDE_BOTH : DECIDE_LAYER;
}
