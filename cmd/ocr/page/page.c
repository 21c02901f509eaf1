/* page.c - read a page from its text form. */
#include "page.h"

#include "letters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORDS_MAX = 4 * 1000 * 1000,
	RULES_MAX = 8000, /* of more, a page is a drawing */
	SPOTS_MAX = 1000,
};

const char *const block_names[BLOCK_TYPES] = {"paragraph", "heading", "list",
    "table", "figure", "caption", "header", "footer", "code"};
const char *const source_names[SOURCES] = {"", "text-layer", "no-text",
    "bad-text", "forced", "image", "text", "mixed", "vision"};
const char *const damage_names[DAMAGE_KINDS] = {"content", "image", "font",
    "object"};

int
page_is_damaged(const struct page *p)
{
	for (int i = 0; i < DAMAGE_KINDS; i++)
		if (p->damage[i])
			return 1;
	return 0;
}

void
page_drop(struct page *p)
{
	free(p->data);
	free(p->words);
	free(p->lines);
	free(p->blocks);
	free(p->cells);
	free(p->rules);
	free(p->spots);
	free(p->tag_cells);
	p->data = NULL;
	p->words = NULL;
	p->lines = NULL;
	p->blocks = NULL;
	p->cells = NULL;
	p->rules = NULL;
	p->spots = NULL;
	p->tag_cells = NULL;
	p->length = p->word_count = p->line_count = p->block_count = 0;
	p->cell_count = p->rule_count = p->spot_count = 0;
	p->tag_cell_count = 0;
	p->parsed = 0;
	p->text = NULL;
	p->text_length = 0;
}

/* Make room for one more item in an array that doubles when it is full. */
static void *
grown(void *array, size_t count, size_t size)
{
	if (count & (count - 1) || count == 1)
		return array;
	return realloc(array, (count ? 2 * count : 2) * size);
}

int
page_add_word(struct page *p, const struct word *w)
{
	struct word *a = grown(p->words, p->word_count, sizeof *a);

	if (!a)
		return -1;
	p->words = a;
	a[p->word_count++] = *w;
	return 0;
}

int
page_add_line(struct page *p, const struct line *l)
{
	struct line *a = grown(p->lines, p->line_count, sizeof *a);

	if (!a)
		return -1;
	p->lines = a;
	a[p->line_count++] = *l;
	return 0;
}

int
page_add_block(struct page *p, const struct block *b)
{
	struct block *a = grown(p->blocks, p->block_count, sizeof *a);

	if (!a)
		return -1;
	p->blocks = a;
	a[p->block_count++] = *b;
	return 0;
}

int
page_add_cell(struct page *p, const struct cell *c)
{
	struct cell *a = grown(p->cells, p->cell_count, sizeof *a);

	if (!a)
		return -1;
	p->cells = a;
	a[p->cell_count++] = *c;
	return 0;
}

int
page_add_rule(struct page *p, const struct box *b)
{
	struct box *a = grown(p->rules, p->rule_count, sizeof *a);

	if (!a)
		return -1;
	p->rules = a;
	a[p->rule_count++] = *b;
	return 0;
}

int
page_add_tagged_cell(struct page *p, const struct tagged_cell *c)
{
	struct tagged_cell *a = grown(p->tag_cells, p->tag_cell_count,
	    sizeof *a);

	if (!a)
		return -1;
	p->tag_cells = a;
	a[p->tag_cell_count++] = *c;
	return 0;
}

void
box_join(struct box *b, const struct box *other)
{
	b->x0 = b->x0 < other->x0 ? b->x0 : other->x0;
	b->y0 = b->y0 < other->y0 ? b->y0 : other->y0;
	b->x1 = b->x1 > other->x1 ? b->x1 : other->x1;
	b->y1 = b->y1 > other->y1 ? b->y1 : other->y1;
}

/* ---- parsing ---- */

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
	struct box b, *a;

	if (box(&s, end, &b) < 0 || s != end)
		return bad();
	if (p->spot_count == SPOTS_MAX)
		return 0;
	a = grown(p->spots, p->spot_count, sizeof *a);
	if (!a)
		return -1;
	p->spots = a;
	a[p->spot_count++] = b;
	return 0;
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

/* ---- poppler's own text ---- */

static const unsigned char *
skip_blanks(const unsigned char *s, const unsigned char *end)
{
	while (s < end && *s <= ' ')
		s++;
	return s;
}

/* Does the text at s continue with this word?  Returns the word's end in it,
 * or NULL.  Poppler joins some words that a hyphen broke. */
static const unsigned char *
match_word(const struct word *w, const unsigned char *s,
    const unsigned char *end)
{
	for (size_t i = 0; i < w->length; i++) {
		s = skip_blanks(s, end);
		if (s < end && *s == (unsigned char)w->text[i])
			s++;
		else if (w->text[i] != '-' || i + 1 < w->length)
			return NULL;
	}
	return s;
}

static int
has_order_of_text(const struct page *p)
{
	const unsigned char *s = p->text, *end = p->text + p->text_length;

	for (size_t i = 0; i < p->word_count; i++)
		if (!(s = match_word(&p->words[i], s, end)))
			return 0;
	return skip_blanks(s, end) == end;
}

void
page_keep_text(struct page *p)
{
	unsigned char *data = p->data;
	const size_t n = p->text_length;

	/* In right-to-left lines poppler puts spaces in wrong places. */
	if (!p->text || p->rtl || !has_order_of_text(p))
		return;
	memmove(data, p->text, n);
	p->data = NULL;
	page_drop(p);
	p->data = data;
	p->length = n;
}
