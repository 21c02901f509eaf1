/* images_follow.c - follow content to the images that it paints.  Of the
 * content only transformations and painting are followed. */
#include "images_in.h"
#include "inline_image.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	CONTENT_MAX = 32 * 1024 * 1024, /* bytes of all streams */
	FORMS_MAX = 8,                  /* nested */
	LARGE = 8, /* times more if all images are wanted */
};

double
images_packed_max(const struct image_walk *w)
{
	enum { PACKED_MAX = 4 * 1024 * 1024 };

	return w->wanted == PDF_IMAGES_ALL ? LARGE * PACKED_MAX : PACKED_MAX;
}

struct image_matrix
image_matrix_then(const struct image_matrix *n, const struct image_matrix *m)
{
	const double *a = n->v, *b = m->v;

	return (struct image_matrix){{a[0] * b[0] + a[1] * b[2],
	    a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2],
	    a[2] * b[1] + a[3] * b[3], a[4] * b[0] + a[5] * b[2] + b[4],
	    a[4] * b[1] + a[5] * b[3] + b[5]}};
}

struct image_matrix
image_matrix_read(struct pdf_details *s, qpdf_oh dict, const char *key)
{
	const qpdf_oh array = qpdf.oh_get_key(s->pdf, dict, key);
	struct image_matrix m = {{1, 0, 0, 1, 0, 0}};

	for (int i = 0; i < NUMBERS && qpdf.oh_is_array(s->pdf, array); i++)
		m.v[i] = qpdf.oh_get_numeric_value(s->pdf,
		    qpdf.oh_get_array_item(s->pdf, array, i));
	return m;
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

void
images_follow_form(struct image_walk *w, qpdf_oh form,
    const struct image_matrix *now, qpdf_oh resources)
{
	qpdf_data pdf = w->pdf->pdf;
	const qpdf_oh dict = qpdf.oh_get_dict(pdf, form);
	const qpdf_oh own = qpdf.oh_get_key(pdf, dict, "/Resources");
	const struct image_matrix m = image_matrix_read(w->pdf, dict,
	    "/Matrix");
	struct image_place *inner = calloc(1, sizeof *inner);
	unsigned char *data = NULL;
	QPDF_BOOL filtered;
	size_t n = 0;

	if (!inner || w->forms >= FORMS_MAX ||
	    qpdf_number(w->pdf, dict, "/Length") > images_packed_max(w) ||
	    (qpdf.oh_get_stream_data(pdf, form, qpdf_dl_generalized, &filtered,
		 &data, &n) &
		(QPDF_ERRORS))) {
		w->failed = 1;
	} else {
		*inner = (struct image_place){.content = content_open(data, n),
		    .resources = qpdf.oh_is_dictionary(pdf, own) ? own
								 : resources,
		    .now = image_matrix_then(&m, now)};
		w->forms++;
		images_follow(w, inner);
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
		images_follow_form(w, one, &p->now, p->resources);
}

static void
paint_inline(struct image_walk *w, struct image_place *p)
{
	qpdf_oh one;

	if (w->wanted != PDF_IMAGES_ALL) {
		report_image(w, &p->now, NULL, 0);
		content_skip_inline_image(&p->content);
		return;
	}
	one = pdf_inline_image(w->pdf, &p->content, p->resources);
	if (qpdf.oh_is_stream(w->pdf->pdf, one))
		report_image(w, &p->now, &one,
		    qpdf.oh_get_dict(w->pdf->pdf, one));
	else
		w->failed = 1;
}

static int
is_new_pattern(struct image_walk *w, qpdf_oh pattern)
{
	const int id = qpdf.oh_get_object_id(w->pdf->pdf, pattern);

	for (int i = 0; i < w->pattern_count; i++)
		if (w->patterns[i] == id)
			return 0;
	if (w->pattern_count < PATTERNS_MAX)
		w->patterns[w->pattern_count++] = id;
	return 1;
}

/* A tiling pattern that becomes the colour.  Its images count once, whatever it
 * fills. */
static void
choose_pattern(struct image_walk *w, const struct image_place *p)
{
	qpdf_data pdf = w->pdf->pdf;
	const qpdf_oh patterns = qpdf.oh_get_key(pdf, p->resources, "/Pattern");
	const qpdf_oh one = qpdf.oh_get_key(pdf, patterns, p->name);

	if (w->wanted == PDF_IMAGES_ALL && qpdf.oh_is_stream(pdf, one) &&
	    is_new_pattern(w, one))
		images_follow_form(w, one, &w->base, p->resources);
}

/* ---- the contents, piece by piece ---- */

static void
operate(struct image_walk *w, struct image_place *p, const char *token)
{
	struct image_matrix m;

	if (strcmp(token, "cm") == 0) {
		memcpy(m.v, p->numbers, sizeof m.v);
		p->now = image_matrix_then(&m, &p->now);
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
		paint_inline(w, p);
	} else if (strcmp(token, "scn") == 0 || strcmp(token, "SCN") == 0) {
		choose_pattern(w, p);
	}
}

static void
read_operand(struct image_walk *w, struct image_place *p)
{
	char token[TOKEN_MAX];
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
	if (!content_number(token, &value))
		return;
	memmove(p->numbers, p->numbers + 1, sizeof p->numbers - sizeof value);
	p->numbers[NUMBERS - 1] = value;
}

/* The last place of these two letters, or p. */
static const unsigned char *
last_of(const unsigned char *p, const unsigned char *end, const char *letters)
{
	const unsigned char *at = end;

	while ((at = memrchr(p, *letters, (size_t)(at - p))))
		if (at + 1 < end && at[1] == (unsigned char)letters[1])
			return at;
	return p;
}

/* What follows the last operator that may paint an image (see operate()) does
 * not matter; the rest of its token does, and an image in the content. */
static void
cut_off(struct content_reader *c)
{
	static const char *const ends[] = {"Do", "cn", "CN"};
	const unsigned char *last = c->at;

	if (c->at == c->end || memmem(last, (size_t)(c->end - last), "BI", 2))
		return;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		last = last_of(last, c->end, ends[i]);
	if (c->end - last > TOKEN_MAX)
		c->end = last + TOKEN_MAX;
}

void
images_follow(struct image_walk *w, struct image_place *p)
{
	struct content_reader *c = &p->content;

	w->content += (size_t)(c->end - c->at);
	cut_off(c);
	if (w->content / (w->wanted == PDF_IMAGES_ALL ? LARGE : 1) >
	    CONTENT_MAX)
		w->failed = 1;
	while (!w->failed && content_next(c))
		read_operand(w, p);
}
