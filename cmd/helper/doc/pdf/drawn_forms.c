/* drawn_forms.c - the lines that a page draws, by itself and in its forms
 * (ISO 32000-1, 8.10).  A form may draw others, and may be drawn many times. */
#include "drawn_forms.h"
#include "drawn.h"

#include <stdlib.h>
#include <string.h>

enum {
	CONTENT_MAX = 8 * 1024 * 1024, /* bytes of a page's content, with that
					* of its forms */
	DEPTH_MAX = 8,
	OBJECTS_MAX = 500, /* that are drawn on a page */
	NUMBERS = 6,
};

struct form_walk {
	const struct declaring *c;
	void (*line)(void *ctx, const double box[4]);
	void *ctx;
	qpdf_oh resources; /* of the content that is followed */
	size_t left;       /* bytes of content that may follow */
	int depth, objects;
};

static void enter_form(void *, const char *name, int tag,
    const double matrix[NUMBERS]);

static void
report_line(void *ctx, const double box[4])
{
	const struct form_walk *f = ctx;

	f->line(f->ctx, box);
}

static void
follow(struct form_walk *f, const unsigned char *data, size_t n,
    const double *matrix)
{
	if (n > f->left)
		return;
	f->left -= n;
	pdf_drawn_follow(data, n, matrix,
	    &(struct pdf_drawn){.line = report_line,
		.form = f->depth < DEPTH_MAX ? enter_form : NULL,
		.ctx = f});
}

/* The matrix with which the form begins. */
static void
read_matrix(const struct declaring *c, qpdf_oh dict,
    const double outer[NUMBERS], double m[NUMBERS])
{
	const double none[NUMBERS] = {1, 0, 0, 1, 0, 0};
	const qpdf_oh array = pdf_get(c, dict, "/Matrix");

	memcpy(m, none, sizeof none);
	for (int i = 0; pdf_length(c, array) == NUMBERS && i < NUMBERS; i++)
		m[i] = qpdf.oh_get_numeric_value(c->s->pdf,
		    qpdf.oh_get_array_item(c->s->pdf, array, i));
	pdf_drawn_transform(m, outer);
}

static void
enter_form(void *ctx, const char *name, int tag, const double matrix[NUMBERS])
{
	struct form_walk *f = ctx;
	qpdf_data pdf = f->c->s->pdf;
	const qpdf_oh outer = f->resources;
	unsigned char *data = NULL;
	QPDF_BOOL filtered = QPDF_FALSE;
	double m[NUMBERS];
	qpdf_oh form, dict, own;
	size_t n = 0;

	(void)tag;
	if (f->objects++ >= OBJECTS_MAX)
		return;
	form = pdf_get(f->c, pdf_get(f->c, outer, "/XObject"), name);
	if (!qpdf.oh_is_stream(pdf, form))
		return;
	dict = qpdf.oh_get_dict(pdf, form);
	if (!qpdf_is(f->c->s, dict, "/Subtype", "/Form") ||
	    qpdf_number(f->c->s, dict, "/Length") > CONTENT_MAX ||
	    (qpdf.oh_get_stream_data(pdf, form, qpdf_dl_generalized, &filtered,
		 &data, &n) &
		QPDF_ERRORS)) {
		free(data);
		return;
	}
	own = pdf_get(f->c, dict, "/Resources");
	if (qpdf.oh_is_dictionary(pdf, own))
		f->resources = own;
	read_matrix(f->c, dict, matrix, m);
	f->depth++;
	if (filtered)
		follow(f, data, n, m);
	f->depth--;
	f->resources = outer;
	free(data);
}

void
pdf_drawn_lines(const struct declaring *c, qpdf_oh page,
    void (*line)(void *ctx, const double box[4]), void *ctx)
{
	struct form_walk f = {.c = c,
	    .line = line,
	    .ctx = ctx,
	    .left = CONTENT_MAX,
	    .resources = qpdf_inherited(c->s, page, "/Resources",
		qpdf.oh_is_dictionary)};
	unsigned char *data = NULL;
	size_t n = 0;

	if (!(qpdf.oh_get_page_content_data(c->s->pdf, page, &data, &n) &
		QPDF_ERRORS))
		follow(&f, data, n, NULL);
	free(data);
}
