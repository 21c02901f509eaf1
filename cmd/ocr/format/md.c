/* md.c - pages as Markdown, without headers and footers. */
#include "format_in.h"

#include <stdio.h>
#include <string.h>

static void
add(struct pc_buf *out, const char *s)
{
	pc_buf_add(out, s, strlen(s));
}

/* Append lines as one, after the text in `before`; nothing if they are
 * empty. */
static void
add_text(struct pc_buf *out, const char *before, const struct pc_buf *lines,
    const char *after, int flags)
{
	struct pc_buf whole = {0};

	out->failed |= lines->failed;
	if (lines->len == 0)
		return;
	format_dehyphenate((const char *)lines->data, lines->len, &whole);
	out->failed |= whole.failed;
	add(out, before);
	format_md_text(out, (const char *)whole.data, whole.len, flags);
	add(out, after);
	pc_buf_clear(&whole);
}

static void
add_block_text(const struct page *p, const struct block *b, struct pc_buf *out,
    const char *before, const char *after, int flags)
{
	struct pc_buf lines = {0};

	format_block(p, b, 1, &lines);
	add_text(out, before, &lines, after, flags);
	pc_buf_clear(&lines);
}

/* ---- lists ---- */

enum { MARK_SIZE = 8, DIGITS_MAX = 3, LEVELS_MAX = 6, FENCE = 3 };

/* Items of one level begin within this part of a line's height, in percent:
 * numbers may be aligned at the right. */
static const int level_slack = 80;

/* The length of the bullet at the start of a line, or 0.  A sign that is
 * common in text counts only if it stands alone. */
static size_t
bullet(const char *s, size_t n)
{
	static const char *const alone[] = {"-", "*", "+", "–", "—", "·"};
	static const char *const bullets[] = {"•", "‣", "◦", "▪", "▫", "■", "□",
	    "●", "○", "\xef\x82\xb7", "\xef\x82\xa7"}; /* in the Symbol font */
	size_t len;

	for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++) {
		len = strlen(alone[i]);
		if (len <= n && memcmp(s, alone[i], len) == 0 &&
		    (len == n || s[len] == ' '))
			return len;
	}
	for (size_t i = 0; i < sizeof bullets / sizeof bullets[0]; i++) {
		len = strlen(bullets[i]);
		if (len <= n && memcmp(s, bullets[i], len) == 0)
			return len;
	}
	return 0;
}

/* "1." or "12)" and a space: its length, or 0. */
static size_t
numbered(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && i < DIGITS_MAX && s[i] >= '0' && s[i] <= '9')
		i++;
	if (i == 0 || i == n || (s[i] != '.' && s[i] != ')'))
		return 0;
	return i + 1 == n || s[i + 1] == ' ' ? i + 1 : 0;
}

/* Is it "a)", "(2)" or "iv." and a space, which Markdown does not know?  1 or
 * 0. */
static int
lettered(const char *s, size_t n)
{
	size_t i = n > 0 && s[0] == '(', from = i;

	while (i < n && i < from + 4 && s[i] &&
	    strchr(from ? "ivxIVX0123456789" : "ivxIVX", s[i]))
		i++;
	if (i == from && i < n &&
	    ((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z')))
		i++;
	if (i == from || i == n || (s[i] != ')' && (from || s[i] != '.')))
		return 0;
	return i + 1 == n || s[i + 1] == ' ';
}

/* Does the line begin an item?  Then set its Markdown mark, and *skip to the
 * bytes that the mark replaces. */
static int
item_starts(const char *s, size_t n, char mark[MARK_SIZE], size_t *skip)
{
	size_t number = numbered(s, n);

	*skip = number ? number : bullet(s, n);
	if (*skip == 0 && !lettered(s, n))
		return 0;
	snprintf(mark, MARK_SIZE, "%.*s ", number ? (int)number : 1,
	    number ? s : "-");
	return 1;
}

/* Append a line, whose mark is looked for at its start.  1: this is struck out,
 * and the mark for that was left out. */
static int
add_list_line(const struct page *p, const struct line *l, struct pc_buf *out)
{
	int struck = 0;

	format_line(p, l, &struck, out);
	if (struck)
		pc_buf_add(out, &format_struck_mark, 1);
	if (out->len == 0 || out->data[0] != (unsigned char)format_struck_mark)
		return 0;
	memmove(out->data, out->data + 1, --out->len);
	return 1;
}

static void
add_item(struct pc_buf *out, int indent, const char *mark,
    const struct pc_buf *item)
{
	if (item->len > 0)
		pc_buf_addf(out, "%*s", indent, "");
	add_text(out, mark, item, "\n", MD_START);
}

/* Lists within lists: where the items of each begin, and by how many blanks
 * Markdown indents them. */
struct list_level {
	int32_t at; /* 1/100 point */
	int indent;
};

struct list_levels {
	struct list_level level[LEVELS_MAX];
	int count;
};

static int32_t
start_of(const struct page *p, const struct line *l)
{
	return p->rtl ? -l->box.x1 : l->box.x0;
}

/* The blanks before the mark of an item that begins on this line.  last is the
 * length of the mark of the item before it. */
static int
find_indent(struct list_levels *s, const struct page *p, const struct line *l,
    int last)
{
	const int32_t at = start_of(p, l),
		      slack = level_slack * (l->box.y1 - l->box.y0) / 100;
	int within = 0;

	while (s->count > 1 && s->level[s->count - 1].at > at + slack)
		s->count--;
	if (s->count > 0 && s->level[s->count - 1].at >= at - slack)
		return s->level[s->count - 1].indent;
	if (s->count > 0)
		within = s->level[s->count - 1].indent + last;
	if (s->count < LEVELS_MAX)
		s->level[s->count++] = (struct list_level){at, within};
	return within;
}

/* Does a tagged PDF say that a further item begins on this line?  *last is the
 * last item before it; text of that may come after items within it. */
static int
begins_tagged_item(const struct page *p, const struct line *l, uint32_t *last)
{
	const uint32_t item = l->count > 0 ? p->words[l->first].tag_item : 0;

	if (item <= *last)
		return 0;
	*last = item;
	return 1;
}

static void
add_list(const struct page *p, const struct block *b, struct pc_buf *out)
{
	struct list_levels levels = {0};
	struct pc_buf item = {0}, line = {0};
	char mark[MARK_SIZE] = "- ", next[MARK_SIZE];
	uint32_t tagged = 0;
	int indent = 0;
	size_t skip;
	int struck, begins;

	for (size_t i = 0; i < b->count; i++) {
		line.len = 0;
		struck = add_list_line(p, &p->lines[b->first + i], &line);
		if (line.len == 0)
			continue;
		skip = 0;
		begins = begins_tagged_item(p, &p->lines[b->first + i],
		    &tagged);
		memcpy(next, "- ", sizeof "- ");
		begins |= item_starts((const char *)line.data, line.len, next,
		    &skip);
		if (begins) {
			add_item(out, indent, mark, &item);
			indent = find_indent(&levels, p,
			    &p->lines[b->first + i], (int)strlen(mark));
			item.len = 0;
			memcpy(mark, next, sizeof mark);
		} else if (item.len > 0) {
			pc_buf_add(&item, "\n", 1);
		}
		while (skip < line.len && line.data[skip] == ' ')
			skip++;
		if (struck)
			pc_buf_add(&item, &format_struck_mark, 1);
		pc_buf_add(&item, line.data + skip, line.len - skip);
	}
	add_item(out, indent, mark, &item);
	out->failed |= line.failed;
	pc_buf_clear(&item);
	pc_buf_clear(&line);
}

/* ---- blocks ---- */

static void
add_heading(const struct page *p, const struct block *b, struct pc_buf *out)
{
	static const char signs[] = "###### ";
	int level = b->level < 1 ? 1 : b->level > 6 ? 6 : b->level;

	add_block_text(p, b, out, signs + 6 - level, "\n", 0);
}

static void
add_figure(const struct page *p, const struct block *b, struct pc_buf *out)
{
	pc_buf_addf(out, "![figure](#page-%u)\n", p->number);
	add_block_text(p, b, out, "\n", "\n", MD_START);
}

/* The fence is longer than any run of backquotes in the code. */
static void
add_code(const struct page *p, const struct block *b, struct pc_buf *out)
{
	struct pc_buf code = {0};
	int fence = FENCE, run = 0;

	format_block(p, b, 0, &code);
	for (size_t i = 0; i < code.len; i++) {
		run = code.data[i] == '`' ? run + 1 : 0;
		fence = run >= fence ? run + 1 : fence;
	}
	for (int i = 0; i < fence; i++)
		add(out, "`");
	add(out, "\n");
	pc_buf_add(out, code.data, code.len);
	add(out, "\n");
	for (int i = 0; i < fence; i++)
		add(out, "`");
	add(out, "\n");
	out->failed |= code.failed;
	pc_buf_clear(&code);
}

static void
add_block(const struct page *p, const struct block *b, struct pc_buf *out)
{
	if (b->artifact)
		return;
	switch (b->type) {
	case BLOCK_HEADING:
		add_heading(p, b, out);
		break;
	case BLOCK_LIST:
		add_list(p, b, out);
		break;
	case BLOCK_CODE:
		add_code(p, b, out);
		break;
	case BLOCK_TABLE:
		format_md_table(p, b, out);
		break;
	case BLOCK_FIGURE:
		add_figure(p, b, out);
		break;
	case BLOCK_CAPTION:
		add_block_text(p, b, out, "*", "*\n", 0);
		break;
	case BLOCK_HEADER:
	case BLOCK_FOOTER:
		break;
	default:
		add_block_text(p, b, out, "", "\n", MD_START);
	}
}

/* Separate blocks by an empty line, but not the parts of a list. */
static void
add_blocks(const struct page *p, struct pc_buf *out)
{
	enum block_type last = BLOCK_TYPES; /* none */

	for (size_t i = 0; i < p->block_count; i++) {
		const struct block *b = &p->blocks[i];
		size_t start = out->len, text;

		if (last != BLOCK_TYPES &&
		    (last != BLOCK_LIST || b->type != BLOCK_LIST))
			add(out, "\n");
		text = out->len;
		add_block(p, b, out);
		if (out->len > text)
			last = b->type;
		else
			out->len = start;
	}
}

static void
md_page(const struct format_options *o, const struct page *p, size_t index,
    struct pc_buf *out)
{
	size_t start;

	if (index > 0)
		add(out, "\n---\n\n");
	if (p->error[0])
		return;
	start = out->len;
	if (p->parsed)
		add_blocks(p, out);
	else
		format_plain(o, p, out);
	if (out->len > start && out->data[out->len - 1] != '\n')
		add(out, "\n");
}

const struct format_writer format_md_writer = {.words = 1, .page = md_page};
