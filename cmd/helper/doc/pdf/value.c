/* value.c - values in a PDF as JSON, and walks through its trees. */
#include "declare_in.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { IDS_MAX = 8 * 1024 * 1024 }; /* the largest id of an object */

qpdf_oh
pdf_get(const struct declaring *c, qpdf_oh dict, const char *key)
{
	return qpdf.oh_get_key(c->s->pdf, dict, key);
}

int
pdf_length(const struct declaring *c, qpdf_oh array)
{
	return qpdf.oh_is_array(c->s->pdf, array)
	    ? qpdf.oh_get_array_n_items(c->s->pdf, array)
	    : 0;
}

/* The length of text that is cut to at most n bytes between characters. */
static size_t
cut(const char *text, size_t length, size_t n)
{
	if (length <= n)
		return length;
	while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

void
pdf_add_text(struct declaring *c, const char *key, qpdf_oh string)
{
	const char *text;
	size_t n = 0;

	if (!qpdf.oh_is_string(c->s->pdf, string))
		return;
	text = qpdf.oh_get_binary_utf8_value(c->s->pdf, string, &n);
	c->incomplete |= n > PDF_TEXT_MAX;
	n = cut(text, n, PDF_TEXT_MAX);
	if (n > 0)
		pc_json_add_bytes(&c->out, key, text, n);
}

void
pdf_add_name(struct declaring *c, const char *key, qpdf_oh name)
{
	const char *text;

	if (!qpdf.oh_is_name(c->s->pdf, name))
		return;
	text = qpdf.oh_get_name(c->s->pdf, name);
	pc_json_add_bytes(&c->out, key, text + 1,
	    cut(text + 1, strlen(text + 1), PDF_TEXT_MAX));
}

/* ---- dates ---- */

static int
is_digits(const char *s, const char *end, int n)
{
	for (int i = 0; i < n; i++)
		if (end - s <= i || !isdigit((unsigned char)s[i]))
			return 0;
	return 1;
}

/* Append the offset from UTC: "Z", "+01'00'" or "-0500". */
static void
add_zone(struct pc_buf *b, const char *s, const char *end)
{
	const char *minutes = s + 3;

	if (s < end && *s == 'Z')
		pc_buf_add(b, "Z", 1);
	if (s == end || (*s != '+' && *s != '-') || !is_digits(s + 1, end, 2))
		return;
	pc_buf_add(b, s, 3);
	minutes += minutes < end && *minutes == '\'';
	pc_buf_addf(b, ":%.2s", is_digits(minutes, end, 2) ? minutes : "00");
}

void
pdf_add_date(struct declaring *c, const char *key, const char *text, size_t n)
{
	static const char before[] = {0, '-', '-', 'T', ':', ':'};
	const char *s = text, *end = text + n;
	struct pc_buf iso = {0};

	if (n == 0)
		return;
	if (n > 2 && s[0] == 'D' && s[1] == ':')
		s += 2;
	for (size_t i = 0; i < sizeof before; i++) {
		const int digits = i == 0 ? 4 : 2;

		if (!is_digits(s, end, digits))
			break;
		/* An hour without minutes is not a time. */
		if (i == 3 && !is_digits(s, end, 4))
			break;
		pc_buf_addf(&iso, "%.*s%.*s", i > 0, before + i, digits, s);
		s += digits;
	}
	if (iso.len > sizeof "2000-01-01" - 1)
		add_zone(&iso, s, end);
	if (iso.len > 0)
		pc_json_add_bytes(&c->out, key, iso.data, iso.len);
	else
		pc_json_add_bytes(&c->out, key, text,
		    cut(text, n, PDF_TEXT_MAX));
	c->out.failed |= iso.failed;
	pc_buf_clear(&iso);
}

void
pdf_add_date_of(struct declaring *c, const char *key, qpdf_oh string)
{
	const char *text;
	size_t n = 0;

	if (!qpdf.oh_is_string(c->s->pdf, string))
		return;
	text = qpdf.oh_get_binary_utf8_value(c->s->pdf, string, &n);
	pdf_add_date(c, key, text, n);
}

/* ---- walks ---- */

int
declaring_step(struct declaring *c)
{
	enum { STEPS_MAX = 200 * 1000, BYTES_MAX = DECLARED_MAX / 2 };

	if (c->steps++ < STEPS_MAX && c->out.len < BYTES_MAX && !c->out.failed)
		return 1;
	c->incomplete = 1;
	return 0;
}

int
pdf_seen_add(struct pdf_seen *seen, const struct declaring *c, qpdf_oh object)
{
	const int id = qpdf.oh_get_object_id(c->s->pdf, object);
	unsigned char *byte, bit;

	if (id == 0)
		return 1;
	if (!seen->bits)
		seen->bits = calloc(IDS_MAX / 8 + 1, 1);
	if (!seen->bits || id < 0 || id > IDS_MAX)
		return 0;
	byte = &seen->bits[id / 8];
	bit = (unsigned char)(1 << id % 8);
	if (*byte & bit)
		return 0;
	*byte |= bit;
	return 1;
}

struct tree_walk {
	const char *leaf;
	void (*each)(void *, struct declaring *, qpdf_oh key, qpdf_oh value);
	void *ctx;
	struct pdf_seen seen;
};

static void
walk_node(struct tree_walk *w, struct declaring *c, qpdf_oh node, int depth)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh leaves = pdf_get(c, node, w->leaf);
	const qpdf_oh kids = pdf_get(c, node, "/Kids");
	int n = pdf_length(c, leaves);

	if (depth > PDF_DEPTH_MAX || !pdf_seen_add(&w->seen, c, node))
		return;
	for (int i = 0; i + 1 < n && declaring_step(c); i += 2)
		w->each(w->ctx, c, qpdf.oh_get_array_item(pdf, leaves, i),
		    qpdf.oh_get_array_item(pdf, leaves, i + 1));
	n = pdf_length(c, kids);
	for (int i = 0; i < n && declaring_step(c); i++)
		walk_node(w, c, qpdf.oh_get_array_item(pdf, kids, i),
		    depth + 1);
}

void
pdf_tree_walk(struct declaring *c, qpdf_oh root, const char *leaf,
    void (*each)(void *, struct declaring *, qpdf_oh key, qpdf_oh value),
    void *ctx)
{
	struct tree_walk w = {.leaf = leaf, .each = each, .ctx = ctx};

	if (qpdf.oh_is_dictionary(c->s->pdf, root))
		walk_node(&w, c, root, 0);
	free(w.seen.bits);
}
