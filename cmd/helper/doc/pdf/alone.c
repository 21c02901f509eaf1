/* alone.c - make a PDF of one image, with libqpdf.
 *
 * What an image shows by itself is the same on all pages that paint it, so a
 * document's logo has to be looked at only once. */
#include "details.h"
#include "qpdf.h"
#include "write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TEXT_MAX = 512,
	MARGIN = 8, /* points */
};

struct alone {
	const struct pdf_painted *image;
	double margin;        /* points around the image */
	double width, height; /* of the page, in points */
};

/* The operators that paint it, lower by one height. */
static int
print_paint(const struct alone *a, double lower, char *out, size_t n)
{
	const double *m = a->image->matrix;
	const double left = (m[0] < 0 ? m[0] : 0) + (m[2] < 0 ? m[2] : 0);
	const double below = (m[1] < 0 ? m[1] : 0) + (m[3] < 0 ? m[3] : 0);

	return snprintf(out, n, "q %f %f %f %f %f %f cm /I Do Q\n", m[0], m[1],
	    m[2], m[3], a->margin - left, a->margin - below - lower);
}

static qpdf_oh
make_content(qpdf_data pdf, const struct alone *a)
{
	const qpdf_oh stream = qpdf.oh_new_stream(pdf);
	const qpdf_oh none = qpdf.oh_new_null(pdf);
	char text[TEXT_MAX];
	int n = print_paint(a, 0, text, sizeof text);

	if (a->image->transparent) {
		n += snprintf(text + n, sizeof text - (size_t)n,
		    "0 g 0 %f %f %f re f\n", -a->height, a->width, a->height);
		n += print_paint(a, a->height, text + n,
		    sizeof text - (size_t)n);
	}
	qpdf.oh_replace_stream_data(pdf, stream, (unsigned char *)text,
	    (size_t)n, none, none);
	return stream;
}

static void
add_page(qpdf_data pdf, qpdf_oh object, const struct alone *a,
    unsigned quarters)
{
	const qpdf_oh objects = qpdf.oh_new_dictionary(pdf);
	const qpdf_oh resources = qpdf.oh_new_dictionary(pdf);
	char text[TEXT_MAX];
	qpdf_oh page;

	snprintf(text, sizeof text,
	    "<</Type/Page/MediaBox[0 %f %f %f]/Rotate %u>>",
	    a->image->transparent ? -a->height : 0, a->width, a->height,
	    quarters * 90);
	page = qpdf.oh_parse(pdf, text);
	qpdf.oh_replace_key(pdf, objects, "/I", object);
	qpdf.oh_replace_key(pdf, resources, "/XObject", objects);
	qpdf.oh_replace_key(pdf, page, "/Resources", resources);
	qpdf.oh_replace_key(pdf, page, "/Contents", make_content(pdf, a));
	qpdf.add_page(pdf, pdf, page, QPDF_TRUE);
}

/* Begin an empty document.  NULL: libqpdf failed. */
static qpdf_data
begin(void)
{
	qpdf_data pdf = qpdf.init();

	if (!pdf)
		return NULL;
	qpdf.silence_errors(pdf);
	qpdf.set_suppress_warnings(pdf, QPDF_TRUE);
	if (qpdf.empty_pdf(pdf) & (QPDF_ERRORS))
		qpdf.cleanup(&pdf);
	return pdf;
}

int
pdf_details_alone(struct pdf_details *s, const struct pdf_painted *image,
    unsigned quarters, struct doc_bytes *out)
{
	const struct alone a = {.image = image,
	    .margin = MARGIN,
	    .width = image->box[2] - image->box[0] + 2 * MARGIN,
	    .height = image->box[3] - image->box[1] + 2 * MARGIN};
	qpdf_data pdf = begin();
	qpdf_oh object;
	int r;

	if (!pdf)
		return -1;
	object = qpdf.oh_copy_foreign_object(pdf, s->pdf,
	    qpdf.get_object_by_id(s->pdf, image->object, image->generation));
	add_page(pdf, object, &a, quarters);
	r = pdf_write_copy(pdf, out);
	qpdf.cleanup(&pdf);
	qpdf.oh_release_all(s->pdf);
	return r;
}

/* ---- its samples ---- */

/* What it hides does not matter.  What a stencil paints is white. */
static void
make_opaque(qpdf_data pdf, qpdf_oh dict)
{
	const qpdf_oh first = qpdf.oh_get_array_item(pdf,
	    qpdf.oh_get_key(pdf, dict, "/Decode"), 0);
	const int inverted = qpdf.oh_is_number(pdf, first) &&
	    qpdf.oh_get_numeric_value(pdf, first) > 0;

	qpdf.oh_remove_key(pdf, dict, "/Mask");
	qpdf.oh_remove_key(pdf, dict, "/SMask");
	qpdf.oh_remove_key(pdf, dict, "/SMaskInData");
	if (!qpdf.oh_get_bool_value(pdf,
		qpdf.oh_get_key(pdf, dict, "/ImageMask")))
		return;
	qpdf.oh_remove_key(pdf, dict, "/ImageMask");
	qpdf.oh_replace_key(pdf, dict, "/ColorSpace",
	    qpdf.oh_parse(pdf, "/DeviceGray"));
	qpdf.oh_replace_key(pdf, dict, "/BitsPerComponent",
	    qpdf.oh_parse(pdf, "1"));
	qpdf.oh_replace_key(pdf, dict, "/Decode",
	    qpdf.oh_parse(pdf, inverted ? "[0 1]" : "[1 0]"));
}

int
pdf_details_samples(struct pdf_details *s, int object, int generation,
    unsigned width, unsigned height, struct doc_bytes *out)
{
	/* poppler paints each pixel that an image touches. */
	const struct pdf_painted image = {
	    .matrix = {width - 0.5, 0, 0, height - 0.5}};
	const struct alone a = {.image = &image,
	    .margin = 0.25,
	    .width = width,
	    .height = height};
	qpdf_data pdf = begin();
	qpdf_oh copy;
	int r;

	if (!pdf)
		return -1;
	copy = qpdf.oh_copy_foreign_object(pdf, s->pdf,
	    qpdf.get_object_by_id(s->pdf, object, generation));
	make_opaque(pdf, qpdf.oh_get_dict(pdf, copy));
	add_page(pdf, copy, &a, 0);
	r = pdf_write_copy(pdf, out);
	qpdf.cleanup(&pdf);
	return r;
}
