/* join.c - tables that go on over pages.
 *
 * A table goes on with the last one of the page before if it repeats the
 * header, and nothing but headers, footers and captions stands between. */
#include "format_in.h"

#include <string.h>

static int
is_apart(const struct block *b)
{
	return b->type == BLOCK_HEADER || b->type == BLOCK_FOOTER ||
	    b->type == BLOCK_CAPTION;
}

/* Is there only what is apart in the blocks [from, end)? */
static int
all_apart(const struct block *from, const struct block *end)
{
	while (from < end && is_apart(from))
		from++;
	return from == end;
}

/* Append the header's text.  Returns the number of its rows. */
static uint32_t
add_head(const struct page *p, const struct block *b, struct pc_buf *out)
{
	const size_t end = b->first_cell + b->cell_count;
	uint32_t rows = 0;

	for (size_t i = b->first_cell; i < end && p->cells[i].header; i++) {
		pc_buf_addf(out, "%u,%u ", p->cells[i].row, p->cells[i].column);
		format_cell_line(p, i, out);
		pc_buf_add(out, "\n", 1);
		rows = p->cells[i].row + 1;
	}
	return rows;
}

int
format_table_goes_on(struct table_state *s, const struct page *p,
    const struct block *b, uint32_t *above, uint32_t *skip)
{
	const struct block *end = p->blocks + p->block_count;
	struct pc_buf head = {0};
	const uint32_t rows = add_head(p, b, &head);
	const int same = s->page == p->number && s->columns == b->columns &&
	    rows > 0 && all_apart(p->blocks, b) && head.len == s->head.len &&
	    memcmp(head.data, s->head.data, head.len) == 0;

	*skip = same ? rows : 0;
	*above = same ? s->rows - rows : 0;
	s->head.failed |= head.failed;
	pc_buf_clear(&s->head);
	s->head = head;
	s->rows = *above + b->rows;
	s->columns = b->columns;
	s->page = all_apart(b + 1, end) ? p->number + 1 : 0;
	return same;
}
