/* labels.c - the labels of pages, such as "iv", "12" or "A-3". */
#include "declare_in.h"

#include <stdlib.h>
#include <string.h>

enum {
	RANGES_MAX = 20 * 1000,
	PREFIX_MAX = 256,  /* bytes */
	LETTERS_MAX = 32,  /* equal letters in a label */
	ROMAN_MAX = 20000, /* numbers above are printed as digits */
};

/* Pages with labels that count up. */
struct label_range {
	unsigned first;               /* page, from 0 */
	unsigned number;              /* of that page */
	char style;                   /* D, r, R, a or A; 0: only the prefix */
	size_t prefix, prefix_length; /* in the text of all prefixes */
};

struct pdf_labels {
	struct label_range *ranges; /* owned */
	size_t count;
	struct pc_buf prefixes;
};

static unsigned
number_of(const struct declaring *c, qpdf_oh o, unsigned otherwise)
{
	const double v = qpdf.oh_is_number(c->s->pdf, o)
	    ? qpdf.oh_get_numeric_value(c->s->pdf, o)
	    : otherwise;

	return v >= 0 && v <= PAGES_MAX ? (unsigned)v : otherwise;
}

static void
add_range(void *ctx, struct declaring *c, qpdf_oh key, qpdf_oh value)
{
	struct pdf_labels *l = ctx;
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh style = pdf_get(c, value, "/S");
	const qpdf_oh prefix = pdf_get(c, value, "/P");
	struct label_range r = {.first = number_of(c, key, 0),
	    .number = number_of(c, pdf_get(c, value, "/St"), 1),
	    .prefix = l->prefixes.len};
	const char *text;
	size_t n = 0;

	if (l->count >= RANGES_MAX)
		return;
	if (qpdf.oh_is_name(pdf, style))
		r.style = qpdf.oh_get_name(pdf, style)[1];
	if (qpdf.oh_is_string(pdf, prefix)) {
		text = qpdf.oh_get_binary_utf8_value(pdf, prefix, &n);
		if (n <= PREFIX_MAX)
			pc_buf_add(&l->prefixes, text, n);
	}
	r.prefix_length = l->prefixes.len - r.prefix;
	l->ranges[l->count++] = r;
}

static int
compare(const void *a, const void *b)
{
	const unsigned x = ((const struct label_range *)a)->first;
	const unsigned y = ((const struct label_range *)b)->first;

	return x < y ? -1 : x > y;
}

struct pdf_labels *
pdf_labels_read(struct declaring *c)
{
	const qpdf_oh root = pdf_get(c, qpdf.get_root(c->s->pdf),
	    "/PageLabels");
	struct pdf_labels *l = calloc(1, sizeof *l);

	if (l)
		l->ranges = calloc(RANGES_MAX, sizeof *l->ranges);
	if (l && l->ranges)
		pdf_tree_walk(c, root, "/Nums", add_range, l);
	if (l && l->count > 0) {
		qsort(l->ranges, l->count, sizeof *l->ranges, compare);
		return l;
	}
	pdf_labels_free(l);
	return NULL;
}

void
pdf_labels_free(struct pdf_labels *l)
{
	if (!l)
		return;
	free(l->ranges);
	pc_buf_clear(&l->prefixes);
	free(l);
}

static void
add_roman(struct pc_buf *b, unsigned n, int upper)
{
	static const struct {
		unsigned value;
		const char *small, *large;
	} digits[] = {{1000, "m", "M"}, {900, "cm", "CM"}, {500, "d", "D"},
	    {400, "cd", "CD"}, {100, "c", "C"}, {90, "xc", "XC"},
	    {50, "l", "L"}, {40, "xl", "XL"}, {10, "x", "X"}, {9, "ix", "IX"},
	    {5, "v", "V"}, {4, "iv", "IV"}, {1, "i", "I"}};

	for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
		for (; n >= digits[i].value; n -= digits[i].value)
			pc_buf_addf(b, "%s",
			    upper ? digits[i].large : digits[i].small);
}

/* "a" to "z", then "aa" to "zz", and so on; n is at least 1. */
static void
add_letters(struct pc_buf *b, unsigned n, char a)
{
	const char letter = (char)(a + (char)((n - 1) % 26));

	for (unsigned i = 0; i <= (n - 1) / 26; i++)
		pc_buf_add(b, &letter, 1);
}

static void
add_number(struct pc_buf *b, unsigned n, char style)
{
	if ((style == 'r' || style == 'R') && n > 0 && n <= ROMAN_MAX)
		add_roman(b, n, style == 'R');
	else if ((style == 'a' || style == 'A') && n > 0 &&
	    n <= 26 * LETTERS_MAX)
		add_letters(b, n, style);
	else if (style)
		pc_buf_addf(b, "%u", n);
}

void
pdf_labels_add(const struct pdf_labels *l, struct declaring *c, unsigned page)
{
	const struct label_range *r = NULL;
	struct pc_buf text = {0};
	size_t low = 0, high = l->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (l->ranges[middle].first <= page)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return;
	r = &l->ranges[low - 1];
	if (r->prefix_length > 0)
		pc_buf_add(&text, l->prefixes.data + r->prefix,
		    r->prefix_length);
	add_number(&text, r->number + (page - r->first), r->style);
	if (text.len > 0)
		pc_json_add_bytes(&c->out, "label", text.data, text.len);
	c->out.failed |= text.failed;
	pc_buf_clear(&text);
}
