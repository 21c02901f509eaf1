/* colours.c - see colours.h. */
#include "colours.h"

#include <stdlib.h>
#include <string.h>

enum {
	PROFILE_MAX = 4 * 1024 * 1024, /* bytes */
	PROFILE_HEADER = 128,
	PROFILE_SPACE = 16, /* offset of the kind of colours in a profile */
};

static void
set_form(struct colours *c, enum png_colours form)
{
	c->form = form;
	c->components = form == PNG_RGB ? 3 : 1;
}

static int
is_one_of(qpdf_data pdf, qpdf_oh name, const char *const *names)
{
	for (; *names; names++)
		if (qpdf.oh_is_name_and_equals(pdf, name, *names))
			return 1;
	return 0;
}

/* Keep a profile if it is about the same colours.  -1: they are others. */
static int
read_profile(struct colours *c, struct pdf_details *s, qpdf_oh stream)
{
	const double n = qpdf_number(s, qpdf.oh_get_dict(s->pdf, stream), "/N");
	unsigned char *p = NULL;
	QPDF_BOOL filtered;
	const char *kind;
	size_t size = 0;
	int r = 0;

	if (n != 1 && n != 3)
		return -1;
	set_form(c, n == 1 ? PNG_GRAY : PNG_RGB);
	if ((qpdf.oh_get_stream_data(s->pdf, stream, qpdf_dl_generalized,
		 &filtered, &p, &size) &
		(QPDF_ERRORS)) ||
	    size < PROFILE_HEADER || size > PROFILE_MAX) {
		free(p);
		return 0;
	}
	kind = (const char *)p + PROFILE_SPACE;
	if (strncmp(kind, "Lab ", 4) == 0)
		r = -1;
	else if (strncmp(kind, n == 1 ? "GRAY" : "RGB ", 4) == 0)
		c->icc = p;
	c->icc_size = size;
	if (!c->icc)
		free(p);
	return r;
}

static int
read_plain(struct colours *c, struct pdf_details *s, qpdf_oh space)
{
	static const char *const gray[] = {"/DeviceGray", "/G", "/CalGray",
	    NULL};
	static const char *const rgb[] = {"/DeviceRGB", "/RGB", "/CalRGB",
	    NULL};
	qpdf_data pdf = s->pdf;
	const int many = qpdf.oh_is_array(pdf, space) &&
	    qpdf.oh_get_array_n_items(pdf, space) > 0;
	const qpdf_oh name = many ? qpdf.oh_get_array_item(pdf, space, 0)
				  : space;

	if (is_one_of(pdf, name, gray))
		set_form(c, PNG_GRAY);
	else if (is_one_of(pdf, name, rgb))
		set_form(c, PNG_RGB);
	else if (many && qpdf.oh_is_name_and_equals(pdf, name, "/ICCBased"))
		return read_profile(c, s,
		    qpdf.oh_get_array_item(pdf, space, 1));
	else
		return -1;
	c->calibrated = qpdf.oh_is_name_and_equals(pdf, name, rgb[2]);
	return 0;
}

/* ---- palettes ---- */

/* Values above the last entry are shown as that. */
static int
set_palette(struct colours *c, const unsigned char *p, size_t size, int last)
{
	const size_t n = c->components;

	if (last < 0 || last > 255 || size < ((size_t)last + 1) * n)
		return -1;
	for (int i = 0; i < 256; i++)
		for (size_t k = 0; k < 3; k++)
			c->palette[3 * i + (int)k] =
			    p[(size_t)(i < last ? i : last) * n +
				(n == 3 ? k : 0)];
	set_form(c, PNG_PALETTE);
	return 0;
}

static int
read_palette(struct colours *c, struct pdf_details *s, qpdf_oh space)
{
	qpdf_data pdf = s->pdf;
	const qpdf_oh table = qpdf.oh_get_array_item(pdf, space, 3);
	const int last = (int)qpdf.oh_get_numeric_value(pdf,
	    qpdf.oh_get_array_item(pdf, space, 2));
	unsigned char *p = NULL;
	QPDF_BOOL filtered;
	size_t n = 0;
	int r = -1;

	if (read_plain(c, s, qpdf.oh_get_array_item(pdf, space, 1)) < 0)
		return -1;
	if (qpdf.oh_is_string(pdf, table)) {
		const char *text = qpdf.oh_get_binary_string_value(pdf, table,
		    &n);

		return set_palette(c, (const unsigned char *)text, n, last);
	}
	if (qpdf.oh_is_stream(pdf, table) &&
	    !(qpdf.oh_get_stream_data(pdf, table, qpdf_dl_specialized,
		  &filtered, &p, &n) &
		(QPDF_ERRORS)))
		r = set_palette(c, p, n, last);
	free(p);
	return r;
}

/* ---- which values stand for them ---- */

/* Does the array map the lowest value to low and the highest to high, for each
 * component? */
static int
maps(const struct picture *p, qpdf_oh decode, unsigned components, double low,
    double high)
{
	qpdf_data pdf = p->pdf->pdf;

	if (qpdf.oh_get_array_n_items(pdf, decode) < (int)(2 * components))
		return 0;
	for (unsigned i = 0; i < 2 * components; i++)
		if (qpdf.oh_get_numeric_value(pdf,
			qpdf.oh_get_array_item(pdf, decode, (int)i)) !=
		    (i % 2 ? high : low))
			return 0;
	return 1;
}

static int
read_decode(struct colours *c, const struct picture *p)
{
	const qpdf_oh decode = qpdf.oh_get_key(p->pdf->pdf, p->dict, "/Decode");
	const double most = c->form == PNG_PALETTE ? (1 << p->bits) - 1 : 1;

	if (!qpdf.oh_is_array(p->pdf->pdf, decode) ||
	    maps(p, decode, c->components, 0, most))
		return 0;
	c->inverted = c->form != PNG_PALETTE &&
	    maps(p, decode, c->components, 1, 0);
	return c->inverted ? 0 : -1;
}

int
colours_read(struct colours *c, const struct picture *p)
{
	static const char *const indexed[] = {"/Indexed", "/I", NULL};
	qpdf_data pdf = p->pdf->pdf;
	const qpdf_oh space = qpdf.oh_get_key(pdf, p->dict, "/ColorSpace");

	*c = (struct colours){.components = 1};
	if (p->stencil) {
		if (read_decode(c, p) < 0)
			return -1;
		/* What it paints is white. */
		c->inverted = !c->inverted;
		return 0;
	}
	if (qpdf.oh_is_array(pdf, space) &&
		    is_one_of(pdf, qpdf.oh_get_array_item(pdf, space, 0),
			indexed)
		? p->bits > 8 || read_palette(c, p->pdf, space) < 0
		: read_plain(c, p->pdf, space) < 0)
		return -1;
	return read_decode(c, p);
}

void
colours_clear(struct colours *c)
{
	free(c->icc);
	c->icc = NULL;
}
