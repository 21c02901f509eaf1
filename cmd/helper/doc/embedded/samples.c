/* samples.c - see samples.h. */
#include "samples.h"
#include "colours.h"
#include "helper/doc/base/stream.h"

#include <stdlib.h>
#include <string.h>

enum {
	SAMPLES_MAX = 1024 * 1024 * 1024, /* bytes */
	FILTERS_MAX = 8,
};

/* ---- the object ---- */

int
picture_read(struct picture *p, struct pdf_details *s, int object,
    int generation)
{
	qpdf_data pdf = s->pdf;
	double width, height, bits;

	*p = (struct picture){.pdf = s,
	    .object = qpdf.get_object_by_id(pdf, object, generation)};
	if (!qpdf.oh_is_stream(pdf, p->object))
		return -1;
	p->dict = qpdf.oh_get_dict(pdf, p->object);
	p->stencil = qpdf.oh_get_bool_value(pdf,
	    qpdf.oh_get_key(pdf, p->dict, "/ImageMask"));
	width = qpdf_number(s, p->dict, "/Width");
	height = qpdf_number(s, p->dict, "/Height");
	bits = qpdf_number(s, p->dict, "/BitsPerComponent");
	if (!(width >= 1 && height >= 1 && width * height <= 8.0 * SAMPLES_MAX))
		return -1;
	p->width = (uint32_t)width;
	p->height = (uint32_t)height;
	p->bits = p->stencil ? 1 : bits >= 1 && bits <= 16 ? (unsigned)bits : 0;
	return 0;
}

/* ---- how it is packed ---- */

struct filters {
	qpdf_oh all[FILTERS_MAX], parms[FILTERS_MAX];
	int count;
};

/* -1: there are too many. */
static int
read_filters(const struct picture *p, struct filters *f)
{
	qpdf_data pdf = p->pdf->pdf;
	const qpdf_oh filter = qpdf.oh_get_key(pdf, p->dict, "/Filter");
	const qpdf_oh parms = qpdf.oh_get_key(pdf, p->dict, "/DecodeParms");
	const int many = qpdf.oh_is_array(pdf, filter);

	f->count = many ? qpdf.oh_get_array_n_items(pdf, filter)
			: qpdf.oh_is_name(pdf, filter);
	if (f->count > FILTERS_MAX)
		return -1;
	for (int i = 0; i < f->count; i++) {
		f->all[i] = many ? qpdf.oh_get_array_item(pdf, filter, i)
				 : filter;
		f->parms[i] = qpdf.oh_is_array(pdf, parms)
		    ? qpdf.oh_get_array_item(pdf, parms, i)
		    : parms;
	}
	return 0;
}

static int
is_filter(const struct picture *p, qpdf_oh filter, const char *name,
    const char *abbreviated)
{
	return qpdf.oh_is_name_and_equals(p->pdf->pdf, filter, name) ||
	    qpdf.oh_is_name_and_equals(p->pdf->pdf, filter, abbreviated);
}

/* Can libqpdf unpack it without loss? */
static int
is_unpacked_by_qpdf(const struct picture *p, const struct filters *f)
{
	static const char *const names[][2] = {{"/FlateDecode", "/Fl"},
	    {"/LZWDecode", "/LZW"}, {"/RunLengthDecode", "/RL"},
	    {"/ASCII85Decode", "/A85"}, {"/ASCIIHexDecode", "/AHx"}};
	int known = 0;

	for (int i = 0; i < f->count; i++)
		for (size_t k = 0; k < sizeof names / sizeof *names; k++)
			known += is_filter(p, f->all[i], names[k][0],
			    names[k][1]);
	return known == f->count;
}

/* ---- JPEG ---- */

/* The bytes before the last filter is applied.  -1: they are damaged. */
static int
unpack_outer(const struct picture *p, const struct filters *f,
    unsigned char **data, size_t *n)
{
	qpdf_data pdf = p->pdf->pdf;
	QPDF_BOOL filtered = QPDF_FALSE;
	qpdf_oh stream = p->object;

	if (qpdf.oh_get_stream_data(pdf, stream, qpdf_dl_none, &filtered, data,
		n) &
	    (QPDF_ERRORS))
		return -1;
	if (f->count > 1) {
		const qpdf_oh all = qpdf.oh_new_array(pdf);
		const qpdf_oh parms = qpdf.oh_new_array(pdf);

		for (int i = 0; i < f->count - 1; i++) {
			qpdf.oh_append_item(pdf, all, f->all[i]);
			qpdf.oh_append_item(pdf, parms, f->parms[i]);
		}
		stream = qpdf.oh_new_stream(pdf);
		qpdf.oh_replace_stream_data(pdf, stream, *data, *n, all, parms);
		free(*data);
		*data = NULL;
		if ((qpdf.oh_get_stream_data(pdf, stream, qpdf_dl_specialized,
			 &filtered, data, n) &
			(QPDF_ERRORS)) ||
		    !filtered)
			return -1;
	}
	return 0;
}

/* Does the file alone show the same as in the PDF? */
static int
is_alone(const struct picture *p, const struct filters *f,
    const struct colours *c, const unsigned char *data, size_t n)
{
	const qpdf_oh transform = qpdf.oh_get_key(p->pdf->pdf,
	    f->parms[f->count - 1], "/ColorTransform");
	struct stream_jpeg jpeg;

	return n > 2 && data[0] == 0xff && data[1] == 0xd8 &&
	    stream_jpeg_read(data, n, &jpeg) == 0 &&
	    (unsigned)jpeg.components == c->components &&
	    (jpeg.has_transform || c->components == 1 ||
		qpdf.oh_is_null(p->pdf->pdf, transform));
}

static enum picture_made
copy_jpeg(const struct picture *p, const struct filters *f,
    const struct colours *c, struct pc_buf *out)
{
	enum picture_made made = PICTURE_UNKNOWN;
	unsigned char *data = NULL;
	size_t n = 0;

	if (p->stencil || c->form == PNG_PALETTE || c->inverted)
		return PICTURE_UNKNOWN;
	if (unpack_outer(p, f, &data, &n) < 0)
		made = PICTURE_DAMAGED;
	else if (is_alone(p, f, c, data, n))
		made = pc_buf_add(out, data, n) < 0 ? PICTURE_FAILED
						    : PICTURE_MADE;
	free(data);
	return made;
}

/* ---- PNG ---- */

/* PNG has no RGB with fewer than 8 bits.  NULL: out of memory. */
static unsigned char *
widen(const struct picture *p, const unsigned char *rows, size_t row_size)
{
	const unsigned most = (1u << p->bits) - 1;
	const size_t samples = (size_t)p->width * 3;
	unsigned char *wide = malloc(samples * p->height), *at = wide;

	for (uint32_t y = 0; wide && y < p->height; y++)
		for (size_t i = 0; i < samples; i++) {
			const unsigned byte =
			    rows[y * row_size + i * p->bits / 8];
			const unsigned shift = 8 - p->bits -
			    (unsigned)(i * p->bits % 8);

			*at++ = (unsigned char)((byte >> shift & most) * 255 /
			    most);
		}
	return wide;
}

static enum picture_made
write_rows(const struct picture *p, const struct colours *c,
    unsigned char *data, size_t n, struct pc_buf *out)
{
	struct png_rows png = {.width = p->width,
	    .height = p->height,
	    .bits = p->bits,
	    .colours = c->form,
	    .rows = data,
	    .palette = c->palette,
	    .icc = c->form == PNG_PALETTE ? NULL : c->icc,
	    .icc_size = c->icc_size};
	const size_t row_size = png_row_size(&png);
	unsigned char *wide = NULL;
	int r = -1;

	if (n / row_size < p->height)
		return PICTURE_DAMAGED;
	for (size_t i = 0; c->inverted && i < row_size * p->height; i++)
		data[i] ^= 0xff;
	if (c->form == PNG_RGB && p->bits < 8) {
		png.rows = wide = widen(p, data, row_size);
		png.bits = 8;
	}
	if (png.rows)
		r = png_rows_write(&png, out);
	free(wide);
	return r < 0 ? PICTURE_FAILED : PICTURE_MADE;
}

static enum picture_made
write_png(const struct picture *p, const struct colours *c, struct pc_buf *out)
{
	const unsigned bits = p->bits;
	enum picture_made made = PICTURE_DAMAGED;
	unsigned char *data = NULL;
	QPDF_BOOL filtered = QPDF_FALSE;
	size_t n = 0;

	if (c->calibrated ||
	    (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16) ||
	    (double)p->width * p->height * c->components * bits / 8 >
		SAMPLES_MAX)
		return PICTURE_UNKNOWN;
	if (!(qpdf.oh_get_stream_data(p->pdf->pdf, p->object,
		  qpdf_dl_specialized, &filtered, &data, &n) &
		(QPDF_ERRORS)))
		made = write_rows(p, c, data, n, out);
	free(data);
	return made;
}

enum picture_made
picture_make(const struct picture *p, struct pc_buf *out)
{
	enum picture_made made = PICTURE_UNKNOWN;
	struct filters f;
	struct colours c;

	if (read_filters(p, &f) < 0)
		return PICTURE_UNKNOWN;
	if (colours_read(&c, p) == 0) {
		if (f.count > 0 &&
		    is_filter(p, f.all[f.count - 1], "/DCTDecode", "/DCT"))
			made = copy_jpeg(p, &f, &c, out);
		else if (is_unpacked_by_qpdf(p, &f))
			made = write_png(p, &c, out);
	}
	colours_clear(&c);
	return made;
}
