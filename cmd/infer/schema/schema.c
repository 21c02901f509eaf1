/* schema.c - check schemas, and validate values. */
#include "schema_in.h"

enum { STEPS_MAX = 10 * 1000 * 1000 }; /* about a second */

int
schema_check(const struct pc_json *schema, struct pc_error *err)
{
	struct refs refs;
	const int e = schema_read(schema, &refs, err);

	refs_close(&refs);
	return e;
}

int
schema_validate(const struct pc_json *schema, const struct pc_json *value,
    struct pc_error *err)
{
	struct refs refs;
	struct schema_run r = {.keywords = schema_vocabulary,
	    .refs = &refs,
	    .steps = STEPS_MAX};
	const struct schema_frame f = {.schema = schema, .value = value};
	int e = schema_read(schema, &refs, &r.why);

	if (e == 0)
		e = schema_fits(&r, &f);
	text_drop_patterns(&r);
	refs_close(&refs);
	if (e != 0)
		*err = r.why;
	return e == 0 ? 0 : -1;
}
