/* details.c - what poppler does not report, by libqpdf: the dots per inch
 * of a scan, from the page's own images, and the box into which qpdf(1) fits
 * an overlay.
 *
 * Loading libqpdf takes 3 ms, so it is done only for a document that needs
 * OCR.  If it is missing or fails, no page counts as a scan or as trimmed.  A
 * page that paints more than a few things is not a scan either: these may be
 * sharp at any scale. */
#include "details.h"
#include "qpdf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	STREAMS_MAX = 8,   /* of a page */
	PACKED_MAX = 4096, /* bytes of each */
	CONTENT_MAX = 16 * 1024,
	SAVED_MAX = 16, /* graphics states */
	DPI_MAX = 100000,
};

/* Parts of the page: images cover at least this much of a scan, and a smaller
 * image does not show its resolution. */
static const double covered_min = 0.8, piece_min = 0.05;

/* What a page paints. */
struct paint {
	struct pdf_details *scan;
	double page;    /* its area in square points */
	double covered; /* the part that is covered */
	double dpi;     /* of the image with the highest resolution */
};

static const char blanks[] = " \t\r\n\f[]";

/* A transformation without its translation. */
struct matrix {
	double a, b, c, d;
};

/* ---- what is painted ---- */

/* Is it a stream that can be unpacked quickly? */
static int
is_short(struct pdf_details *s, qpdf_oh stream)
{
	return qpdf.oh_is_stream(s->pdf, stream) &&
	    qpdf_number(s, qpdf.oh_get_dict(s->pdf, stream), "/Length") <=
	    PACKED_MAX;
}

/* The product: first n, then m. */
static struct matrix
then(const struct matrix *n, const struct matrix *m)
{
	return (struct matrix){n->a * m->a + n->b * m->c,
	    n->a * m->b + n->b * m->d, n->c * m->a + n->d * m->c,
	    n->c * m->b + n->d * m->d};
}

static void
paint_image(struct paint *p, qpdf_oh dict, const struct matrix *m)
{
	const double wide = hypot(m->a, m->b), high = hypot(m->c, m->d);
	const double part = wide * high / p->page;
	const double x = qpdf_number(p->scan, dict, "/Width") / wide * 72;
	const double y = qpdf_number(p->scan, dict, "/Height") / high * 72;

	if (!(part >= piece_min))
		return;
	p->covered += part;
	p->dpi = fmax(p->dpi, fmax(x, y));
}

static int paint(struct paint *, qpdf_oh resources, const unsigned char *,
    size_t n, struct matrix, int within);

/* Add the object that is painted by its name.  -1: unknown. */
static int
paint_object(struct paint *p, qpdf_oh resources, const char *name,
    struct matrix m, int within)
{
	struct pdf_details *s = p->scan;
	qpdf_oh one = qpdf.oh_get_key(s->pdf,
	    qpdf.oh_get_key(s->pdf, resources, "/XObject"), name);
	qpdf_oh dict, own, array;
	unsigned char *data = NULL;
	QPDF_BOOL filtered;
	double v[6];
	size_t n;
	int r;

	if (!qpdf.oh_is_stream(s->pdf, one))
		return -1;
	dict = qpdf.oh_get_dict(s->pdf, one);
	if (qpdf_is(s, dict, "/Subtype", "/Image")) {
		paint_image(p, dict, &m);
		return 0;
	}
	/* Some programs put a scan into a form, but none nests it deeper. */
	if (within || !qpdf_is(s, dict, "/Subtype", "/Form") ||
	    !is_short(s, one))
		return -1;
	array = qpdf.oh_get_key(s->pdf, dict, "/Matrix");
	for (int i = 0; i < 6; i++)
		v[i] = qpdf.oh_is_array(s->pdf, array)
		    ? qpdf.oh_get_numeric_value(s->pdf,
			  qpdf.oh_get_array_item(s->pdf, array, i))
		    : i == 0 || i == 3;
	m = then(&(struct matrix){v[0], v[1], v[2], v[3]}, &m);
	own = qpdf.oh_get_key(s->pdf, dict, "/Resources");
	if (qpdf.oh_get_stream_data(s->pdf, one, qpdf_dl_generalized, &filtered,
		&data, &n) &
	    (QPDF_ERRORS))
		return -1;
	r = paint(p, qpdf.oh_is_dictionary(s->pdf, own) ? own : resources, data,
	    n, m, 1);
	free(data);
	return r;
}

/* Follow what a stream paints; its changes to the state are ignored
 * afterwards.  -1: it has text, an inline image, or too many items. */
static int
paint(struct paint *p, qpdf_oh resources, const unsigned char *data, size_t n,
    struct matrix m, int within)
{
	char text[CONTENT_MAX + 1], *rest = NULL, *end;
	struct matrix saved[SAVED_MAX];
	const char *name = "";
	double v[6] = {0}; /* the last operands */
	int depth = 0;

	if (n > CONTENT_MAX)
		return -1;
	if (n > 0)
		memcpy(text, data, n);
	text[n] = '\0';
	if (text[strcspn(text, "(<{%")])
		return -1;
	for (const char *t = strtok_r(text, blanks, &rest); t;
	     t = strtok_r(NULL, blanks, &rest)) {
		const double value = strtod(t, &end);

		if (!*end) {
			memmove(v, v + 1, sizeof v - sizeof *v);
			v[5] = value;
		} else if (*t == '/') {
			name = t;
		} else if (strcmp(t, "cm") == 0) {
			m = then(&(struct matrix){v[0], v[1], v[2], v[3]}, &m);
		} else if (strcmp(t, "q") == 0 && depth < SAVED_MAX) {
			saved[depth++] = m;
		} else if (strcmp(t, "Q") == 0) {
			m = depth > 0 ? saved[--depth] : m;
		} else if (strcmp(t, "q") == 0 || strcmp(t, "BI") == 0 ||
		    (strcmp(t, "Do") == 0 &&
			paint_object(p, resources, name, m, within) < 0)) {
			return -1;
		}
	}
	return 0;
}

/* Find what a page paints.  -1: unknown. */
static int
paint_page(struct paint *p, qpdf_oh page)
{
	struct pdf_details *s = p->scan;
	qpdf_oh contents = qpdf.oh_get_key(s->pdf, page, "/Contents");
	const int many = qpdf.oh_is_array(s->pdf, contents);
	const int count = many ? qpdf.oh_get_array_n_items(s->pdf, contents)
			       : 1;
	unsigned char *data = NULL;
	size_t n = 0;
	int r;

	for (int i = 0; i < count; i++)
		if (count > STREAMS_MAX ||
		    !is_short(s,
			many ? qpdf.oh_get_array_item(s->pdf, contents, i)
			     : contents))
			return -1;
	if (qpdf.oh_get_page_content_data(s->pdf, page, &data, &n) &
	    (QPDF_ERRORS))
		return -1;
	r = paint(p,
	    qpdf_inherited(s, page, "/Resources", qpdf.oh_is_dictionary), data,
	    n, (struct matrix){.a = 1, .d = 1}, 0);
	free(data);
	return r;
}

unsigned
pdf_details_dpi(struct pdf_details *s, unsigned page, unsigned pages,
    double width, double height)
{
	struct paint p = {.scan = s, .page = width * height};
	int r;

	if (!s || s->pages != pages)
		return 0;
	r = paint_page(&p, qpdf.get_page_n(s->pdf, page));
	qpdf.oh_release_all(s->pdf);
	return r == 0 && p.covered >= covered_min && p.dpi < DPI_MAX
	    ? (unsigned)(p.dpi + 0.5)
	    : 0;
}

/* ---- the trim box ---- */

int
pdf_details_trim(struct pdf_details *s, unsigned page, unsigned pages,
    double box[4], double *unit)
{
	qpdf_oh p, array, number;
	double v[4];
	int r = -1;

	if (!s || s->pages != pages)
		return -1;
	p = qpdf.get_page_n(s->pdf, page);
	array = qpdf.oh_get_key(s->pdf, p, "/TrimBox");
	if (!qpdf.oh_is_array(s->pdf, array))
		array = qpdf_inherited(s, p, "/CropBox", qpdf.oh_is_array);
	if (!qpdf.oh_is_array(s->pdf, array))
		array = qpdf_inherited(s, p, "/MediaBox", qpdf.oh_is_array);
	if (qpdf.oh_is_array(s->pdf, array) &&
	    qpdf.oh_get_array_n_items(s->pdf, array) == 4) {
		for (int i = 0; i < 4; i++)
			v[i] = qpdf.oh_get_numeric_value(s->pdf,
			    qpdf.oh_get_array_item(s->pdf, array, i));
		box[0] = fmin(v[0], v[2]);
		box[1] = fmin(v[1], v[3]);
		box[2] = fmax(v[0], v[2]);
		box[3] = fmax(v[1], v[3]);
		number = qpdf.oh_get_key(s->pdf, p, "/UserUnit");
		*unit = qpdf.oh_is_number(s->pdf, number)
		    ? qpdf.oh_get_numeric_value(s->pdf, number)
		    : 1;
		r = 0;
	}
	qpdf.oh_release_all(s->pdf);
	return r;
}
