/* pdf.c - a PDF of text that is not seen, a page for each page, to be
 * laid over the document (overlay.c).
 *
 * Text is in rendering mode 3, a run a word, stretched to the word's box.  The
 * font is a CIDFontType2 with Identity-H, whose codes are UTF-16 units as they
 * are, and whose glyphs are all one empty glyph of an embedded font.  This is
 * what tesseract's PDFs have too, and what readers cope with: a Type 3 font
 * knows 256 characters only, and a font that is not embedded must not have
 * Identity-H (ISO 32000-1, 9.7.5.2).  Characters beyond U+FFFF get the codes
 * of surrogates, one each, since half a character cannot be extracted.
 *
 * No names, no dates: the same pages give the same bytes. */
#include "form.h"
#include "ocr/page/direction.h"

#include <stdlib.h>
#include <string.h>

enum {
	CATALOG = 1,
	TREE,
	FONT,
	CID_FONT,
	DESCRIPTOR,
	FONT_FILE,
	GLYPHS,  /* of codes */
	UNICODE, /* of codes */
	PAGES,   /* the first page and its content, and so on */
	CODES = 0x10000,
	ASTRAL = 0xd800, /* codes for characters beyond U+FFFF */
	ASTRAL_MAX = 0x800,
	SECTION = 100, /* lines in a section of a CMap */
	REPLACEMENT = 0xfffd,
	IMAGE_UNIT = 100 * 10000,
};

static const double STRAIGHT = 0.004; /* slopes below are none */
/* How far a line's words may climb or sink, in sizes: poppler's pdftotext
 * keeps lines of 0.3 whole, and breaks some of 0.5. */
static const double DRIFT = 0.25;

/* A box in its upright page's points, y upward. */
struct place {
	double x0, x1, bottom, height;
};

static void
add(struct pc_buf *out, const char *s)
{
	pc_buf_add(out, s, strlen(s));
}

/* The offset of the byte that comes next. */
static uint64_t
here(const struct format_state *s, const struct pc_buf *out)
{
	return s->written + (out->len - s->from);
}

static void
object(struct format_state *s, struct pc_buf *out, size_t number)
{
	while (!s->objects.failed && s->objects.len < number * 8)
		pc_buf_add_u64(&s->objects, 0);
	if (s->objects.failed)
		out->failed = 1;
	else
		for (int i = 0; i < 8; i++)
			s->objects.data[(number - 1) * 8 + (size_t)i] =
			    (unsigned char)(here(s, out) >> 8 * i);
	pc_buf_addf(out, "%zu 0 obj\n", number);
}

/* ---- before the pages ---- */

/* All codes have the glyph 1; 0 stands for what is not there, and what is not
 * there some readers do not select. */
static void
add_glyphs(struct pc_buf *out)
{
	static const unsigned char one[] = {0, 1};

	for (unsigned i = 0; i < CODES; i++)
		pc_buf_add(out, one, sizeof one);
}

void
form_pdf_begin(struct format_state *s, struct pc_buf *out)
{
	s->from = out->len;
	/* The second line says that there are bytes beyond ASCII. */
	add(out, "%PDF-1.6\n%\xc2\xb5\xc2\xb6\n");
	object(s, out, CATALOG);
	pc_buf_addf(out, "<</Type/Catalog/Pages %d 0 R>>\nendobj\n", TREE);
	object(s, out, FONT);
	pc_buf_addf(out,
	    "<</Type/Font/Subtype/Type0/BaseFont/Invisible/Encoding/Identity-H"
	    "/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>\nendobj\n",
	    CID_FONT, UNICODE);
	object(s, out, CID_FONT);
	pc_buf_addf(out,
	    "<</Type/Font/Subtype/CIDFontType2/BaseFont/Invisible"
	    "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
	    "/FontDescriptor %d 0 R/CIDToGIDMap %d 0 R/DW 500>>\nendobj\n",
	    DESCRIPTOR, GLYPHS);
	object(s, out, DESCRIPTOR);
	pc_buf_addf(out,
	    "<</Type/FontDescriptor/FontName/Invisible/FontBBox[0 -200 500 800]"
	    "/Flags 5/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700"
	    "/StemV 80/FontFile2 %d 0 R>>\nendobj\n",
	    FONT_FILE);
	object(s, out, FONT_FILE);
	pc_buf_addf(out, "<</Length %zu/Length1 %zu>>\nstream\n",
	    form_pdf_font_size, form_pdf_font_size);
	pc_buf_add(out, form_pdf_font, form_pdf_font_size);
	add(out, "\nendstream\nendobj\n");
	object(s, out, GLYPHS);
	pc_buf_addf(out, "<</Length %d>>\nstream\n", 2 * CODES);
	add_glyphs(out);
	add(out, "\nendstream\nendobj\n");
	s->written = here(s, out);
}

/* ---- characters ---- */

/* The code that stands for a character. */
static unsigned
code_of(struct format_state *s, uint32_t c)
{
	size_t n = s->astral.len / 4;

	if (c >= 0x10000) {
		for (size_t i = 0; i < n; i++)
			if (pc_load_u32(s->astral.data + 4 * i) == c)
				return ASTRAL + (unsigned)i;
		if (n < ASTRAL_MAX && pc_buf_add_u32(&s->astral, c) == 0)
			return ASTRAL + (unsigned)n;
		c = REPLACEMENT;
	}
	s->rows[c >> 13] |= 1u << (c >> 8 & 31);
	return c;
}

/* Letters and digits decide where a line stands; dashes and quotes float. */
static int
stands(const struct word *w)
{
	for (size_t i = 0; i < w->length; i++) {
		unsigned char c = (unsigned char)w->text[i];

		if (c >= 0x80 || (c >= '0' && c <= '9') ||
		    ((c | 32) >= 'a' && (c | 32) <= 'z'))
			return 1;
	}
	return 0;
}

static int
descends(const struct word *w)
{
	for (size_t i = 0; i < w->length; i++)
		if ((unsigned char)w->text[i] >= 0x80 ||
		    strchr("gjpqyQ,;()[]{}|/@$_", w->text[i]))
			return 1;
	return 0;
}

/* ---- lines ---- */

static struct place
upright(const struct page *p, const struct box *b)
{
	const double w = p->width, h = p->height;

	switch (p->rotation) {
	case 90:
		return (struct place){(h - b->y1) / 100, (h - b->y0) / 100,
		    (w - b->x1) / 100, (b->x1 - b->x0) / 100.0};
	case 180:
		return (struct place){(w - b->x1) / 100, (w - b->x0) / 100,
		    b->y0 / 100.0, (b->y1 - b->y0) / 100.0};
	case 270:
		return (struct place){b->y0 / 100.0, b->y1 / 100.0,
		    b->x0 / 100.0, (b->x1 - b->x0) / 100.0};
	default:
		return (struct place){b->x0 / 100.0, b->x1 / 100.0,
		    (h - b->y1) / 100, (b->y1 - b->y0) / 100.0};
	}
}

static int
compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* How large a line's text is and where it stands: y = foot + slope * x. */
struct footing {
	double size, foot, slope;
};

/* A word's size and foot from its box; what descends does so by a fifth. */
static double
size_of(const struct word *w, const struct place *at, double *foot)
{
	const int down = descends(w);
	const double size = at->height / (down ? 0.93 : 0.72);

	*foot = at->bottom + (down ? 0.21 * size : 0);
	return size;
}

/* The slope that fits best, if there is one to speak of, and not so much of it
 * that readers who find lines by height would take a line for several: on a
 * crooked page words may rather be found beside where they are seen. */
static double
slope_of(const double *x, const double *y, size_t n, double size)
{
	double mx = 0, my = 0, xx = 0, xy = 0, low = x[0], high = x[0];
	double slope, most;

	for (size_t i = 0; i < n; i++) {
		mx += x[i] / (double)n;
		my += y[i] / (double)n;
		low = x[i] < low ? x[i] : low;
		high = x[i] > high ? x[i] : high;
	}
	for (size_t i = 0; i < n; i++) {
		xx += (x[i] - mx) * (x[i] - mx);
		xy += (x[i] - mx) * (y[i] - my);
	}
	if (n < 4 || xx <= 0)
		return 0;
	slope = xy / xx;
	most = DRIFT * size / (high - low);
	if (slope < STRAIGHT && slope > -STRAIGHT)
		return 0;
	return slope > most ? most : slope < -most ? -most : slope;
}

static struct footing
find_footing(const struct page *p, const struct line *l, double *spare)
{
	double *x = spare, *y = x + l->count, *size = y + l->count;
	struct footing f = {.size = 1};
	size_t n = 0;

	/* If nothing stands, then all of it does. */
	for (int all = 0; n == 0 && all < 2; all++)
		for (size_t i = 0; i < l->count; i++) {
			const struct word *w = &p->words[l->first + i];
			struct place at = upright(p, &w->box);

			if (!all && !stands(w))
				continue;
			x[n] = (at.x0 + at.x1) / 2;
			size[n] = size_of(w, &at, &y[n]);
			n++;
		}
	qsort(size, n, sizeof *size, compare);
	f.size = size[n / 2] < 1 ? 1 : size[n / 2];
	f.slope = slope_of(x, y, n, f.size);
	for (size_t i = 0; i < n; i++)
		y[i] -= f.slope * x[i];
	qsort(y, n, sizeof *y, compare);
	f.foot = y[n / 2];
	return f;
}

/* A number, to 1/1000 or 1/100. */
static void
number(struct pc_buf *out, double v, int digits)
{
	const int unit = digits == 3 ? 1000 : 100;
	long long n = (long long)(v * unit + (v < 0 ? -0.5 : 0.5));

	if (n < 0)
		add(out, "-");
	n = n < 0 ? -n : n;
	pc_buf_addf(out, "%lld.%0*lld ", n / unit, digits, n % unit);
}

/* Stretch what comes, n codes of half an em, to so many points. */
static void
stretch(struct pc_buf *out, double width, size_t n, double size)
{
	double percent = 100 * width / ((double)n * size / 2);

	number(out, percent < 1 ? 1 : percent > 10000 ? 10000 : percent, 2);
	add(out, "Tz ");
}

/* Text runs from x0 to x1, or the other way with the glyphs mirrored, which
 * readers know as the direction of the script. */
static void
add_word(struct format_state *s, struct pc_buf *out, const struct word *w,
    const struct place *at, const struct footing *f, double gap)
{
	const unsigned char *t = (const unsigned char *)w->text;
	const unsigned char *end = t + w->length;
	struct pc_buf codes = {0};
	int rtl = 0;
	size_t n = 0;

	for (; t < end; n++) {
		uint32_t c = direction_next(&t, end);

		rtl |= direction_is_rtl(c);
		pc_buf_addf(&codes, "%04X", code_of(s, c));
	}
	if (n == 0)
		return;
	number(out, rtl ? -1 : 1, 3);
	number(out, rtl ? -f->slope : f->slope, 3);
	number(out, -f->slope, 3);
	number(out, 1, 3);
	number(out, rtl ? at->x1 : at->x0, 2);
	number(out, f->foot + f->slope * (rtl ? at->x1 : at->x0), 2);
	add(out, "Tm ");
	stretch(out, at->x1 - at->x0, n, f->size);
	pc_buf_addf(out, "<%.*s> Tj", (int)codes.len,
	    codes.data ? (const char *)codes.data : "");
	out->failed |= codes.failed;
	pc_buf_clear(&codes);
	if (gap >= 0) {
		add(out, " ");
		stretch(out, gap, 1, f->size);
		pc_buf_addf(out, "<%04X> Tj", code_of(s, ' '));
	}
	add(out, "\n");
}

static void
add_line(struct format_state *s, struct pc_buf *out, const struct page *p,
    const struct line *l)
{
	double *spare = malloc(3 * l->count * sizeof *spare);
	struct footing f;

	if (!spare) {
		out->failed = 1;
		return;
	}
	f = find_footing(p, l, spare);
	free(spare);
	pc_buf_addf(out, "/F ");
	number(out, f.size, 2);
	add(out, "Tf\n");
	for (size_t i = 0; i < l->count; i++) {
		const struct word *w = &p->words[l->first + i];
		struct place at = upright(p, &w->box), next;
		double gap = -1;

		if (i + 1 < l->count) {
			next = upright(p, &w[1].box);
			gap = next.x0 >= at.x1 ? next.x0 - at.x1
			    : next.x1 <= at.x0 ? at.x0 - next.x1
					       : 0;
		}
		add_word(s, out, w, &at, &f, gap);
	}
}

/* ---- pages ---- */

/* What turns the upright page back to how it lies. */
static void
add_turn(struct pc_buf *out, const struct page *p)
{
	const double w = p->width / 100.0, h = p->height / 100.0;

	if (p->rotation == 90)
		add(out, "0 1 -1 0 ");
	else if (p->rotation == 180)
		add(out, "-1 0 0 -1 ");
	else if (p->rotation == 270)
		add(out, "0 -1 1 0 ");
	else
		return;
	number(out, p->rotation == 270 ? 0 : w, 2);
	number(out, p->rotation == 90 ? 0 : h, 2);
	add(out, "cm\n");
}

static int
was_recognised(const struct page *p)
{
	return !p->error[0] && p->parsed && p->word_count > 0 &&
	    p->source != SOURCE_TEXT_LAYER && p->width > 0 && p->height > 0;
}

/* qpdf(1) fits the box of this page, with its unit, into that to which the
 * page below is trimmed, as it is shown; so this has to be the same.  What is
 * too large it shrinks, and it enlarges nothing: that goes for images, whose
 * pages img2pdf(1) makes. */
static void
add_boxes(struct pc_buf *out, const struct page *p)
{
	/* A page that failed may have no size; A4 is as good as any. */
	const int sized = p->width > 0 && p->height > 0;
	const double w = sized ? p->width / 100.0 : 595.28;
	const double h = sized ? p->height / 100.0 : 841.89;
	const uint32_t unit = p->source == SOURCE_IMAGE ? IMAGE_UNIT
	    : p->user_unit > 0                          ? p->user_unit
							: 10000;

	add(out, "/MediaBox[");
	number(out, p->trim[0] / 100.0, 2);
	number(out, p->trim[3] / 100.0, 2);
	number(out, w - p->trim[2] / 100.0, 2);
	number(out, h - p->trim[1] / 100.0, 2);
	pc_buf_addf(out, "]/UserUnit %u.%04u", unit / 10000, unit % 10000);
}

void
form_pdf_page(struct format_state *s, const struct page *p, struct pc_buf *out)
{
	const size_t number_of = PAGES + 2 * s->pages++;
	struct pc_buf b = {0};

	s->from = out->len;
	if (was_recognised(p)) {
		add(&b, "q ");
		add_turn(&b, p);
		add(&b, "BT 3 Tr\n");
		for (size_t i = 0; i < p->line_count; i++)
			if (p->lines[i].count > 0)
				add_line(s, &b, p, &p->lines[i]);
		add(&b, "ET Q\n");
	}
	object(s, out, number_of);
	pc_buf_addf(out, "<</Type/Page/Parent %d 0 R", TREE);
	add_boxes(out, p);
	pc_buf_addf(out,
	    "/Resources<</Font<</F %d 0 R>>>>/Contents %zu 0 R>>\nendobj\n",
	    FONT, number_of + 1);
	object(s, out, number_of + 1);
	pc_buf_addf(out, "<</Length %zu>>\nstream\n", b.len);
	if (b.len > 0)
		pc_buf_add(out, b.data, b.len);
	add(out, "\nendstream\nendobj\n");
	out->failed |= b.failed || s->astral.failed;
	pc_buf_clear(&b);
	s->written = here(s, out);
}

/* ---- after the pages ---- */

/* One line of a section, whose head tells how many of them come. */
static void
begin_line(struct pc_buf *out, size_t i, size_t count, const char *kind)
{
	if (i % SECTION == 0) {
		if (i > 0)
			pc_buf_addf(out, "end%s\n", kind);
		pc_buf_addf(out, "%zu begin%s\n",
		    count - i < SECTION ? count - i : (size_t)SECTION, kind);
	}
}

/* A range is not to go beyond a code's last byte. */
static void
add_rows(const struct format_state *s, struct pc_buf *out)
{
	size_t count = 0, n = 0;

	for (unsigned row = 0; row < 256; row++)
		count += s->rows[row / 32] >> row % 32 & 1;
	for (unsigned row = 0; row < 256; row++) {
		if (!(s->rows[row / 32] >> row % 32 & 1))
			continue;
		begin_line(out, n++, count, "bfrange");
		pc_buf_addf(out, "<%02X00> <%02XFF> <%02X00>\n", row, row, row);
	}
	if (count > 0)
		add(out, "endbfrange\n");
}

static void
add_astral(const struct format_state *s, struct pc_buf *out)
{
	const size_t count = s->astral.len / 4;

	for (size_t i = 0; i < count; i++) {
		uint32_t c = pc_load_u32(s->astral.data + 4 * i) - 0x10000;

		begin_line(out, i, count, "bfchar");
		pc_buf_addf(out, "<%04zX> <%04X%04X>\n", ASTRAL + i,
		    0xd800 + (unsigned)(c >> 10),
		    0xdc00 + (unsigned)(c & 0x3ff));
	}
	if (count > 0)
		add(out, "endbfchar\n");
}

static void
add_unicode(struct format_state *s, struct pc_buf *out)
{
	struct pc_buf b = {0};

	add(&b,
	    "/CIDInit /ProcSet findresource begin\n"
	    "12 dict begin\n"
	    "begincmap\n"
	    "/CIDSystemInfo\n"
	    "<</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
	    "/CMapName /Adobe-Identity-UCS def\n"
	    "/CMapType 2 def\n"
	    "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
	add_rows(s, &b);
	add_astral(s, &b);
	add(&b,
	    "endcmap\n"
	    "CMapName currentdict /CMap defineresource pop\n"
	    "end\nend\n");
	object(s, out, UNICODE);
	pc_buf_addf(out, "<</Length %zu>>\nstream\n", b.len);
	if (!b.failed)
		pc_buf_add(out, b.data, b.len);
	add(out, "\nendstream\nendobj\n");
	out->failed |= b.failed;
	pc_buf_clear(&b);
}

void
form_pdf_end(struct format_state *s, struct pc_buf *out)
{
	size_t count;
	uint64_t xref;

	s->from = out->len;
	add_unicode(s, out);
	object(s, out, TREE);
	pc_buf_addf(out, "<</Type/Pages/Count %zu/Kids[", s->pages);
	for (size_t i = 0; i < s->pages; i++)
		pc_buf_addf(out, "%s%zu 0 R", i ? "\n" : "", PAGES + 2 * i);
	add(out, "]>>\nendobj\n");
	xref = here(s, out);
	count = s->objects.len / 8;
	pc_buf_addf(out, "xref\n0 %zu\n0000000000 65535 f \n", count + 1);
	for (size_t i = 0; i < count; i++)
		pc_buf_addf(out, "%010llu 00000 n \n",
		    (unsigned long long)pc_load_u64(s->objects.data + 8 * i));
	pc_buf_addf(out,
	    "trailer\n<</Size %zu/Root %d 0 R>>\nstartxref\n%llu\n%%%%EOF\n",
	    count + 1, CATALOG, (unsigned long long)xref);
	s->written = here(s, out);
}
