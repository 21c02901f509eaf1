/* declared.h - what a PDF declares beside the text of its pages.
 *
 * Between processes this is text, one line per item: the number of a page, or
 * 0 for the document, then a tab and a JSON object.  The members of the object
 * are printed as they are, so their names are checked. */
#ifndef DECLARED_H
#define DECLARED_H

#include "pc.h"

struct declared_item {
	unsigned page;       /* 0: the document */
	size_t from, length; /* in the text of all items */
};

struct declared {
	struct pc_buf text;          /* owned: JSON members without braces */
	struct declared_item *items; /* owned, by page */
	size_t count;
};

/* JSON members without braces; length 0: none.  Valid as long as the struct
 * declared. */
struct declared_members {
	const unsigned char *text;
	size_t length;
};

/* Read a helper's answer of n bytes about a document with this number of
 * pages.  -1 with errno (EBADMSG: it is not valid). */
int declared_parse(struct declared *, const void *, size_t n, unsigned pages);
/* What is declared of a page; 0: of the document. */
struct declared_members declared_of(const struct declared *, unsigned page);
void declared_clear(struct declared *);

#endif
