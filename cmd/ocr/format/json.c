/* json.c - the layout of pages as JSON, one page per line. */
#include "format_in.h"

#include "ocr/page/marks.h"

static void
add_confidence(struct pc_buf *out, int32_t v)
{
	static const char key[] = "confidence";

	if (v < 0)
		return;
	pc_json_add_key(out, key, sizeof key - 1);
	format_hundredths(out, v, 1);
}

static void
add_word(struct pc_buf *out, const struct word *w)
{
	pc_json_begin_object(out, NULL);
	pc_json_add_bytes(out, "text", w->text, w->length);
	format_json_box(out, &w->box);
	add_confidence(out, w->confidence);
	if (w->struck)
		pc_json_add_bool(out, "struck", 1);
	pc_json_end_object(out);
}

static void
add_line(struct pc_buf *out, const struct page *p, const struct line *l)
{
	pc_json_begin_object(out, NULL);
	format_json_box(out, &l->box);
	pc_json_begin_array(out, "words");
	for (size_t i = 0; i < l->count; i++)
		add_word(out, &p->words[l->first + i]);
	pc_json_end_array(out);
	pc_json_end_object(out);
}

static void
add_cells(struct pc_buf *out, const struct page *p, const struct block *b)
{
	pc_json_add_uint(out, "rows", b->rows);
	pc_json_add_uint(out, "columns", b->columns);
	pc_json_begin_array(out, "cells");
	for (size_t i = 0; i < b->cell_count; i++) {
		pc_json_begin_object(out, NULL);
		format_json_cell(p, b->first_cell + i, 0, out);
		pc_json_end_object(out);
	}
	pc_json_end_array(out);
}

static void
add_block(struct pc_buf *out, const struct page *p, const struct block *b)
{
	struct pc_buf text = {0};

	pc_json_begin_object(out, NULL);
	pc_json_add_text(out, "type", block_names[b->type]);
	if (b->type == BLOCK_HEADING)
		pc_json_add_int(out, "level", b->level);
	if (b->artifact)
		pc_json_add_bool(out, "artifact", 1);
	format_json_box(out, &b->box);
	format_block(p, b, 0, &text);
	pc_json_add_bytes(out, "text", text.data ? (char *)text.data : "",
	    text.len);
	out->failed |= text.failed;
	pc_buf_clear(&text);
	if (b->type == BLOCK_TABLE)
		add_cells(out, p, b);
	pc_json_begin_array(out, "lines");
	for (size_t i = 0; i < b->count; i++)
		add_line(out, p, &p->lines[b->first + i]);
	pc_json_end_array(out);
	pc_json_end_object(out);
}

static void
add_content(struct pc_buf *out, const struct page *p)
{
	const size_t plain = p->parsed ? 0 : format_plain_length(p);

	pc_json_begin_array(out, "blocks");
	for (size_t i = 0; i < p->block_count; i++)
		add_block(out, p, &p->blocks[i]);
	pc_json_end_array(out);
	if (!p->parsed)
		pc_json_add_bytes(out, "text", plain ? (char *)p->data : "",
		    plain);
}

static void
layout_begin(struct pc_buf *out)
{
	pc_json_begin_object(out, NULL);
	pc_json_begin_array(out, "pages");
}

static void
layout_page(const struct format_options *o, const struct page *p, size_t index,
    struct pc_buf *out)
{
	(void)o;
	/* The previous page may be printed and no longer in out. */
	pc_buf_addf(out, "%s\n", index > 0 ? "," : "");
	pc_json_begin_object(out, NULL);
	pc_json_add_uint(out, "page", p->number);
	if (p->error[0]) {
		pc_json_add_text(out, "error", p->error);
		pc_json_end_object(out);
		return;
	}
	if (p->width > 0 && p->height > 0) {
		format_json_points(out, "width", p->width);
		format_json_points(out, "height", p->height);
	}
	pc_json_add_text(out, "source", source_names[p->source]);
	add_confidence(out, p->confidence);
	if (p->dpi > 0)
		pc_json_add_uint(out, "dpi", p->dpi);
	pc_json_add_int(out, "rotation", p->rotation);
	page_marks_add(p, out);
	pc_json_add_members(out, p->declared.text, p->declared.length);
	add_content(out, p);
	pc_json_end_object(out);
}

/* The document's own members come last, because pages are printed as soon as
 * they are ready. */
static void
layout_end(struct format_state *s, struct pc_buf *out)
{
	pc_buf_addf(out, "\n");
	pc_json_end_array(out);
	pc_json_add_members(out, s->declared.text, s->declared.length);
	pc_json_end_object(out);
	pc_buf_addf(out, "\n");
}

const struct format_writer format_layout_writer = {.words = 1,
    .begin = layout_begin,
    .page = layout_page,
    .end_with = layout_end};
