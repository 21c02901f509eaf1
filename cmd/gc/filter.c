/* filter.c - select records by the conditions of the command line. */
#include "gc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
filter_add_stage(struct record_filter *s, const char *stage)
{
	void *p;

	if (!pc_stage_valid(stage)) {
		errno = EINVAL;
		return -1;
	}
	p = realloc(s->stages, (s->stage_count + 1) * sizeof *s->stages);
	if (!p)
		return -1;
	s->stages = p;
	strcpy(s->stages[s->stage_count++], stage);
	return 0;
}

/* Do records of stage belong to the one that was given?  pc-ocr caches pages
 * and their images in stages of their own. */
static int
is_part_of(const char *stage, const char *given)
{
	static const char *const parts[] = {"ocr.page", "ocr.pixels", "ocr.png",
	    "ocr.images", "ocr.attachment", "ocr.convert", "ocr.type"};

	if (strcmp(stage, given) == 0)
		return 1;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strcmp(parts[i], stage) == 0)
			return strcmp(given, "ocr") == 0;
	return 0;
}

static int
fits_stage(const struct record_filter *s, const struct pc_record *r)
{
	char stage[PC_STAGE_MAX + 1];

	if (s->stage_count == 0)
		return 1;
	if (pc_record_stage(r, stage) != 0)
		return 0;
	for (size_t i = 0; i < s->stage_count; i++)
		if (is_part_of(stage, s->stages[i]))
			return 1;
	return 0;
}

static int
has_input(const struct record_filter *s, const struct pc_record *r)
{
	const unsigned char *p;
	enum pc_field kind;
	size_t at = 0, n;
	struct pc_id id;

	while (pc_material_next(r->material, r->material_len, &at, &kind, &p,
		   &n) == 0) {
		if (kind != PC_FIELD_INPUT || n != sizeof id.b)
			continue;
		memcpy(id.b, p, n);
		if (ids_has(&s->inputs, &id))
			return 1;
	}
	return 0;
}

int
filter_matches(const struct record_filter *s, const struct pc_record *r)
{
	return (!s->expired || r->expires <= s->now) &&
	    (!s->before || r->created < s->before) &&
	    (!s->by_key || ids_has(&s->keys, &r->key)) && fits_stage(s, r) &&
	    (!s->by_file || has_input(s, r));
}

int
filter_given(const struct record_filter *s)
{
	return s->expired || s->before || s->by_key || s->stage_count ||
	    s->by_file;
}

int
filter_follow(struct record_filter *s, const struct pc_record *r)
{
	int had;

	/* Empty outputs are equal, whatever they were computed from. */
	if (r->size == 0 || !has_input(s, r))
		return 0;
	had = ids_add(&s->inputs, &r->output);
	return had < 0 ? -1 : !had;
}

void
filter_clear(struct record_filter *s)
{
	free(s->stages);
	ids_clear(&s->keys);
	ids_clear(&s->inputs);
	*s = (struct record_filter){0};
}
