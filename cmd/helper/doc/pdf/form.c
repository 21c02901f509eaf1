/* form.c - see form.h. */
#include "form.h"
#include "drawn.h"

#include <stdlib.h>
#include <string.h>

static void
read_matrix(const struct declaring *c, qpdf_oh dict, const double outer[6],
    double m[6])
{
	static const double none[6] = {1, 0, 0, 1, 0, 0};
	const qpdf_oh array = pdf_get(c, dict, "/Matrix");

	memcpy(m, none, sizeof none);
	for (int i = 0; pdf_length(c, array) == 6 && i < 6; i++)
		m[i] = qpdf.oh_get_numeric_value(c->s->pdf,
		    qpdf.oh_get_array_item(c->s->pdf, array, i));
	pdf_drawn_transform(m, outer);
}

int
pdf_form_read(const struct declaring *c, qpdf_oh resources, const char *name,
    const double outer[6], size_t max, struct pdf_form *f)
{
	qpdf_data pdf = c->s->pdf;
	QPDF_BOOL filtered = QPDF_FALSE;
	qpdf_oh dict, own;

	*f = (struct pdf_form){
	    .object = pdf_get(c, pdf_get(c, resources, "/XObject"), name)};
	if (!qpdf.oh_is_stream(pdf, f->object))
		return 1;
	dict = qpdf.oh_get_dict(pdf, f->object);
	if (!qpdf_is(c->s, dict, "/Subtype", "/Form"))
		return 1;
	if (qpdf_number(c->s, dict, "/Length") > (double)max ||
	    (qpdf.oh_get_stream_data(pdf, f->object, qpdf_dl_generalized,
		 &filtered, &f->data, &f->n) &
		QPDF_ERRORS) ||
	    !filtered || f->n > max) {
		free(f->data);
		f->data = NULL;
		return -1;
	}
	own = pdf_get(c, dict, "/Resources");
	f->resources = qpdf.oh_is_dictionary(pdf, own) ? own : resources;
	read_matrix(c, dict, outer, f->matrix);
	return 0;
}
