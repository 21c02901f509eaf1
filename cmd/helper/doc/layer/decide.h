/* decide.h - how a page of a PDF is read. */
#ifndef DECIDE_H
#define DECIDE_H

#include "helper/doc/doc.h"
#include "reader/reader_protocol.h"

#include <stddef.h>

struct page_facts {
	size_t characters; /* of the text layer, without white space */
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
/* The facts' number of characters, of a text in UTF-8. */
size_t decide_characters(const char *text, size_t n);
enum decision decide_page(const struct page_facts *);

#endif
