/* drawn_forms.c - the lines that a page draws, by itself and in its forms
 * (ISO 32000-1, 8.10).  A form may draw others, and may be drawn many times. */
#include "drawn_forms.h"
#include "drawn.h"
#include "form.h"

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

static void
enter_form(void *ctx, const char *name, int tag, const double matrix[NUMBERS])
{
	struct form_walk *f = ctx;
	const qpdf_oh outer = f->resources;
	struct pdf_form form;

	(void)tag;
	if (f->objects++ >= OBJECTS_MAX ||
	    pdf_form_read(f->c, outer, name, matrix, CONTENT_MAX, &form) != 0)
		return;
	f->resources = form.resources;
	f->depth++;
	follow(f, form.data, form.n, form.matrix);
	f->depth--;
	f->resources = outer;
	free(form.data);
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
