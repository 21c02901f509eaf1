/* pdf.c - a PDF of invisible text, with one page for each page of the
 * document, as an overlay for it (pdf/searchable.c).
 *
 * Text is in rendering mode 3, with one run per word, stretched to the word's
 * box.  The font is a CIDFontType2 with Identity-H.  Its codes are UTF-16
 * units, and each has the same empty glyph of an embedded font.  tesseract's
 * PDFs do the same, and readers support it.  A Type 3 font knows only 256
 * characters, and Identity-H requires an embedded font (ISO 32000-1, 9.7.5.2).
 * A character above U+FFFF gets one code from the range of surrogates, because
 * half a character cannot be extracted.
 *
 * The file has no names and dates: the same pages give the same bytes. */
#include "pdf_in.h"

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
	IMAGE_UNIT = 100 * 10000,
};

static void
add(struct pc_buf *out, const char *s)
{
	pc_buf_add(out, s, strlen(s));
}

/* The offset of the next byte. */
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

/* All codes have glyph 1.  Glyph 0 means a missing character, which some
 * readers do not select. */
static void
add_glyphs(struct pc_buf *out)
{
	static const unsigned char one[] = {0, 1};

	for (unsigned i = 0; i < CODES; i++)
		pc_buf_add(out, one, sizeof one);
}

static void
pdf_begin(struct format_state *s, struct pc_buf *out)
{
	s->from = out->len;
	/* Bytes above ASCII in the second line mark the file as binary. */
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
	    format_pdf_font_size, format_pdf_font_size);
	pc_buf_add(out, format_pdf_font, format_pdf_font_size);
	add(out, "\nendstream\nendobj\n");
	object(s, out, GLYPHS);
	pc_buf_addf(out, "<</Length %d>>\nstream\n", 2 * CODES);
	add_glyphs(out);
	add(out, "\nendstream\nendobj\n");
	s->written = here(s, out);
}

/* ---- pages ---- */

/* Append the matrix that turns the upright page back as it lies in the
 * document. */
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
	format_pdf_number(out, p->rotation == 270 ? 0 : w, 2);
	format_pdf_number(out, p->rotation == 90 ? 0 : h, 2);
	add(out, "cm\n");
}

static int
was_recognised(const struct page *p)
{
	return !p->error[0] && p->parsed && p->word_count > 0 &&
	    p->source != SOURCE_TEXT_LAYER && p->width > 0 && p->height > 0;
}

/* qpdf(1) fits this page's box, with its unit, into the trim box of the page
 * below as shown, so the two must be equal.  It shrinks what is too large, but
 * never enlarges; the same holds for images, whose pages img2pdf(1) makes. */
static void
add_boxes(struct pc_buf *out, const struct page *p)
{
	/* A page that failed may have no size: assume A4. */
	const int sized = p->width > 0 && p->height > 0;
	const double w = sized ? p->width / 100.0 : 595.28;
	const double h = sized ? p->height / 100.0 : 841.89;
	const uint32_t unit = p->source == SOURCE_IMAGE ? IMAGE_UNIT
	    : p->user_unit > 0                          ? p->user_unit
							: 10000;

	add(out, "/MediaBox[");
	format_pdf_number(out, p->trim[0] / 100.0, 2);
	format_pdf_number(out, p->trim[3] / 100.0, 2);
	format_pdf_number(out, w - p->trim[2] / 100.0, 2);
	format_pdf_number(out, h - p->trim[1] / 100.0, 2);
	pc_buf_addf(out, "]/UserUnit %u.%04u", unit / 10000, unit % 10000);
}

static void
pdf_page(struct format_state *s, const struct page *p, struct pc_buf *out)
{
	const size_t number_of = PAGES + 2 * s->pages++;
	struct pc_buf b = {0};

	s->from = out->len;
	if (was_recognised(p)) {
		add(&b, "q ");
		add_turn(&b, p);
		add(&b, "BT 3 Tr\n");
		format_pdf_text(s, p, &b);
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

static void
add_unicode(struct format_state *s, struct pc_buf *out)
{
	struct pc_buf b = {0};

	format_pdf_cmap(s, &b);
	object(s, out, UNICODE);
	pc_buf_addf(out, "<</Length %zu>>\nstream\n", b.len);
	if (!b.failed)
		pc_buf_add(out, b.data, b.len);
	add(out, "\nendstream\nendobj\n");
	out->failed |= b.failed;
	pc_buf_clear(&b);
}

static void
pdf_end(struct format_state *s, struct pc_buf *out)
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
		    (unsigned long long)pc_decode_u64(s->objects.data + 8 * i));
	pc_buf_addf(out,
	    "trailer\n<</Size %zu/Root %d 0 R>>\nstartxref\n%llu\n%%%%EOF\n",
	    count + 1, CATALOG, (unsigned long long)xref);
	s->written = here(s, out);
}

const struct format_writer format_pdf_writer = {.words = 1,
    .begin_with = pdf_begin,
    .page_with = pdf_page,
    .end_with = pdf_end};
