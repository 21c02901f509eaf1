/* page_cache.c - pages that need OCR, stored one by one. */
#include "page_cache.h"

#include "ocr/page_result.h"

#include <stdlib.h>
#include <string.h>

static const char pixels_stage[] = "ocr.page", words_stage[] = "ocr.pixels";

enum { DESCRIPTION_MAX = 160, EXTRA_MAX = 192 };

/* ---- keys ---- */

static int
pixels_key(struct cli *c, const struct ocr_options *o, const struct pc_id *doc,
    unsigned page, struct page_result *r)
{
	struct pc_spec s;
	const int whole = page_result_begin_key(&s, o, pixels_stage, doc) ==
		0 &&
	    param_text(&s, "ocr", o->ocr) == 0 &&
	    param_dpi(&s, o->own_dpi, o->dpi) == 0 &&
	    param_number(&s, "page", page) == 0;

	return page_result_take_key(&s, whole, c, pixels_stage, r);
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
	whole = page_result_begin_key(&s, o, words_stage, &id) == 0 &&
	    param_text(&s, "lang", o->lang) == 0 &&
	    param_number(&s, "psm", o->psm) == 0 &&
	    settings_add_params(&o->settings, &s) == 0 &&
	    (!o->clean || param_text(&s, "clean", "yes") == 0) &&
	    (!o->split_spreads || param_text(&s, "split_spreads", "yes") == 0);
	return page_result_take_key(&s, whole, c, words_stage, r);
}

/* ---- pixels ---- */

/* The form is "SOURCE WIDTH HEIGHT TRIM TRIM TRIM TRIM USER-UNIT ASSUMED
 * QUALITY WORDS TEXT FOR-WORDS"; page_cache_store_pixels writes it. */
static int
parse_extra(const char *text, struct page *p, struct page_layer *l,
    int *for_words)
{
	struct page new = {0};
	char source[32];
	unsigned quality;

	if (sscanf(text, "%31s %u %u %d %d %d %d %u %u %u %zu %zu %d", source,
		&new.width, &new.height, &new.trim[0], &new.trim[1],
		&new.trim[2], &new.trim[3], &new.user_unit, &new.assumed,
		&quality, &l->words, &l->text, for_words) != 13 ||
	    quality > LAYER_GARBAGE || l->words > PAYLOAD_MAX ||
	    l->text > PAYLOAD_MAX)
		return -1;
	l->quality = (enum layer_quality)quality;
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

/* The layer follows the description. */
static int
take_layer(struct page_layer *l, struct pc_buf *value, size_t description)
{
	const size_t n = l->words + l->text;

	if (value->len != description + n)
		return -1;
	if (n == 0)
		return 0;
	l->data = malloc(n + 1);
	if (!l->data)
		return -1;
	memcpy(l->data, value->data + description, n);
	return 0;
}

static int
pixels_usable(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	char extra[EXTRA_MAX], description[DESCRIPTION_MAX];
	struct page_target *t = ctx;
	struct pc_buf value = {0};
	int usable = 0, for_words = 0;

	(void)event;
	page_result_copy_text(hit->record.extra, hit->record.extra_len, extra,
	    sizeof extra);
	if (pc_hit_read(hit, &value, SIZE_MAX) == 0) {
		const unsigned char *end = value.len > 0
		    ? memchr(value.data, '\n', value.len)
		    : NULL;
		const size_t n = end ? (size_t)(end + 1 - value.data) : 0;

		page_result_copy_text(value.data, n, description,
		    sizeof description);
		usable = n > 0 &&
		    parse_extra(extra, t->page, t->layer, &for_words) == 0 &&
		    (t->layer->words == 0 || for_words == t->for_words) &&
		    parse_description(description, t->pixels) == 0 &&
		    take_layer(t->layer, &value, n) == 0;
	}
	pc_buf_clear(&value);
	if (usable)
		t->page->dpi = t->pixels->dpi;
	else
		page_layer_clear(t->layer);
	return usable;
}

int
page_cache_find_pixels(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, struct page *page, struct pixels *p,
    struct page_layer *layer)
{
	struct page_target t = {.page = page,
	    .pixels = p,
	    .layer = layer,
	    .for_words = format_needs_words(&o->form)};
	struct page_result r;
	int found = 1;

	if (pixels_key(c, o, doc, page->number, &r) == 0)
		found = page_result_find(&r, pixels_usable, &t);
	page_result_clear(&r);
	return found;
}

void
page_cache_store_pixels(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, const struct page *page, const struct pixels *p,
    const struct page_layer *l)
{
	char extra[EXTRA_MAX], description[DESCRIPTION_MAX];
	struct pc_buf value = {0};
	struct page_result r;

	describe(p, description);
	snprintf(extra, sizeof extra,
	    "%s %u %u %d %d %d %d %u %u %u %zu %zu %d",
	    source_names[page->source], page->width, page->height,
	    page->trim[0], page->trim[1], page->trim[2], page->trim[3],
	    page->user_unit, page->assumed, (unsigned)l->quality, l->words,
	    l->text, format_needs_words(&o->form));
	pc_buf_addf(&value, "%s", description);
	if (l->data)
		pc_buf_add(&value, l->data, l->words + l->text);
	if (pixels_key(c, o, doc, page->number, &r) == 0 && !value.failed)
		page_result_store(&r, extra, value.data, value.len, 0,
		    "caching.ttl_ocr");
	page_result_clear(&r);
	pc_buf_clear(&value);
}

/* ---- words ---- */

static int
words_usable(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	struct page_target *t = ctx;
	struct page *p = t->page;
	char extra[32];

	(void)event;
	page_result_copy_text(hit->record.extra, hit->record.extra_len, extra,
	    sizeof extra);
	p->parsed = 1;
	if (page_result_read_data(p, hit) == 0 &&
	    sscanf(extra, "%d %d %u", &p->confidence, &p->rotation,
		&p->marks) == 3 &&
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
		found = page_result_find(&r, words_usable, &t);
	if (found != 0)
		page_drop(page);
	page_result_clear(&r);
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
		snprintf(extra, sizeof extra, "%d %d %u", page->confidence,
		    page->rotation, page->marks);
		/* An empty page is better read again than stored. */
		if (page->length > 0)
			page_result_store(&r, extra, page->data, page->length,
			    cost, "caching.ttl_ocr");
	}
	page_result_clear(&r);
}
