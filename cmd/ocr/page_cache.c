/* page_cache.c - pages and images that are stored one by one. */
#include "page_cache.h"

#include "cli/stage.h"
#include "ocr/page/image_file.h"

#include <stdlib.h>
#include <string.h>

static const char pixels_stage[] = "ocr.page", words_stage[] = "ocr.pixels";
static const char png_stage[] = "ocr.png", images_stage[] = "ocr.images";

enum { DESCRIPTION_MAX = 160, EXTRA_MAX = 128 };

/* ---- keys ---- */

/* A result of an inner stage, by its key. */
struct page_result {
	struct stage_entry entry;
	struct pc_buf material; /* owned: of the key */
};

/* Begin a spec with what all keys have.  -1 with errno. */
static int
begin_spec(struct pc_spec *s, const struct ocr_options *o, const char *stage,
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

/* Free the spec and take its key.  A spec that lacks a field, for lack of
 * memory, has no key: it would be another result's.  -1: no key. */
static int
take_key(struct pc_spec *s, int whole, struct cli *c, const char *stage,
    struct page_result *r)
{
	const char *twice;
	int taken;

	*r = (struct page_result){.entry = {.cli = c, .stage = stage}};
	taken = whole ? pc_spec_key(s, &r->material, &r->entry.key, &twice)
		      : -1;
	pc_spec_clear(s);
	r->entry.material = r->material.data;
	r->entry.material_len = r->material.len;
	return taken;
}

static void
clear(struct page_result *r)
{
	stage_clear(&r->entry);
	pc_buf_clear(&r->material);
}

static int
pixels_key(struct cli *c, const struct ocr_options *o, const struct pc_id *doc,
    unsigned page, struct page_result *r)
{
	struct pc_spec s;
	const int whole = begin_spec(&s, o, pixels_stage, doc) == 0 &&
	    param_text(&s, "ocr", o->ocr) == 0 && param_dpi(&s, o) == 0 &&
	    param_number(&s, "page", page) == 0;

	return take_key(&s, whole, c, pixels_stage, r);
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
words_key(struct cli *c, const struct ocr_options *o, const struct pixels *p,
    struct page_result *r)
{
	char description[DESCRIPTION_MAX];
	struct pc_spec s;
	struct pc_id id;
	int whole;

	describe(p, description);
	pc_sha256(description, strlen(description), &id);
	whole = begin_spec(&s, o, words_stage, &id) == 0 &&
	    param_text(&s, "lang", o->lang) == 0 &&
	    param_number(&s, "psm", o->psm) == 0 &&
	    (!o->clean || param_text(&s, "clean", "yes") == 0);
	return take_key(&s, whole, c, words_stage, r);
}

static int
png_key(struct cli *c, const struct ocr_options *o, const struct pc_id *doc,
    unsigned page, struct page_result *r)
{
	struct pc_spec s;
	const int whole = begin_spec(&s, o, png_stage, doc) == 0 &&
	    param_number(&s, "dpi", o->dpi) == 0 &&
	    param_number(&s, "page", page) == 0;

	return take_key(&s, whole, c, png_stage, r);
}

static int
image_key(struct cli *c, const struct ocr_options *o, const struct pc_id *doc,
    unsigned page, unsigned image, struct page_result *r)
{
	struct pc_spec s;
	const int whole = begin_spec(&s, o, images_stage, doc) == 0 &&
	    param_number(&s, "page", page) == 0 &&
	    param_number(&s, "image", image) == 0;

	return take_key(&s, whole, c, images_stage, r);
}

/* ---- in and out of the store ---- */

/* What a record is read into. */
struct page_target {
	struct page *page;
	struct pixels *pixels;
	const struct pc_id *id; /* of an image's bytes */
	struct pc_buf *bytes;
};

/* Look the result up; usable() reads a record into the target. */
static int
find(struct page_result *r,
    int (*usable)(void *, const struct pc_hit *, struct pc_event *),
    struct page_target *t)
{
	r->entry.usable = usable;
	r->entry.ctx = t;
	return stage_find(&r->entry) == STAGE_HIT ? 0 : 1;
}

static void
store(struct page_result *r, const char *extra, const void *value, size_t n,
    int64_t cost, const char *setting)
{
	(void)stage_store(&r->entry,
	    &(struct stage_result){.bytes = value,
		.len = n,
		.ttl = r->entry.cli->ttl,
		.setting = setting,
		.cost = cost,
		.extra = (const unsigned char *)extra,
		.extra_len = strlen(extra)});
}

/* A record's extra or value as a string, cut to n - 1 bytes. */
static void
copy_text(const unsigned char *p, size_t len, char *out, size_t n)
{
	if (len >= n)
		len = n - 1;
	if (len)
		memcpy(out, p, len);
	out[len] = '\0';
}

static int
read_data(struct page *p, const struct pc_hit *hit)
{
	struct pc_buf b = {0};
	int r = pc_hit_read(hit, &b, SIZE_MAX);

	p->data = b.data;
	p->length = b.len;
	return r;
}

/* ---- pixels ---- */

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

static int
pixels_usable(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	char extra[EXTRA_MAX], description[DESCRIPTION_MAX];
	struct page_target *t = ctx;

	(void)event;
	/* A description is short: it is in memory. */
	if (!hit->value)
		return 0;
	copy_text(hit->record.extra, hit->record.extra_len, extra,
	    sizeof extra);
	copy_text(hit->value, hit->record.size, description,
	    sizeof description);
	if (parse_extra(extra, t->page) < 0 ||
	    parse_description(description, t->pixels) < 0)
		return 0;
	t->page->dpi = t->pixels->dpi;
	return 1;
}

int
page_cache_find_pixels(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, struct page *page, struct pixels *p)
{
	struct page_target t = {.page = page, .pixels = p};
	struct page_result r;
	int found = 1;

	if (pixels_key(c, o, doc, page->number, &r) == 0)
		found = find(&r, pixels_usable, &t);
	clear(&r);
	return found;
}

void
page_cache_store_pixels(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, const struct page *page, const struct pixels *p)
{
	char extra[EXTRA_MAX], description[DESCRIPTION_MAX];
	struct page_result r;

	describe(p, description);
	snprintf(extra, sizeof extra, "%s %u %u %d %d %d %d %u %u",
	    source_names[page->source], page->width, page->height,
	    page->trim[0], page->trim[1], page->trim[2], page->trim[3],
	    page->user_unit, page->assumed);
	if (pixels_key(c, o, doc, page->number, &r) == 0)
		store(&r, extra, description, strlen(description), 0,
		    "caching.ttl_ocr");
	clear(&r);
}

/* ---- words ---- */

static int
words_usable(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	struct page_target *t = ctx;
	struct page *p = t->page;
	char extra[32];

	(void)event;
	copy_text(hit->record.extra, hit->record.extra_len, extra,
	    sizeof extra);
	p->parsed = 1;
	if (read_data(p, hit) == 0 &&
	    sscanf(extra, "%d %d", &p->confidence, &p->rotation) == 2 &&
	    page_parse(p) == 0)
		return 1;
	page_drop(p);
	return 0;
}

int
page_cache_find_words(struct cli *c, const struct ocr_options *o,
    const struct pixels *p, struct page *page)
{
	struct page_target t = {.page = page};
	struct page_result r;
	int found = 1;

	if (words_key(c, o, p, &r) == 0)
		found = find(&r, words_usable, &t);
	if (found != 0)
		page_drop(page);
	clear(&r);
	return found;
}

void
page_cache_store_words(struct cli *c, const struct ocr_options *o,
    const struct pixels *p, const struct page *page, int64_t cost)
{
	struct page_result r;
	char extra[32];

	if (words_key(c, o, p, &r) == 0) {
		stage_event(&r.entry, PC_EVENT_COMPUTE,
		    (struct pc_event){.duration = cost, .bytes = page->length});
		snprintf(extra, sizeof extra, "%d %d", page->confidence,
		    page->rotation);
		/* It is better to look at an empty page again. */
		if (page->length > 0)
			store(&r, extra, page->data, page->length, cost,
			    "caching.ttl_ocr");
	}
	clear(&r);
}

/* ---- PNG files ---- */

static int
png_usable(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	struct page_target *t = ctx;
	struct pixels *p = t->pixels;
	char extra[64];

	(void)event;
	copy_text(hit->record.extra, hit->record.extra_len, extra,
	    sizeof extra);
	if (sscanf(extra, "%u %u %u", &p->width, &p->height, &p->dpi) == 3 &&
	    read_data(t->page, hit) == 0 &&
	    image_file_is_png(t->page->data, t->page->length, p->width,
		p->height))
		return 1;
	page_drop(t->page);
	return 0;
}

int
page_cache_find_png(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, struct page *page, struct pixels *p)
{
	struct page_target t = {.page = page, .pixels = p};
	struct page_result r;
	int found = 1;

	if (png_key(c, o, doc, page->number, &r) == 0)
		found = find(&r, png_usable, &t);
	if (found != 0)
		page_drop(page);
	clear(&r);
	return found;
}

void
page_cache_store_png(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, const struct page *page, const struct pixels *p,
    int64_t cost)
{
	struct page_result r;
	char extra[64];

	snprintf(extra, sizeof extra, "%u %u %u", p->width, p->height, p->dpi);
	if (png_key(c, o, doc, page->number, &r) == 0)
		store(&r, extra, page->data, page->length, cost,
		    "caching.ttl_layout");
	clear(&r);
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
page_cache_find_image(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_id *id, struct pc_buf *b)
{
	struct page_target t = {.id = id, .bytes = b};
	struct page_result r;
	int found = 1;

	if (image_key(c, o, doc, page, image, &r) == 0)
		found = find(&r, image_usable, &t);
	clear(&r);
	return found;
}

void
page_cache_store_image(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_buf *b)
{
	struct page_result r;

	if (image_key(c, o, doc, page, image, &r) == 0)
		store(&r, "", b->data, b->len, 0, "caching.ttl_layout");
	clear(&r);
}
