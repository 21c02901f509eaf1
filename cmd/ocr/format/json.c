/* json.c - the layout of pages as JSON, one page per line. */
#include "format_in.h"

#include "ocr/page/marks.h"

/* Append a position or size in 1/100 point as points.  A page has thousands of
 * them, and printf would take most of the time. */
static void
add_points(struct pc_buf *out, const char *key, int64_t v)
{
	char text[24], *const end = text + sizeof text, *p = end;
	uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;

	for (int digits = 0; digits < 3 || rest > 0; digits++) {
		if (digits == 2)
			*--p = '.';
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (v < 0)
		*--p = '-';
	pc_json_add_raw(out, key, p, (size_t)(end - p));
}

static void
add_box(struct pc_buf *out, const struct box *b)
{
	pc_json_begin_array(out, "box");
	add_points(out, NULL, b->x0);
	add_points(out, NULL, b->y0);
	add_points(out, NULL, b->x1);
	add_points(out, NULL, b->y1);
	pc_json_end_array(out);
}

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
	add_box(out, &w->box);
	add_confidence(out, w->confidence);
	pc_json_end_object(out);
}

static void
add_line(struct pc_buf *out, const struct page *p, const struct line *l)
{
	pc_json_begin_object(out, NULL);
	add_box(out, &l->box);
	pc_json_begin_array(out, "words");
	for (size_t i = 0; i < l->count; i++)
		add_word(out, &p->words[l->first + i]);
	pc_json_end_array(out);
	pc_json_end_object(out);
}

static void
add_block(struct pc_buf *out, const struct page *p, const struct block *b)
{
	struct pc_buf text = {0};

	pc_json_begin_object(out, NULL);
	pc_json_add_text(out, "type", block_names[b->type]);
	if (b->type == BLOCK_HEADING)
		pc_json_add_int(out, "level", b->level);
	add_box(out, &b->box);
	format_block(p, b, &text);
	pc_json_add_bytes(out, "text", text.data ? (char *)text.data : "",
	    text.len);
	out->failed |= text.failed;
	pc_buf_clear(&text);
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
		add_points(out, "width", p->width);
		add_points(out, "height", p->height);
	}
	pc_json_add_text(out, "source", source_names[p->source]);
	add_confidence(out, p->confidence);
	if (p->dpi > 0)
		pc_json_add_uint(out, "dpi", p->dpi);
	pc_json_add_int(out, "rotation", p->rotation);
	page_marks_add(p, out);
	add_content(out, p);
	pc_json_end_object(out);
}

static void
layout_end(struct pc_buf *out)
{
	pc_buf_addf(out, "\n");
	pc_json_end_array(out);
	pc_json_end_object(out);
	pc_buf_addf(out, "\n");
}

const struct format_writer format_layout_writer = {.words = 1,
    .begin = layout_begin,
    .page = layout_page,
    .end = layout_end};
