/* shown.c - where on the shown page a box of the file is. */
#include "declare_in.h"

#include <math.h>

int
pdf_shown_find(struct document *d, unsigned page, struct pdf_shown *shown)
{
	struct pdf_page *p = pdf_page_open(d->pdf, (int)page);

	if (!p)
		return -1;
	pdf_page_shown(p, shown->box, &shown->quarters);
	pdf_page_close(p);
	return 0;
}

void
pdf_shown_place(const struct pdf_shown *shown, const double in[4],
    double out[4])
{
	const double *page = shown->box;
	const double w = page[2] - page[0], h = page[3] - page[1];
	/* left, top, right and bottom, before the page is turned */
	const double x0 = fmin(in[0], in[2]) - page[0];
	const double x1 = fmax(in[0], in[2]) - page[0];
	const double y0 = page[3] - fmax(in[1], in[3]);
	const double y1 = page[3] - fmin(in[1], in[3]);
	const double turned[4][4] = {{x0, y0, x1, y1}, {h - y1, x0, h - y0, x1},
	    {w - x1, h - y1, w - x0, h - y0}, {y0, w - x1, y1, w - x0}};

	for (int i = 0; i < 4; i++)
		out[i] = turned[shown->quarters & 3][i];
}

int
pdf_read_box(const struct declaring *c, qpdf_oh array, int from, double box[4])
{
	qpdf_data pdf = c->s->pdf;

	if (!qpdf.oh_is_array(pdf, array) ||
	    qpdf.oh_get_array_n_items(pdf, array) < from + 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		box[i] = qpdf.oh_get_numeric_value(pdf,
		    qpdf.oh_get_array_item(pdf, array, from + i));
		if (!(fabs(box[i]) < PLACE_MAX / 100.0))
			return -1;
	}
	return 0;
}

void
pdf_add_box(struct declaring *c, const struct pdf_shown *shown, qpdf_oh array)
{
	double in[4], box[4];

	if (pdf_read_box(c, array, 0, in) < 0)
		return;
	pdf_shown_place(shown, in, box);
	pc_json_begin_array(&c->out, "box");
	for (int i = 0; i < 4; i++)
		pc_json_add_fixed(&c->out, NULL, box[i], 2);
	pc_json_end_array(&c->out);
}
