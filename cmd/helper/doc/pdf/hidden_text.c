/* hidden_text.c - see hidden_text.h.
 *
 * Content is a sequence of operands, each group with its operator behind it
 * (ISO 32000-1, 7.8.2).  Operators are followed as far as they say whether text
 * is visible; what is removed is noted as a cut, and forgotten if the text
 * object turns out to have visible text, too. */
#include "hidden_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	SAVED_MAX = 64, /* graphics states */
	TOKEN_MAX = 128,
	OPERANDS = 3, /* the last ones are kept */
	INVISIBLE = 3 /* text rendering mode */
};

/* Bytes from..to of the content. */
struct text_range {
	size_t from, to;
};

/* Text that is removed; word and character spacing that its operator sets are
 * kept, as they stay in force. */
struct text_cut {
	struct text_range all, spacing[2];
	int spaced;
};

struct glyph_state {
	int mode;   /* text rendering mode */
	int paints; /* the font's glyphs are painted in any mode */
};

struct text_walk {
	const unsigned char *p;
	size_t n, at;
	const struct hidden_text_fonts *fonts;
	struct glyph_state now, saved[SAVED_MAX];
	int depth; /* number of saved states */

	size_t begin; /* of the operands of the next operator */
	struct text_range operands[OPERANDS]; /* the last one last */
	int operand_count;
	int nested; /* arrays and dictionaries that are open */

	int in_text, visible;
	size_t text_cuts; /* cuts before this text object */
	struct pc_buf cuts;
	int malformed;
};

/* ---- tokens ---- */

static int
is_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static int
is_delimiter(unsigned char c)
{
	return c && strchr("/()<>[]{}%", c);
}

static void
skip_string(struct text_walk *w)
{
	int depth = 0;

	for (; w->at < w->n; w->at++) {
		const unsigned char c = w->p[w->at];

		if (c == '\\')
			w->at++;
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			break;
	}
	w->malformed |= w->at >= w->n;
	w->at++;
}

static void
skip_until(struct text_walk *w, const char *stops)
{
	while (w->at < w->n && !(w->p[w->at] && strchr(stops, w->p[w->at])))
		w->at++;
}

/* From behind ID.  The data end at an EI between white space. */
static void
skip_inline_image(struct text_walk *w)
{
	for (size_t i = w->at + 1; i + 2 <= w->n; i++)
		if (w->p[i] == 'E' && w->p[i + 1] == 'I' &&
		    is_space(w->p[i - 1]) &&
		    (i + 2 == w->n || is_space(w->p[i + 2]))) {
			w->at = i + 2;
			return;
		}
	w->malformed = 1;
	w->at = w->n;
}

static void
skip_word(struct text_walk *w)
{
	do
		w->at++;
	while (w->at < w->n && !is_space(w->p[w->at]) &&
	    !is_delimiter(w->p[w->at]));
}

/* ---- operators ---- */

static void
add_operand(struct text_walk *w, size_t from)
{
	if (w->nested > 0)
		return;
	memmove(w->operands, w->operands + 1,
	    sizeof w->operands - sizeof *w->operands);
	w->operands[OPERANDS - 1] = (struct text_range){from, w->at};
	w->operand_count++;
}

/* The operand as a string, counted from the last one, which is 0. */
static void
operand(const struct text_walk *w, int back, char text[TOKEN_MAX])
{
	const struct text_range *r = &w->operands[OPERANDS - 1 - back];
	size_t n = r->to - r->from;

	if (back >= w->operand_count || n >= TOKEN_MAX)
		n = 0;
	memcpy(text, w->p + r->from, n);
	text[n] = '\0';
}

static int
is_number(const struct text_walk *w, const struct text_range *r)
{
	for (size_t i = r->from; i < r->to; i++)
		if (!isdigit(w->p[i]) && !(w->p[i] && strchr("+-.", w->p[i])))
			return 0;
	return r->to > r->from;
}

static void
add_cut(struct text_walk *w, const char *operator)
{
	struct text_cut cut = {.all = {w->begin, w->at},
	    .spacing = {w->operands[0], w->operands[1]},
	    .spaced = *operator== '"' };

	if (cut.spaced &&
	    (w->operand_count != OPERANDS || !is_number(w, &cut.spacing[0]) ||
		!is_number(w, &cut.spacing[1])))
		w->malformed = 1;
	else
		pc_buf_add(&w->cuts, &cut, sizeof cut);
}

static void
show(struct text_walk *w, const char *operator)
{
	if (w->in_text && w->now.mode == INVISIBLE && !w->now.paints)
		add_cut(w, operator);
	else
		w->visible = 1;
}

static void
end_text(struct text_walk *w)
{
	if (w->visible && w->cuts.len > w->text_cuts)
		w->cuts.len = w->text_cuts;
	w->in_text = 0;
}

static void
save(struct text_walk *w)
{
	if (w->depth < SAVED_MAX)
		w->saved[w->depth] = w->now;
	else
		w->malformed = 1;
	w->depth++;
}

static void
operate(struct text_walk *w, const char *operator)
{
	char text[TOKEN_MAX];

	operand(w, 0, text);
	if (strcmp(operator, "q") == 0) {
		save(w);
	} else if (strcmp(operator, "Q") == 0) {
		if (w->depth > 0)
			w->now = w->saved[--w->depth];
	} else if (strcmp(operator, "BT") == 0) {
		w->in_text = 1;
		w->visible = 0;
		w->text_cuts = w->cuts.len;
	} else if (strcmp(operator, "ET") == 0) {
		end_text(w);
	} else if (strcmp(operator, "Tr") == 0) {
		w->now.mode = atoi(text);
	} else if (strcmp(operator, "Tf") == 0) {
		operand(w, 1, text);
		w->now.paints = w->fonts->paints(w->fonts->ctx, text);
	} else if (strcmp(operator, "gs") == 0) {
		w->now.paints |= w->fonts->sets_font(w->fonts->ctx, text);
	} else if (strcmp(operator, "Tj") == 0 || strcmp(operator, "TJ") == 0 ||
	    strcmp(operator, "'") == 0 || strcmp(operator, "\"") == 0) {
		show(w, operator);
	} else if (strcmp(operator, "ID") == 0) {
		skip_inline_image(w);
	}
}

/* A word is an operand if it is a name or number, else an operator. */
static void
take_word(struct text_walk *w)
{
	const size_t from = w->at;
	const unsigned char c = w->p[from];
	char operator[TOKEN_MAX];
	size_t n;

	skip_word(w);
	if (c == '/' || c == '+' || c == '-' || c == '.' || isdigit(c)) {
		add_operand(w, from);
		return;
	}
	if (w->nested > 0)
		return;
	n = w->at - from < TOKEN_MAX ? w->at - from : 0;
	memcpy(operator, w->p + from, n);
	operator[n] = '\0';
	if (strcmp(operator, "true") == 0 || strcmp(operator, "false") == 0 ||
	    strcmp(operator, "null") == 0) {
		add_operand(w, from);
		return;
	}
	operate(w, operator);
	w->operand_count = 0;
	w->begin = w->at;
}

static void
open_group(struct text_walk *w, size_t length)
{
	w->at += length;
	w->nested++;
}

/* An array is an operand; where it begins does not matter. */
static void
close_group(struct text_walk *w, size_t length)
{
	const size_t from = w->at;

	w->at += length;
	w->malformed |= w->nested == 0;
	w->nested -= w->nested > 0;
	add_operand(w, from);
}

static void
take_token(struct text_walk *w)
{
	const size_t from = w->at;
	const unsigned char c = w->p[from];
	const int twice = from + 1 < w->n && w->p[from + 1] == c;

	if (c == '(') {
		skip_string(w);
		add_operand(w, from);
	} else if (c == '%') {
		skip_until(w, "\r\n");
	} else if (c == '[' || (c == '<' && twice)) {
		open_group(w, c == '[' ? 1 : 2);
	} else if (c == ']' || (c == '>' && twice)) {
		close_group(w, c == ']' ? 1 : 2);
	} else if (c == '<') {
		skip_until(w, ">");
		w->malformed |= w->at >= w->n;
		w->at++;
		add_operand(w, from);
	} else if (c != '/' && is_delimiter(c)) {
		w->malformed = 1;
	} else {
		take_word(w);
	}
}

/* ---- all ---- */

static void
write_rest(const struct text_walk *w, struct pc_buf *out)
{
	size_t from = 0;

	for (size_t i = 0; i + sizeof(struct text_cut) <= w->cuts.len;
	     i += sizeof(struct text_cut)) {
		struct text_cut cut;

		memcpy(&cut, w->cuts.data + i, sizeof cut);
		pc_buf_add(out, w->p + from, cut.all.from - from);
		pc_buf_add(out, " ", 1);
		for (int k = 0; cut.spaced && k < 2; k++)
			pc_buf_addf(out, "%.*s T%c ",
			    (int)(cut.spacing[k].to - cut.spacing[k].from),
			    (const char *)w->p + cut.spacing[k].from,
			    k == 0 ? 'w' : 'c');
		from = cut.all.to;
	}
	pc_buf_add(out, w->p + from, w->n - from);
}

int
hidden_text_remove(const unsigned char *p, size_t n,
    const struct hidden_text_fonts *fonts, struct pc_buf *out)
{
	/* The font is unknown until the content chooses one. */
	struct text_walk w = {.p = p,
	    .n = n,
	    .fonts = fonts,
	    .now = {.paints = 1}};
	int removed;

	while (w.at < n && !w.malformed) {
		if (is_space(p[w.at])) {
			w.at++;
			continue;
		}
		if (w.operand_count == 0 && w.nested == 0)
			w.begin = w.at;
		take_token(&w);
	}
	/* Text without its end: what it shows is unknown. */
	if (w.in_text)
		w.malformed = 1;
	removed = (int)(w.cuts.len / sizeof(struct text_cut));
	if (n > 0 && !w.malformed && !w.cuts.failed)
		write_rest(&w, out);
	if (w.malformed || w.cuts.failed || out->failed)
		removed = -1;
	pc_buf_clear(&w.cuts);
	return removed;
}
