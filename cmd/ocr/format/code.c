/* code.c - a listing of code as text: its blanks and empty lines are those that
 * the page shows. */
#include "format_in.h"

enum {
	BLANKS_MAX = 120, /* in a row */
	EMPTY_LINES_MAX = 3,
};

/* The width of a character, in 1/100 point. */
static double
character_width(const struct page *p, const struct block *b)
{
	double wide = 0, columns = 0;

	for (size_t i = 0; i < b->count; i++) {
		const struct line *line = &p->lines[b->first + i];

		for (size_t j = 0; j < line->count; j++) {
			const struct word *w = &p->words[line->first + j];

			wide += (double)w->box.x1 - w->box.x0;
			columns += format_columns(w);
		}
	}
	return wide > 0 && columns > 0 ? wide / columns : 1;
}

/* The smallest distance of two lines. */
static double
line_distance(const struct page *p, const struct block *b)
{
	double least = 0;

	for (size_t i = 1; i < b->count; i++) {
		const struct line *line = &p->lines[b->first + i];
		const double d = (double)line->box.y1 - line[-1].box.y1;

		if (d > (line->box.y1 - line->box.y0) / 2.0 &&
		    (least == 0 || d < least))
			least = d;
	}
	return least;
}

static void
add_many(struct pc_buf *out, const char *s, double count, int most)
{
	for (int i = 0; i < most && i + 0.5 < count; i++)
		pc_buf_add(out, s, 1);
}

static void
add_code_line(const struct page *p, const struct line *line, int32_t left,
    double wide, struct pc_buf *out)
{
	const size_t start = out->len;
	double column = 0;

	for (size_t i = 0; i < line->count; i++) {
		const struct word *w = &p->words[line->first + i];
		double blanks = (w->box.x0 - left) / wide - column;

		if (out->len > start && blanks < 1)
			blanks = 1;
		add_many(out, " ", blanks, BLANKS_MAX);
		pc_buf_add(out, w->text, w->length);
		column = (w->box.x1 - left) / wide;
	}
}

void
format_code(const struct page *p, const struct block *b, struct pc_buf *out)
{
	const double wide = character_width(p, b), lead = line_distance(p, b);

	for (size_t i = 0; i < b->count; i++) {
		const struct line *line = &p->lines[b->first + i];

		if (i > 0)
			pc_buf_add(out, "\n", 1);
		if (i > 0 && lead > 0)
			add_many(out, "\n",
			    (line->box.y1 - line[-1].box.y1) / lead - 1,
			    EMPTY_LINES_MAX);
		add_code_line(p, line, b->box.x0, wide, out);
	}
}
