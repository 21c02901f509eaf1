/* page_cache.c - pages and images that are stored one by one. */
#include "page_cache.h"

#include "ocr/page/image_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char pixels_stage[] = "ocr.page", words_stage[] = "ocr.pixels";
static const char png_stage[] = "ocr.png", images_stage[] = "ocr.images";

enum { DESCRIPTION_MAX = 160, EXTRA_MAX = 128 };

/* What all keys have. */
static int
begin(struct pc_spec *s, const struct ocr_options *o, const char *stage,
    const struct pc_id *input)
{
	int r;

	*s = (struct pc_spec){0};
	r = pc_spec_stage(s, stage);
	for (size_t i = 0; r == 0 && i < o->engines.count; i++)
		r = pc_spec_add(s, PC_FIELD_ENGINE, o->engines.fields[i].bytes,
		    o->engines.fields[i].len);
	return r == 0
	    ? pc_spec_add(s, PC_FIELD_INPUT, input->b, sizeof input->b)
	    : r;
}

/* A spec of which something is missing, for lack of memory, has no key: it
 * would be another's. */
static int
end(struct pc_spec *s, int whole, struct pc_buf *material, struct pc_id *key)
{
	const char *twice;
	int r = whole ? pc_spec_key(s, material, key, &twice) : -1;

	pc_spec_clear(s);
	return r;
}

static int
pixels_key(const struct ocr_options *o, const struct pc_id *doc, unsigned page,
    struct pc_buf *material, struct pc_id *key)
{
	struct pc_spec s;
	int whole = begin(&s, o, pixels_stage, doc) == 0 &&
	    param_text(&s, "ocr", o->ocr) == 0 && param_dpi(&s, o) == 0 &&
	    param_number(&s, "page", page) == 0;

	return end(&s, whole, material, key);
}

static void
describe(const struct pixels *p, char out[DESCRIPTION_MAX])
{
	char hex[PC_ID_HEX];

	pc_id_hex(&p->id, hex);
	snprintf(out, DESCRIPTION_MAX, "gray %u %u %u %s\n", p->width,
	    p->height, p->dpi, hex);
}

static int
words_key(const struct ocr_options *o, const struct pixels *p,
    struct pc_buf *material, struct pc_id *key)
{
	char description[DESCRIPTION_MAX];
	struct pc_spec s;
	struct pc_id id;
	int whole;

	describe(p, description);
	pc_sha256(description, strlen(description), &id);
	whole = begin(&s, o, words_stage, &id) == 0 &&
	    param_text(&s, "lang", o->lang) == 0 &&
	    param_number(&s, "psm", o->psm) == 0 &&
	    (!o->clean || param_text(&s, "clean", "yes") == 0);
	return end(&s, whole, material, key);
}

static int
png_key(const struct ocr_options *o, const struct pc_id *doc, unsigned page,
    struct pc_buf *material, struct pc_id *key)
{
	struct pc_spec s;
	int whole = begin(&s, o, png_stage, doc) == 0 &&
	    param_number(&s, "dpi", o->dpi) == 0 &&
	    param_number(&s, "page", page) == 0;

	return end(&s, whole, material, key);
}

static int
image_key(const struct ocr_options *o, const struct pc_id *doc, unsigned page,
    unsigned image, struct pc_buf *material, struct pc_id *key)
{
	struct pc_spec s;
	int whole = begin(&s, o, images_stage, doc) == 0 &&
	    param_number(&s, "page", page) == 0 &&
	    param_number(&s, "image", image) == 0;

	return end(&s, whole, material, key);
}

/* ---- in and out of the store ---- */

static int
find(struct cli *c, const struct pc_id *key, struct pc_hit *hit,
    const char *stage)
{
	struct pc_event e = {.key = *key, .bytes = 0};
	int64_t began = pc_ticks();
	int found = pc_store_get(c->store, key, 0, hit);

	if (found < 0)
		cli_store_failed(c, "read the store");
	strcpy(e.stage, stage);
	e.duration = pc_ticks() - began;
	if (found == 0) {
		e.bytes = hit->record.size;
		e.saved = hit->record.cost;
		cli_event(c, PC_EVENT_HIT, e);
	}
	return found == 0 ? 0 : 1;
}

/* The page's data from a hit. */
static int
take_data(struct page *p, const struct pc_hit *hit)
{
	struct pc_buf b = {0};
	int r = pc_hit_read(hit, &b, SIZE_MAX);

	p->data = b.data;
	p->length = b.len;
	p->parsed = 1;
	return r;
}

static void
keep(struct cli *c, struct pc_record *r, const char *extra, const void *value,
    size_t n, const char *stage)
{
	struct pc_event e = {.key = r->key, .bytes = n};
	int64_t began = pc_ticks();
	int stored;

	r->created = pc_now();
	r->expires = cli_expires(c, c->ttl,
	    stage == png_stage || stage == images_stage ? "caching.ttl_layout"
							: "caching.ttl_ocr");
	r->extra = (const unsigned char *)extra;
	r->extra_len = strlen(extra);
	stored = pc_store_put_bytes(c->store, r, value, n) == 0;
	if (!stored)
		cli_store_failed(c, "store a page");
	strcpy(e.stage, stage);
	e.ttl = pc_record_ttl(r);
	e.duration = pc_ticks() - began;
	cli_event(c, stored ? PC_EVENT_PUT : PC_EVENT_ERROR, e);
}

/* A record's extra or value as a string, cut to n - 1 bytes. */
static void
text_of(const unsigned char *p, size_t len, char *out, size_t n)
{
	if (len >= n)
		len = n - 1;
	if (len)
		memcpy(out, p, len);
	out[len] = '\0';
}

/* "SOURCE WIDTH HEIGHT TRIM TRIM TRIM TRIM USER-UNIT ASSUMED", as
 * page_cache_store_pixels writes it. */
static int
parse_extra(const char *text, struct page *p)
{
	struct page new = {0};
	char source[32];

	if (sscanf(text, "%31s %u %u %d %d %d %d %u %u", source, &new.width,
		&new.height, &new.trim[0], &new.trim[1], &new.trim[2],
		&new.trim[3], &new.user_unit, &new.assumed) != 9)
		return -1;
	for (int i = 1; i < SOURCES; i++)
		if (strcmp(source, source_names[i]) == 0) {
			p->source = (enum page_source)i;
			p->width = new.width;
			p->height = new.height;
			memcpy(p->trim, new.trim, sizeof p->trim);
			p->user_unit = new.user_unit;
			p->assumed = new.assumed;
			return 0;
		}
	return -1;
}

static int
parse_description(const char *text, struct pixels *p)
{
	char hex[PC_ID_HEX];

	return sscanf(text, "gray %u %u %u %64[0-9a-f]", &p->width, &p->height,
		   &p->dpi, hex) == 4 &&
		pc_id_parse(hex, &p->id) == 0
	    ? 0
	    : -1;
}

int
page_cache_find_pixels(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, struct page *page, struct pixels *p)
{
	char extra[EXTRA_MAX], description[DESCRIPTION_MAX];
	struct pc_buf material = {0};
	struct pc_hit hit = {0};
	struct pc_id key;
	int r = 1;

	if (!c->store || c->refresh)
		return 1;
	if (pixels_key(o, doc, page->number, &material, &key) == 0 &&
	    find(c, &key, &hit, pixels_stage) == 0 && hit.value) {
		text_of(hit.record.extra, hit.record.extra_len, extra,
		    sizeof extra);
		text_of(hit.value, hit.record.size, description,
		    sizeof description);
		r = parse_extra(extra, page) < 0 ||
		    parse_description(description, p) < 0;
		page->dpi = r == 0 ? p->dpi : 0;
	}
	pc_hit_clear(&hit);
	pc_buf_clear(&material);
	return r;
}

void
page_cache_store_pixels(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, const struct page *page, const struct pixels *p)
{
	char extra[EXTRA_MAX], description[DESCRIPTION_MAX];
	struct pc_buf material = {0};
	struct pc_record r = {0};

	if (!c->store || c->read_only)
		return;
	describe(p, description);
	snprintf(extra, sizeof extra, "%s %u %u %d %d %d %d %u %u",
	    source_names[page->source], page->width, page->height,
	    page->trim[0], page->trim[1], page->trim[2], page->trim[3],
	    page->user_unit, page->assumed);
	if (pixels_key(o, doc, page->number, &material, &r.key) == 0) {
		r.material = material.data;
		r.material_len = material.len;
		keep(c, &r, extra, description, strlen(description),
		    pixels_stage);
	}
	pc_buf_clear(&material);
}

int
page_cache_find_words(struct cli *c, const struct ocr_options *o,
    const struct pixels *p, struct page *page)
{
	struct pc_buf material = {0};
	struct pc_hit hit = {0};
	struct pc_id key;
	char extra[32];
	int r = 1;

	if (!c->store || c->refresh)
		return 1;
	if (words_key(o, p, &material, &key) == 0 &&
	    find(c, &key, &hit, words_stage) == 0) {
		text_of(hit.record.extra, hit.record.extra_len, extra,
		    sizeof extra);
		r = take_data(page, &hit) < 0 ||
		    sscanf(extra, "%d %d", &page->confidence,
			&page->rotation) != 2 ||
		    page_parse(page) < 0;
	}
	if (r != 0)
		page_drop(page);
	pc_hit_clear(&hit);
	pc_buf_clear(&material);
	return r;
}

void
page_cache_store_words(struct cli *c, const struct ocr_options *o,
    const struct pixels *p, const struct page *page, int64_t cost)
{
	struct pc_buf material = {0};
	struct pc_record r = {.cost = cost};
	struct pc_event e = {.duration = cost, .bytes = page->length};
	char extra[32];

	if (!c->store || words_key(o, p, &material, &r.key) < 0)
		goto out;
	e.key = r.key;
	strcpy(e.stage, words_stage);
	cli_event(c, PC_EVENT_MISS, e);
	cli_event(c, PC_EVENT_COMPUTE, e);
	/* An empty page is sooner looked at again. */
	if (c->read_only || page->length == 0)
		goto out;
	snprintf(extra, sizeof extra, "%d %d", page->confidence,
	    page->rotation);
	r.material = material.data;
	r.material_len = material.len;
	keep(c, &r, extra, page->data, page->length, words_stage);
out:
	pc_buf_clear(&material);
}

int
page_cache_find_png(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, struct page *page, struct pixels *p)
{
	struct pc_buf material = {0};
	struct pc_hit hit = {0};
	struct pc_id key;
	char extra[64];
	int r = 1;

	if (!c->store || c->refresh)
		return 1;
	if (png_key(o, doc, page->number, &material, &key) == 0 &&
	    find(c, &key, &hit, png_stage) == 0) {
		text_of(hit.record.extra, hit.record.extra_len, extra,
		    sizeof extra);
		r = take_data(page, &hit) < 0 ||
		    sscanf(extra, "%u %u %u", &p->width, &p->height, &p->dpi) !=
			3 ||
		    !image_file_is_png(page->data, page->length, p->width,
			p->height);
	}
	page->parsed = 0;
	if (r != 0)
		page_drop(page);
	pc_hit_clear(&hit);
	pc_buf_clear(&material);
	return r;
}

void
page_cache_store_png(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, const struct page *page, const struct pixels *p,
    int64_t cost)
{
	struct pc_buf material = {0};
	struct pc_record r = {.cost = cost};
	char extra[64];

	if (!c->store || c->read_only)
		return;
	snprintf(extra, sizeof extra, "%u %u %u", p->width, p->height, p->dpi);
	if (png_key(o, doc, page->number, &material, &r.key) == 0) {
		r.material = material.data;
		r.material_len = material.len;
		keep(c, &r, extra, page->data, page->length, png_stage);
	}
	pc_buf_clear(&material);
}

int
page_cache_find_image(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_id *id, struct pc_buf *b)
{
	struct pc_buf material = {0};
	struct pc_hit hit = {0};
	struct pc_id key;
	int r = 1;

	if (!c->store || c->refresh)
		return 1;
	if (image_key(o, doc, page, image, &material, &key) == 0 &&
	    find(c, &key, &hit, images_stage) == 0 &&
	    memcmp(hit.record.output.b, id->b, sizeof id->b) == 0)
		r = pc_hit_read(&hit, b, SIZE_MAX) < 0;
	pc_hit_clear(&hit);
	pc_buf_clear(&material);
	return r;
}

void
page_cache_store_image(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_buf *b)
{
	struct pc_buf material = {0};
	struct pc_record r = {0};

	if (!c->store || c->read_only)
		return;
	if (image_key(o, doc, page, image, &material, &r.key) == 0) {
		r.material = material.data;
		r.material_len = material.len;
		keep(c, &r, "", b->data, b->len, images_stage);
	}
	pc_buf_clear(&material);
}
