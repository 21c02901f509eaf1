/* metadata.c - the title, author, dates and so on of a PDF.
 *
 * They are all that most documents declare, so poppler reads them.  It does
 * not know the characters of PDFDocEncoding that Latin-1 lacks, such as quotes
 * and dashes, so libqpdf reads what is not ASCII.  If the document information
 * has no title or no author, the document's XMP gives what it lacks. */
#include "declare_in.h"
#include "xmp.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *key, *name;
	int date;
	const char *xmp;
} entries[] = {{"/Title", "title", 0, "dc:title"},
    {"/Author", "author", 0, "dc:creator"},
    {"/Subject", "subject", 0, "dc:description"},
    {"/Keywords", "keywords", 0, "pdf:Keywords"},
    {"/Creator", "creator", 0, "xmp:CreatorTool"},
    {"/Producer", "producer", 0, "pdf:Producer"},
    {"/CreationDate", "created", 1, "xmp:CreateDate"},
    {"/ModDate", "modified", 1, "xmp:ModifyDate"}};

enum {
	ENTRIES = sizeof entries / sizeof *entries,
	MAIN_ENTRIES = 2, /* without which XMP is read */
	AUTHOR = 1,
	XMP_MAX = 1024 * 1024, /* bytes, packed and unpacked */
};

int
pdf_metadata_is_ascii(const struct document *d)
{
	int ascii = 1;

	for (size_t i = 0; i < ENTRIES; i++) {
		size_t n = 0;
		char *text = pdf_info(d->pdf, entries[i].key + 1, &n);

		for (size_t k = 0; text && k < n; k++)
			ascii &= (unsigned char)text[k] < 0x80;
		free(text);
	}
	return ascii;
}

int
pdf_metadata_is_short(const struct document *d)
{
	for (size_t i = 0; i < MAIN_ENTRIES; i++) {
		size_t n = 0;
		char *text = pdf_info(d->pdf, entries[i].key + 1, &n);

		free(text);
		if (!text || n == 0)
			return 1;
	}
	return 0;
}

static void
add_by_poppler(struct declaring *c, size_t i)
{
	size_t n = 0;
	char *text = pdf_info(c->document->pdf, entries[i].key + 1, &n);

	if (!text)
		return;
	c->incomplete |= n > PDF_TEXT_MAX;
	n = n < PDF_TEXT_MAX ? n : PDF_TEXT_MAX;
	if (entries[i].date)
		pdf_add_date(c, entries[i].name, text, n);
	else
		pc_json_add_bytes(&c->out, entries[i].name, text, n);
	free(text);
}

static void
add_by_libqpdf(struct declaring *c, size_t i)
{
	const qpdf_oh info = pdf_get(c, qpdf.get_trailer(c->s->pdf), "/Info");

	(entries[i].date ? pdf_add_date_of : pdf_add_text)(c, entries[i].name,
	    pdf_get(c, info, entries[i].key));
}

/* ---- XMP ---- */

/* *data, from malloc(3), gets the document's XMP; NULL: it has none. */
static void
read_xmp(struct declaring *c, unsigned char **data, size_t *n)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh one = pdf_get(c, qpdf.get_root(pdf), "/Metadata");
	QPDF_BOOL filtered = 0;

	if (!qpdf.oh_is_stream(pdf, one))
		return;
	if (qpdf_number(c->s, qpdf.oh_get_dict(pdf, one), "/Length") <=
		XMP_MAX &&
	    !(qpdf.oh_get_stream_data(pdf, one, qpdf_dl_generalized, &filtered,
		  data, n) &
		(QPDF_ERRORS)) &&
	    filtered && *n <= XMP_MAX)
		return;
	c->incomplete = 1;
	free(*data);
	*data = NULL;
}

static void
add_by_xmp(struct declaring *c, size_t i, const unsigned char *data, size_t n)
{
	struct pc_buf value = {0};

	xmp_value((const char *)data, n, entries[i].xmp, i == AUTHOR, &value);
	c->incomplete |= value.len > PDF_TEXT_MAX;
	c->out.failed |= value.failed;
	if (value.len > 0 && value.len <= PDF_TEXT_MAX)
		pc_json_add_bytes(&c->out, entries[i].name,
		    (const char *)value.data, value.len);
	pc_buf_clear(&value);
}

void
pdf_add_metadata(struct declaring *c)
{
	const size_t start = c->out.len;
	unsigned char *xmp = NULL;
	size_t empty, n = 0;

	pc_json_begin_object(&c->out, "metadata");
	empty = c->out.len;
	if (c->s && pdf_metadata_is_short(c->document))
		read_xmp(c, &xmp, &n);
	for (size_t i = 0; i < ENTRIES; i++) {
		const size_t before = c->out.len;

		(c->s ? add_by_libqpdf : add_by_poppler)(c, i);
		if (xmp && c->out.len == before)
			add_by_xmp(c, i, xmp, n);
	}
	free(xmp);
	if (c->out.len == empty)
		c->out.len = start;
	else
		pc_json_end_object(&c->out);
}
