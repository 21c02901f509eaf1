/* image_store.c - the PNG files of images in the store (infer.image). */
#include "image_in.h"

int
image_begin_key(struct pc_spec *s, const struct image *i, const char *stage)
{
	int r;

	*s = (struct pc_spec){0};
	r = pc_spec_stage(s, stage);
	if (r == 0)
		r = image_engines_add(s);
	if (r == 0)
		r = pc_spec_add(s, PC_FIELD_INPUT, i->source.b,
		    sizeof i->source.b);
	if (r == 0)
		r = pc_spec_addf(s, PC_FIELD_PARAM, "side_max=%u", i->side_max);
	return r;
}

static void
begin_file(struct stage_file *f, struct cli *c, const struct image *i)
{
	struct pc_spec s = {0};
	const int whole = c->store &&
	    image_begin_key(&s, i, IMAGE_STAGE) == 0 &&
	    pc_spec_addf(&s, PC_FIELD_PARAM, "page=%u", i->page) == 0;

	stage_file_begin(f, c, IMAGE_STAGE, &s, whole);
}

int
image_find(struct cli *c, struct image *i, struct pc_buf *png)
{
	struct stage_file f;
	int missed;

	begin_file(&f, c, i);
	f.bytes = png;
	f.id = png ? &i->id : NULL;
	missed = stage_file_find(&f);
	if (!missed)
		i->id = f.entry.hit.record.output;
	stage_file_end(&f);
	return missed;
}

int
image_keep(struct cli *c, const struct image *i, int64_t cost,
    uint32_t peak_kib)
{
	const struct stage_result r = {.bytes = i->png.data,
	    .len = i->png.len,
	    .ttl = c->ttl,
	    .setting = "caching.ttl_layout",
	    .cost = cost,
	    .peak_kib = peak_kib};
	struct stage_file f;
	int kept;

	begin_file(&f, c, i);
	if (f.has_key)
		stage_event(&f.entry, PC_EVENT_COMPUTE,
		    (struct pc_event){.duration = cost,
			.bytes = i->png.len,
			.peak_kib = peak_kib});
	kept = stage_file_store(&f, &r);
	stage_file_end(&f);
	return kept;
}
