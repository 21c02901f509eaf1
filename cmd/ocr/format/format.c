/* format.c - pages in the chosen format. */
#include "format_in.h"

const char *const format_names[FORMATS + 1] = {"text", "layout", "tsv", "hocr",
    "alto", "md", "csv", "tables", "pdf", "png", "images", NULL};

/* PNG files have no words. */
static const struct format_writer png;

static const struct format_writer *const forms[FORMATS] = {&format_text_writer,
    &format_layout_writer, &format_tsv_writer, &format_hocr_writer,
    &format_alto_writer, &format_md_writer, &format_csv_writer,
    &format_tables_writer, &format_pdf_writer, &png, &png};

int
format_needs_words(const struct format_options *o)
{
	return forms[o->format]->words || o->grid;
}

int
format_makes_files(enum format f)
{
	return f == FORMAT_PNG || f == FORMAT_IMAGES;
}

void
format_begin(const struct format_options *o, struct format_state *s,
    struct pc_buf *out)
{
	const struct format_writer *w = forms[o->format];

	if (w->begin_with)
		w->begin_with(s, out);
	else if (w->begin)
		w->begin(out);
}

void
format_page(const struct format_options *o, struct format_state *s,
    const struct page *p, size_t index, struct pc_buf *out)
{
	const struct format_writer *w = forms[o->format];

	if (w->page_with)
		w->page_with(s, p, out);
	else if (w->page)
		w->page(o, p, index, out);
}

void
format_end(const struct format_options *o, struct format_state *s,
    struct pc_buf *out)
{
	const struct format_writer *w = forms[o->format];

	if (w->end_with)
		w->end_with(s, out);
	else if (w->end)
		w->end(out);
}

/* A name has one line. */
static void
copy_line(const char *name, struct pc_buf *line)
{
	for (; *name; name++)
		pc_buf_add(line, (unsigned char)*name < ' ' ? " " : name, 1);
}

void
format_attachment(const struct format_options *o, const char *name,
    struct pc_buf *out)
{
	struct pc_buf line = {0};

	copy_line(name, &line);
	if (o->format == FORMAT_TEXT) {
		pc_buf_addf(out, "\fAttachment: %.*s\n\n", (int)line.len,
		    (char *)line.data);
	} else if (o->format == FORMAT_MD) {
		pc_buf_addf(out, "\n# Attachment: ");
		format_md_text(out, (char *)line.data, line.len, 0);
		pc_buf_addf(out, "\n\n");
	}
	out->failed |= line.failed;
	pc_buf_clear(&line);
}

void
format_state_clear(struct format_state *s)
{
	pc_buf_clear(&s->objects);
	pc_buf_clear(&s->astral);
	pc_buf_clear(&s->table.head);
}
