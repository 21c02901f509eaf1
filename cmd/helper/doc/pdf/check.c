/* check.c - check what a page uses for damage, with libqpdf and checksums.
 *
 * poppler shows what it can of a damaged stream, often without a message.
 * This checks the streams of the page itself and of its forms, fonts and
 * images, up to the limits below. */
#include "check.h"
#include "name.h"

#include "helper/doc/base/stream.h"

#include <stdlib.h>
#include <string.h>

enum {
	DEPTH_MAX = 4,               /* of nested forms */
	KEYS_MAX = 64,               /* in a dictionary */
	STREAMS_MAX = 512,           /* on a page */
	UNPACKED_MAX = 64 << 20,     /* bytes of one stream */
	UNPACKED_ALL_MAX = 256 << 20 /* bytes of all streams */
};

/* What a page, or a form nested in it, paints; data NULL: unknown. */
struct content {
	unsigned char *data;
	size_t n;
	int depth;
};

struct check {
	struct pdf_details *s;
	uint32_t *damage;
	size_t unpacked;
	unsigned streams;
	int drawn;
};

static void
count(struct check *c, enum page_damage kind)
{
	if (c->damage[kind] < DAMAGE_MAX)
		c->damage[kind]++;
}

static qpdf_oh
get(const struct check *c, qpdf_oh dict, const char *key)
{
	return qpdf.oh_get_key(c->s->pdf, dict, key);
}

/* The filter that is applied first when a stream is read. */
static qpdf_oh
outer_filter(const struct check *c, qpdf_oh dict)
{
	const qpdf_oh filter = get(c, dict, "/Filter");

	return qpdf.oh_is_array(c->s->pdf, filter) &&
		qpdf.oh_get_array_n_items(c->s->pdf, filter) > 0
	    ? qpdf.oh_get_array_item(c->s->pdf, filter, 0)
	    : filter;
}

static int
is_whole(struct check *c, const char *filter, const unsigned char *p, size_t n)
{
	return *filter == 'F'
	    ? stream_zlib_is_whole(p, n, NULL, UNPACKED_MAX, &c->unpacked)
	    : stream_jpeg_is_whole(p, n);
}

/* Count a damaged stream under this kind. */
static void
check_stream(struct check *c, qpdf_oh stream, enum page_damage kind)
{
	qpdf_data pdf = c->s->pdf;
	unsigned char *data = NULL;
	const char *name = NULL;
	QPDF_BOOL filtered;
	qpdf_oh filter;
	size_t n = 0;

	if (!qpdf.oh_is_stream(pdf, stream) || c->streams++ >= STREAMS_MAX ||
	    c->unpacked > UNPACKED_ALL_MAX)
		return;
	filter = outer_filter(c, qpdf.oh_get_dict(pdf, stream));
	if (qpdf.oh_is_name_and_equals(pdf, filter, "/FlateDecode") ||
	    qpdf.oh_is_name_and_equals(pdf, filter, "/Fl"))
		name = "Flate";
	else if (qpdf.oh_is_name_and_equals(pdf, filter, "/DCTDecode") ||
	    qpdf.oh_is_name_and_equals(pdf, filter, "/DCT"))
		name = "DCT";
	if (!name)
		return;
	if (qpdf.oh_get_stream_data(pdf, stream, qpdf_dl_none, &filtered, &data,
		&n) &
	    (QPDF_ERRORS))
		return;
	/* Content may be empty; some writers leave such a stream with a filter.
	 */
	if (!(n == 0 && kind == DAMAGE_CONTENT) && !is_whole(c, name, data, n))
		count(c, kind);
	free(data);
}

/* Does the content use this name of the resources?  Documents often give all
 * pages the same resources.  Unknown content may use all of them. */
static int
is_used(const struct content *content, const char *name)
{
	return !content->data || strchr(name, '#') ||
	    pdf_has_name(content->data, content->n, name);
}

/* Call each for the values in a dictionary that content uses; NULL: for all.
 * Collect their handles first, as libqpdf can walk only one dictionary at a
 * time. */
static void
each_value(struct check *c, qpdf_oh dict, const struct content *content,
    void (*each)(struct check *, qpdf_oh value, const struct content *))
{
	qpdf_data pdf = c->s->pdf;
	qpdf_oh values[KEYS_MAX];
	int n = 0;

	if (!qpdf.oh_is_dictionary(pdf, dict))
		return;
	qpdf.oh_begin_dict_key_iter(pdf, dict);
	while (n < KEYS_MAX && qpdf.oh_dict_more_keys(pdf)) {
		const char *name = qpdf.oh_dict_next_key(pdf);

		if (!content || is_used(content, name))
			values[n++] = get(c, dict, name);
	}
	for (int i = 0; i < n; i++)
		each(c, values[i], content);
}

/* ---- the parts of a page ---- */

static void
check_glyph(struct check *c, qpdf_oh glyph, const struct content *content)
{
	(void)content;
	check_stream(c, glyph, DAMAGE_FONT);
}

static void
check_font(struct check *c, qpdf_oh font, const struct content *content)
{
	static const char *const files[] = {"/FontFile", "/FontFile2",
	    "/FontFile3"};
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh below = get(c, font, "/DescendantFonts");
	qpdf_oh descriptor;

	(void)content;
	check_stream(c, get(c, font, "/ToUnicode"), DAMAGE_FONT);
	each_value(c, get(c, font, "/CharProcs"), NULL, check_glyph);
	if (qpdf.oh_is_array(pdf, below) &&
	    qpdf.oh_get_array_n_items(pdf, below) > 0)
		font = qpdf.oh_get_array_item(pdf, below, 0);
	descriptor = get(c, font, "/FontDescriptor");
	for (size_t i = 0; c->drawn && i < sizeof files / sizeof *files; i++)
		check_stream(c, get(c, descriptor, files[i]), DAMAGE_FONT);
}

static void check_resources(struct check *, qpdf_oh resources,
    const struct content *);

static void
check_form(struct check *c, qpdf_oh form, qpdf_oh dict, int depth)
{
	struct content own = {.depth = depth};
	QPDF_BOOL filtered;

	check_stream(c, form, DAMAGE_CONTENT);
	if (depth >= DEPTH_MAX || !qpdf.oh_is_stream(c->s->pdf, form))
		return;
	if (qpdf.oh_get_stream_data(c->s->pdf, form, qpdf_dl_generalized,
		&filtered, &own.data, &own.n) &
	    (QPDF_ERRORS))
		own.data = NULL;
	check_resources(c, get(c, dict, "/Resources"), &own);
	free(own.data);
}

static void
check_object(struct check *c, qpdf_oh object, const struct content *content)
{
	const qpdf_oh dict = qpdf.oh_is_stream(c->s->pdf, object)
	    ? qpdf.oh_get_dict(c->s->pdf, object)
	    : object;

	if (!qpdf_is(c->s, dict, "/Subtype", "/Image"))
		check_form(c, object, dict, content->depth + 1);
	else if (c->drawn)
		check_stream(c, object, DAMAGE_IMAGE);
}

static void
check_resources(struct check *c, qpdf_oh resources,
    const struct content *content)
{
	each_value(c, get(c, resources, "/Font"), content, check_font);
	each_value(c, get(c, resources, "/XObject"), content, check_object);
}

static void
check_contents(struct check *c, qpdf_oh contents)
{
	qpdf_data pdf = c->s->pdf;

	/* For an array, poppler reports missing parts itself. */
	if (qpdf.oh_is_null(pdf, contents) &&
	    qpdf.oh_get_object_id(pdf, contents) != 0)
		count(c, DAMAGE_OBJECT);
	if (!qpdf.oh_is_array(pdf, contents)) {
		check_stream(c, contents, DAMAGE_CONTENT);
		return;
	}
	for (int i = 0; i < qpdf.oh_get_array_n_items(pdf, contents); i++)
		check_stream(c, qpdf.oh_get_array_item(pdf, contents, i),
		    DAMAGE_CONTENT);
}

void
pdf_check_page(struct pdf_details *s, unsigned page, unsigned pages, int drawn,
    uint32_t damage[DAMAGE_KINDS])
{
	struct check c = {.s = s, .damage = damage, .drawn = drawn};
	struct content content = {0};
	qpdf_oh p;

	if (!s || s->pages != pages)
		return;
	p = qpdf.get_page_n(s->pdf, page);
	check_contents(&c, get(&c, p, "/Contents"));
	if (qpdf.oh_get_page_content_data(s->pdf, p, &content.data,
		&content.n) &
	    (QPDF_ERRORS))
		content.data = NULL;
	check_resources(&c,
	    qpdf_inherited(s, p, "/Resources", qpdf.oh_is_dictionary),
	    &content);
	free(content.data);
	qpdf.oh_release_all(s->pdf);
}
