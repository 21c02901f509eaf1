/* metadata.c - the title, author, dates and so on of a PDF.
 *
 * They are all that most documents declare, so poppler reads them.  It does
 * not know the characters of PDFDocEncoding that Latin-1 lacks, such as quotes
 * and dashes, so libqpdf reads what is not ASCII. */
#include "declare_in.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *key, *name;
	int date;
} entries[] = {{"/Title", "title", 0}, {"/Author", "author", 0},
    {"/Subject", "subject", 0}, {"/Keywords", "keywords", 0},
    {"/Creator", "creator", 0}, {"/Producer", "producer", 0},
    {"/CreationDate", "created", 1}, {"/ModDate", "modified", 1}};

enum { ENTRIES = sizeof entries / sizeof *entries };

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

void
pdf_add_metadata(struct declaring *c)
{
	const size_t start = c->out.len;
	size_t empty;

	pc_json_begin_object(&c->out, "metadata");
	empty = c->out.len;
	for (size_t i = 0; i < ENTRIES; i++)
		(c->s ? add_by_libqpdf : add_by_poppler)(c, i);
	if (c->out.len == empty)
		c->out.len = start;
	else
		pc_json_end_object(&c->out);
}
