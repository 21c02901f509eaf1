/* format.c - pages in the chosen format. */
#include "format_in.h"

const char *const format_names[FORMATS + 1] = {"text", "layout", "tsv", "hocr",
    "alto", "md", "pdf", "png", "images", NULL};

/* PDF has functions of its own, which need its state; PNG files have no
 * words. */
static const struct format_writer pdf = {.words = 1}, png;

static const struct format_writer *const forms[FORMATS] = {&format_text_writer,
    &format_layout_writer, &format_tsv_writer, &format_hocr_writer,
    &format_alto_writer, &format_md_writer, &pdf, &png, &png};

int
format_needs_words(enum format f)
{
	return forms[f]->words;
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
	if (o->format == FORMAT_PDF)
		format_pdf_begin(s, out);
	else if (forms[o->format]->begin)
		forms[o->format]->begin(out);
}

void
format_page(const struct format_options *o, struct format_state *s,
    const struct page *p, size_t index, struct pc_buf *out)
{
	if (o->format == FORMAT_PDF)
		format_pdf_page(s, p, out);
	else if (forms[o->format]->page)
		forms[o->format]->page(o, p, index, out);
}

void
format_end(const struct format_options *o, struct format_state *s,
    struct pc_buf *out)
{
	if (o->format == FORMAT_PDF)
		format_pdf_end(s, out);
	else if (forms[o->format]->end)
		forms[o->format]->end(out);
}

void
format_state_clear(struct format_state *s)
{
	pc_buf_clear(&s->objects);
	pc_buf_clear(&s->astral);
}
