/* repeat.c - headers and footers: lines that near pages repeat at the same
 * place.
 *
 * The position of a line is not enough: an invoice has its number at the top,
 * but only once.  A line is a header or footer if a near page repeats it.
 * Numbers in it may differ as the page numbers do.  A page number need not be
 * repeated. */
#include "layout.h"
#include "layout_in.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	PLACE_SHIFT = 300, /* 1/100 point, between two pages */
	LINES_MAX = 2,
	DIGITS_MAX = 6,
	PAGE_NUMBER_MAX = 999, /* larger numbers are of consecutive invoices */
	NUMBER_WORDS = 4,      /* "Page 3 of 12" */
};

static const struct word *
words_of(const struct page *p, const struct block *b, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < b->count; i++)
		*n += p->lines[b->first + i].count;
	return *n ? p->words + p->lines[b->first].first : NULL;
}

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The number in the n bytes at s; *used gets its digits. */
static long
number_at(const char *s, size_t n, size_t *used)
{
	long v = 0;
	size_t i = 0;

	while (i < n && i < DIGITS_MAX && is_digit(s[i]))
		v = v * 10 + (s[i++] - '0');
	*used = i;
	return v;
}

/* Are two texts the same, except for numbers that differ as the page numbers
 * do? */
static int
same_word(const struct word *a, const struct word *b, long pages)
{
	size_t i = 0, j = 0, m, n;

	while (i < a->length && j < b->length) {
		const long u = number_at(a->text + i, a->length - i, &m),
			   v = number_at(b->text + j, b->length - j, &n);

		if (m > 0 && n > 0) {
			if (u != v && (v - u != pages || v > PAGE_NUMBER_MAX))
				return 0;
			i += m;
			j += n;
		} else if (a->text[i++] != b->text[j++]) {
			return 0;
		}
	}
	return i == a->length && j == b->length;
}

static int
same_block(const struct page *p, const struct block *a, const struct page *q,
    const struct block *b)
{
	size_t n, m;
	const struct word *v = words_of(p, a, &n), *w = words_of(q, b, &m);

	if (n == 0 || n != m || labs((long)a->box.y0 - b->box.y0) > PLACE_SHIFT)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!same_word(&v[i], &w[i], (long)q->number - (long)p->number))
			return 0;
	return 1;
}

static int
is_repeated(const struct page *p, const struct block *b,
    const struct page *const *near, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; near[i] && k < near[i]->block_count; k++)
			if (same_block(p, b, near[i], &near[i]->blocks[k]))
				return 1;
	return 0;
}

/* ---- a page's number ---- */

static int
is_number(const char *s, size_t n)
{
	size_t used, roman = 0;

	number_at(s, n, &used);
	while (roman < n && strchr("ivxlc", s[roman]))
		roman++;
	return n > 0 && (used == n || roman == n);
}

static int
is_label(const char *s, size_t n)
{
	static const char *const labels[] = {"page", "p", "pg", "seite", "s",
	    "blatt", "pagina", "página", "of", "von", "de", "sur", "di", ""};

	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (strlen(labels[i]) == n && strncasecmp(labels[i], s, n) == 0)
			return 1;
	return 0;
}

/* 7  - 7 -  7/12  Page 7 of 12  [iv] */
static int
is_page_number(const struct page *p, const struct block *b)
{
	size_t n, numbers = 0;
	const struct word *w = words_of(p, b, &n);

	if (n > NUMBER_WORDS)
		return 0;
	for (size_t i = 0; i < n; i++) {
		const char *s = w[i].text, *end = s + w[i].length;

		while (s < end) {
			const char *part = s;

			while (s < end && !strchr("-/.|()[]", *s))
				s++;
			if (is_number(part, (size_t)(s - part)))
				numbers++;
			else if (!is_label(part, (size_t)(s - part)) &&
			    strncmp(part, "–", strlen("–")) != 0)
				return 0;
			s += s < end;
		}
	}
	return numbers == 1 || numbers == 2;
}

void
page_find_repeated(struct page *p, const struct page *const *near, size_t n)
{
	const double top = LAYOUT_MARGIN * p->height,
		     bottom = (1 - LAYOUT_MARGIN) * p->height;

	for (size_t i = 0; p->rotation == 0 && i < p->block_count; i++) {
		struct block *b = &p->blocks[i];
		const int header = b->type == BLOCK_HEADER,
			  edge = header || b->type == BLOCK_FOOTER;

		if (!edge &&
		    (b->type != BLOCK_PARAGRAPH || b->count > LINES_MAX ||
			(b->box.y1 > top && b->box.y0 < bottom)))
			continue;
		if (is_repeated(p, b, near, n) ||
		    (edge && layout_is_running_title(p, b, near, n)))
			b->type = b->box.y1 <= top ? BLOCK_HEADER
						   : BLOCK_FOOTER;
		else if (!edge || !is_page_number(p, b))
			b->type = BLOCK_PARAGRAPH;
	}
}
