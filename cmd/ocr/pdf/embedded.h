/* embedded.h - the images embedded in a PDF, and where they are on its
 * pages. */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include <stddef.h>

enum { EMBEDDED_NAME_SIZE = 64 };

struct embedded {
	unsigned page, number;         /* on its page; both from 1 */
	double box[4];                 /* points from the upper left */
	char name[EMBEDDED_NAME_SIZE]; /* of its file; "": none */
	int taken;                     /* set by the caller, who reads each
					* file once */
};

/* Sorted by page. */
struct embedded_list {
	struct embedded *list; /* owned, from malloc(3) */
	size_t count, cap;
};

/* Is pdftohtml's XML complete?  It does not report a full disk. */
int embedded_xml_whole(const char *xml, size_t n);
/* Append the images in the XML, which ends with NUL.  -1: out of memory. */
int embedded_parse(const char *xml, struct embedded_list *);
/* The first image on the page, followed by the page's others; NULL: none. */
struct embedded *embedded_on_page(const struct embedded_list *, unsigned page);

#endif
