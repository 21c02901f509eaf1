/* page_parse.c - read a page from its text form. */
#include "letters.h"
#include "page.h"

#include <errno.h>
#include <string.h>

enum {
	WORDS_MAX = 4 * 1000 * 1000,
	RULES_MAX = 8000, /* of more, a page is a drawing */
	SPOTS_MAX = 1000,
};

static int
bad(void)
{
	errno = EBADMSG;
	return -1;
}

/* Read a tab and a whole number; *s moves past both. */
static int
number(const char **s, const char *end, int32_t min, int32_t *v)
{
	const char *p = *s;
	int64_t n = 0;
	int negative, digits = 0;

	if (p == end || *p++ != '\t')
		return -1;
	negative = p < end && *p == '-';
	for (p += negative; p < end && *p >= '0' && *p <= '9' && digits < 10;
	     p++, digits++)
		n = n * 10 + (*p - '0');
	if (digits == 0 || n > PLACE_MAX)
		return -1;
	*v = (int32_t)(negative ? -n : n);
	*s = p;
	return *v < min ? -1 : 0;
}

static int
box(const char **s, const char *end, struct box *b)
{
	return number(s, end, -PLACE_MAX, &b->x0) |
	    number(s, end, -PLACE_MAX, &b->y0) |
	    number(s, end, -PLACE_MAX, &b->x1) |
	    number(s, end, -PLACE_MAX, &b->y1);
}

static int
parse_block(struct page *p, const char *s, const char *end)
{
	static const struct {
		const char *name;
		enum block_type type;
	} types[] = {{"text", BLOCK_PARAGRAPH}, {"heading", BLOCK_HEADING},
	    {"table", BLOCK_TABLE}, {"caption", BLOCK_CAPTION},
	    {"figure", BLOCK_FIGURE}};
	struct block b = {.first = p->line_count};
	size_t n;

	if (box(&s, end, &b.box) < 0 || s == end || *s++ != '\t')
		return bad();
	n = (size_t)(end - s);
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strlen(types[i].name) == n &&
		    memcmp(types[i].name, s, n) == 0) {
			b.type = types[i].type;
			return page_add_block(p, &b);
		}
	return bad();
}

static int
parse_line(struct page *p, const char *s, const char *end)
{
	struct line l = {.first = p->word_count};

	if (p->block_count == 0 || box(&s, end, &l.box) < 0 || s != end)
		return bad();
	p->blocks[p->block_count - 1].count++;
	return page_add_line(p, &l);
}

static int
parse_rule(struct page *p, const char *s, const char *end)
{
	struct box b;

	if (box(&s, end, &b) < 0 || s != end)
		return bad();
	return p->rule_count < RULES_MAX ? page_add_rule(p, &b) : 0;
}

static int
parse_spot(struct page *p, const char *s, const char *end)
{
	struct box b;

	if (box(&s, end, &b) < 0 || s != end)
		return bad();
	return p->spot_count < SPOTS_MAX ? page_add_spot(p, &b) : 0;
}

/* What holds for the words that follow. */
struct word_state {
	int32_t quarters, struck, role, style, stroke, order, item;
	uint32_t tag_cell;
};

static int
parse_tagged_cell(struct page *p, const char *s, const char *end,
    struct word_state *state)
{
	struct tagged_cell c;

	if (number(&s, end, 0, &c.table) | number(&s, end, 0, &c.row) |
		number(&s, end, 0, &c.column) | number(&s, end, 0, &c.rows) |
		number(&s, end, 0, &c.columns) |
		number(&s, end, 0, &c.header) ||
	    s != end || c.header > 1)
		return bad();
	state->tag_cell = 0;
	if (c.table == 0)
		return 0;
	if (c.rows == 0 || c.columns == 0 || c.columns > TABLE_COLUMNS_MAX ||
	    c.column > TABLE_COLUMNS_MAX - c.columns)
		return bad();
	if (page_add_tagged_cell(p, &c) < 0)
		return -1;
	state->tag_cell = (uint32_t)p->tag_cell_count;
	return 0;
}

static int
parse_word(struct page *p, const char *s, const char *end,
    const struct word_state *state)
{
	struct word w = {.turned = (unsigned char)state->quarters,
	    .struck = (unsigned char)state->struck,
	    .role = (unsigned char)state->role,
	    .style = (unsigned char)state->style,
	    .stroke = (uint16_t)state->stroke,
	    .tag_order = (uint32_t)state->order,
	    .tag_item = (uint32_t)state->item,
	    .tag_cell = state->tag_cell};

	if (p->word_count >= WORDS_MAX || box(&s, end, &w.box) < 0 ||
	    number(&s, end, -1, &w.confidence) < 0 || w.confidence > 10000 ||
	    s == end || *s++ != '\t')
		return bad();
	w.text = s;
	w.length = (size_t)(end - s);
	if (!pc_utf8_valid(s, w.length))
		return bad();
	for (; s < end; s++)
		if ((unsigned char)*s < ' ')
			return bad();
	w.length = letters_clean(
	    p->data + ((const unsigned char *)w.text - p->data), w.length);
	if (w.length == 0)
		return 0;
	/* If a page has lines, each word is in a line. */
	if (p->block_count > 0) {
		if (p->blocks[p->block_count - 1].count == 0)
			return bad();
		p->lines[p->line_count - 1].count++;
	}
	return page_add_word(p, &w);
}

static int
parse_state(const char *s, const char *end, int32_t most, int32_t *v)
{
	if (number(&s, end, 0, v) < 0 || s != end || *v > most)
		return bad();
	return 0;
}

static int
parse_text(struct page *p, const char *s, const char *end)
{
	const size_t n = (size_t)(end - s);

	if (!pc_utf8_valid(s, n))
		return bad();
	p->text = p->data + (p->length - n);
	p->text_length = letters_clean(p->text, n);
	return 0;
}

int
page_parse(struct page *p)
{
	struct word_state state = {.role = ROLE_NONE};
	const char *s = (const char *)p->data, *end = s + p->length, *line_end;
	int r = 0;

	for (; r == 0 && s < end; s = line_end + 1) {
		line_end = memchr(s, '\n', (size_t)(end - s));
		if (!line_end)
			return bad();
		if (*s == 't')
			return parse_text(p, line_end + 1, end);
		r = *s == 'w' ? parse_word(p, s + 1, line_end, &state)
		    : *s == 'q'
		    ? parse_state(s + 1, line_end, 3, &state.quarters)
		    : *s == 'r'
		    ? parse_state(s + 1, line_end, ROLES - 1, &state.role)
		    : *s == 'f'
		    ? parse_state(s + 1, line_end, STYLES, &state.style)
		    : *s == 'k'
		    ? parse_state(s + 1, line_end, UINT16_MAX, &state.stroke)
		    : *s == 'o'
		    ? parse_state(s + 1, line_end, PLACE_MAX, &state.order)
		    : *s == 'i'
		    ? parse_state(s + 1, line_end, PLACE_MAX, &state.item)
		    : *s == 'c' ? parse_tagged_cell(p, s + 1, line_end, &state)
		    : *s == 's' ? parse_state(s + 1, line_end, 1, &state.struck)
		    : *s == 'g' ? parse_rule(p, s + 1, line_end)
		    : *s == 'u' ? parse_spot(p, s + 1, line_end)
		    : *s == 'l' ? parse_line(p, s + 1, line_end)
		    : *s == 'b' ? parse_block(p, s + 1, line_end)
				: bad();
	}
	return r;
}
