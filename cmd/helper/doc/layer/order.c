/* order.c - is the order in which poppler prints a page's text in doubt?
 *
 * Words with boxes would show it, but they need a second reading of the page.
 * Most pages have one column, which poppler gets right.  So the text alone has
 * to show it: lines as long as the page is wide have no others beside them. */
#include "order.h"

enum {
	LONG_LINE = 60, /* characters, on average: wider than half a page */
	FEW_LINES = 3,  /* a page with fewer has nothing to mix up */
};

struct line_counts {
	size_t lines, flows; /* flows: text between empty lines */
	size_t shortest;     /* lines of one character */
	size_t characters;
	double squares; /* of the lines' characters */
	int rtl;        /* part of it runs from right to left */
};

static void
end_line(struct line_counts *c, size_t length, int *in_flow)
{
	if (length == 0) {
		*in_flow = 0;
		return;
	}
	c->flows += !*in_flow;
	*in_flow = 1;
	c->lines++;
	c->shortest += length == 1;
	c->characters += length;
	c->squares += (double)length * (double)length;
}

static struct line_counts
count_lines(const char *text, size_t n)
{
	struct line_counts c = {0};
	size_t length = 0;
	int in_flow = 0;

	for (size_t i = 0; i < n; i++) {
		const unsigned char b = (unsigned char)text[i];

		if (b == '\n') {
			end_line(&c, length, &in_flow);
			length = 0;
			continue;
		}
		length += (b & 0xc0) != 0x80;
		/* First bytes of U+0580 to U+07FF: Hebrew and Arabic. */
		c.rtl |= b >= 0xd6 && b < 0xe0;
	}
	end_line(&c, length, &in_flow);
	return c;
}

int
text_order_in_doubt(const char *text, size_t n)
{
	const struct line_counts c = count_lines(text, n);

	if (c.rtl)
		return 1;
	if (c.lines < FEW_LINES)
		return c.flows > 1;
	/* One character per line is text that runs down the page.  One flow
	 * per line may be a page that lies on its side. */
	return 2 * c.shortest > c.lines || 3 * c.flows > 2 * c.lines ||
	    (c.flows > 1 && c.squares < LONG_LINE * (double)c.characters);
}
