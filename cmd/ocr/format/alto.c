/* alto.c - ALTO 4.4, with positions in tenths of a millimetre.
 *
 * https://www.loc.gov/standards/alto/ */
#include "format_in.h"

#include "ocr/page/letters.h"

#include <string.h>

enum { MM10 = 254 };

static void
add(struct pc_buf *out, const char *s)
{
	pc_buf_add(out, s, strlen(s));
}

static void
alto_begin(struct pc_buf *out)
{
	add(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\" "
	    "SCHEMAVERSION=\"4.4\">\n"
	    "<Description>\n"
	    "<MeasurementUnit>mm10</MeasurementUnit>\n"
	    "<Processing ID=\"processing\"><processingSoftware>"
	    "<softwareName>pc-ocr</softwareName>"
	    "<softwareVersion>" PC_VERSION "</softwareVersion>"
	    "</processingSoftware></Processing>\n"
	    "</Description>\n"
	    "<Tags>\n");
	for (int i = 0; i < BLOCK_TYPES; i++)
		pc_buf_addf(out, "<LayoutTag ID=\"%s\" LABEL=\"%s\"/>\n",
		    block_names[i], block_names[i]);
	add(out, "</Tags>\n<Layout>\n");
}

static void
add_places(struct pc_buf *out, const struct box *b)
{
	int x0 = format_units(b->x0, MM10), y0 = format_units(b->y0, MM10);
	int x1 = format_units(b->x1, MM10), y1 = format_units(b->y1, MM10);

	pc_buf_addf(out, " HPOS=\"%d\" VPOS=\"%d\" WIDTH=\"%d\" HEIGHT=\"%d\"",
	    x0, y0, x1 > x0 ? x1 - x0 : 0, y1 > y0 ? y1 - y0 : 0);
}

/* Start an element, and leave it open for more attributes. */
static void
open_element(struct pc_buf *out, const char *element, const char *id,
    const struct page *p, size_t n, const struct box *b)
{
	pc_buf_addf(out, "<%s ID=\"%s_%u_%zu\"", element, id, p->number, n + 1);
	add_places(out, b);
}

/* Print a confidence in 1/100 % as a number from 0 to 1. */
static void
add_confidence(struct pc_buf *out, const char *name, int32_t v)
{
	if (v >= 0)
		pc_buf_addf(out, " %s=\"%d.%04d\"", name, (int)v / 10000,
		    (int)v % 10000);
}

static void
add_word(struct pc_buf *out, const struct page *p, size_t n)
{
	const struct word *w = &p->words[n];

	open_element(out, "String", "string", p, n, &w->box);
	add_confidence(out, "WC", w->confidence);
	add(out, " CONTENT=\"");
	format_xml(out, w->text, w->length);
	add(out, "\"/>\n");
}

static void
add_line(struct pc_buf *out, const struct page *p, size_t n)
{
	const struct line *l = &p->lines[n];

	if (l->count == 0) /* the schema requires a String */
		return;
	open_element(out, "TextLine", "line", p, n, &l->box);
	add(out, ">\n");
	for (size_t i = l->first; i < l->first + l->count; i++) {
		if (i > l->first && !words_join(&p->words[i - 1], &p->words[i]))
			add(out, "<SP/>\n");
		add_word(out, p, i);
	}
	add(out, "</TextLine>\n");
}

static void
add_block(struct pc_buf *out, const struct page *p, size_t n)
{
	const struct block *b = &p->blocks[n];

	if (b->type == BLOCK_FIGURE) {
		open_element(out, "Illustration", "figure", p, n, &b->box);
		add(out, "/>\n");
	}
	if (b->count == 0)
		return;
	open_element(out, "TextBlock", "block", p, n, &b->box);
	pc_buf_addf(out, " TAGREFS=\"%s\">\n", block_names[b->type]);
	for (size_t i = 0; i < b->count; i++)
		add_line(out, p, b->first + i);
	add(out, "</TextBlock>\n");
}

/* Append a plain text, one TextLine per line, without positions. */
static void
add_plain(struct pc_buf *out, const struct page *p)
{
	const char *s = (const char *)p->data,
		   *end = s + format_plain_length(p);
	int in_line = 0;

	pc_buf_addf(out, "<TextBlock ID=\"block_%u_1\">\n", p->number);
	while (s < end) {
		const char *word = s;

		while (s < end && (unsigned char)*s > ' ')
			s++;
		if (s > word) {
			add(out, in_line ? "<SP/>\n" : "<TextLine>\n");
			in_line = 1;
			add(out, "<String CONTENT=\"");
			format_xml(out, word, (size_t)(s - word));
			add(out, "\"/>\n");
		} else if (*s++ == '\n' && in_line) {
			add(out, "</TextLine>\n");
			in_line = 0;
		}
	}
	add(out, in_line ? "</TextLine>\n</TextBlock>\n" : "</TextBlock>\n");
}

static void
add_print_space(struct pc_buf *out, const struct page *p)
{
	struct box whole = {.x1 = (int32_t)p->width, .y1 = (int32_t)p->height};

	add(out, "<PrintSpace");
	if (p->width > 0 && p->height > 0)
		add_places(out, &whole);
	add(out, ">\n");
	for (size_t i = 0; i < p->block_count; i++)
		add_block(out, p, i);
	if (!p->parsed && p->length > 0)
		add_plain(out, p);
	add(out, "</PrintSpace>\n");
}

static void
alto_page(const struct format_options *o, const struct page *p, size_t index,
    struct pc_buf *out)
{
	(void)o;
	(void)index;
	pc_buf_addf(out, "<Page ID=\"page_%u\" PHYSICAL_IMG_NR=\"%u\"",
	    p->number, p->number);
	if (p->error[0]) {
		add(out, " QUALITY=\"Damaged\" QUALITY_DETAIL=\"");
		format_xml(out, p->error, strlen(p->error));
		add(out, "\"/>\n");
		return;
	}
	if (p->width > 0 && p->height > 0)
		pc_buf_addf(out, " WIDTH=\"%d\" HEIGHT=\"%d\"",
		    format_units(p->width, MM10),
		    format_units(p->height, MM10));
	add_confidence(out, "PC", p->confidence);
	add(out, ">\n");
	add_print_space(out, p);
	add(out, "</Page>\n");
}

static void
alto_end(struct pc_buf *out)
{
	add(out, "</Layout>\n</alto>\n");
}

const struct format_writer format_alto_writer = {.words = 1,
    .begin = alto_begin,
    .page = alto_page,
    .end = alto_end};
