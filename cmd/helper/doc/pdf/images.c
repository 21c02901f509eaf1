/* images.c - where the images on a page are, by libqpdf.  Of the page's
 * content only transformations and painting are followed. */
#include "content.h"
#include "details.h"
#include "qpdf.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	STREAMS_MAX = 64,               /* of a page */
	PACKED_MAX = 4 * 1024 * 1024,   /* bytes of one stream */
	CONTENT_MAX = 32 * 1024 * 1024, /* bytes of all streams */
	FORMS_MAX = 8,                  /* nested */
	SAVED_MAX = 64,                 /* graphics states */
	TOKEN_MAX = 128,
	NUMBERS = 6,
};

struct image_matrix {
	double v[NUMBERS];
};

struct image_walk {
	struct pdf_details *pdf;
	void (*each)(void *, const struct pdf_painted *);
	void *ctx;
	size_t content; /* bytes followed so far */
	int forms;
	int failed;
};

/* A content stream, and the state at the current position. */
struct image_place {
	struct content_reader content;
	qpdf_oh resources;
	struct image_matrix now, saved[SAVED_MAX];
	int depth; /* number of saved states */
	double numbers[NUMBERS];
	char name[TOKEN_MAX];
};

/* The product: first n, then m. */
static struct image_matrix
then(const struct image_matrix *n, const struct image_matrix *m)
{
	const double *a = n->v, *b = m->v;

	return (struct image_matrix){{a[0] * b[0] + a[1] * b[2],
	    a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2],
	    a[2] * b[1] + a[3] * b[3], a[4] * b[0] + a[5] * b[2] + b[4],
	    a[4] * b[1] + a[5] * b[3] + b[5]}};
}

/* An image fills the unit square.  one: an object whose dictionary this is, or
 * NULL for an image in the content. */
static void
report_image(struct image_walk *w, const struct image_matrix *m,
    const qpdf_oh *one, qpdf_oh dict)
{
	qpdf_data pdf = w->pdf->pdf;
	const double *v = m->v;
	struct pdf_painted image = {
	    .box = {v[4] + fmin(v[0], 0) + fmin(v[2], 0),
		v[5] + fmin(v[1], 0) + fmin(v[3], 0),
		v[4] + fmax(v[0], 0) + fmax(v[2], 0),
		v[5] + fmax(v[1], 0) + fmax(v[3], 0)},
	    .matrix = {v[0], v[1], v[2], v[3]}};

	if (one) {
		image.object = qpdf.oh_get_object_id(pdf, *one);
		image.generation = qpdf.oh_get_generation(pdf, *one);
		image.transparent = !qpdf.oh_is_null(pdf,
					qpdf.oh_get_key(pdf, dict, "/SMask")) ||
		    !qpdf.oh_is_null(pdf, qpdf.oh_get_key(pdf, dict, "/Mask"));
	}
	w->each(w->ctx, &image);
}

static void follow(struct image_walk *, struct image_place *);

static void
follow_form(struct image_walk *w, const struct image_place *p, qpdf_oh form,
    qpdf_oh dict)
{
	qpdf_data pdf = w->pdf->pdf;
	const qpdf_oh own = qpdf.oh_get_key(pdf, dict, "/Resources");
	const qpdf_oh array = qpdf.oh_get_key(pdf, dict, "/Matrix");
	struct image_place *inner = calloc(1, sizeof *inner);
	struct image_matrix m = {{1, 0, 0, 1, 0, 0}};
	unsigned char *data = NULL;
	QPDF_BOOL filtered;
	size_t n = 0;

	for (int i = 0; i < NUMBERS && qpdf.oh_is_array(pdf, array); i++)
		m.v[i] = qpdf.oh_get_numeric_value(pdf,
		    qpdf.oh_get_array_item(pdf, array, i));
	if (!inner || w->forms >= FORMS_MAX ||
	    qpdf_number(w->pdf, dict, "/Length") > PACKED_MAX ||
	    (qpdf.oh_get_stream_data(pdf, form, qpdf_dl_generalized, &filtered,
		 &data, &n) &
		(QPDF_ERRORS))) {
		w->failed = 1;
	} else {
		*inner = (struct image_place){.content = {data, data + n},
		    .resources = qpdf.oh_is_dictionary(pdf, own) ? own
								 : p->resources,
		    .now = then(&m, &p->now)};
		w->forms++;
		follow(w, inner);
		w->forms--;
	}
	free(data);
	free(inner);
}

static void
paint_object(struct image_walk *w, const struct image_place *p)
{
	qpdf_data pdf = w->pdf->pdf;
	const qpdf_oh objects = qpdf.oh_get_key(pdf, p->resources, "/XObject");
	const qpdf_oh one = qpdf.oh_get_key(pdf, objects, p->name);
	qpdf_oh dict;

	if (!qpdf.oh_is_stream(pdf, one))
		return;
	dict = qpdf.oh_get_dict(pdf, one);
	if (qpdf_is(w->pdf, dict, "/Subtype", "/Image"))
		report_image(w, &p->now, &one, dict);
	else if (qpdf_is(w->pdf, dict, "/Subtype", "/Form"))
		follow_form(w, p, one, dict);
}

/* ---- the contents, piece by piece ---- */

static void
operate(struct image_walk *w, struct image_place *p, const char *token)
{
	struct image_matrix m;

	if (strcmp(token, "cm") == 0) {
		memcpy(m.v, p->numbers, sizeof m.v);
		p->now = then(&m, &p->now);
	} else if (strcmp(token, "q") == 0) {
		if (p->depth < SAVED_MAX)
			p->saved[p->depth] = p->now;
		p->depth++;
	} else if (strcmp(token, "Q") == 0 && p->depth > 0) {
		if (--p->depth < SAVED_MAX)
			p->now = p->saved[p->depth];
	} else if (strcmp(token, "Do") == 0) {
		paint_object(w, p);
	} else if (strcmp(token, "BI") == 0) {
		report_image(w, &p->now, NULL, 0);
		content_skip_inline_image(&p->content);
	}
}

static void
read_operand(struct image_walk *w, struct image_place *p)
{
	char token[TOKEN_MAX], *end;
	double value;

	content_read_token(&p->content, token, sizeof token);
	if (*token == '/') {
		memcpy(p->name, token, sizeof token);
		return;
	}
	if (isalpha((unsigned char)*token)) {
		operate(w, p, token);
		return;
	}
	value = strtod(token, &end);
	if (*end)
		return;
	memmove(p->numbers, p->numbers + 1, sizeof p->numbers - sizeof value);
	p->numbers[NUMBERS - 1] = value;
}

static void
follow(struct image_walk *w, struct image_place *p)
{
	struct content_reader *c = &p->content;

	w->content += (size_t)(c->end - c->at);
	if (w->content > CONTENT_MAX)
		w->failed = 1;
	while (!w->failed && content_next(c))
		read_operand(w, p);
}

/* ---- a page ---- */

static int
is_moderate(struct pdf_details *s, qpdf_oh contents)
{
	const int many = qpdf.oh_is_array(s->pdf, contents);
	const int count = many ? qpdf.oh_get_array_n_items(s->pdf, contents)
			       : 1;

	for (int i = 0; i < count; i++) {
		const qpdf_oh one = many
		    ? qpdf.oh_get_array_item(s->pdf, contents, i)
		    : contents;

		if (count > STREAMS_MAX || !qpdf.oh_is_stream(s->pdf, one) ||
		    qpdf_number(s, qpdf.oh_get_dict(s->pdf, one), "/Length") >
			PACKED_MAX)
			return 0;
	}
	return 1;
}

int
pdf_details_images(struct pdf_details *s, unsigned page, unsigned pages,
    int inlined, void (*each)(void *ctx, const struct pdf_painted *), void *ctx)
{
	struct image_walk w = {.pdf = s, .each = each, .ctx = ctx};
	struct image_place *p;
	unsigned char *data = NULL;
	qpdf_oh object, resources;
	size_t n = 0;

	if (!s || s->pages != pages)
		return -1;
	object = qpdf.get_page_n(s->pdf, page);
	resources = qpdf_inherited(s, object, "/Resources",
	    qpdf.oh_is_dictionary);
	p = calloc(1, sizeof *p);
	if (!p) {
		w.failed = 1;
	} else if (inlined ||
	    qpdf.oh_is_dictionary(s->pdf,
		qpdf.oh_get_key(s->pdf, resources, "/XObject"))) {
		w.failed = !is_moderate(s,
			       qpdf.oh_get_key(s->pdf, object, "/Contents")) ||
		    (qpdf.oh_get_page_content_data(s->pdf, object, &data, &n) &
			(QPDF_ERRORS));
		*p = (struct image_place){.content = {data, data + n},
		    .resources = resources,
		    .now = {{1, 0, 0, 1, 0, 0}}};
		if (!w.failed)
			follow(&w, p);
	}
	free(p);
	free(data);
	qpdf.oh_release_all(s->pdf);
	return w.failed ? -1 : 0;
}
