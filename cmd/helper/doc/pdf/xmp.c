/* xmp.c - see xmp.h.
 *
 * It searches for an element or attribute of that name and does not parse the
 * XML around it, so a comment that looks like one is taken for it. */
#include "xmp.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_LENGTH = 32, REFERENCE_MAX = 10 };

struct xmp_text {
	const char *at, *end;
};

static int
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Move past the next occurrence of this text.  0: there is none. */
static int
move_past(struct xmp_text *t, const char *what)
{
	const char *found = memmem(t->at, (size_t)(t->end - t->at), what,
	    strlen(what));

	if (!found)
		return 0;
	t->at = found + strlen(what);
	return 1;
}

/* Find the next element of this name: its content.  t moves past it. */
static int
next_element(struct xmp_text *t, const char *name, struct xmp_text *content)
{
	char begin[NAME_MAX_LENGTH + 2] = "<", end[NAME_MAX_LENGTH + 4] = "</";

	strncat(begin, name, NAME_MAX_LENGTH);
	strncat(end, name, NAME_MAX_LENGTH);
	while (move_past(t, begin)) {
		if (t->at < t->end && *t->at != '>' && !is_blank(*t->at))
			continue;
		if (!move_past(t, ">"))
			return 0;
		if (t->at[-2] == '/')
			continue;
		content->at = t->at;
		if (!move_past(t, end))
			return 0;
		content->end = t->at - strlen(end);
		return 1;
	}
	return 0;
}

/* Find an attribute of this name: its value. */
static int
find_attribute(struct xmp_text t, const char *name, struct xmp_text *value)
{
	char quote;

	while (move_past(&t, name)) {
		while (t.at < t.end && (is_blank(*t.at) || *t.at == '='))
			t.at++;
		if (t.at == t.end || (*t.at != '"' && *t.at != '\''))
			continue;
		quote = *t.at++;
		value->at = t.at;
		value->end = memchr(t.at, quote, (size_t)(t.end - t.at));
		return value->end != NULL;
	}
	return 0;
}

static void
add_character(struct pc_buf *b, unsigned long c)
{
	static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
	char utf8[4];
	size_t n = 0;

	if (c < ' ' || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return;
	if (c < 0x80) {
		utf8[n++] = (char)c;
	} else {
		const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

		utf8[n++] = (char)(lead[more] | c >> 6 * more);
		for (int i = more - 1; i >= 0; i--)
			utf8[n++] = (char)(0x80 | (c >> 6 * i & 0x3f));
	}
	pc_buf_add(b, utf8, n);
}

/* Append the character of a reference, and return what is behind it.  An
 * unknown one stays as it is. */
static const char *
add_reference(struct pc_buf *b, const char *s, const char *end)
{
	static const struct {
		const char *name;
		char c;
	} known[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'},
	    {"&quot;", '"'}, {"&apos;", '\''}};
	char number[REFERENCE_MAX + 1] = "";
	char *stop;
	unsigned long c;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const size_t n = strlen(known[i].name);

		if ((size_t)(end - s) >= n &&
		    memcmp(s, known[i].name, n) == 0) {
			pc_buf_add(b, &known[i].c, 1);
			return s + n;
		}
	}
	for (size_t i = 0; i < REFERENCE_MAX && s + i < end; i++)
		number[i] = s[i];
	if (number[0] == '&' && number[1] == '#') {
		const int hexadecimal = number[2] == 'x';

		c = strtoul(number + 2 + hexadecimal, &stop,
		    hexadecimal ? 16 : 10);
		if (*stop == ';' && stop > number + 2 + hexadecimal) {
			add_character(b, c);
			return s + (stop - number) + 1;
		}
	}
	pc_buf_add(b, s, 1);
	return s + 1;
}

/* Append text without tags, and with single blanks between words. */
static void
add_text(struct pc_buf *b, struct xmp_text t)
{
	const size_t start = b->len;
	int blank = 0;

	while (t.at < t.end) {
		if (*t.at == '<') {
			if (!move_past(&t, ">"))
				return;
		} else if (is_blank(*t.at)) {
			blank = 1;
			t.at++;
		} else {
			if (blank && b->len > start)
				pc_buf_add(b, " ", 1);
			blank = 0;
			if (*t.at == '&') {
				t.at = add_reference(b, t.at, t.end);
			} else {
				pc_buf_add(b, t.at, 1);
				t.at++;
			}
		}
	}
}

void
xmp_value(const char *s, size_t n, const char *property, int all,
    struct pc_buf *out)
{
	struct xmp_text whole = {s, s + n}, rest = whole, value, item;
	int items = 0;

	if (!pc_utf8_valid(s, n))
		return;
	if (!next_element(&rest, property, &value)) {
		if (find_attribute(whole, property, &value))
			add_text(out, value);
		return;
	}
	for (rest = value;
	     (all || !items) && next_element(&rest, "rdf:li", &item); items++) {
		if (items)
			pc_buf_add(out, ", ", 2);
		add_text(out, item);
	}
	if (!items)
		add_text(out, value);
}
