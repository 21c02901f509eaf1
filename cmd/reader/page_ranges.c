/* page_ranges.c - the pages of a document that the user chose. */
#include "page_ranges.h"

#include "reader_protocol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { RANGES_MAX = 10000 };

static _Noreturn void
malformed(struct cli *c, const char *text)
{
	cli_usage(c, "bad --pages '%s'; use a form such as 1-3,7,9-", text);
}

static unsigned
parse_number(struct cli *c, const char *text, const char **s)
{
	unsigned long n;
	char *end;

	n = **s >= '0' && **s <= '9' ? strtoul(*s, &end, 10) : 0;
	if (n == 0 || n > PAGES_MAX)
		malformed(c, text);
	*s = end;
	return (unsigned)n;
}

static struct page_range
parse_range(struct cli *c, const char *text, const char **s)
{
	struct page_range r = {.from = parse_number(c, text, s)};

	r.to = r.from;
	if (**s == '-') {
		++*s;
		r.to = **s == ',' || **s == '\0' ? 0 : parse_number(c, text, s);
	}
	if ((r.to && r.to < r.from) || (**s && **s != ','))
		malformed(c, text);
	return r;
}

struct page_ranges
page_ranges_parse(struct cli *c, const char *text)
{
	struct page_ranges r = {0};

	for (const char *s = text;; s++) {
		const struct page_range one = parse_range(c, text, &s);

		if (r.count == RANGES_MAX)
			malformed(c, text);
		r.list = realloc(r.list, (r.count + 1) * sizeof *r.list);
		if (!r.list)
			cli_die(c, "%s", strerror(errno));
		r.list[r.count++] = one;
		if (!*s)
			return r;
	}
}

unsigned
page_range_end(const struct page_range *r, unsigned pages)
{
	return r->to == 0 || r->to > pages ? pages : r->to;
}

static unsigned
count_range(const struct page_range *r, unsigned pages)
{
	const unsigned end = page_range_end(r, pages);

	return r->from > end ? 0 : end - r->from + 1;
}

unsigned
page_ranges_count(const struct page_ranges *r, unsigned pages)
{
	uint64_t count = r->count ? 0 : pages;

	for (size_t i = 0; i < r->count; i++)
		count += count_range(&r->list[i], pages);
	return count > UINT32_MAX ? UINT32_MAX : (unsigned)count;
}

unsigned
page_ranges_page(const struct page_ranges *r, unsigned pages, unsigned i)
{
	if (r->count == 0)
		return i + 1;
	for (size_t k = 0; k < r->count; k++) {
		const unsigned n = count_range(&r->list[k], pages);

		if (i < n)
			return r->list[k].from + i;
		i -= n;
	}
	return 0;
}

void
page_ranges_bounds(const struct page_ranges *r, unsigned pages, unsigned *first,
    unsigned *last)
{
	*first = r->count ? pages : 1;
	*last = r->count ? 1 : pages;
	for (size_t i = 0; i < r->count; i++) {
		const unsigned from = r->list[i].from;
		const unsigned end = page_range_end(&r->list[i], pages);

		if (from > end)
			continue;
		if (from < *first)
			*first = from;
		if (end > *last)
			*last = end;
	}
}
