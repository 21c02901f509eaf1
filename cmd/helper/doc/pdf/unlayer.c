/* unlayer.c - remove the invisible text of a page and of its forms. */
#include "edit.h"
#include "hidden_text.h"

#include <stdlib.h>
#include <string.h>

enum {
	FORMS_MAX = 8,                  /* nested */
	OBJECTS_MAX = 256,              /* XObjects of one dictionary */
	CONTENT_MAX = 128 * 1024 * 1024 /* bytes of a page and its forms */
};

/* Content, and what its names stand for. */
struct unlayer_walk {
	qpdf_data pdf;
	qpdf_oh resources;
	int forms; /* nested */
	size_t *content;
};

static qpdf_oh
find(const struct unlayer_walk *w, const char *kind, const char *name)
{
	return qpdf.oh_get_key(w->pdf,
	    qpdf.oh_get_key(w->pdf, w->resources, kind), name);
}

/* A Type 3 font draws its glyphs itself, in any rendering mode. */
static int
font_paints(void *ctx, const char *name)
{
	const struct unlayer_walk *w = ctx;
	const qpdf_oh font = find(w, "/Font", name);

	return !qpdf.oh_is_dictionary(w->pdf, font) ||
	    qpdf.oh_is_name_and_equals(w->pdf,
		qpdf.oh_get_key(w->pdf, font, "/Subtype"), "/Type3");
}

static int
state_sets_font(void *ctx, const char *name)
{
	const struct unlayer_walk *w = ctx;
	const qpdf_oh state = find(w, "/ExtGState", name);

	return !qpdf.oh_is_dictionary(w->pdf, state) ||
	    !qpdf.oh_is_null(w->pdf, qpdf.oh_get_key(w->pdf, state, "/Font"));
}

/* 1: out has the content without invisible text. */
static int
filter(struct unlayer_walk *w, const unsigned char *data, size_t n,
    struct pc_buf *out)
{
	const struct hidden_text_fonts fonts = {font_paints, state_sets_font,
	    w};

	*w->content += n;
	return *w->content <= CONTENT_MAX &&
	    hidden_text_remove(data, n, &fonts, out) > 0;
}

static void filter_forms(struct unlayer_walk *);

static void
filter_form(struct unlayer_walk *w, qpdf_oh form)
{
	qpdf_data pdf = w->pdf;
	const qpdf_oh dict = qpdf.oh_get_dict(pdf, form);
	const qpdf_oh own = qpdf.oh_get_key(pdf, dict, "/Resources");
	struct unlayer_walk inner = *w;
	struct pc_buf out = {0};
	unsigned char *data = NULL;
	QPDF_BOOL filtered;
	size_t n = 0;

	if (!qpdf.oh_is_name_and_equals(pdf,
		qpdf.oh_get_key(pdf, dict, "/Subtype"), "/Form") ||
	    ++inner.forms > FORMS_MAX ||
	    (qpdf.oh_get_stream_data(pdf, form, qpdf_dl_generalized, &filtered,
		 &data, &n) &
		(QPDF_ERRORS)))
		return;
	if (qpdf.oh_is_dictionary(pdf, own))
		inner.resources = own;
	if (filter(&inner, data, n, &out))
		pdf_edit_stream(pdf, form, out.data, out.len);
	free(data);
	pc_buf_clear(&out);
	filter_forms(&inner);
}

/* Collect them first, as libqpdf can walk only one dictionary at a time. */
static void
filter_forms(struct unlayer_walk *w)
{
	const qpdf_oh objects = qpdf.oh_get_key(w->pdf, w->resources,
	    "/XObject");
	qpdf_oh forms[OBJECTS_MAX];
	int n = 0;

	if (!qpdf.oh_is_dictionary(w->pdf, objects))
		return;
	qpdf.oh_begin_dict_key_iter(w->pdf, objects);
	while (n < OBJECTS_MAX && qpdf.oh_dict_more_keys(w->pdf))
		forms[n++] = qpdf.oh_get_key(w->pdf, objects,
		    qpdf.oh_dict_next_key(w->pdf));
	for (int i = 0; i < n && *w->content <= CONTENT_MAX; i++)
		if (qpdf.oh_is_stream(w->pdf, forms[i]))
			filter_form(w, forms[i]);
}

static void
filter_page(struct pdf_details *s, qpdf_oh page)
{
	qpdf_data pdf = s->pdf;
	size_t content = 0, n = 0;
	struct unlayer_walk w = {.pdf = pdf,
	    .resources = qpdf_inherited(s, page, "/Resources",
		qpdf.oh_is_dictionary),
	    .content = &content};
	struct pc_buf out = {0};
	unsigned char *data = NULL;
	qpdf_oh stream;

	if (qpdf.oh_get_page_content_data(pdf, page, &data, &n) & (QPDF_ERRORS))
		return;
	if (filter(&w, data, n, &out)) {
		stream = qpdf.oh_new_stream(pdf);
		pdf_edit_stream(pdf, stream, out.data, out.len);
		qpdf.oh_replace_key(pdf, page, "/Contents", stream);
	}
	free(data);
	pc_buf_clear(&out);
	filter_forms(&w);
}

void
pdf_edit_unlayer(struct document *d, const struct page_request *ask,
    struct page_answer *a)
{
	struct pdf_details *s = pdf_edit_open(d, a);
	const qpdf_oh page = s ? pdf_edit_page(s, ask->page, a) : 0;

	if (!page)
		return;
	filter_page(s, page);
	qpdf.oh_release_all(s->pdf);
	a->kind = ANSWER_TEXT;
}
