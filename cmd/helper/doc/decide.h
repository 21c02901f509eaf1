/* decide.h - how a page of a PDF is read. */
#ifndef DECIDE_H
#define DECIDE_H

#include "reader/reader_protocol.h"

#include <stddef.h>

struct page_facts {
	size_t characters; /* of the text layer, without white space */
	enum layer_quality quality;
	int images;      /* does the page show one? */
	unsigned unread; /* pieces of print in its images that the text layer
			  * does not cover */
};

enum decision {
	DECIDE_LAYER,   /* the text layer says it all */
	DECIDE_OCR,     /* there is no text layer */
	DECIDE_BOTH,    /* OCR reads the images; the text layer stays */
	DECIDE_COMPARE, /* OCR reads all of it, to check the text layer */
};

enum decision decide_page(const struct page_facts *);

#endif
