/* pdf_lines.c - the horizontal lines that a page draws.
 *
 * Of the page's content only transformations and paths are followed.  Forms
 * are not entered: programs that strike out text draw on the page itself. */
#include "pdf_lines.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	SAVED_MAX = 32, /* graphics states */
	NUMBERS = 6,
	TOKEN_MAX = 64,
	PATH_MAX_LINES = 64, /* of a path; more are a drawing */
};

static const double thick_max = 3; /* points */

struct drawing {
	const unsigned char *at, *end;
	double now[NUMBERS], saved[SAVED_MAX][NUMBERS];
	int depth;
	double numbers[NUMBERS]; /* the last operands */
	double x, y;             /* the current point */
	double lines[PATH_MAX_LINES][4];
	int count;
	void (*each)(void *, const double box[4]);
	void *ctx;
};

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

static void
add_line(struct drawing *d, double x0, double y0, double x1, double y1)
{
	const double *m = d->now;
	const double u0 = x0 * m[0] + y0 * m[2] + m[4];
	const double v0 = x0 * m[1] + y0 * m[3] + m[5];
	const double u1 = x1 * m[0] + y1 * m[2] + m[4];
	const double v1 = x1 * m[1] + y1 * m[3] + m[5];
	double *line = d->lines[d->count < PATH_MAX_LINES ? d->count : 0];

	/* On a page that is shown turned, lines of text run up the file's
	 * page. */
	if (fmin(fabs(u1 - u0), fabs(v1 - v0)) > thick_max)
		return;
	line[0] = fmin(u0, u1);
	line[1] = fmin(v0, v1);
	line[2] = fmax(u0, u1);
	line[3] = fmax(v0, v1);
	d->count += d->count < PATH_MAX_LINES;
}

static void
end_path(struct drawing *d, int painted)
{
	for (int i = 0; painted && i < d->count; i++)
		d->each(d->ctx, d->lines[i]);
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
		if (d->depth < SAVED_MAX)
			memcpy(d->saved[d->depth], d->now, sizeof d->now);
		d->depth++;
	} else if (strcmp(token, "Q") == 0 && d->depth > 0) {
		if (--d->depth < SAVED_MAX)
			memcpy(d->now, d->saved[d->depth], sizeof d->now);
	}
}

static void
operate(struct drawing *d, const char *token)
{
	static const char *const paints[] = {"S", "s", "f", "F", "f*", "B",
	    "B*", "b", "b*", NULL};
	const double *n = d->numbers + 2;

	if (strcmp(token, "m") == 0) {
		d->x = n[2];
		d->y = n[3];
	} else if (strcmp(token, "l") == 0) {
		add_line(d, d->x, d->y, n[2], n[3]);
		d->x = n[2];
		d->y = n[3];
	} else if (strcmp(token, "re") == 0) {
		add_line(d, n[0], n[1], n[0] + n[2], n[1] + n[3]);
	} else if (is_one_of(token, paints)) {
		end_path(d, 1);
	} else if (strcmp(token, "n") == 0) {
		end_path(d, 0);
	} else {
		operate_state(d, token);
	}
}

/* ---- the content, piece by piece ---- */

static int
is_blank(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static void
skip_string(struct drawing *d)
{
	int depth = 0;

	for (; d->at < d->end; d->at++) {
		if (*d->at == '\\' && d->at + 1 < d->end)
			d->at++;
		else if (*d->at == '(')
			depth++;
		else if (*d->at == ')' && --depth == 0)
			break;
	}
	d->at += d->at < d->end;
}

static void
skip_past(struct drawing *d, const char *text)
{
	const size_t n = strlen(text);
	const unsigned char *found = memmem(d->at, (size_t)(d->end - d->at),
	    text, n);

	d->at = found ? found + n : d->end;
}

static void
read_token(struct drawing *d)
{
	char token[TOKEN_MAX], *end;
	size_t n = 0;
	double v;

	do {
		if (n < TOKEN_MAX - 1)
			token[n++] = (char)*d->at;
		d->at++;
	} while (d->at < d->end && !is_blank(*d->at) &&
	    !strchr("/()<>[]{}%", *d->at));
	token[n] = '\0';
	if (*token == '/')
		return;
	if (strcmp(token, "ID") == 0) {
		skip_past(d, "EI");
		return;
	}
	v = strtod(token, &end);
	if (*end || isalpha((unsigned char)*token)) {
		operate(d, token);
		return;
	}
	memmove(d->numbers, d->numbers + 1, sizeof d->numbers - sizeof v);
	d->numbers[NUMBERS - 1] = v;
}

void
pdf_lines_find(const unsigned char *p, size_t n,
    void (*each)(void *ctx, const double box[4]), void *ctx)
{
	struct drawing d = {.at = p,
	    .end = p + n,
	    .now = {1, 0, 0, 1, 0, 0},
	    .each = each,
	    .ctx = ctx};

	while (d.at < d.end) {
		const unsigned char c = *d.at;

		if (is_blank(c) || strchr("[]{})", c))
			d.at++;
		else if (c == '(')
			skip_string(&d);
		else if (c == '%')
			skip_past(&d, "\n");
		else if (c == '<' || c == '>')
			d.at++;
		else
			read_token(&d);
	}
}
