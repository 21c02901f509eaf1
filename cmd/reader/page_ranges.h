/* page_ranges.h - the pages of a document that the user chose ("1-3,7,9-"). */
#ifndef PAGE_RANGES_H
#define PAGE_RANGES_H

#include "cli/cli.h"

/* Pages from..to, counted from 1; to 0 means the last page. */
struct page_range {
	unsigned from, to;
};

/* Ranges in the order given; they may overlap.  All zero: every page. */
struct page_ranges {
	struct page_range *list; /* owned, from malloc(3) */
	size_t count;
};

/* Parse the argument of --pages.  Ends the program if it is malformed. */
struct page_ranges page_ranges_parse(struct cli *, const char *text);
/* The number of chosen pages in a document of `pages` pages, at most
 * UINT32_MAX; a page in two ranges counts twice. */
unsigned page_ranges_count(const struct page_ranges *, unsigned pages);
/* The page number of the chosen page i (from 0); 0: there are fewer. */
unsigned page_ranges_page(const struct page_ranges *, unsigned pages,
    unsigned i);
/* Find the first and the last page in any range; *first > *last: no page is. */
void page_ranges_bounds(const struct page_ranges *, unsigned pages,
    unsigned *first, unsigned *last);
/* The last page of a range in a document of `pages` pages; it may be lower
 * than the range's first page. */
unsigned page_range_end(const struct page_range *, unsigned pages);

#endif
