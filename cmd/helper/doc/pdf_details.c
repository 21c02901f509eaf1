/* pdf_details.c - what poppler does not tell, by libqpdf: the dots per inch of
 * a scan, from the page's own images, and what qpdf(1) fits an overlay into.
 *
 * libqpdf takes 3 ms to be loaded, for which only a document waits that needs
 * OCR; where the library is not there, or fails, no page is a scan, and none is
 * trimmed.  Nor is one a scan that paints more than a few things: what is
 * sharp at any scale may be among them. */
#include "doc.h"

#include <dlfcn.h>
#include <math.h>
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

#ifndef PC_QPDF
#define PC_QPDF "libqpdf.so.29"
#endif

enum {
	PARENTS_MAX = 32,  /* up the page tree, for what is inherited */
	STREAMS_MAX = 8,   /* of a page */
	PACKED_MAX = 4096, /* bytes of each */
	CONTENT_MAX = 16 * 1024,
	SAVED_MAX = 16, /* graphics states */
	DPI_MAX = 100000,
};

/* Parts of the page: images cover a scan, and one that is less than a piece
 * does not say how fine it is. */
static const double covered_min = 0.8, piece_min = 0.05;

#define EACH(f)                                                                \
	f(get_num_pages) f(get_page_n) f(get_qpdf_version) f(init) f(          \
	    oh_get_array_item) f(oh_get_array_n_items) f(oh_get_dict)          \
	    f(oh_get_key) f(oh_get_numeric_value) f(oh_get_page_content_data)  \
		f(oh_get_stream_data) f(oh_is_array) f(oh_is_dictionary)       \
		    f(oh_is_name_and_equals) f(oh_is_number) f(oh_is_stream)   \
			f(oh_release_all) f(read_memory)                       \
			    f(set_attempt_recovery) f(set_suppress_warnings)   \
				f(silence_errors)

#define MEMBER(name) __typeof__(qpdf_##name) *name;
static struct {
	EACH(MEMBER)
	int tried, loaded;
} q;

struct pdf_details {
	qpdf_data pdf;
	unsigned pages; /* 0: it cannot be read */
};

/* What a page paints. */
struct paint {
	struct pdf_details *scan;
	double page;    /* its area in square points */
	double covered; /* how much of it */
	double dpi;     /* of the finest image */
};

static const char blanks[] = " \t\r\n\f[]";

/* Without where it moves things. */
struct matrix {
	double a, b, c, d;
};

/* ---- the library ---- */

static int
find(void *library, const char *name, void *function)
{
	void *p = dlsym(library, name);

	if (!p)
		return -1;
	/* ISO C has no conversion from the one to the other. */
	memcpy(function, &p, sizeof p);
	return 0;
}

const char *
pdf_details_library(void)
{
	void *library = q.tried ? NULL : dlopen(PC_QPDF, RTLD_NOW);
	int missing = 0;

	q.tried = 1;
#define FIND(name) missing |= find(library, "qpdf_" #name, &q.name);
	if (library) {
		EACH(FIND)
		q.loaded = !missing;
	}
	return q.loaded ? q.get_qpdf_version() : NULL;
}

struct pdf_details *
pdf_details_open(const struct doc_bytes *b, const char *password)
{
	struct pdf_details *s = calloc(1, sizeof *s);
	int n;

	if (!s || !pdf_details_library() || !(s->pdf = q.init()))
		return s;
	q.silence_errors(s->pdf);
	q.set_suppress_warnings(s->pdf, QPDF_TRUE);
	/* A repair would take long, and find other pages than poppler. */
	q.set_attempt_recovery(s->pdf, QPDF_FALSE);
	if (q.read_memory(s->pdf, "", (const char *)b->p, b->n, password) &
	    (QPDF_ERRORS))
		return s;
	n = q.get_num_pages(s->pdf);
	s->pages = n > 0 ? (unsigned)n : 0;
	return s;
}

/* ---- objects ---- */

static double
number(struct pdf_details *s, qpdf_oh dict, const char *key)
{
	return q.oh_get_numeric_value(s->pdf, q.oh_get_key(s->pdf, dict, key));
}

static int
is(struct pdf_details *s, qpdf_oh dict, const char *key, const char *name)
{
	return q.oh_is_name_and_equals(s->pdf, q.oh_get_key(s->pdf, dict, key),
	    name);
}

/* It is a stream that does not take long to unpack. */
static int
is_short(struct pdf_details *s, qpdf_oh stream)
{
	return q.oh_is_stream(s->pdf, stream) &&
	    number(s, q.oh_get_dict(s->pdf, stream), "/Length") <= PACKED_MAX;
}

/* What a page may have from those above it. */
static qpdf_oh
inherited(struct pdf_details *s, qpdf_oh page, const char *key,
    QPDF_BOOL (*good)(qpdf_data, qpdf_oh))
{
	qpdf_oh found = q.oh_get_key(s->pdf, page, key);

	for (int i = 0; i < PARENTS_MAX && !good(s->pdf, found); i++) {
		page = q.oh_get_key(s->pdf, page, "/Parent");
		found = q.oh_get_key(s->pdf, page, key);
	}
	return found;
}

/* ---- what is painted ---- */

/* First n, then m. */
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
	const double x = number(p->scan, dict, "/Width") / wide * 72;
	const double y = number(p->scan, dict, "/Height") / high * 72;

	if (!(part >= piece_min))
		return;
	p->covered += part;
	p->dpi = fmax(p->dpi, fmax(x, y));
}

static int paint(struct paint *, qpdf_oh resources, const unsigned char *,
    size_t n, struct matrix, int within);

/* What is put on the page by its name.  -1: that cannot be told. */
static int
paint_object(struct paint *p, qpdf_oh resources, const char *name,
    struct matrix m, int within)
{
	struct pdf_details *s = p->scan;
	qpdf_oh one = q.oh_get_key(s->pdf,
	    q.oh_get_key(s->pdf, resources, "/XObject"), name);
	qpdf_oh dict, own, array;
	unsigned char *data = NULL;
	QPDF_BOOL filtered;
	double v[6];
	size_t n;
	int r;

	if (!q.oh_is_stream(s->pdf, one))
		return -1;
	dict = q.oh_get_dict(s->pdf, one);
	if (is(s, dict, "/Subtype", "/Image")) {
		paint_image(p, dict, &m);
		return 0;
	}
	/* Some programs put a scan into a form; none puts it deeper. */
	if (within || !is(s, dict, "/Subtype", "/Form") || !is_short(s, one))
		return -1;
	array = q.oh_get_key(s->pdf, dict, "/Matrix");
	for (int i = 0; i < 6; i++)
		v[i] = q.oh_is_array(s->pdf, array)
		    ? q.oh_get_numeric_value(s->pdf,
			  q.oh_get_array_item(s->pdf, array, i))
		    : i == 0 || i == 3;
	m = then(&(struct matrix){v[0], v[1], v[2], v[3]}, &m);
	own = q.oh_get_key(s->pdf, dict, "/Resources");
	if (q.oh_get_stream_data(s->pdf, one, qpdf_dl_generalized, &filtered,
		&data, &n) &
	    (QPDF_ERRORS))
		return -1;
	r = paint(p, q.oh_is_dictionary(s->pdf, own) ? own : resources, data, n,
	    m, 1);
	free(data);
	return r;
}

/* Follow what a stream paints; what it changes after that is not followed.
 * -1: there is text, or an image in the stream itself, or much of anything. */
static int
paint(struct paint *p, qpdf_oh resources, const unsigned char *data, size_t n,
    struct matrix m, int within)
{
	char text[CONTENT_MAX + 1], *rest = NULL, *end;
	struct matrix saved[SAVED_MAX];
	const char *name = "";
	double v[6] = {0}; /* the last numbers */
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

/* What a page paints; -1: that cannot be told. */
static int
paint_page(struct paint *p, qpdf_oh page)
{
	struct pdf_details *s = p->scan;
	qpdf_oh contents = q.oh_get_key(s->pdf, page, "/Contents");
	const int many = q.oh_is_array(s->pdf, contents);
	const int count = many ? q.oh_get_array_n_items(s->pdf, contents) : 1;
	unsigned char *data = NULL;
	size_t n = 0;
	int r;

	for (int i = 0; i < count; i++)
		if (count > STREAMS_MAX ||
		    !is_short(s,
			many ? q.oh_get_array_item(s->pdf, contents, i)
			     : contents))
			return -1;
	if (q.oh_get_page_content_data(s->pdf, page, &data, &n) & (QPDF_ERRORS))
		return -1;
	r = paint(p, inherited(s, page, "/Resources", q.oh_is_dictionary), data,
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
	r = paint_page(&p, q.get_page_n(s->pdf, page));
	q.oh_release_all(s->pdf);
	return r == 0 && p.covered >= covered_min && p.dpi < DPI_MAX
	    ? (unsigned)(p.dpi + 0.5)
	    : 0;
}

/* ---- how it is trimmed ---- */

int
pdf_details_trim(struct pdf_details *s, unsigned page, unsigned pages,
    double box[4], double *unit)
{
	qpdf_oh p, array, number;
	double v[4];
	int r = -1;

	if (!s || s->pages != pages)
		return -1;
	p = q.get_page_n(s->pdf, page);
	array = q.oh_get_key(s->pdf, p, "/TrimBox");
	if (!q.oh_is_array(s->pdf, array))
		array = inherited(s, p, "/CropBox", q.oh_is_array);
	if (!q.oh_is_array(s->pdf, array))
		array = inherited(s, p, "/MediaBox", q.oh_is_array);
	if (q.oh_is_array(s->pdf, array) &&
	    q.oh_get_array_n_items(s->pdf, array) == 4) {
		for (int i = 0; i < 4; i++)
			v[i] = q.oh_get_numeric_value(s->pdf,
			    q.oh_get_array_item(s->pdf, array, i));
		box[0] = fmin(v[0], v[2]);
		box[1] = fmin(v[1], v[3]);
		box[2] = fmax(v[0], v[2]);
		box[3] = fmax(v[1], v[3]);
		number = q.oh_get_key(s->pdf, p, "/UserUnit");
		*unit = q.oh_is_number(s->pdf, number)
		    ? q.oh_get_numeric_value(s->pdf, number)
		    : 1;
		r = 0;
	}
	q.oh_release_all(s->pdf);
	return r;
}
