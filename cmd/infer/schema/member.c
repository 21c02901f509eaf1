/* member.c - members of an object, including those that are null. */
#include "schema_in.h"

#include <string.h>

static int
is_name(void *ctx, const char *name, const struct pc_json *value)
{
	(void)value;
	return strcmp(ctx, name) == 0;
}

int
json_has(const struct pc_json *v, const char *name)
{
	/* A null member looks like a missing one. */
	return pc_json_get(v, name) ||
	    pc_json_each(v, is_name, (void *)(uintptr_t)name);
}

static int
count_name(void *ctx, const char *name, const struct pc_json *value)
{
	uint64_t *n = ctx;

	(void)name;
	(void)value;
	++*n;
	return 0;
}

uint64_t
object_count(const struct pc_json *v)
{
	uint64_t n = 0;

	(void)pc_json_each(v, count_name, &n);
	return n;
}
