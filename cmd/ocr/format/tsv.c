/* tsv.c - one line per item, in tesseract's columns, positions in points. */
#include "format_in.h"

#include <string.h>

/* The current position in the page: a row's numbers, counted as tesseract
 * does. */
struct at {
	int level; /* 1: page, 2: block, 3: paragraph, 4: line, 5: word */
	unsigned page;
	size_t block, paragraph, line, word;
};

static void
tsv_begin(struct pc_buf *out)
{
	static const char header[] = "level\tpage_num\tblock_num\tpar_num\t"
				     "line_num\tword_num\tleft\ttop\twidth\t"
				     "height\tconf\ttext\n";

	pc_buf_add(out, header, sizeof header - 1);
}

static void
place(struct pc_buf *out, int64_t v)
{
	format_hundredths(out, v, 0);
	pc_buf_add(out, "\t", 1);
}

static void
row(struct pc_buf *out, const struct at *at, const struct box *b,
    int32_t confidence, const char *text, size_t n)
{
	pc_buf_addf(out, "%d\t%u\t%zu\t%zu\t%zu\t%zu\t", at->level, at->page,
	    at->block, at->paragraph, at->line, at->word);
	place(out, b->x0);
	place(out, b->y0);
	place(out, b->x1 > b->x0 ? (int64_t)b->x1 - b->x0 : 0);
	place(out, b->y1 > b->y0 ? (int64_t)b->y1 - b->y0 : 0);
	format_hundredths(out, confidence < 0 ? -100 : confidence, 1);
	pc_buf_add(out, "\t", 1);
	if (n > 0)
		pc_buf_add(out, text, n);
	pc_buf_add(out, "\n", 1);
}

static void
add_line(struct pc_buf *out, const struct page *p, const struct line *l,
    struct at at)
{
	at.level = 4;
	row(out, &at, &l->box, -1, NULL, 0);
	at.level = 5;
	for (size_t i = 0; i < l->count; i++) {
		const struct word *w = &p->words[l->first + i];

		at.word = i + 1;
		row(out, &at, &w->box, w->confidence, w->text, w->length);
	}
}

/* A block that has text is one paragraph. */
static void
add_block(struct pc_buf *out, const struct page *p, const struct block *b,
    struct at at)
{
	at.level = 2;
	row(out, &at, &b->box, -1, NULL, 0);
	if (b->count == 0)
		return;
	at.level = 3;
	at.paragraph = 1;
	row(out, &at, &b->box, -1, NULL, 0);
	for (size_t i = 0; i < b->count; i++) {
		at.line = i + 1;
		add_line(out, p, &p->lines[b->first + i], at);
	}
}

/* Append the words of a plain text, which have no positions. */
static void
add_plain(struct pc_buf *out, const struct page *p, struct at at)
{
	static const struct box nowhere;
	const char *s = (const char *)p->data;
	const char *end = p->length > 0 ? s + p->length : s;

	at = (struct at){5, at.page, 1, 1, 1, 0};
	while (s < end) {
		const char *word = s;

		while (s < end && (unsigned char)*s > ' ')
			s++;
		if (s > word) {
			at.word++;
			row(out, &at, &nowhere, -1, word, (size_t)(s - word));
			continue;
		}
		if (*s++ == '\n' && at.word > 0) {
			at.line++;
			at.word = 0;
		}
	}
}

static void
tsv_page(const struct format_options *o, const struct page *p, size_t index,
    struct pc_buf *out)
{
	struct at at = {.level = 1, .page = p->number};
	struct box whole = {.x1 = (int32_t)p->width, .y1 = (int32_t)p->height};

	(void)o;
	(void)index;
	row(out, &at, &whole, -1, NULL, 0);
	if (p->error[0])
		return;
	if (!p->parsed)
		add_plain(out, p, at);
	for (size_t i = 0; i < p->block_count; i++) {
		at.block = i + 1;
		add_block(out, p, &p->blocks[i], at);
	}
}

const struct format_writer format_tsv_writer = {.words = 1,
    .begin = tsv_begin,
    .page = tsv_page};
