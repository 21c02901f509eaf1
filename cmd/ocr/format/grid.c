/* grid.c - a page as text whose columns stand where they are on the page
 * (--layout).
 *
 * Words with ordinary spaces between them form a run.  Runs that begin at about
 * the same place of the page begin in the same column of the text: the place in
 * median character widths, or further right if a run to the left of one of
 * them needs more room.  So no word covers another, and columns stay straight
 * although letters differ in width. */
#include "format_in.h"

#include "ocr/page/letters.h"

#include <stdlib.h>
#include <string.h>

enum {
	PLACE_COLUMNS_MAX = 1000, /* for places; runs may need more */
	EMPTY_MAX = 3,            /* empty lines between two lines */
	APART = 2,                /* columns between runs */
};

/* A wider gap, in character widths, separates runs.  Large print has wider
 * ones. */
static const double gap_max = 1.9;

struct grid_word {
	const struct word *word;
	struct box box; /* on the upright page, read from the left */
	unsigned columns;
	size_t row;
};

struct word_run {
	size_t first, count; /* in the grid's words */
	int32_t left;
	unsigned columns;
	unsigned column;     /* where it begins */
	size_t before, next; /* the run before it in its row; NONE */
};

static const size_t NONE = SIZE_MAX;

struct text_grid {
	struct grid_word *words;
	struct word_run *runs, **by_place;
	size_t word_count, run_count;
	double unit;    /* median width of a character, */
	int32_t height; /* and of a word's height */
	int32_t left;
};

/* ---- words ---- */

static struct box
upright_box(const struct page *p, struct box b)
{
	for (int i = p->rotation / 90 & 3; i > 0; i--)
		b = (struct box){-b.y1, b.x0, -b.y0, b.x1};
	/* The text begins with the word at the right edge. */
	if (p->rtl)
		b = (struct box){-b.x1, b.y0, -b.x0, b.y1};
	return b;
}

static int
compare_doubles(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *list, size_t n)
{
	if (n == 0)
		return 0;
	qsort(list, n, sizeof *list, compare_doubles);
	return list[n / 2];
}

/* -1: out of memory. */
static int
take_words(struct text_grid *g, const struct page *p)
{
	g->words = calloc(p->word_count + 1, sizeof *g->words);
	if (!g->words)
		return -1;
	for (size_t i = 0; i < p->word_count; i++)
		if (!p->words[i].turned)
			g->words[g->word_count++] = (struct grid_word){
			    .word = &p->words[i],
			    .box = upright_box(p, p->words[i].box),
			    .columns = format_columns(&p->words[i])};
	return 0;
}

static double
character_width(const struct grid_word *w)
{
	return w->columns ? ((double)w->box.x1 - w->box.x0) / w->columns : 0;
}

/* -1: out of memory. */
static int
measure(struct text_grid *g)
{
	double *list = calloc(g->word_count + 1, sizeof *list);
	size_t n = 0;

	if (!list)
		return -1;
	g->left = PLACE_MAX;
	for (size_t i = 0; i < g->word_count; i++) {
		const struct grid_word *w = &g->words[i];

		if (w->box.x0 < g->left)
			g->left = w->box.x0;
		if (character_width(w) > 0)
			list[n++] = character_width(w);
	}
	g->unit = median(list, n);
	if (g->unit < 1)
		g->unit = 1;
	for (size_t i = 0; i < g->word_count; i++)
		list[i] = (double)g->words[i].box.y1 - g->words[i].box.y0;
	g->height = (int32_t)median(list, g->word_count);
	if (g->height < 1)
		g->height = 1;
	free(list);
	return 0;
}

/* ---- rows ---- */

static int32_t
middle(const struct grid_word *w)
{
	return w->box.y0 + (w->box.y1 - w->box.y0) / 2;
}

static int
compare_height(const void *a, const void *b)
{
	const int32_t x = middle(a), y = middle(b);

	return (x > y) - (x < y);
}

static int
compare_row(const void *a, const void *b)
{
	const struct grid_word *v = a, *w = b;

	if (v->row != w->row)
		return v->row < w->row ? -1 : 1;
	return (v->box.x0 > w->box.x0) - (v->box.x0 < w->box.x0);
}

/* Number the rows from the top, and sort the words of each from the left. */
static void
find_rows(struct text_grid *g)
{
	struct grid_word *first = g->words;
	size_t row = 0;

	qsort(g->words, g->word_count, sizeof *g->words, compare_height);
	for (size_t i = 0; i < g->word_count; i++) {
		struct grid_word *w = &g->words[i];
		const int32_t own = w->box.y1 - w->box.y0;
		const int32_t other = first->box.y1 - first->box.y0;

		if (2 * ((int64_t)middle(w) - middle(first)) >
		    (own < other ? own : other)) {
			first = w;
			row++;
		}
		w->row = row;
	}
	qsort(g->words, g->word_count, sizeof *g->words, compare_row);
}

/* ---- runs ---- */

static int
continues_run(const struct text_grid *g, const struct grid_word *a,
    const struct grid_word *b)
{
	double unit = g->unit;

	if (character_width(a) > unit)
		unit = character_width(a);
	if (character_width(b) > unit)
		unit = character_width(b);
	return a->row == b->row &&
	    (double)b->box.x0 - a->box.x1 <= gap_max * unit;
}

/* -1: out of memory. */
static int
find_runs(struct text_grid *g)
{
	struct word_run *r = NULL;

	g->runs = calloc(g->word_count + 1, sizeof *g->runs);
	g->by_place = calloc(g->word_count + 1, sizeof(struct word_run *));
	if (!g->runs || !g->by_place)
		return -1;
	for (size_t i = 0; i < g->word_count; i++) {
		const struct grid_word *w = &g->words[i], *before = w - 1;

		if (r && continues_run(g, before, w)) {
			r->columns += w->columns +
			    !words_join(before->word, w->word);
			r->count++;
			continue;
		}
		r = &g->runs[g->run_count++];
		*r = (struct word_run){.first = i,
		    .count = 1,
		    .left = w->box.x0,
		    .columns = w->columns,
		    .before = i > 0 && before->row == w->row ? g->run_count - 2
							     : NONE};
	}
	return 0;
}

static int
compare_place(const void *a, const void *b)
{
	const struct word_run *r = *(struct word_run *const *)a;
	const struct word_run *s = *(struct word_run *const *)b;

	if (r->left != s->left)
		return r->left < s->left ? -1 : 1;
	return (r > s) - (r < s);
}

static unsigned
larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* The first column in which the run can begin. */
static unsigned
free_column(const struct text_grid *g, const struct word_run *r)
{
	const double at = ((double)r->left - g->left) / g->unit + 0.5;
	const unsigned place = at < PLACE_COLUMNS_MAX ? (unsigned)at
						      : PLACE_COLUMNS_MAX;
	const struct word_run *before = r->before == NONE ? NULL
							  : &g->runs[r->before];

	return larger(place,
	    before ? before->column + before->columns + APART : 0);
}

/* Give the runs their columns, from the left of the page.  Those within a
 * character of each other begin together, unless they follow each other. */
static void
place_runs(struct text_grid *g)
{
	for (size_t i = 0; i < g->run_count; i++)
		g->by_place[i] = &g->runs[i];
	qsort(g->by_place, g->run_count, sizeof(struct word_run *),
	    compare_place);
	for (size_t i = 0, end; i < g->run_count; i = end) {
		unsigned column = 0;

		for (end = i; end < g->run_count &&
		     g->by_place[end]->left - g->by_place[i]->left <= g->unit;
		     end++)
			column = larger(column,
			    free_column(g, g->by_place[end]));
		for (size_t j = i; j < end; j++)
			g->by_place[j]->column = larger(column,
			    free_column(g, g->by_place[j]));
	}
}

/* ---- output ---- */

/* The usual distance of rows. */
static double
row_distance(const struct text_grid *g)
{
	double *list = calloc(g->word_count + 1, sizeof *list);
	double usual;
	size_t n = 0;

	for (size_t i = 1; list && i < g->word_count; i++)
		if (g->words[i].row != g->words[i - 1].row)
			list[n++] = (double)middle(&g->words[i]) -
			    middle(&g->words[i - 1]);
	usual = list ? median(list, n) : 0;
	free(list);
	return usual > g->height ? usual : g->height;
}

static void
add_blanks(struct pc_buf *out, size_t n)
{
	while (n-- > 0)
		pc_buf_add(out, " ", 1);
}

static void
add_run(const struct text_grid *g, const struct word_run *r, struct pc_buf *out)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct word *w = g->words[r->first + i].word;

		if (i > 0 && !words_join(g->words[r->first + i - 1].word, w))
			pc_buf_add(out, " ", 1);
		pc_buf_add(out, w->text, w->length);
	}
}

static void
add_rows(const struct text_grid *g, struct pc_buf *out)
{
	const double usual = row_distance(g);

	for (size_t i = 0; i < g->run_count; i++) {
		const struct word_run *r = &g->runs[i];
		const struct word_run *before = r->before == NONE ? NULL
								  : r - 1;
		const struct grid_word *w = &g->words[r->first];

		if (!before && i > 0) {
			const double apart = (double)middle(w) -
			    middle(&g->words[r[-1].first]);

			pc_buf_add(out, "\n", 1);
			for (int n = 1;
			     n <= EMPTY_MAX && apart / usual + 0.5 >= n + 1;
			     n++)
				pc_buf_add(out, "\n", 1);
		}
		add_blanks(out,
		    before ? r->column - before->column - before->columns
			   : r->column);
		add_run(g, r, out);
	}
	if (g->run_count > 0)
		pc_buf_add(out, "\n", 1);
}

/* Lines that run up or down have no place in rows. */
static void
add_turned(const struct page *p, struct pc_buf *out)
{
	for (size_t i = 0; i < p->line_count; i++) {
		const struct line *l = &p->lines[i];
		int any = 0;

		for (size_t k = l->first; k < l->first + l->count; k++) {
			const struct word *w = &p->words[k];

			if (!w->turned)
				continue;
			pc_buf_add(out, any ? " " : "\n", 1);
			pc_buf_add(out, w->text, w->length);
			any = 1;
		}
		if (any)
			pc_buf_add(out, "\n", 1);
	}
}

void
format_grid(const struct page *p, struct pc_buf *out)
{
	struct text_grid g = {0};

	if (take_words(&g, p) < 0 || measure(&g) < 0) {
		out->failed = 1;
	} else {
		find_rows(&g);
		if (find_runs(&g) < 0) {
			out->failed = 1;
		} else {
			place_runs(&g);
			add_rows(&g, out);
			add_turned(p, out);
		}
	}
	free(g.words);
	free(g.runs);
	free(g.by_place);
}
