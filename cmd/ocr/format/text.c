/* text.c - pages as text; other formats use it for pages that have only plain
 * text. */
#include "format_in.h"

#include "ocr/page/letters.h"

#include <string.h>

const char format_struck_mark = '\1';

static int
space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

size_t
format_plain_length(const struct page *p)
{
	size_t n = p->length;

	if (p->source == SOURCE_TEXT)
		return n;
	while (n > 0 && space(p->data[n - 1]))
		n--;
	return n;
}

static void
add(const struct format_options *o, const void *s, size_t n, struct pc_buf *out)
{
	if (o->dehyphenate)
		format_dehyphenate(s, n, out);
	else
		pc_buf_add(out, s, n);
}

void
format_plain(const struct format_options *o, const struct page *p,
    struct pc_buf *out)
{
	size_t n = format_plain_length(p), start = out->len;

	if (n == 0)
		return;
	add(o, p->data, n, out);
	if (p->source == SOURCE_TEXT || out->failed)
		return;
	/* The number of form feeds is the number of pages. */
	for (size_t i = start; i < out->len; i++)
		if (out->data[i] == '\f')
			out->data[i] = '\n';
	pc_buf_add(out, "\n", 1);
}

static void
toggle_struck(int *struck, struct pc_buf *out)
{
	*struck = !*struck;
	pc_buf_add(out, &format_struck_mark, 1);
}

void
format_line(const struct page *p, const struct line *l, int *struck,
    struct pc_buf *out)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct word *w = &p->words[l->first + i];

		if (struck && *struck && !w->struck)
			toggle_struck(struck, out);
		if (i > 0 && !words_join(w - 1, w))
			pc_buf_add(out, " ", 1);
		if (struck && w->struck && !*struck)
			toggle_struck(struck, out);
		pc_buf_add(out, w->text, w->length);
	}
}

void
format_block(const struct page *p, const struct block *b, int marked,
    struct pc_buf *out)
{
	size_t start = out->len;
	int struck = 0;

	if (b->type == BLOCK_CODE) {
		format_code(p, b, out);
		return;
	}
	for (size_t i = 0; i < b->count; i++) {
		size_t at;

		if (out->len > start)
			pc_buf_add(out, "\n", 1);
		at = out->len;
		format_line(p, &p->lines[b->first + i], marked ? &struck : NULL,
		    out);
		if (out->len == at && at > start && !out->failed)
			out->len--; /* the newline of an empty line */
	}
	if (struck)
		toggle_struck(&struck, out);
}

/* Print words without a layout on one line. */
static void
unlaid(const struct page *p, struct pc_buf *out)
{
	struct line all = {.count = p->word_count};

	format_line(p, &all, NULL, out);
}

static void
parsed(const struct page *p, struct pc_buf *out)
{
	if (p->block_count == 0)
		unlaid(p, out);
	for (size_t i = 0; i < p->block_count; i++) {
		size_t start = out->len, text;

		if (start > 0)
			pc_buf_add(out, "\n\n", 2);
		text = out->len;
		format_block(p, &p->blocks[i], 0, out);
		if (out->len == text)
			out->len = start; /* an empty block, for example a
					   * figure */
	}
	if (out->len > 0)
		pc_buf_add(out, "\n", 1);
}

static void
text_page(const struct format_options *o, const struct page *p, size_t index,
    struct pc_buf *out)
{
	struct pc_buf text = {0};

	if (index > 0)
		pc_buf_add(out, "\f", 1);
	if (p->error[0])
		return;
	if (!p->parsed) {
		format_plain(o, p, out);
		return;
	}
	if (o->grid && p->line_count > 0)
		format_grid(p, &text);
	else
		parsed(p, &text);
	if (text.len > 0)
		add(o, text.data, text.len, out);
	out->failed |= text.failed;
	pc_buf_clear(&text);
}

const struct format_writer format_text_writer = {.page = text_page};
