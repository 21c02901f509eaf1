/* lay.c - lay a page of new text on a page.
 *
 * The text becomes a form, which the page paints before its own content.  So
 * it finds the first graphics state, whatever that content does, and as it is
 * invisible, the page looks the same. */
#include "details.h"
#include "edit.h"
#include "helper/doc/base/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FREE_TRIES = 10000, IMAGE_UNIT = 100 };

static struct pdf_details *layer;

void
pdf_edit_take_layer(const struct doc_bytes *b, struct page_answer *a)
{
	layer = pdf_details_open(b, "", 0);
	if (pdf_details_pages(layer) == 0)
		page_answer_fail(a, "libqpdf cannot read the new text");
	else
		a->kind = ANSWER_TEXT;
}

/* ---- where the page is ---- */

struct page_box {
	double x0, y0, x1, y1;
};

/* 0: the array has no area. */
static int
read_box(qpdf_data pdf, qpdf_oh array, struct page_box *b)
{
	double v[4];

	if (!qpdf.oh_is_array(pdf, array) ||
	    qpdf.oh_get_array_n_items(pdf, array) != 4)
		return 0;
	for (int i = 0; i < 4; i++)
		v[i] = qpdf.oh_get_numeric_value(pdf,
		    qpdf.oh_get_array_item(pdf, array, i));
	*b = (struct page_box){v[0] < v[2] ? v[0] : v[2],
	    v[1] < v[3] ? v[1] : v[3], v[0] < v[2] ? v[2] : v[0],
	    v[1] < v[3] ? v[3] : v[1]};
	return b->x1 > b->x0 && b->y1 > b->y0;
}

/* The part of the page that is shown: its crop box within its media box. */
static struct page_box
shown_box(struct pdf_details *s, qpdf_oh page)
{
	struct page_box media = {0, 0, 612, 792}, crop;

	(void)read_box(s->pdf,
	    qpdf_inherited(s, page, "/MediaBox", qpdf.oh_is_array), &media);
	if (!read_box(s->pdf,
		qpdf_inherited(s, page, "/CropBox", qpdf.oh_is_array), &crop))
		return media;
	crop.x0 = crop.x0 > media.x0 ? crop.x0 : media.x0;
	crop.y0 = crop.y0 > media.y0 ? crop.y0 : media.y0;
	crop.x1 = crop.x1 < media.x1 ? crop.x1 : media.x1;
	crop.y1 = crop.y1 < media.y1 ? crop.y1 : media.y1;
	return crop.x1 > crop.x0 && crop.y1 > crop.y0 ? crop : media;
}

/* Clockwise, as the page is shown: 0, 90, 180 or 270. */
static int
shown_rotation(struct pdf_details *s, qpdf_oh page)
{
	const qpdf_oh rotate = qpdf_inherited(s, page, "/Rotate",
	    qpdf.oh_is_number);
	const double v = qpdf.oh_is_number(s->pdf, rotate)
	    ? qpdf.oh_get_numeric_value(s->pdf, rotate)
	    : 0;
	const int r = v > -1e6 && v < 1e6 ? (int)v % 360 : 0;

	return (r + 360) % 360 / 90 * 90;
}

/* The layer's page is as the document is shown, with its lower left corner at
 * 0,0.  That of an image, with a large unit, has to be fitted. */
static void
fit(struct pdf_details *s, qpdf_oh page, unsigned index, double m[6])
{
	const struct page_box b = shown_box(s, page);
	const int r = shown_rotation(s, page);
	const double across = r % 180 ? b.y1 - b.y0 : b.x1 - b.x0;
	const double up = r % 180 ? b.x1 - b.x0 : b.y1 - b.y0;
	const qpdf_oh from = qpdf.get_page_n(layer->pdf, index - 1);
	const double turns[4][4] = {{1, 0, 0, 1}, {0, 1, -1, 0}, {-1, 0, 0, -1},
	    {0, -1, 1, 0}};
	const double *t = turns[r / 90];
	struct page_box own;
	double x = 1, y = 1;

	if (qpdf_number(layer, from, "/UserUnit") >= IMAGE_UNIT &&
	    read_box(layer->pdf, qpdf.oh_get_key(layer->pdf, from, "/MediaBox"),
		&own)) {
		x = across / own.x1;
		y = up / own.y1;
	}
	m[0] = t[0] * x;
	m[1] = t[1] * x;
	m[2] = t[2] * y;
	m[3] = t[3] * y;
	m[4] = r == 90 || r == 180 ? b.x1 : b.x0;
	m[5] = r == 180 || r == 270 ? b.y1 : b.y0;
}

/* ---- the form ---- */

/* Make the layer's page a form. */
static qpdf_oh
make_form(qpdf_data pdf, unsigned index, const unsigned char *data, size_t n)
{
	const qpdf_oh from = qpdf.get_page_n(layer->pdf, index - 1);
	const qpdf_oh font = qpdf.oh_get_key(layer->pdf,
	    qpdf.oh_get_key(layer->pdf,
		qpdf.oh_get_key(layer->pdf, from, "/Resources"), "/Font"),
	    "/F");
	const qpdf_oh form = qpdf.oh_new_stream(pdf);
	const qpdf_oh dict = qpdf.oh_get_dict(pdf, form);
	const qpdf_oh fonts = qpdf.oh_new_dictionary(pdf);
	const qpdf_oh resources = qpdf.oh_new_dictionary(pdf);

	qpdf.oh_replace_key(pdf, fonts, "/F",
	    qpdf.oh_copy_foreign_object(pdf, layer->pdf, font));
	qpdf.oh_replace_key(pdf, resources, "/Font", fonts);
	qpdf.oh_replace_key(pdf, dict, "/Resources", resources);
	qpdf.oh_replace_key(pdf, dict, "/Type", qpdf.oh_parse(pdf, "/XObject"));
	qpdf.oh_replace_key(pdf, dict, "/Subtype", qpdf.oh_parse(pdf, "/Form"));
	/* Nothing is painted, so nothing has to be clipped. */
	qpdf.oh_replace_key(pdf, dict, "/BBox",
	    qpdf.oh_parse(pdf, "[-32768 -32768 32768 32768]"));
	pdf_edit_stream(pdf, form, data, n);
	return form;
}

/* The page's dictionary of XObjects, which is made if there is none. */
static qpdf_oh
xobjects_of(struct pdf_details *s, qpdf_oh page)
{
	qpdf_oh resources = qpdf_inherited(s, page, "/Resources",
	    qpdf.oh_is_dictionary);
	qpdf_oh objects;

	if (!qpdf.oh_is_dictionary(s->pdf, resources)) {
		resources = qpdf.oh_new_dictionary(s->pdf);
		qpdf.oh_replace_key(s->pdf, page, "/Resources", resources);
	}
	objects = qpdf.oh_get_key(s->pdf, resources, "/XObject");
	if (!qpdf.oh_is_dictionary(s->pdf, objects)) {
		objects = qpdf.oh_new_dictionary(s->pdf);
		qpdf.oh_replace_key(s->pdf, resources, "/XObject", objects);
	}
	return objects;
}

/* Pages may share their resources, so each form has a name of its own.  -1:
 * there is no free name. */
static int
add_form(struct pdf_details *s, qpdf_oh page, qpdf_oh form, char name[32])
{
	const qpdf_oh objects = xobjects_of(s, page);
	static unsigned number;

	for (int i = 0; i < FREE_TRIES; i++) {
		snprintf(name, 32, "/PcText%u", ++number);
		if (!qpdf.oh_is_null(s->pdf,
			qpdf.oh_get_key(s->pdf, objects, name)))
			continue;
		qpdf.oh_replace_key(s->pdf, objects, name, form);
		return 0;
	}
	return -1;
}

/* Put content before that of the page. */
static void
prepend(qpdf_data pdf, qpdf_oh page, const char *content)
{
	const qpdf_oh old = qpdf.oh_get_key(pdf, page, "/Contents");
	const qpdf_oh all = qpdf.oh_new_array(pdf);
	const qpdf_oh first = qpdf.oh_new_stream(pdf);

	pdf_edit_stream(pdf, first, content, strlen(content));
	qpdf.oh_append_item(pdf, all, first);
	if (qpdf.oh_is_stream(pdf, old))
		qpdf.oh_append_item(pdf, all, old);
	for (int i = 0; qpdf.oh_is_array(pdf, old) &&
	     i < qpdf.oh_get_array_n_items(pdf, old);
	     i++)
		qpdf.oh_append_item(pdf, all,
		    qpdf.oh_get_array_item(pdf, old, i));
	qpdf.oh_replace_key(pdf, page, "/Contents", all);
}

static int
lay(struct pdf_details *s, qpdf_oh page, unsigned index,
    const unsigned char *data, size_t n)
{
	char name[32], content[512];
	double m[6];

	fit(s, page, index, m);
	if (add_form(s, page, make_form(s->pdf, index, data, n), name) < 0)
		return -1;
	snprintf(content, sizeof content,
	    "q %.5f %.5f %.5f %.5f %.5f %.5f cm %s Do Q\n", m[0], m[1], m[2],
	    m[3], m[4], m[5], name);
	prepend(s->pdf, page, content);
	return 0;
}

void
pdf_edit_lay(struct document *d, const struct page_request *ask,
    struct page_answer *a)
{
	struct pdf_details *s = pdf_edit_open(d, a);
	const qpdf_oh page = s ? pdf_edit_page(s, ask->page, a) : 0;
	const unsigned index = ask->width;
	unsigned char *data = NULL;
	size_t n = 0;

	if (!page)
		return;
	a->kind = ANSWER_TEXT;
	if (index == 0 || index > pdf_details_pages(layer) ||
	    (qpdf.oh_get_page_content_data(layer->pdf,
		 qpdf.get_page_n(layer->pdf, index - 1), &data, &n) &
		(QPDF_ERRORS)))
		page_answer_fail(a, "libqpdf cannot read the new text");
	else if (n > 0 && memmem(data, n, "BT", 2) &&
	    lay(s, page, index, data, n) < 0)
		page_answer_fail(a, "its resources have no free name");
	free(data);
	qpdf.oh_release_all(s->pdf);
	qpdf.oh_release_all(layer->pdf);
}
