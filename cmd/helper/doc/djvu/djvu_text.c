/* djvu_text.c - the hidden text of a DjVu page: words with boxes, and text.
 *
 * Scanning programs write words, or only lines, or one text for a whole page.
 * What has no boxes of its own shares that of its zone in equal parts. */
#include "helper/doc/base/layer_word.h"
#include "helper/doc/document_in.h"

#include "djvu.h"

#include <ctype.h>
#include <string.h>

/* What comes before the next word. */
enum zone_gap { GAP_NONE, GAP_SPACE, GAP_LINE, GAP_BLOCK };

struct zone_reading {
	const struct djvu_page *page;
	struct pc_buf *words, *text;
	void (*each)(void *ctx, const struct pdf_word *);
	void *ctx;
	enum zone_gap gap;
	int any;       /* there was a word, */
	double bottom; /* with this lower edge */
};

/* A box in pixels as the file has it: y grows upwards. */
struct rect {
	double x0, y0, x1, y1;
};

static void
raise_gap(struct zone_reading *r, enum zone_gap gap)
{
	if (r->gap < gap)
		r->gap = gap;
}

/* The box in pixels from the upper left corner, as the page is shown. */
static struct rect
turn(const struct djvu_page *p, const struct rect *in)
{
	const double wide = p->quarters % 2 ? p->height : p->width;
	const double high = p->quarters % 2 ? p->width : p->height;
	const struct rect a = {in->x0, high - in->y1, in->x1, high - in->y0};

	switch (p->quarters) {
	case 1:
		return (struct rect){a.y0, wide - a.x1, a.y1, wide - a.x0};
	case 2:
		return (struct rect){wide - a.x1, high - a.y1, wide - a.x0,
		    high - a.y0};
	case 3:
		return (struct rect){high - a.y1, a.x0, high - a.y0, a.x1};
	default:
		return a;
	}
}

static void
add_gap(struct zone_reading *r, const struct pdf_word *w)
{
	static const char *const gaps[] = {"", " ", "\n", "\n\n"};

	/* Words without lines */
	if (r->gap == GAP_SPACE && w->y0 >= r->bottom)
		r->gap = GAP_LINE;
	if (r->any)
		pc_buf_add(r->text, gaps[r->gap], strlen(gaps[r->gap]));
	r->gap = GAP_SPACE;
	r->any = 1;
	r->bottom = w->y1;
}

static void
add_word(struct zone_reading *r, const struct rect *box, const char *s,
    size_t n)
{
	const struct rect shown = turn(r->page, box);
	const double points = 72.0 / r->page->dpi;
	const struct pdf_word w = {.x0 = shown.x0 * points,
	    .y0 = shown.y0 * points,
	    .x1 = shown.x1 * points,
	    .y1 = shown.y1 * points,
	    .text = s,
	    .length = n};

	add_gap(r, &w);
	pc_buf_add(r->text, s, n);
	layer_add_word(r->words, &w);
	if (r->each)
		r->each(r->ctx, &w);
}

static int
is_space(unsigned char c)
{
	return c <= ' ' || c == 127;
}

static size_t
characters(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

/* Add the words of a line. */
static void
add_line(struct zone_reading *r, const struct rect *box, const char *s,
    size_t n)
{
	const double wide = (box->x1 - box->x0) /
	    (double)(n > 0 ? characters(s, n) : 1);

	for (size_t at = 0, end; at < n; at = end) {
		struct rect part = *box;

		end = at + 1;
		if (is_space((unsigned char)s[at]))
			continue;
		while (end < n && !is_space((unsigned char)s[end]))
			end++;
		part.x0 = box->x0 + wide * (double)characters(s, at);
		part.x1 = box->x0 + wide * (double)characters(s, end);
		add_word(r, &part, s + at, end - at);
	}
}

/* Add the lines of a text in its box. */
static void
add_lines(struct zone_reading *r, const struct rect *box, const char *s)
{
	size_t n = strlen(s), lines = 1;
	double high;

	while (n > 0 && is_space((unsigned char)s[n - 1]))
		n--;
	for (size_t i = 0; i < n; i++)
		lines += s[i] == '\n';
	high = (box->y1 - box->y0) / (double)lines;
	for (size_t i = 0; i < lines; i++) {
		const char *end = memchr(s, '\n', n);
		const size_t length = end ? (size_t)(end - s) : n;
		struct rect band = *box;

		band.y1 = box->y1 - high * (double)i;
		band.y0 = band.y1 - high;
		if (i > 0)
			raise_gap(r, GAP_LINE);
		add_line(r, &band, s, length);
		s += length + 1;
		n -= end ? length + 1 : n;
	}
}

/* The text, with U+FFFD for each byte that is not UTF-8. */
static void
add_checked(struct zone_reading *r, const struct rect *box, const char *s)
{
	struct pc_buf fixed = {0};

	if (pc_utf8_valid(s, strlen(s))) {
		add_lines(r, box, s);
		return;
	}
	for (; *s; s++)
		pc_buf_add(&fixed, *s & 0x80 ? "\xef\xbf\xbd" : s,
		    *s & 0x80 ? 3 : 1);
	if (pc_buf_add(&fixed, "", 1) == 0)
		add_lines(r, box, (const char *)fixed.data);
	else
		r->text->failed = 1;
	pc_buf_clear(&fixed);
}

static void
begin_zone(void *ctx, const struct djvu_zone *z)
{
	static const enum zone_gap gaps[] = {[DJVU_BLOCK] = GAP_BLOCK,
	    [DJVU_LINE] = GAP_LINE,
	    [DJVU_WORD] = GAP_SPACE};
	struct zone_reading *r = ctx;

	raise_gap(r, gaps[z->level]);
	if (z->text)
		add_checked(r, &(struct rect){z->x0, z->y0, z->x1, z->y1},
		    z->text);
}

static void
end_zone(void *ctx, const struct djvu_zone *z)
{
	if (z->level != DJVU_WORD)
		raise_gap(ctx, z->level == DJVU_LINE ? GAP_LINE : GAP_BLOCK);
}

int
djvu_text_read(const struct djvu_page *p, struct pc_buf *words,
    struct pc_buf *text, void (*each)(void *ctx, const struct pdf_word *),
    void *ctx)
{
	struct zone_reading r = {.page = p,
	    .words = words,
	    .text = text,
	    .each = each,
	    .ctx = ctx};
	const int whole = djvu_page_zones(p, begin_zone, end_zone, &r);

	if (r.any)
		pc_buf_add(text, "\n", 1);
	return whole;
}
