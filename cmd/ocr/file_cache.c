/* file_cache.c - the files of a document, stored one by one. */
#include "file_cache.h"

#include "ocr/page/image_file.h"
#include "ocr/page_result.h"

#include <stdlib.h>
#include <string.h>

static const char png_stage[] = "ocr.png", images_stage[] = "ocr.images";

/* ---- keys ---- */

static int
png_key(struct cli *c, const struct ocr_options *o, const struct pc_id *doc,
    unsigned page, struct page_result *r)
{
	struct pc_spec s;
	const int whole = page_result_begin_key(&s, o, png_stage, doc) == 0 &&
	    param_number(&s, "dpi", o->dpi) == 0 &&
	    param_number(&s, "page", page) == 0;

	return page_result_take_key(&s, whole, c, png_stage, r);
}

static int
image_key(struct cli *c, const struct ocr_options *o, const struct pc_id *doc,
    unsigned page, unsigned image, struct page_result *r)
{
	struct pc_spec s;
	const int whole = page_result_begin_key(&s, o, images_stage, doc) ==
		0 &&
	    param_number(&s, "page", page) == 0 &&
	    param_number(&s, "image", image) == 0;

	return page_result_take_key(&s, whole, c, images_stage, r);
}

/* ---- PNG files ---- */

static int
png_usable(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	struct page_target *t = ctx;
	struct pixels *p = t->pixels;
	char extra[64];

	(void)event;
	page_result_copy_text(hit->record.extra, hit->record.extra_len, extra,
	    sizeof extra);
	if (sscanf(extra, "%u %u %u", &p->width, &p->height, &p->dpi) == 3 &&
	    page_result_read_data(t->page, hit) == 0 &&
	    image_file_is_png(t->page->data, t->page->length, p->width,
		p->height))
		return 1;
	page_drop(t->page);
	return 0;
}

int
file_cache_find_png(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, struct page *page, struct pixels *p)
{
	struct page_target t = {.page = page, .pixels = p};
	struct page_result r;
	int found = 1;

	if (png_key(c, o, doc, page->number, &r) == 0)
		found = page_result_find(&r, png_usable, &t);
	if (found != 0)
		page_drop(page);
	page_result_clear(&r);
	return found;
}

void
file_cache_store_png(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, const struct page *page, const struct pixels *p,
    int64_t cost)
{
	struct page_result r;
	char extra[64];

	snprintf(extra, sizeof extra, "%u %u %u", p->width, p->height, p->dpi);
	if (png_key(c, o, doc, page->number, &r) == 0)
		page_result_store(&r, extra, page->data, page->length, cost,
		    "caching.ttl_layout");
	page_result_clear(&r);
}

/* ---- embedded images ---- */

static int
image_usable(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	struct page_target *t = ctx;

	(void)event;
	t->bytes->len = 0;
	return memcmp(hit->record.output.b, t->id->b, sizeof t->id->b) == 0 &&
	    pc_hit_read(hit, t->bytes, SIZE_MAX) == 0;
}

int
file_cache_find_image(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_id *id, struct pc_buf *b)
{
	struct page_target t = {.id = id, .bytes = b};
	struct page_result r;
	int found = 1;

	if (image_key(c, o, doc, page, image, &r) == 0)
		found = page_result_find(&r, image_usable, &t);
	page_result_clear(&r);
	return found;
}

void
file_cache_store_image(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_buf *b)
{
	struct page_result r;

	if (image_key(c, o, doc, page, image, &r) == 0)
		page_result_store(&r, "", b->data, b->len, 0,
		    "caching.ttl_layout");
	page_result_clear(&r);
}
