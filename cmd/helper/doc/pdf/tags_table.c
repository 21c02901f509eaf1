/* tags_table.c - the places of a tagged table's cells.
 *
 * Its rows list only the cells that begin in them, so a cell comes after those
 * that reach down from the rows above (ISO 32000-1, 14.8.4.3.4). */
#include "tags_tree.h"

#include <string.h>

enum { OWNERS_MAX = 16 }; /* attribute objects of an element */

int
tag_table_add_row(struct tag_table *t)
{
	t->next = 0;
	return ++t->row <= TAG_ROWS_MAX;
}

int
tag_table_place(struct tag_table *t, struct tag_cell *cell)
{
	const int row = t->row - 1;

	while (t->next < TAG_COLUMNS_MAX && t->until[t->next] > row)
		t->next++;
	if (row < 0 || t->next >= TAG_COLUMNS_MAX)
		return 0;
	cell->table = t->number;
	cell->row = row;
	cell->column = t->next;
	for (int i = 0; i < cell->columns && t->next < TAG_COLUMNS_MAX; i++)
		t->until[t->next++] = row + cell->rows;
	cell->columns = t->next - cell->column;
	return 1;
}

/* The value of the attribute, whose owner is a table. */
static qpdf_oh
attribute(const struct declaring *c, qpdf_oh element, const char *key)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh all = pdf_get(c, element, "/A");
	const int n = pdf_length(c, all);

	for (int i = 0; i < n && i < OWNERS_MAX; i++) {
		const qpdf_oh one = qpdf.oh_get_array_item(pdf, all, i);

		if (qpdf.oh_is_dictionary(pdf, one) &&
		    !qpdf.oh_is_null(pdf, pdf_get(c, one, key)))
			return pdf_get(c, one, key);
	}
	return pdf_get(c, all, key);
}

int
tag_span(const struct declaring *c, qpdf_oh element, const char *key)
{
	const qpdf_oh value = attribute(c, element, key);
	const int most = strcmp(key, "/RowSpan") == 0 ? TAG_ROWS_MAX
						      : TAG_COLUMNS_MAX;
	long long n = 1;

	if (qpdf.oh_is_number(c->s->pdf, value))
		n = qpdf.oh_get_int_value(c->s->pdf, value);
	return n < 1 ? 1 : n > most ? most : (int)n;
}

int
tag_heads_row(const struct declaring *c, qpdf_oh element)
{
	return qpdf.oh_is_name_and_equals(c->s->pdf,
	    attribute(c, element, "/Scope"), "/Row");
}
