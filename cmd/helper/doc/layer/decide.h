/* decide.h - how a page of a PDF is read. */
#ifndef DECIDE_H
#define DECIDE_H

#include "helper/doc/doc.h"
#include "reader/reader_protocol.h"

#include <stddef.h>

struct page_facts {
	int has_text; /* the text layer has more than white space */
	enum layer_quality quality;
	int images;      /* does the page show an image? */
	unsigned unread; /* pieces of print in its images that the text layer
			  * does not cover */
};

enum decision {
	DECIDE_LAYER,   /* the text layer is complete */
	DECIDE_OCR,     /* there is no text layer */
	DECIDE_BOTH,    /* OCR reads the images; the text layer stays */
	DECIDE_COMPARE, /* OCR reads the whole page, to check the text layer */
};

/* When a page gets OCR: the request comes before the option. */
enum ocr_when decide_when(enum ocr_when option, const struct page_request *);
/* Has the text, in UTF-8, more than white space? */
int decide_has_text(const char *text, size_t n);
enum decision decide_page(const struct page_facts *);

#endif
