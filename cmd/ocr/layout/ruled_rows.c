/* ruled_rows.c - rows that are not ruled, in a table with ruled columns.
 *
 * Some tables have rules only around and between columns.  If most cells of one
 * row have the same number of lines, of few words each, the lines are rows. */
#include "ruled.h"

#include <stdlib.h>

enum { LINES_LEAST = 3 }; /* two lines may be those of a wrapped title */

static const double band_shift = 0.5; /* of lines, in letter sizes */
static const double line_words = 4;   /* of a row's cell, at most, on average */
static const double same_part = 0.8;  /* of the lines of the longest cell */

struct field_word {
	uint32_t row, column;
	int32_t middle;
};

/* A line of words across the columns of one row. */
struct field_line {
	int32_t top, bottom; /* the middles of its words */
	uint64_t columns;    /* bits */
	size_t words;
};

static int
from_above(const void *va, const void *vb)
{
	const struct field_word *a = va, *b = vb;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return (a->middle > b->middle) - (a->middle < b->middle);
}

static size_t
read_words(const struct page *p, const struct rule_grid *g,
    struct field_word *out)
{
	size_t n = 0;

	for (size_t i = 0; i < p->word_count; i++) {
		const struct box *b = &p->words[i].box;
		const uint32_t field = rule_grid_field(g, b);

		if (field == UINT32_MAX || p->words[i].turned)
			continue;
		out[n++] = (struct field_word){field / g->columns,
		    g->cell[field] % g->columns, b->y0 + box_height(b) / 2};
	}
	qsort(out, n, sizeof *out, from_above);
	return n;
}

static size_t
find_lines(const struct layout *l, const struct field_word *w, size_t n,
    struct field_line *lines)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		struct field_line *line;

		if (i == 0 ||
		    w[i].middle - w[i - 1].middle > band_shift * l->body)
			lines[count++] = (struct field_line){
			    .top = w[i].middle};
		line = &lines[count - 1];
		line->bottom = w[i].middle;
		line->columns |= (uint64_t)1 << w[i].column;
		line->words++;
	}
	return count;
}

/* The columns whose cells have a line for each row; 0: too few have. */
static uint64_t
columns_with_rows(const struct field_line *lines, size_t n, uint32_t columns)
{
	size_t count[TABLE_COLUMNS_MAX] = {0}, most = 0, words = 0, cells = 0;
	uint64_t all = 0, with = 0;

	for (size_t i = 0; i < n; i++) {
		all |= lines[i].columns;
		words += lines[i].words;
		for (uint32_t k = 0; k < columns; k++)
			count[k] += lines[i].columns >> k & 1;
	}
	for (uint32_t k = 0; k < columns; k++) {
		most = count[k] > most ? count[k] : most;
		cells += count[k];
	}
	for (uint32_t k = 0; k < columns; k++)
		if (count[k] > 0 &&
		    (double)count[k] >= same_part * (double)most)
			with |= (uint64_t)1 << k;
	if (most < LINES_LEAST || (double)words > line_words * (double)cells ||
	    __builtin_popcountll(with) < 2 ||
	    2 * __builtin_popcountll(with) <= __builtin_popcountll(all))
		return 0;
	return with;
}

static int
add_rules(const struct rule_grid *g, int32_t at, uint64_t columns,
    struct rules *out)
{
	struct drawn_rule *grown = realloc(out->rule,
	    (out->count + g->columns) * sizeof *grown);

	if (!grown)
		return -1;
	out->rule = grown;
	for (uint32_t k = 0; k < g->columns; k++)
		if (columns >> k & 1)
			grown[out->count++] = (struct drawn_rule){.at = at,
			    .from = g->x[k],
			    .to = g->x[k + 1]};
	return 0;
}

/* Separate the lines that begin rows: those with text in most columns. */
static int
part_lines(const struct rule_grid *g, const struct field_line *lines, size_t n,
    uint64_t columns, struct rules *out)
{
	int r = 0;

	for (size_t i = 1; r == 0 && i < n; i++)
		if (2 * __builtin_popcountll(lines[i].columns & columns) >
		    __builtin_popcountll(columns))
			r = add_rules(g,
			    lines[i - 1].bottom +
				(lines[i].top - lines[i - 1].bottom) / 2,
			    columns, out);
	return r;
}

int
rule_grid_part_rows(const struct layout *l, const struct rule_grid *g,
    struct rules *out)
{
	const size_t most = l->page->word_count + 1;
	struct field_word *words = malloc(most * sizeof *words);
	struct field_line *lines = malloc(most * sizeof *lines);
	size_t n;
	int r = words && lines ? 0 : -1;

	n = r == 0 ? read_words(l->page, g, words) : 0;
	for (size_t i = 0, end; r == 0 && i < n; i = end) {
		uint64_t columns;
		size_t count;

		for (end = i + 1; end < n && words[end].row == words[i].row;)
			end++;
		count = find_lines(l, words + i, end - i, lines);
		columns = columns_with_rows(lines, count, g->columns);
		if (columns)
			r = part_lines(g, lines, count, columns, out);
	}
	free(words);
	free(lines);
	return r;
}
