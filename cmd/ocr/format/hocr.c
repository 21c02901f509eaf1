/* hocr.c - hOCR 1.2 (XHTML): positions in pixels at 300 dpi, and the elements
 * and classes that tesseract uses, as readers look for these. */
#include "format_in.h"

#include "ocr/page/letters.h"

#include <string.h>

enum { DPI = 300 };

static void
add(struct pc_buf *out, const char *s)
{
	pc_buf_add(out, s, strlen(s));
}

static void
hocr_begin(struct pc_buf *out)
{
	add(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<!DOCTYPE html>\n"
	    "<html xmlns=\"http://www.w3.org/1999/xhtml\">\n"
	    "<head>\n"
	    "<title></title>\n"
	    "<meta charset=\"utf-8\"/>\n"
	    "<meta name=\"ocr-system\" content=\"pc-ocr " PC_VERSION "\"/>\n"
	    "<meta name=\"ocr-capabilities\" content=\"ocr_page ocr_carea "
	    "ocr_par ocr_line ocrx_word ocr_header ocr_footer ocr_caption "
	    "ocr_photo ocrp_wconf\"/>\n"
	    "</head>\n"
	    "<body>\n");
}

/* Start an element and its title, up to its box; the title stays open. */
static void
open_element(struct pc_buf *out, const char *element, const char *class,
    const char *id, unsigned page, size_t n, const struct box *b)
{
	int x0 = format_units(b->x0, DPI), y0 = format_units(b->y0, DPI);
	int x1 = format_units(b->x1, DPI), y1 = format_units(b->y1, DPI);

	pc_buf_addf(out,
	    "<%s class=\"%s\" id=\"%s_%u_%zu\" title=\"bbox %d %d %d %d",
	    element, class, id, page, n, x0, y0, x1 > x0 ? x1 : x0,
	    y1 > y0 ? y1 : y0);
}

static void
add_word(struct pc_buf *out, const struct page *p, size_t n)
{
	const struct word *w = &p->words[n];

	open_element(out, "span", "ocrx_word", "word", p->number, n + 1,
	    &w->box);
	if (w->confidence >= 0)
		pc_buf_addf(out, "; x_wconf %d",
		    (int)(w->confidence + 50) / 100);
	add(out, "\">");
	format_xml(out, w->text, w->length);
	add(out, "</span>");
}

static void
add_line(struct pc_buf *out, const struct page *p, size_t n, const char *class)
{
	const struct line *l = &p->lines[n];

	open_element(out, "span", class, "line", p->number, n + 1, &l->box);
	add(out, "\">");
	for (size_t i = l->first; i < l->first + l->count; i++) {
		if (i > l->first && !words_join(&p->words[i - 1], &p->words[i]))
			add(out, " ");
		add_word(out, p, i);
	}
	add(out, "</span>\n");
}

static const char *
line_class(enum block_type type)
{
	return type == BLOCK_HEADER ? "ocr_header"
	    : type == BLOCK_FOOTER  ? "ocr_footer"
	    : type == BLOCK_CAPTION ? "ocr_caption"
				    : "ocr_line";
}

static void
add_block(struct pc_buf *out, const struct page *p, size_t n)
{
	const struct block *b = &p->blocks[n];

	if (b->type == BLOCK_FIGURE) {
		open_element(out, "div", "ocr_photo", "figure", p->number,
		    n + 1, &b->box);
		add(out, "\"></div>\n");
	}
	if (b->count == 0)
		return;
	open_element(out, "div", "ocr_carea", "block", p->number, n + 1,
	    &b->box);
	/* hOCR does not name all types of blocks. */
	pc_buf_addf(out, "; x_type %s", block_names[b->type]);
	if (b->type == BLOCK_HEADING)
		pc_buf_addf(out, "; x_level %d", b->level);
	add(out, "\">\n");
	open_element(out, "p", "ocr_par", "par", p->number, n + 1, &b->box);
	add(out, "\">\n");
	for (size_t i = 0; i < b->count; i++)
		add_line(out, p, b->first + i, line_class(b->type));
	add(out, "</p>\n</div>\n");
}

static void
hocr_page(const struct format_options *o, const struct page *p, size_t index,
    struct pc_buf *out)
{
	(void)o;
	(void)index;
	pc_buf_addf(out,
	    "<div class=\"ocr_page\" id=\"page_%u\" title=\"bbox 0 0 %d %d; "
	    "ppageno %u; scan_res %d %d\"",
	    p->number, format_units(p->width, DPI),
	    format_units(p->height, DPI), p->number > 0 ? p->number - 1 : 0,
	    DPI, DPI);
	if (p->error[0]) {
		add(out, " data-error=\"");
		format_xml(out, p->error, strlen(p->error));
		add(out, "\"");
	}
	add(out, ">\n");
	for (size_t i = 0; !p->error[0] && i < p->block_count; i++)
		add_block(out, p, i);
	if (!p->error[0] && !p->parsed && p->length > 0) {
		add(out, "<pre>");
		format_xml(out, p->data, format_plain_length(p));
		add(out, "</pre>\n");
	}
	add(out, "</div>\n");
}

static void
hocr_end(struct pc_buf *out)
{
	add(out, "</body>\n</html>\n");
}

const struct format_writer format_hocr_writer = {.words = 1,
    .begin = hocr_begin,
    .page = hocr_page,
    .end = hocr_end};
