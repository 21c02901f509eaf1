/* embedded.h - the images embedded in a PDF: where they are on its pages. */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include <stddef.h>

enum { EMBEDDED_NAME_SIZE = 64 };

struct embedded {
	unsigned page, number;         /* on its page; both from 1 */
	double box[4];                 /* points from the upper left */
	char name[EMBEDDED_NAME_SIZE]; /* of its file; "": it has none */
	int taken;                     /* by the caller, who reads it once */
};

/* In the order of pages. */
struct embedded_list {
	struct embedded *list; /* owned, from malloc(3) */
	size_t count, cap;
};

/* Is this all of pdftohtml's XML?  It does not notice a full disk. */
int embedded_xml_whole(const char *xml, size_t n);
/* Append the images that the XML, ended by NUL, names.  -1: out of memory. */
int embedded_parse(const char *xml, struct embedded_list *);
/* The first image of that page, and after it the page's others; NULL: there is
 * none. */
struct embedded *embedded_on_page(const struct embedded_list *, unsigned page);

#endif
