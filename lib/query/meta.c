/* meta.c - a record's metadata as JSON. */
#include "pc.h"

#include <string.h>

struct group {
	enum pc_field kind;
	const char *name;
	char open, close; /* {} has names, [] has places */
};

static int
add_member(struct pc_buf *b, const struct group *g, const unsigned char *p,
    size_t n, int first)
{
	const unsigned char *eq = n ? memchr(p, '=', n) : NULL;
	char hex[PC_ID_HEX];
	struct pc_id id;

	if (!first && pc_buf_addf(b, ",") < 0)
		return -1;
	if (g->kind == PC_FIELD_INPUT && n == sizeof id.b) {
		memcpy(id.b, p, n);
		pc_id_hex(&id, hex);
		return pc_buf_addf(b, "\"%s\"", hex);
	}
	if (g->open == '[' || !eq)
		return pc_json_string(b, p, n);
	if (pc_json_string(b, p, (size_t)(eq - p)) < 0 ||
	    pc_buf_addf(b, ":") < 0)
		return -1;
	return pc_json_string(b, eq + 1, n - (size_t)(eq + 1 - p));
}

static int
add_group(struct pc_buf *b, const struct group *g, const struct pc_record *r)
{
	const unsigned char *p;
	size_t at = 0, n;
	enum pc_field kind;
	int first = 1;

	if (pc_buf_addf(b, ",\"%s\":%c", g->name, g->open) < 0)
		return -1;
	while (pc_material_next(r->material, r->material_len, &at, &kind, &p,
		   &n) == 0) {
		if (kind != g->kind)
			continue;
		if (add_member(b, g, p, n, first) < 0)
			return -1;
		first = 0;
	}
	return pc_buf_addf(b, "%c", g->close);
}

int
pc_record_json(struct pc_buf *b, const struct pc_record *r)
{
	static const struct group groups[] = {
	    {PC_FIELD_INPUT, "inputs", '[', ']'},
	    {PC_FIELD_PARAM, "params", '{', '}'},
	    {PC_FIELD_ENGINE, "engine", '{', '}'},
	    {PC_FIELD_ENV, "env_sha256", '{', '}'},
	    {PC_FIELD_UNSET, "env_unset", '[', ']'},
	    {PC_FIELD_ARG, "args", '[', ']'},
	};
	char key[PC_ID_HEX], output[PC_ID_HEX], stage[PC_STAGE_MAX + 1];

	pc_id_hex(&r->key, key);
	pc_id_hex(&r->output, output);
	pc_record_stage(r, stage);
	if (pc_buf_addf(b,
		"{\"key\":\"%s\",\"stage\":\"%s\",\"output\":\"%s\","
		"\"size\":%llu,\"created\":%.6f,\"expires\":",
		key, stage, output, (unsigned long long)r->size,
		(double)r->created / 1e6) < 0)
		return -1;
	if ((r->expires == PC_NEVER
		    ? pc_buf_addf(b, "null")
		    : pc_buf_addf(b, "%.6f", (double)r->expires / 1e6)) < 0)
		return -1;
	if (pc_buf_addf(b,
		",\"cost_ms\":%.3f,\"peak_kib\":%lu,\"status\":%d,"
		"\"negative\":%s",
		(double)r->cost / 1e3, (unsigned long)r->peak_kib, r->status,
		r->flags & PC_RECORD_NEGATIVE ? "true" : "false") < 0)
		return -1;
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
		if (add_group(b, &groups[i], r) < 0)
			return -1;
	return pc_buf_addf(b, "}");
}
