/* annots.c - the annotations of a page: links, form fields and notes. */
#include "declare_in.h"

/* Annotations of a page, whose kinds become separate arrays. */
struct annots {
	qpdf_oh array;
	int count;
	struct pdf_shown shown;
};

static void
add_note(struct declaring *c, qpdf_oh annot)
{
	pdf_add_name(c, "type", pdf_get(c, annot, "/Subtype"));
	pdf_add_text(c, "text", pdf_get(c, annot, "/Contents"));
	pdf_add_file_name(c, "file", pdf_get(c, annot, "/FS"));
	pdf_add_text(c, "author", pdf_get(c, annot, "/T"));
	pdf_add_date_of(c, "modified", pdf_get(c, annot, "/M"));
}

/* The kinds of annotations, in the order of the output.  A popup only shows
 * another annotation's text. */
static const struct kind {
	const char *member;
	const char *subtype; /* NULL: any other */
	void (*add)(struct declaring *, qpdf_oh annot);
} kinds[] = {{"links", "/Link", pdf_add_target},
    {"fields", "/Widget", pdf_add_field}, {"annotations", NULL, add_note}};

static int
is_kind(const struct declaring *c, qpdf_oh annot, const struct kind *kind)
{
	static const char *const others[] = {"/Link", "/Widget", "/Popup"};

	if (kind->subtype)
		return qpdf_is(c->s, annot, "/Subtype", kind->subtype);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (qpdf_is(c->s, annot, "/Subtype", others[i]))
			return 0;
	return qpdf.oh_is_dictionary(c->s->pdf, annot);
}

static void
add_kind(struct declaring *c, const struct annots *a, const struct kind *kind)
{
	const size_t start = c->out.len;
	size_t empty;

	pc_json_begin_array(&c->out, kind->member);
	empty = c->out.len;
	for (int i = 0; i < a->count; i++) {
		const qpdf_oh annot = qpdf.oh_get_array_item(c->s->pdf,
		    a->array, i);

		if (!is_kind(c, annot, kind) || !declaring_step(c))
			continue;
		pc_json_begin_object(&c->out, NULL);
		kind->add(c, annot);
		pdf_add_box(c, &a->shown, pdf_get(c, annot, "/Rect"));
		pc_json_end_object(&c->out);
	}
	if (c->out.len == empty)
		c->out.len = start;
	else
		pc_json_end_array(&c->out);
}

void
pdf_add_annotations(struct declaring *c, unsigned page)
{
	const qpdf_oh object = qpdf.get_page_n(c->s->pdf, page);
	struct annots a = {.array = pdf_get(c, object, "/Annots")};

	if (!qpdf.oh_is_array(c->s->pdf, a.array))
		return;
	a.count = qpdf.oh_get_array_n_items(c->s->pdf, a.array);
	if (a.count == 0 || pdf_shown_find(c->document, page, &a.shown) < 0)
		return;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		add_kind(c, &a, &kinds[i]);
}
