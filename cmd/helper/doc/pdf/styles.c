/* styles.c - which words of a PDF page are bold or monospaced.
 *
 * poppler could report each word's font, but it takes four times as long as
 * reading the words.  The page's content names the font of each piece of text,
 * and a word belongs to the nearest piece on its left.  If the font changes
 * where the position of a piece is not known, only what both fonts have in
 * common counts. */
#include "styles.h"
#include "details.h"
#include "opened.h"

#include "declare_in.h"
#include "drawn.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	PIECES_MAX = 20 * 1000,        /* of a page */
	FONTS_MAX = 64,                /* of a page */
	FONT_NAME_MAX = 64,            /* bytes */
	CONTENT_MAX = 8 * 1024 * 1024, /* bytes of a page's content */
	BOLD_WEIGHT = 600,             /* of 100 to 900; normal is 400 */
	/* Flags of a font descriptor (ISO 32000-1, table 123). */
	FLAG_FIXED = 1,
	FLAG_FORCE_BOLD = 1 << 18,
};

static const double left_slack = 2; /* points */

struct page_font {
	char name[FONT_NAME_MAX]; /* in the page's resources, with a slash */
	int style;
};

struct style_finding {
	struct declaring c;
	struct pdf_shown shown;
	qpdf_oh fonts; /* of the page's resources */
	struct page_font known[FONTS_MAX];
	size_t known_count;
	struct pdf_styles *styles;
	int any; /* all bits that were found */
};

/* ---- fonts ---- */

static int
contains(const char *name, const char *const *parts)
{
	while (*parts && !strcasestr(name, *parts))
		parts++;
	return *parts != NULL;
}

/* Names that say how a font looks: not all programs set its flags.  "CMBX" and
 * similar are TeX's, "-Medi" is URW's bold. */
static int
style_of_name(const char *name)
{
	static const char *const bold[] = {"bold", "black", "heavy", "demi",
	    "cmbx", "sfbx", "ecbx", "-medi", NULL};
	static const char *const not_bold[] = {"-medium", "demilight", NULL};
	static const char *const fixed[] = {"courier", "mono", "consol",
	    "typewriter", "cmtt", "sftt", "menlo", "monaco", "fixed", NULL};

	return (contains(name, bold) && !contains(name, not_bold) ? STYLE_BOLD
								  : 0) |
	    (contains(name, fixed) ? STYLE_MONOSPACED : 0);
}

static int
style_of_font(const struct declaring *c, qpdf_oh font)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh base = pdf_get(c, font, "/BaseFont");
	const qpdf_oh parts = pdf_get(c, font, "/DescendantFonts");
	int style = qpdf.oh_is_name(pdf, base)
	    ? style_of_name(qpdf.oh_get_name(pdf, base))
	    : 0;
	qpdf_oh about;
	int flags;

	if (qpdf.oh_is_array(pdf, parts) &&
	    qpdf.oh_get_array_n_items(pdf, parts) > 0)
		font = qpdf.oh_get_array_item(pdf, parts, 0);
	about = pdf_get(c, font, "/FontDescriptor");
	if (!qpdf.oh_is_dictionary(pdf, about))
		return style;
	flags = (int)qpdf_number(c->s, about, "/Flags");
	if (flags & FLAG_FORCE_BOLD ||
	    qpdf_number(c->s, about, "/FontWeight") >= BOLD_WEIGHT)
		style |= STYLE_BOLD;
	return style | (flags & FLAG_FIXED ? STYLE_MONOSPACED : 0);
}

static int
style_of(struct style_finding *f, const char *name)
{
	struct page_font *font;

	for (size_t i = 0; i < f->known_count; i++)
		if (strcmp(f->known[i].name, name) == 0)
			return f->known[i].style;
	if (f->known_count == FONTS_MAX || strlen(name) < 2)
		return 0;
	font = &f->known[f->known_count++];
	snprintf(font->name, sizeof font->name, "%s", name);
	font->style = style_of_font(&f->c, pdf_get(&f->c, f->fonts, name));
	return font->style;
}

/* ---- the page ---- */

static void
add_piece(void *ctx, double x, double y, const char *font, int stroked)
{
	struct style_finding *f = ctx;
	struct pdf_styles *all = f->styles;
	const int style = style_of(f, font) | (stroked ? STYLE_BOLD : 0);
	const double box[4] = {x, y, x, y};
	struct pdf_styled *last = all->count > 0 ? &all->items[all->count - 1]
						 : NULL;
	double at[4];

	pdf_shown_place(&f->shown, box, at);
	f->any |= style;
	if (last && last->x == at[0] && last->y == at[1])
		last->style &= style;
	else if (all->count < PIECES_MAX)
		all->items[all->count++] = (struct pdf_styled){at[0], at[1],
		    style};
}

static int
compare(const void *a, const void *b)
{
	const struct pdf_styled *p = a, *q = b;

	return p->y < q->y ? -1 : p->y > q->y;
}

static void
find_pieces(struct style_finding *f, qpdf_oh page)
{
	unsigned char *data = NULL;
	size_t n = 0;

	f->fonts = pdf_get(&f->c,
	    qpdf_inherited(f->c.s, page, "/Resources", qpdf.oh_is_dictionary),
	    "/Font");
	if (!(qpdf.oh_get_page_content_data(f->c.s->pdf, page, &data, &n) &
		(QPDF_ERRORS)) &&
	    n <= CONTENT_MAX)
		pdf_drawn_follow(data, n, NULL,
		    &(struct pdf_drawn){.piece = add_piece, .ctx = f});
	free(data);
}

void
pdf_styles_find(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct pdf_styles *styles)
{
	struct style_finding f = {.c = {.document = d}, .styles = styles};

	if (ask->plain || d->rescued)
		return;
	f.c.s = document_details(d);
	if (pdf_details_pages(f.c.s) != d->pages)
		return;
	/* Not zeroed: few pages need much of it. */
	styles->items = malloc(PIECES_MAX * sizeof *styles->items);
	if (!styles->items)
		return;
	pdf_page_shown(page, f.shown.box, &f.shown.quarters);
	find_pieces(&f, qpdf.get_page_n(f.c.s->pdf, ask->page - 1));
	qpdf.oh_release_all(f.c.s->pdf);
	if (!f.any)
		styles->count = 0;
	if (styles->count > 0)
		qsort(styles->items, styles->count, sizeof *styles->items,
		    compare);
}

/* The first item below this height. */
static size_t
first_below(const struct pdf_styles *s, double y)
{
	size_t from = 0, end = s->count;

	while (from < end) {
		const size_t middle = from + (end - from) / 2;

		if (s->items[middle].y > y)
			end = middle;
		else
			from = middle + 1;
	}
	return from;
}

int
pdf_styles_of(const struct pdf_styles *s, const struct pdf_word *w)
{
	const struct pdf_styled *best = NULL;

	for (size_t i = first_below(s, w->y0);
	     i < s->count && s->items[i].y <= w->y1; i++) {
		const struct pdf_styled *p = &s->items[i];

		if (p->x <= w->x0 + left_slack && (!best || p->x >= best->x))
			best = p;
	}
	return best ? best->style : 0;
}

void
pdf_styles_clear(struct pdf_styles *s)
{
	free(s->items);
	*s = (struct pdf_styles){0};
}
