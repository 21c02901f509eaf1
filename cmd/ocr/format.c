/* format.c - pages in the form that was asked for. */
#include "form.h"

const char *const format_names[FORMATS] = {
    "text", "layout", "tsv", "hocr", "alto", "md"};

static const struct form *const forms[FORMATS] = {&form_text, &form_layout,
    &form_tsv, &form_hocr, &form_alto, &form_md};

int
format_needs_words(enum format f)
{
	return forms[f]->words;
}

void
format_begin(const struct format_options *o, struct pc_buf *out)
{
	if (forms[o->format]->begin)
		forms[o->format]->begin(out);
}

void
format_page(const struct format_options *o, const struct page *p, size_t index,
    struct pc_buf *out)
{
	forms[o->format]->page(o, p, index, out);
}

void
format_end(const struct format_options *o, struct pc_buf *out)
{
	if (forms[o->format]->end)
		forms[o->format]->end(out);
}
