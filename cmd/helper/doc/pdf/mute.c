/* mute.c - text without characters.
 *
 * The codes of a composite font (/Type0) number its glyphs.  Their characters
 * are those of a known collection, or follow from the font's map (/ToUnicode).
 * If a code has neither, poppler gives a wrong character, or leaves it out.  So
 * it does for a code of another font whose glyph is only a number (g12, c45)
 * and that has no map.  A few such codes are bullets or icons; words have more.
 */
#include "mute.h"
#include "content_scan.h"
#include "details.h"
#include "name.h"
#include "opened.h"

#include "code_set.h"
#include "content.h"
#include "declare_in.h"
#include "glyph_name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEYS_MAX = 64,        /* in a dictionary */
	NESTED_MAX = 4,       /* forms in forms */
	FORMS_MAX = 256,      /* on a page */
	MAP_SHORT = 1024,     /* bytes, packed: a longer map is complete */
	STREAM_MAX = 8 << 20, /* bytes of content */
	CODES_MIN = 5,        /* different codes that show words */
	TOKEN_MAX = 128,
};

/* ---- the document ---- */

/* May it have such a font?  Not if each font has a map that is not short. */
static int
is_possible(struct document *d)
{
	static const char *const names[] = {"/ToUnicode", "/Type0", "/TrueType",
	    "/Type3", "/Type1", "/MMType1", NULL};
	size_t n[sizeof names / sizeof *names] = {0};

	if (d->has_mute == 0) {
		d->has_mute = pdf_count_names(d->bytes, names, n) < 0 ||
			(n[1] > 0 &&
			    (n[0] < n[1] + n[2] + n[3] + n[4] + n[5] ||
				content_facts(d)->has_short_map)) ||
			pdf_may_number_glyphs(d->bytes)
		    ? 1
		    : -1;
	}
	return d->has_mute > 0;
}

/* ---- what a font knows ---- */

/* poppler knows the characters of the other collections. */
static int
has_collection(const struct declaring *c, qpdf_oh font)
{
	const qpdf_oh below = pdf_get(c, font, "/DescendantFonts");
	qpdf_oh info;
	const char *name;
	size_t n = 0;

	if (!qpdf.oh_is_array(c->s->pdf, below) ||
	    qpdf.oh_get_array_n_items(c->s->pdf, below) < 1)
		return 0;
	info = pdf_get(c, qpdf.oh_get_array_item(c->s->pdf, below, 0),
	    "/CIDSystemInfo");
	info = pdf_get(c, info, "/Ordering");
	if (!qpdf.oh_is_string(c->s->pdf, info))
		return 0;
	name = qpdf.oh_get_binary_utf8_value(c->s->pdf, info, &n);
	return strcmp(name, "Identity") != 0 && strcmp(name, "UCS") != 0;
}

/* Find the codes whose characters the font's map has.  -1: no code lacks its
 * character, as far as is known. */
static int
find_known(const struct declaring *c, qpdf_oh font, struct code_set *known)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh map = pdf_get(c, font, "/ToUnicode");
	unsigned char *data = NULL;
	QPDF_BOOL filtered;
	size_t n = 0;

	if (!qpdf_is(c->s, font, "/Subtype", "/Type0") ||
	    has_collection(c, font) || qpdf.oh_is_name(pdf, map))
		return -1;
	if (!qpdf.oh_is_stream(pdf, map))
		return 0;
	if (qpdf_number(c->s, qpdf.oh_get_dict(pdf, map), "/Length") >
		MAP_SHORT ||
	    (qpdf.oh_get_stream_data(pdf, map, qpdf_dl_generalized, &filtered,
		 &data, &n) &
		(QPDF_ERRORS)))
		return -1;
	if (memmem(data, n, "usecmap", 7)) {
		free(data);
		return -1;
	}
	code_set_add_map(known, (char *)data, n);
	free(data);
	return 0;
}

/* A glyph of a single-byte font. */
struct glyph {
	int code;
	const char *name; /* with its '/' */
};

/* Is the glyph named only by a number?  *same: that is its code. */
static int
is_numbered(const struct glyph *g, int *same)
{
	const size_t n = strlen(g->name);

	*same = 0;
	if (n < 2 || !glyph_name_is_number(g->name + 1, n - 1))
		return 0;
	*same = atoi(g->name + strcspn(g->name, "0123456789")) == g->code;
	return 1;
}

/* Call each for the glyphs that a font's encoding names. */
static void
each_glyph(const struct declaring *c, qpdf_oh differences,
    void (*each)(void *, const struct glyph *), void *ctx)
{
	qpdf_data pdf = c->s->pdf;
	const int n = qpdf.oh_get_array_n_items(pdf, differences);
	struct glyph g = {0};

	for (int i = 0; i < n; i++) {
		const qpdf_oh item = qpdf.oh_get_array_item(pdf, differences,
		    i);

		if (qpdf.oh_is_number(pdf, item)) {
			g.code = (int)qpdf.oh_get_numeric_value(pdf, item);
		} else if (qpdf.oh_is_name(pdf, item)) {
			g.name = qpdf.oh_get_name(pdf, item);
			if (g.code >= 0 && g.code < 256)
				each(ctx, &g);
			g.code++;
		}
	}
}

/* Which codes have a character.  TeX names glyphs by their codes, which are
 * those of letters; another program counts from 33 on. */
struct glyph_count {
	struct code_set *known;
	size_t same, letters; /* of the same */
	int trusts_same;
};

static void
count_same(void *ctx, const struct glyph *g)
{
	struct glyph_count *count = ctx;
	int same;

	if (is_numbered(g, &same) && same) {
		count->same++;
		count->letters += g->code < 128 && isalpha(g->code);
	}
}

static void
note_numbered(void *ctx, const struct glyph *g)
{
	const struct glyph_count *count = ctx;
	int same;

	if (is_numbered(g, &same) && !(same && count->trusts_same))
		count->known->bits[g->code / 8] &= (unsigned char)~(
		    1 << g->code % 8);
}

/* The same as find_known() for a single-byte font. */
static int
find_named(const struct declaring *c, qpdf_oh font, struct code_set *known)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh differences = pdf_get(c, pdf_get(c, font, "/Encoding"),
	    "/Differences");
	struct glyph_count count = {.known = known};

	if (qpdf_is(c->s, font, "/Subtype", "/Type0") ||
	    qpdf.oh_is_stream(pdf, pdf_get(c, font, "/ToUnicode")) ||
	    qpdf_is(c->s, font, "/BaseFont", "/ZapfDingbats") ||
	    !qpdf.oh_is_array(pdf, differences))
		return -1;
	memset(known, 0xff, sizeof *known);
	each_glyph(c, differences, count_same, &count);
	count.trusts_same = count.letters * 2 >= count.same;
	each_glyph(c, differences, note_numbered, &count);
	return 0;
}

/* ---- the codes that content shows with a font ---- */

struct mute_text {
	struct content_reader content;
	const char *font; /* its name in the resources */
	char name[TOKEN_MAX];
	int current; /* is it the current font? */
	int narrow;  /* its codes have one byte */
	const struct code_set *known;
	struct code_set *seen; /* the other codes */
	int count;
};

static void
note_code(struct mute_text *t, unsigned code)
{
	if (code_set_has(t->known, code) || code_set_has(t->seen, code))
		return;
	code_set_add(t->seen, code);
	t->count++;
}

/* The byte that an escape in a literal string stands for; -1: none. */
static int
read_escape(struct content_reader *r)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	const char *known;
	int byte = 0, digits = 0;

	if (++r->at == r->end)
		return -1;
	while (r->at < r->end && digits < 3 && *r->at >= '0' && *r->at <= '7') {
		byte = byte * 8 + *r->at++ - '0';
		digits++;
	}
	if (digits > 0)
		return byte & 0xff;
	known = strchr(from, *r->at);
	byte = *r->at++;
	if (byte == '\n')
		return -1;
	return known && byte ? to[known - from] : byte;
}

static void
read_literal(struct mute_text *t)
{
	struct content_reader *r = &t->content;
	int depth = 1, half = -1, byte;

	for (r->at++; r->at < r->end && depth > 0;) {
		byte = *r->at;
		if (byte == '\\') {
			byte = read_escape(r);
		} else {
			depth += (byte == '(') - (byte == ')');
			r->at++;
		}
		if (byte < 0 || depth == 0 || !t->current)
			continue;
		if (t->narrow)
			note_code(t, (unsigned)byte);
		else if (half >= 0)
			note_code(t, (unsigned)(half << 8 | byte));
		half = half >= 0 ? -1 : byte;
	}
}

static void
read_hexadecimal(struct mute_text *t)
{
	struct content_reader *r = &t->content;
	const unsigned size = t->narrow ? 2 : 4;
	unsigned code = 0, digits = 0;

	for (r->at++; r->at < r->end && *r->at != '>'; r->at++) {
		const unsigned char c = *r->at;

		if (!isxdigit(c))
			continue;
		code = (code << 4 | (unsigned)content_hex_value(c)) & 0xffff;
		if (++digits % size == 0 && t->current)
			note_code(t, t->narrow ? code & 0xff : code);
	}
	r->at += r->at < r->end;
}

static void
read_operator(struct mute_text *t)
{
	char token[TOKEN_MAX];

	content_read_token(&t->content, token, sizeof token);
	if (*token == '/')
		memcpy(t->name, token, sizeof token);
	else if (strcmp(token, "Tf") == 0)
		t->current = strcmp(t->name, t->font) == 0;
	else if (strcmp(token, "ID") == 0)
		content_skip_inline_image(&t->content);
}

static void
follow(struct mute_text *t)
{
	struct content_reader *r = &t->content;

	while (r->at < r->end && t->count < CODES_MIN) {
		if (*r->at == '(')
			read_literal(t);
		else if (*r->at == '<' && r->at + 1 < r->end && r->at[1] != '<')
			read_hexadecimal(t);
		else if (isspace(*r->at) || strchr("[]{}>)", *r->at))
			r->at++;
		else if (*r->at == '%' || *r->at == '<')
			(void)content_next(r);
		else
			read_operator(t);
	}
}

/* ---- a page ---- */

/* A walk through what a page uses. */
struct mute_search {
	const struct declaring *c;
	const unsigned char *content; /* of the page, or of a form */
	size_t n;
	int nested, forms, found;
};

/* Call each for the values of a dictionary.  libqpdf can walk only one
 * dictionary at a time. */
static void
each_value(struct mute_search *s, qpdf_oh dict,
    void (*each)(struct mute_search *, const char *name, qpdf_oh))
{
	qpdf_data pdf = s->c->s->pdf;
	char names[KEYS_MAX][TOKEN_MAX];
	int n = 0;

	if (!qpdf.oh_is_dictionary(pdf, dict))
		return;
	qpdf.oh_begin_dict_key_iter(pdf, dict);
	while (n < KEYS_MAX && qpdf.oh_dict_more_keys(pdf))
		snprintf(names[n++], sizeof *names, "%s",
		    qpdf.oh_dict_next_key(pdf));
	for (int i = 0; i < n && !s->found; i++)
		each(s, names[i], pdf_get(s->c, dict, names[i]));
}

static void
search_font(struct mute_search *s, const char *name, qpdf_oh font)
{
	struct code_set *sets;
	struct mute_text t = {.content = {s->content, s->content + s->n},
	    .font = name};

	if (!qpdf.oh_is_dictionary(s->c->s->pdf, font))
		return;
	t.narrow = !qpdf_is(s->c->s, font, "/Subtype", "/Type0");
	sets = calloc(2, sizeof *sets);
	if (sets &&
	    (t.narrow ? find_named(s->c, font, &sets[0])
		      : find_known(s->c, font, &sets[0])) == 0) {
		t.known = &sets[0];
		t.seen = &sets[1];
		follow(&t);
		s->found = t.count >= CODES_MIN;
	}
	free(sets);
}

static void search_object(struct mute_search *, const char *name, qpdf_oh);

static void
search_resources(struct mute_search *s, qpdf_oh resources)
{
	each_value(s, pdf_get(s->c, resources, "/Font"), search_font);
	if (s->found || s->nested >= NESTED_MAX)
		return;
	s->nested++;
	each_value(s, pdf_get(s->c, resources, "/XObject"), search_object);
	s->nested--;
}

static void
search_object(struct mute_search *s, const char *name, qpdf_oh object)
{
	qpdf_data pdf = s->c->s->pdf;
	struct mute_search inner = *s;
	unsigned char *data = NULL;
	QPDF_BOOL filtered;
	qpdf_oh dict;

	(void)name;
	if (!qpdf.oh_is_stream(pdf, object) || s->forms >= FORMS_MAX)
		return;
	dict = qpdf.oh_get_dict(pdf, object);
	if (!qpdf_is(s->c->s, dict, "/Subtype", "/Form") ||
	    (qpdf.oh_get_stream_data(pdf, object, qpdf_dl_generalized,
		 &filtered, &data, &inner.n) &
		(QPDF_ERRORS)))
		return;
	inner.content = data;
	inner.forms++;
	if (inner.n <= STREAM_MAX)
		search_resources(&inner, pdf_get(s->c, dict, "/Resources"));
	s->forms = inner.forms;
	s->found = inner.found;
	free(data);
}

int
pdf_mute_on_page(struct document *d, unsigned page)
{
	struct declaring c = {.document = d};
	struct mute_search s = {.c = &c};
	unsigned char *data = NULL;
	qpdf_oh object;

	if (d->rescued || !is_possible(d))
		return 0;
	c.s = document_checker(d);
	if (pdf_details_pages(c.s) != d->pages)
		return 0;
	object = qpdf.get_page_n(c.s->pdf, page);
	if (!(qpdf.oh_get_page_content_data(c.s->pdf, object, &data, &s.n) &
		(QPDF_ERRORS)) &&
	    s.n <= STREAM_MAX) {
		s.content = data;
		search_resources(&s,
		    qpdf_inherited(c.s, object, "/Resources",
			qpdf.oh_is_dictionary));
	}
	free(data);
	qpdf.oh_release_all(c.s->pdf);
	return s.found;
}
