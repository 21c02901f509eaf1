/* file_cache.c - a document's page and image files, stored one by one. */
#include "file_cache.h"

#include "cli/stage_files.h"
#include "ocr/page/image_file.h"
#include "ocr/page_result.h"

#include <stdlib.h>
#include <string.h>

static const char png_stage[] = "ocr.png", images_stage[] = "ocr.images";

static void
store(struct stage_file *f, const char *extra, const void *value, size_t n,
    int64_t cost)
{
	(void)stage_file_store(f,
	    &(struct stage_result){.bytes = value,
		.len = n,
		.ttl = f->entry.cli->ttl,
		.setting = "caching.ttl_layout",
		.cost = cost,
		.extra = (const unsigned char *)extra,
		.extra_len = strlen(extra)});
}

/* ---- PNG files ---- */

static void
begin_png(struct stage_file *f, struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, unsigned page)
{
	struct pc_spec s;
	const int whole = page_result_begin_key(&s, o, png_stage, doc) == 0 &&
	    param_number(&s, "dpi", o->dpi) == 0 &&
	    param_number(&s, "page", page) == 0;

	stage_file_begin(f, c, png_stage, &s, whole);
}

/* The extra is "WIDTH HEIGHT DPI", as file_cache_store_png writes it. */
static int
is_page(void *ctx, const struct pc_record *r, const struct pc_buf *bytes)
{
	struct pixels *p = ctx;
	char extra[64];

	page_result_copy_text(r->extra, r->extra_len, extra, sizeof extra);
	return sscanf(extra, "%u %u %u", &p->width, &p->height, &p->dpi) == 3 &&
	    image_file_is_png(bytes->data, bytes->len, p->width, p->height);
}

int
file_cache_find_png(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, struct page *page, struct pixels *p)
{
	struct pc_buf bytes = {0};
	struct stage_file f;
	int missed;

	begin_png(&f, c, o, doc, page->number);
	f.bytes = &bytes;
	f.wanted = is_page;
	f.ctx = p;
	missed = stage_file_find(&f);
	if (missed) {
		page_drop(page);
		pc_buf_clear(&bytes);
	} else {
		page->data = bytes.data;
		page->length = bytes.len;
	}
	stage_file_end(&f);
	return missed;
}

void
file_cache_store_png(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, const struct page *page, const struct pixels *p,
    int64_t cost)
{
	struct stage_file f;
	char extra[64];

	snprintf(extra, sizeof extra, "%u %u %u", p->width, p->height, p->dpi);
	begin_png(&f, c, o, doc, page->number);
	store(&f, extra, page->data, page->length, cost);
	stage_file_end(&f);
}

/* ---- embedded images ---- */

static void
begin_image(struct stage_file *f, struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, unsigned page, unsigned image)
{
	struct pc_spec s;
	const int whole = page_result_begin_key(&s, o, images_stage, doc) ==
		0 &&
	    param_number(&s, "page", page) == 0 &&
	    param_number(&s, "image", image) == 0;

	stage_file_begin(f, c, images_stage, &s, whole);
}

int
file_cache_find_image(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_id *id, struct pc_buf *bytes)
{
	struct stage_file f;
	int missed;

	begin_image(&f, c, o, doc, page, image);
	f.id = id;
	f.bytes = bytes;
	missed = stage_file_find(&f);
	stage_file_end(&f);
	return missed;
}

void
file_cache_store_image(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_buf *bytes)
{
	struct stage_file f;

	begin_image(&f, c, o, doc, page, image);
	store(&f, "", bytes->data, bytes->len, 0);
	stage_file_end(&f);
}
