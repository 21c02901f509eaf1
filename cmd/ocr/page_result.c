/* page_result.c - the result of an inner stage: make its key, find and store
 * it. */
#include "page_result.h"

#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

int
page_result_begin_key(struct pc_spec *s, const struct ocr_options *o,
    const char *stage, const struct pc_id *input)
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

int
page_result_take_key(struct pc_spec *s, int whole, struct cli *c,
    const char *stage, struct page_result *r)
{
	*r = (struct page_result){.entry = {.cli = c, .stage = stage}};
	return stage_make_key(&r->entry, &r->material, s, whole);
}

void
page_result_clear(struct page_result *r)
{
	stage_clear(&r->entry);
	pc_buf_clear(&r->material);
}

/* ---- the store ---- */

int
page_result_find(struct page_result *r,
    int (*usable)(void *, const struct pc_hit *, struct pc_event *),
    struct page_target *t)
{
	r->entry.usable = usable;
	r->entry.ctx = t;
	return stage_find(&r->entry) == STAGE_HIT ? 0 : 1;
}

void
page_result_store(struct page_result *r, const char *extra, const void *value,
    size_t n, int64_t cost, const char *setting)
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

void
page_result_copy_text(const unsigned char *p, size_t len, char *out, size_t n)
{
	if (len >= n)
		len = n - 1;
	if (len)
		memcpy(out, p, len);
	out[len] = '\0';
}

int
page_result_read_data(struct page *p, const struct pc_hit *hit)
{
	struct pc_buf b = {0};
	int r = pc_hit_read(hit, &b, SIZE_MAX);

	p->data = b.data;
	p->length = b.len;
	return r;
}
