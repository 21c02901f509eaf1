/* decide - how a page is read, by what is known of it. */
#include "helper/doc/layer/decide.h"
#include "tap.h"

static void
test(struct page_facts f, enum decision want, const char *name)
{
	OK(decide_page(&f) == want, "%s", name);
}

int
main(void)
{
	test((struct page_facts){0}, DECIDE_OCR, "no text: OCR");
	test((struct page_facts){.images = 1, .unread = 9}, DECIDE_OCR,
	    "an image and no text: OCR");
	test((struct page_facts){.has_text = 1}, DECIDE_LAYER,
	    "text, however short, and no image: the layer");
	test((struct page_facts){.has_text = 1, .images = 1}, DECIDE_LAYER,
	    "an image whose print is in the layer: the layer");
	test((struct page_facts){.has_text = 1, .images = 1, .unread = 300},
	    DECIDE_BOTH, "a stamp on a scan: both");
	test((struct page_facts){.has_text = 1, .images = 1, .unread = 1},
	    DECIDE_BOTH, "some print in an image: both");
	test((struct page_facts){.has_text = 1, .quality = LAYER_DOUBTFUL},
	    DECIDE_COMPARE, "a layer in doubt: OCR compares");
	test((struct page_facts){.has_text = 1,
		 .quality = LAYER_GARBAGE,
		 .images = 1},
	    DECIDE_COMPARE, "garbage over a scan: OCR compares");
	return tap_done();
}
