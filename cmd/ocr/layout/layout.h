/* layout.h - from the words of a page to blocks in reading order. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "ocr/page/page.h"

/* Make lines and blocks of a page that has only words, and set the type of
 * each block.  -1: out of memory. */
int page_lay_out(struct page *);

/* Decide which blocks of the laid-out page are headers and footers: those that
 * a near page repeats, and the page number.  Some of the n near pages may be
 * NULL; the others are laid out too. */
void page_find_repeated(struct page *, const struct page *const *near,
    size_t n);

enum { HEADING_KINDS_MAX = 12 };

/* Headings that look alike. */
struct heading_kind {
	double size; /* of the letters, 1/100 point */
	int bold, capitals;
	int ink;   /* measured in a scan */
	int depth; /* of the section number; 0: there is none */
	int level;
};

/* The kinds of a document's headings, from the highest level down. */
struct heading_levels {
	struct heading_kind kinds[HEADING_KINDS_MAX];
	size_t count;
	int used; /* levels were given: they stay */
};

/* Set the levels of the page's headings, which page_lay_out() judged by the
 * page alone.  Call it for each page in order, with the n laid out pages after
 * it. */
void page_set_levels(struct heading_levels *, struct page *,
    const struct page *const *next, size_t n);

#endif
