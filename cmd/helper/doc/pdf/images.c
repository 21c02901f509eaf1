/* images.c - where the images on a page are, by libqpdf. */
#include "images_in.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

enum { STREAMS_MAX = 64 /* of a page */ };

/* ---- annotations ---- */

/* The appearance of an annotation as it is now.  0: it has none, or is
 * hidden. */
static qpdf_oh
appearance(const struct image_walk *w, qpdf_oh annot)
{
	enum { HIDDEN = 2, NO_VIEW = 32 };
	qpdf_data pdf = w->pdf->pdf;
	const int flags = (int)qpdf_number(w->pdf, annot, "/F");
	const qpdf_oh state = qpdf.oh_get_key(pdf, annot, "/AS");
	qpdf_oh normal = qpdf.oh_get_key(pdf,
	    qpdf.oh_get_key(pdf, annot, "/AP"), "/N");

	if (!qpdf.oh_is_stream(pdf, normal) && qpdf.oh_is_name(pdf, state))
		normal = qpdf.oh_get_key(pdf, normal,
		    qpdf.oh_get_name(pdf, state));
	return !(flags & (HIDDEN | NO_VIEW)) && qpdf.oh_is_stream(pdf, normal)
	    ? normal
	    : 0;
}

/* Move the box of the form, to which its matrix has been applied, to the
 * annotation's rectangle (ISO 32000-1, 12.5.5). */
static struct image_matrix
place_form(const struct image_walk *w, qpdf_oh dict, qpdf_oh annot)
{
	const struct image_matrix m = image_matrix_read(w->pdf, dict,
	    "/Matrix");
	const struct image_matrix box = image_matrix_read(w->pdf, dict,
	    "/BBox");
	const struct image_matrix rect = image_matrix_read(w->pdf, annot,
	    "/Rect");
	double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
	double scale[2], move[2];

	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 2; k++) {
			const double at = box.v[i & 1 ? 2 : 0] * m.v[k] +
			    box.v[i & 2 ? 3 : 1] * m.v[2 + k] + m.v[4 + k];

			low[k] = fmin(low[k], at);
			high[k] = fmax(high[k], at);
		}
	for (int k = 0; k < 2; k++) {
		const double size = high[k] - low[k];

		scale[k] = size > 0 ? fabs(rect.v[2 + k] - rect.v[k]) / size
				    : 1;
		move[k] = fmin(rect.v[k], rect.v[2 + k]) - scale[k] * low[k];
	}
	return (struct image_matrix){
	    {scale[0], 0, 0, scale[1], move[0], move[1]}};
}

static void
follow_annotations(struct image_walk *w, qpdf_oh page)
{
	qpdf_data pdf = w->pdf->pdf;
	const qpdf_oh annots = qpdf.oh_get_key(pdf, page, "/Annots");
	const int n = qpdf.oh_is_array(pdf, annots)
	    ? qpdf.oh_get_array_n_items(pdf, annots)
	    : 0;

	for (int i = 0; i < n && !w->failed; i++) {
		const qpdf_oh annot = qpdf.oh_get_array_item(pdf, annots, i);
		const qpdf_oh form = qpdf.oh_is_dictionary(pdf, annot)
		    ? appearance(w, annot)
		    : 0;
		struct image_matrix m;

		if (!form)
			continue;
		m = place_form(w, qpdf.oh_get_dict(pdf, form), annot);
		images_follow_form(w, form, &m, qpdf.oh_new_null(pdf));
	}
}

/* ---- a page ---- */

static int
is_moderate(const struct image_walk *w, qpdf_oh contents)
{
	struct pdf_details *s = w->pdf;
	const int most = w->wanted == PDF_IMAGES_ALL ? INT_MAX : STREAMS_MAX;
	const int many = qpdf.oh_is_array(s->pdf, contents);
	const int count = many ? qpdf.oh_get_array_n_items(s->pdf, contents)
			       : 1;

	for (int i = 0; i < count; i++) {
		const qpdf_oh one = many
		    ? qpdf.oh_get_array_item(s->pdf, contents, i)
		    : contents;

		if (count > most || !qpdf.oh_is_stream(s->pdf, one) ||
		    qpdf_number(s, qpdf.oh_get_dict(s->pdf, one), "/Length") >
			images_packed_max(w))
			return 0;
	}
	return 1;
}

int
pdf_details_images(struct pdf_details *s, unsigned page, unsigned pages,
    enum pdf_images_wanted wanted,
    void (*each)(void *ctx, const struct pdf_painted *), void *ctx)
{
	struct image_walk w = {.pdf = s,
	    .wanted = wanted,
	    .each = each,
	    .ctx = ctx,
	    .base = {{1, 0, 0, 1, 0, 0}}};
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
	} else if (wanted != PDF_IMAGES_OBJECTS ||
	    qpdf.oh_is_dictionary(s->pdf,
		qpdf.oh_get_key(s->pdf, resources, "/XObject"))) {
		w.failed = !is_moderate(&w,
			       qpdf.oh_get_key(s->pdf, object, "/Contents")) ||
		    (qpdf.oh_get_page_content_data(s->pdf, object, &data, &n) &
			(QPDF_ERRORS));
		*p = (struct image_place){.content = content_open(data, n),
		    .resources = resources,
		    .now = w.base};
		if (!w.failed)
			images_follow(&w, p);
		if (!w.failed && wanted == PDF_IMAGES_ALL)
			follow_annotations(&w, object);
	}
	free(p);
	free(data);
	qpdf.oh_release_all(s->pdf);
	return w.failed ? -1 : 0;
}
