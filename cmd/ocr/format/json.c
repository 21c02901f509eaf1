/* json.c - the layout of pages as JSON, a page a line. */
#include "format_in.h"

#include <string.h>

static void
add(struct pc_buf *out, const char *s)
{
	pc_buf_add(out, s, strlen(s));
}

static void
add_text(struct pc_buf *out, const void *s, size_t n)
{
	add(out, "\"text\":");
	pc_json_string(out, n > 0 ? s : "", n);
}

static void
add_place(struct pc_buf *out, const char *before, int64_t v)
{
	add(out, before);
	format_hundredths(out, v, 0);
}

static void
add_box(struct pc_buf *out, const struct box *b)
{
	add_place(out, "\"box\":[", b->x0);
	add_place(out, ",", b->y0);
	add_place(out, ",", b->x1);
	add_place(out, ",", b->y1);
	add(out, "]");
}

static void
add_confidence(struct pc_buf *out, int32_t v)
{
	if (v < 0)
		return;
	add(out, ",\"confidence\":");
	format_hundredths(out, v, 1);
}

static void
add_word(struct pc_buf *out, const struct word *w)
{
	add(out, "{");
	add_text(out, w->text, w->length);
	add(out, ",");
	add_box(out, &w->box);
	add_confidence(out, w->confidence);
	add(out, "}");
}

static void
add_line(struct pc_buf *out, const struct page *p, const struct line *l)
{
	add(out, "{");
	add_box(out, &l->box);
	add(out, ",\"words\":[");
	for (size_t i = 0; i < l->count; i++) {
		if (i > 0)
			add(out, ",");
		add_word(out, &p->words[l->first + i]);
	}
	add(out, "]}");
}

static void
add_block(struct pc_buf *out, const struct page *p, const struct block *b)
{
	struct pc_buf text = {0};

	pc_buf_addf(out, "{\"type\":\"%s\",", block_names[b->type]);
	if (b->type == BLOCK_HEADING)
		pc_buf_addf(out, "\"level\":%d,", b->level);
	add_box(out, &b->box);
	add(out, ",");
	format_block(p, b, &text);
	add_text(out, text.data, text.len);
	out->failed |= text.failed;
	pc_buf_clear(&text);
	add(out, ",\"lines\":[");
	for (size_t i = 0; i < b->count; i++) {
		if (i > 0)
			add(out, ",");
		add_line(out, p, &p->lines[b->first + i]);
	}
	add(out, "]}");
}

static void
add_blocks(struct pc_buf *out, const struct page *p)
{
	add(out, ",\"blocks\":[");
	for (size_t i = 0; i < p->block_count; i++) {
		if (i > 0)
			add(out, ",");
		add_block(out, p, &p->blocks[i]);
	}
	add(out, "]");
	if (!p->parsed) {
		add(out, ",");
		add_text(out, p->data, format_plain_length(p));
	}
}

static void
layout_begin(struct pc_buf *out)
{
	add(out, "{\"pages\":[");
}

static void
layout_page(const struct format_options *o, const struct page *p, size_t index,
    struct pc_buf *out)
{
	(void)o;
	pc_buf_addf(out, "%s\n{\"page\":%u", index > 0 ? "," : "", p->number);
	if (p->error[0]) {
		add(out, ",\"error\":");
		pc_json_string(out, p->error, strlen(p->error));
		add(out, "}");
		return;
	}
	if (p->width > 0 && p->height > 0) {
		add_place(out, ",\"width\":", p->width);
		add_place(out, ",\"height\":", p->height);
	}
	pc_buf_addf(out, ",\"source\":\"%s\"", source_names[p->source]);
	add_confidence(out, p->confidence);
	if (p->dpi > 0)
		pc_buf_addf(out, ",\"dpi\":%u", p->dpi);
	pc_buf_addf(out, ",\"rotation\":%d", (int)p->rotation);
	add_blocks(out, p);
	add(out, "}");
}

static void
layout_end(struct pc_buf *out)
{
	add(out, "\n]}\n");
}

const struct format_writer format_layout_writer = {.words = 1,
    .begin = layout_begin,
    .page = layout_page,
    .end = layout_end};
