/* meta.c - a record's metadata as JSON. */
#include "pc.h"

#include <string.h>

/* The fields of one kind, in order: an object if they have names, else an
 * array. */
struct group {
	enum pc_field kind;
	const char *name;
	int named;
};

static void
add_field(struct pc_buf *b, const struct group *g, const unsigned char *p,
    size_t n)
{
	const unsigned char *eq = n ? memchr(p, '=', n) : NULL;
	struct pc_id id;

	if (g->kind == PC_FIELD_INPUT && n == sizeof id.b) {
		memcpy(id.b, p, n);
		pc_json_add_id(b, NULL, &id);
	} else if (g->named && eq) {
		pc_json_add_key(b, p, (size_t)(eq - p));
		pc_json_add_bytes(b, NULL, eq + 1, n - (size_t)(eq + 1 - p));
	} else {
		pc_json_add_bytes(b, NULL, p, n);
	}
}

static void
add_group(struct pc_buf *b, const struct group *g, const struct pc_record *r)
{
	const unsigned char *p;
	size_t at = 0, n;
	enum pc_field kind;

	if (g->named)
		pc_json_begin_object(b, g->name);
	else
		pc_json_begin_array(b, g->name);
	while (pc_material_next(r->material, r->material_len, &at, &kind, &p,
		   &n) == 0)
		if (kind == g->kind)
			add_field(b, g, p, n);
	if (g->named)
		pc_json_end_object(b);
	else
		pc_json_end_array(b);
}

int
pc_record_json(struct pc_buf *b, const struct pc_record *r)
{
	static const struct group groups[] = {
	    {PC_FIELD_INPUT, "inputs", 0},
	    {PC_FIELD_PARAM, "params", 1},
	    {PC_FIELD_ENGINE, "engine", 1},
	    {PC_FIELD_ENV, "env_sha256", 1},
	    {PC_FIELD_UNSET, "env_unset", 0},
	    {PC_FIELD_ARG, "args", 0},
	};
	char stage[PC_STAGE_MAX + 1];

	pc_record_stage(r, stage);
	pc_json_begin_object(b, NULL);
	pc_json_add_id(b, "key", &r->key);
	pc_json_add_text(b, "stage", stage);
	pc_json_add_id(b, "output", &r->output);
	pc_json_add_uint(b, "size", r->size);
	pc_json_add_fixed(b, "created", (double)r->created / 1e6, 6);
	if (r->expires == PC_NEVER)
		pc_json_add_null(b, "expires");
	else
		pc_json_add_fixed(b, "expires", (double)r->expires / 1e6, 6);
	pc_json_add_fixed(b, "cost_ms", (double)r->cost / 1e3, 3);
	pc_json_add_uint(b, "peak_kib", r->peak_kib);
	pc_json_add_int(b, "status", r->status);
	pc_json_add_bool(b, "negative", r->flags & PC_RECORD_NEGATIVE);
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
		add_group(b, &groups[i], r);
	pc_json_end_object(b);
	return b->failed ? -1 : 0;
}
