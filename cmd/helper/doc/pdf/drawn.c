/* drawn.c - the straight lines that a page draws, and where it begins to
 * draw text, and in which font.
 *
 * Of the content only transformations, paths, the position of text and its
 * marks are followed.  The caller may enter forms. */
#include "drawn.h"
#include "content.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	SAVED_MAX = 32, /* graphics states */
	NUMBERS = 6,
	TOKEN_MAX = 64,
	PATH_MAX_LINES = 256, /* of a path; more are a drawing */
	MARKS_MAX = 64,       /* nested pieces of marked content */
	STROKED = 2,          /* text rendering mode: fill and stroke */
};

static const double thick_max = 3; /* points */

/* The font of the text, and how it is rendered. */
struct drawn_font {
	char name[TOKEN_MAX];
	int mode;
};

struct drawing {
	struct content_reader content;
	double now[NUMBERS], saved[SAVED_MAX][NUMBERS];
	struct drawn_font font, saved_font[SAVED_MAX];
	int depth;
	double numbers[NUMBERS]; /* the last operands */
	double x, y;             /* the current point */
	double start_x, start_y; /* of the subpath */
	struct path_line {
		double box[4];
		int edge; /* of a rectangle: only a stroke draws it */
	} lines[PATH_MAX_LINES];
	int count;
	/* Text: the matrix of its line, the distance of lines, and whether text
	 * was drawn since the position was set. */
	double text[NUMBERS], lead;
	int shown, shown_tag;
	/* Marks: the innermost is the last; mcid is that of the operands. */
	int marks[MARKS_MAX], mark_count, mcid, wants_mcid;
	/* The first name of the operands, and the one after it. */
	char name[TOKEN_MAX], second[TOKEN_MAX];
	const struct pdf_drawn *out;
};

/* Put a before m. */
static void
transform(double m[NUMBERS], const double a[NUMBERS])
{
	const double b[NUMBERS] = {m[0], m[1], m[2], m[3], m[4], m[5]};

	m[0] = a[0] * b[0] + a[1] * b[2];
	m[1] = a[0] * b[1] + a[1] * b[3];
	m[2] = a[2] * b[0] + a[3] * b[2];
	m[3] = a[2] * b[1] + a[3] * b[3];
	m[4] = a[4] * b[0] + a[5] * b[2] + b[4];
	m[5] = a[4] * b[1] + a[5] * b[3] + b[5];
}

void
pdf_drawn_transform(double m[NUMBERS], const double outer[NUMBERS])
{
	double all[NUMBERS];

	memcpy(all, outer, sizeof all);
	transform(all, m);
	memcpy(m, all, sizeof all);
}

static void
add_line(struct drawing *d, double x0, double y0, double x1, double y1,
    int edge)
{
	const double *m = d->now;
	const double u0 = x0 * m[0] + y0 * m[2] + m[4];
	const double v0 = x0 * m[1] + y0 * m[3] + m[5];
	const double u1 = x1 * m[0] + y1 * m[2] + m[4];
	const double v1 = x1 * m[1] + y1 * m[3] + m[5];
	struct path_line
	    *line = &d->lines[d->count < PATH_MAX_LINES ? d->count : 0];

	/* On a page that is shown turned, lines of text run up the file's
	 * page. */
	if (fmin(fabs(u1 - u0), fabs(v1 - v0)) > thick_max)
		return;
	*line = (struct path_line){
	    {fmin(u0, u1), fmin(v0, v1), fmax(u0, u1), fmax(v0, v1)}, edge};
	d->count += d->count < PATH_MAX_LINES;
}

/* A thin rectangle is a line; of others the edges are. */
static void
add_rectangle(struct drawing *d, const double n[4])
{
	const double x0 = n[0], y0 = n[1], x1 = x0 + n[2], y1 = y0 + n[3];
	const int count = d->count;

	add_line(d, x0, y0, x1, y1, 0);
	if (d->count > count)
		return;
	add_line(d, x0, y0, x1, y0, 1);
	add_line(d, x0, y1, x1, y1, 1);
	add_line(d, x0, y0, x0, y1, 1);
	add_line(d, x1, y0, x1, y1, 1);
}

static void
move_to(struct drawing *d, double x, double y)
{
	d->x = x;
	d->y = y;
}

static void
line_to(struct drawing *d, double x, double y)
{
	add_line(d, d->x, d->y, x, y, 0);
	move_to(d, x, y);
}

static void
end_path(struct drawing *d, int stroked)
{
	for (int i = 0; d->out->line && i < d->count; i++)
		if (stroked || !d->lines[i].edge)
			d->out->line(d->out->ctx, d->lines[i].box);
	d->count = 0;
}

static int
is_one_of(const char *token, const char *const *names)
{
	while (*names && strcmp(*names, token) != 0)
		names++;
	return *names != NULL;
}

static void
operate_state(struct drawing *d, const char *token)
{
	if (strcmp(token, "cm") == 0) {
		transform(d->now, d->numbers);
	} else if (strcmp(token, "q") == 0) {
		if (d->depth < SAVED_MAX) {
			memcpy(d->saved[d->depth], d->now, sizeof d->now);
			d->saved_font[d->depth] = d->font;
		}
		d->depth++;
	} else if (strcmp(token, "Q") == 0 && d->depth > 0) {
		if (--d->depth < SAVED_MAX) {
			memcpy(d->now, d->saved[d->depth], sizeof d->now);
			d->font = d->saved_font[d->depth];
		}
	}
}

static void
move_text(struct drawing *d, double x, double y)
{
	const double by[NUMBERS] = {1, 0, 0, 1, x, y};

	transform(d->text, by);
	d->shown = 0;
}

static int
tag_of(const struct drawing *d)
{
	const int n = d->mark_count < MARKS_MAX ? d->mark_count : MARKS_MAX;

	return n > 0 ? d->marks[n - 1] : TAG_NONE;
}

/* How far text advances is not known, so only its first piece after a move has
 * a position; another one is reported if its mark is another. */
static void
show_text(struct drawing *d)
{
	const struct pdf_drawn *out = d->out;
	double at[NUMBERS];

	memcpy(at, d->now, sizeof at);
	transform(at, d->text);
	if (out->text && (!d->shown || d->shown_tag != tag_of(d)))
		out->text(out->ctx, at[4], at[5], tag_of(d));
	d->shown_tag = tag_of(d);
	if (out->piece)
		out->piece(out->ctx, at[4], at[5], d->font.name,
		    d->font.mode == STROKED);
	d->shown = 1;
}

static void
begin_mark(struct drawing *d)
{
	const struct pdf_drawn *out = d->out;
	int tag = d->mcid;

	if (tag < 0 && *d->second && out->property)
		tag = out->property(out->ctx, d->second);
	if (tag < 0)
		tag = strcmp(d->name, "/Artifact") == 0 ? TAG_ARTIFACT
							: tag_of(d);
	if (d->mark_count < MARKS_MAX)
		d->marks[d->mark_count] = tag;
	d->mark_count++;
}

/* 0: it is none of these operators. */
static int
operate_text(struct drawing *d, const char *token)
{
	const double *n = d->numbers;

	if (strcmp(token, "BT") == 0 || strcmp(token, "Tm") == 0) {
		const double none[NUMBERS] = {1, 0, 0, 1, 0, 0};

		memcpy(d->text, *token == 'B' ? none : n, sizeof d->text);
		d->shown = 0;
	} else if (strcmp(token, "Td") == 0) {
		move_text(d, n[4], n[5]);
	} else if (strcmp(token, "TD") == 0) {
		d->lead = -n[5];
		move_text(d, n[4], n[5]);
	} else if (strcmp(token, "TL") == 0) {
		d->lead = n[5];
	} else if (strcmp(token, "Tf") == 0) {
		memcpy(d->font.name, d->name, sizeof d->name);
	} else if (strcmp(token, "Tr") == 0) {
		d->font.mode = (int)fmax(-1, fmin(n[5], INT_MAX));
	} else if (strcmp(token, "T*") == 0) {
		move_text(d, 0, -d->lead);
	} else if (strcmp(token, "Tj") == 0 || strcmp(token, "TJ") == 0) {
		show_text(d);
	} else if (strcmp(token, "'") == 0 || strcmp(token, "\"") == 0) {
		move_text(d, 0, -d->lead);
		show_text(d);
	} else if (strcmp(token, "BDC") == 0 || strcmp(token, "BMC") == 0) {
		begin_mark(d);
	} else if (strcmp(token, "Do") == 0) {
		if (d->out->form)
			d->out->form(d->out->ctx, d->name, tag_of(d), d->now);
	} else if (strcmp(token, "EMC") == 0) {
		d->mark_count -= d->mark_count > 0;
	} else {
		return 0;
	}
	return 1;
}

static void
operate(struct drawing *d, const char *token)
{
	static const char *const strokes[] = {"S", "s", "B", "B*", "b", "b*",
	    NULL};
	static const char *const fills[] = {"f", "F", "f*", NULL};
	static const char *const curves[] = {"c", "v", "y", NULL};
	const double *n = d->numbers + 2;

	if (strcmp(token, "m") == 0) {
		move_to(d, n[2], n[3]);
		d->start_x = d->x;
		d->start_y = d->y;
	} else if (strcmp(token, "l") == 0) {
		line_to(d, n[2], n[3]);
	} else if (strcmp(token, "re") == 0) {
		add_rectangle(d, n);
	} else if (strcmp(token, "h") == 0) {
		line_to(d, d->start_x, d->start_y);
	} else if (is_one_of(token, strokes)) {
		if (*token == 's' || *token == 'b')
			line_to(d, d->start_x, d->start_y);
		end_path(d, 1);
	} else if (is_one_of(token, fills)) {
		end_path(d, 0);
	} else if (strcmp(token, "n") == 0) {
		d->count = 0;
	} else if (is_one_of(token, curves)) {
		move_to(d, n[2], n[3]);
	} else {
		operate_state(d, token);
	}
}

/* ---- the content, piece by piece ---- */

static void
read_token(struct drawing *d)
{
	char token[TOKEN_MAX];
	double v = 0;

	content_read_token(&d->content, token, sizeof token);
	if (*token == '/') {
		d->wants_mcid = strcmp(token, "/MCID") == 0;
		if (!*d->name)
			memcpy(d->name, token, sizeof token);
		else if (!*d->second)
			memcpy(d->second, token, sizeof token);
		return;
	}
	if (strcmp(token, "ID") == 0) {
		content_skip_inline_image(&d->content);
		return;
	}
	if (isalpha((unsigned char)*token) || !content_number(token, &v)) {
		if (!operate_text(d, token))
			operate(d, token);
		d->name[0] = d->second[0] = '\0';
		d->mcid = TAG_NONE;
		return;
	}
	if (d->wants_mcid && v >= 0 && v < INT_MAX)
		d->mcid = (int)v;
	d->wants_mcid = 0;
	memmove(d->numbers, d->numbers + 1, sizeof d->numbers - sizeof v);
	d->numbers[NUMBERS - 1] = v;
}

void
pdf_drawn_follow(const unsigned char *p, size_t n, const double matrix[NUMBERS],
    const struct pdf_drawn *out)
{
	struct drawing d = {.content = content_open(p, n),
	    .now = {1, 0, 0, 1, 0, 0},
	    .text = {1, 0, 0, 1, 0, 0},
	    .mcid = TAG_NONE,
	    .out = out};

	if (matrix)
		memcpy(d.now, matrix, sizeof d.now);
	while (content_next(&d.content))
		read_token(&d);
}
