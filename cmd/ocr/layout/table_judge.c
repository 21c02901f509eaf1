/* table_judge.c - rows of pieces that are not those of a table. */
#include "justified.h"
#include "table_in.h"

#include <string.h>
#include <strings.h>

enum { LIKE_MOST = 5 }; /* all but one in five are most */

static const double cell_words = 5; /* cells have fewer words on average */
/* the gaps of a justified line differ by at most this, in letter sizes */
static const double even = 0.1, even_ink = 0.25;

/* Do the cells have fewer words than lines of running text? */
static int
is_sparse(const struct table_search *s, size_t first, size_t end)
{
	double words = 0, cells = 0;

	for (size_t r = first; r < end; r++)
		for (size_t i = 0; i < s->rows[r].count; i++) {
			words += table_word_count(s->l,
			    &s->l->pieces[s->cells[s->rows[r].first + i]]);
			cells++;
		}
	return words < cell_words * cells;
}

/* Are the rows lines of justified text? */
static int
is_justified(const struct table_search *s, size_t first, size_t end)
{
	const double same = (s->l->ink ? even_ink : even) * s->rows[first].size;
	struct justified all = {0};

	for (size_t r = first; r < end; r++) {
		const struct table_row *row = &s->rows[r];
		struct line_gaps gaps = {0};

		for (size_t i = 0; i < row->count; i++) {
			const struct piece
			    *p = &s->l->pieces[s->cells[row->first + i]];

			for (size_t j = 0; j < p->count; j++)
				line_gaps_add(&gaps,
				    &s->l->page->words[p->first + j]);
		}
		if (row->count > 1)
			justified_add(&all, &gaps, same);
	}
	return is_justified_text(&all, same) ||
	    (s->l->ink && is_running_text(&all));
}

/* The last word of the row. */
static const struct word *
last_word(const struct table_search *s, const struct table_row *row)
{
	const struct piece
	    *p = &s->l->pieces[s->cells[row->first + row->count - 1]];

	return &s->l->page->words[p->first + p->count - 1];
}

/* Is the word a page number that is not before *last? */
static int
is_next_page(const struct word *w, long *last)
{
	long number = 0;

	for (size_t i = 0; i < w->length; i++) {
		if (w->text[i] < '0' || w->text[i] > '9' || i > 3)
			return 0;
		number = number * 10 + (w->text[i] - '0');
	}
	if (number < *last)
		return 0;
	*last = number;
	return 1;
}

/* The piece above the row: the last one before it, from the top down, that is
 * on another line.  NULL: there is none. */
static const struct piece *
piece_above(const struct table_search *s, const struct table_row *row)
{
	const struct piece *above = NULL;

	for (size_t i = 0; i < s->l->piece_count; i++) {
		const struct piece *p = &s->l->pieces[s->order[i]];

		if (p->m.base >= row->base - row_shift * row->size)
			break;
		above = p;
	}
	return above;
}

/* Is a title such as "Table of Contents" above the row? */
static int
is_titled_contents(const struct table_search *s, const struct table_row *row)
{
	static const char *const titles[] = {"contents", "inhalt",
	    "inhaltsverzeichnis", "sommaire", "matières", "índice", "Índice",
	    "indice", "sommario", "inhoud", "Содержание", "СОДЕРЖАНИЕ",
	    "Оглавление", "目次", "目录"};
	enum { TITLE_WORDS = 4 };
	const struct piece *p = piece_above(s, row);
	const struct word *w;

	if (!p || p->count > TITLE_WORDS)
		return 0;
	w = &s->l->page->words[p->first + p->count - 1];
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (strlen(titles[i]) == w->length &&
		    strncasecmp(titles[i], w->text, w->length) == 0)
			return 1;
	return 0;
}

/* Do page numbers that never fall end the rows, after dots or section numbers,
 * or below a title that says so?  OCR reads only few of the dots that lead to
 * them. */
int
table_is_contents(const struct table_search *s, size_t first, size_t end)
{
	const size_t rows = end - first;
	size_t pages = 0, sections = 0, deep = 0;
	int leads = first > 0 && s->rows[first - 1].leads;
	long last = 0;

	leads |= end < s->row_count && s->rows[end].leads;
	for (size_t r = first; r < end; r++) {
		const int depth = marker_section(
		    table_first_word(s, &s->rows[r]));

		leads |= s->rows[r].leads;
		sections += depth > 0;
		deep += depth > 1;
		pages += (size_t)is_next_page(last_word(s, &s->rows[r]), &last);
	}
	if (s->l->ink && leads)
		return pages * LIKE_MOST >= rows * (LIKE_MOST - 1);
	return pages == rows &&
	    ((2 * sections >= rows && deep > 0) ||
		is_titled_contents(s, &s->rows[first]));
}

/* Do most rows end as lines of a program do? */
static int
is_code(const struct table_search *s, size_t first, size_t end)
{
	size_t code = 0;

	for (size_t r = first; r < end; r++) {
		const struct word *w = last_word(s, &s->rows[r]);

		code += w->length > 0 &&
		    strchr("{};", w->text[w->length - 1]) != NULL;
	}
	return 2 * code > end - first;
}

int
table_is_other(const struct table_search *s, size_t first, size_t end)
{
	return !is_sparse(s, first, end) || is_justified(s, first, end) ||
	    table_is_contents(s, first, end) || is_code(s, first, end) ||
	    table_is_texts(s, first, end);
}
