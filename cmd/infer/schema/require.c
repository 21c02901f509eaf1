/* require.c - keywords that require members, always or if others are present,
 * and keywords that limit their number. */
#include "schema_in.h"

#include <string.h>

enum { NAMED_MAX = 200 }; /* bytes of a name in a message */

/* Does f's value have all members named in the array?  because is the member
 * that requires them; NULL: the schema does. */
static int
has_all(struct schema_run *r, const struct schema_frame *f,
    const struct pc_json *names, const char *because)
{
	const uint64_t members = object_count(f->value);
	size_t n;

	if (pc_json_type(f->value) != PC_JSON_OBJECT)
		return 0;
	for (size_t i = 0; i < pc_json_length(names); i++) {
		const char *name = pc_json_text(pc_json_at(names, i), &n);

		if (schema_spend(r,
			pc_json_get(f->value, name) ? 1 : members + 1) < 0)
			return -1;
		if (json_has(f->value, name))
			continue;
		return because
		    ? schema_misfit(r, f,
			  "the member \"%.*s\" requires a member \"%.*s\"",
			  NAMED_MAX, because, NAMED_MAX, name)
		    : schema_misfit(r, f,
			  "wanted a member \"%.*s\", found none", NAMED_MAX,
			  name);
	}
	return 0;
}

int
object_required(struct schema_run *r, const struct schema_frame *f)
{
	return has_all(r, f, f->word, NULL);
}

/* ---- what one member requires ---- */

struct dependency {
	struct schema_run *run;
	const struct schema_frame *frame;
};

static int
fits_dependency(void *ctx, const char *name, const struct pc_json *wanted)
{
	const struct dependency *d = ctx;

	if (schema_spend(d->run, 1) < 0)
		return -1;
	if (!json_has(d->frame->value, name))
		return 0;
	return pc_json_type(wanted) == PC_JSON_ARRAY
	    ? has_all(d->run, d->frame, wanted, name)
	    : schema_fits_too(d->run, d->frame, wanted);
}

int
object_dependencies(struct schema_run *r, const struct schema_frame *f)
{
	struct dependency d = {r, f};

	if (pc_json_type(f->value) != PC_JSON_OBJECT)
		return 0;
	return pc_json_each(f->word, fits_dependency, &d);
}

/* ---- how many ---- */

static int
bounded(struct schema_run *r, const struct schema_frame *f, int most)
{
	uint64_t have, want;

	if (pc_json_type(f->value) != PC_JSON_OBJECT ||
	    number_count(f->word, &want) < 0)
		return 0;
	have = object_count(f->value);
	if (schema_spend(r, have) < 0)
		return -1;
	if (most ? have <= want : have >= want)
		return 0;
	return schema_misfit(r, f, "wanted at %s %llu member%s, found %llu",
	    most ? "most" : "least", (unsigned long long)want,
	    want == 1 ? "" : "s", (unsigned long long)have);
}

int
object_min(struct schema_run *r, const struct schema_frame *f)
{
	return bounded(r, f, 0);
}

int
object_max(struct schema_run *r, const struct schema_frame *f)
{
	return bounded(r, f, 1);
}
