/* combine.c - keywords that apply other schemas to the same value. */
#include "schema_in.h"

#include <string.h>

enum { REFS_MAX = 64 }; /* references in a row */

/* ---- references ---- */

static int
fits_target(struct schema_run *r, const struct schema_frame *f,
    const struct pc_json *target)
{
	struct schema_frame g = *f;

	if (++g.refs > REFS_MAX)
		return schema_give_up(r, f,
		    "the schema refers to itself in "
		    "circles");
	return schema_fits_too(r, &g, target);
}

int
apply_ref(struct schema_run *r, const struct schema_frame *f)
{
	return fits_target(r, f, refs_target(r->refs, f->word));
}

/* The schema with this dynamic anchor in the outermost resource that has
 * one. */
static const struct pc_json *
outermost(const struct schema_run *r, const struct schema_frame *f,
    const char *anchor)
{
	const struct pc_json *found = NULL;

	for (const struct scope *s = f->scope; s; s = s->outer) {
		const struct pc_json *here = s->in
		    ? refs_dynamic(r->refs, s->in->uri, anchor)
		    : NULL;

		if (here)
			found = here;
	}
	return found;
}

/* If the target has a dynamic anchor, an outer resource may replace it. */
int
apply_dynamic_ref(struct schema_run *r, const struct schema_frame *f)
{
	const struct pc_json *target = refs_target(r->refs, f->word), *other;
	const struct resource *in = refs_resource(r->refs, target);
	size_t n;
	const char *anchor = strchr(pc_json_text(f->word, &n), '#');

	if (schema_spend(r, f->depth) < 0)
		return -1;
	if (in && anchor &&
	    refs_dynamic(r->refs, in->uri, anchor + 1) == target) {
		other = outermost(r, f, anchor + 1);
		target = other ? other : target;
	}
	return fits_target(r, f, target);
}

/* ---- one of several ---- */

int
apply_all(struct schema_run *r, const struct schema_frame *f)
{
	int e = 0;

	for (size_t i = 0; i < pc_json_length(f->word) && e == 0; i++)
		e = schema_fits_too(r, f, pc_json_at(f->word, i));
	return e;
}

/* How many schemas fit, or -1; stop at `most`. which gets the last two.  If
 * none fits, report why the closest one does not. */
static int
count_fitting(struct schema_run *r, const struct schema_frame *f, size_t most,
    size_t which[2], const char *word)
{
	const size_t n = pc_json_length(f->word);
	struct pc_error nearest = {""};
	unsigned rank = 0;
	size_t count = 0;
	int e;

	for (size_t i = 0; i < n && count < most; i++) {
		e = schema_fits_branch(r, f, pc_json_at(f->word, i));
		if (e < 0)
			return -1;
		if (e == 0) {
			which[0] = which[1];
			which[1] = i;
			count++;
		} else if (r->rank > rank) {
			nearest = r->why;
			rank = r->rank;
		}
	}
	/* A single schema has reported its own reason. */
	if (count == 0 && n == 1)
		r->why = nearest;
	else if (count == 0)
		schema_misfit(r, f,
		    "fits none of the %zu schemas of %s; of "
		    "the nearest, %.350s",
		    n, word, nearest.text);
	if (count == 0)
		r->rank = rank;
	return (int)count;
}

int
apply_any(struct schema_run *r, const struct schema_frame *f)
{
	/* Check all if it matters what they evaluate. */
	const size_t most = f->seen ? pc_json_length(f->word) : 1;
	size_t which[2];
	const int n = count_fitting(r, f, most, which, "anyOf");

	return n < 0 ? -1 : n == 0;
}

int
apply_one(struct schema_run *r, const struct schema_frame *f)
{
	size_t which[2];
	const int n = count_fitting(r, f, 2, which, "oneOf");

	if (n > 1)
		return schema_misfit(r, f,
		    "fits schemas %zu and %zu of oneOf, and may only one",
		    which[0], which[1]);
	return n < 0 ? -1 : n == 0;
}

int
apply_not(struct schema_run *r, const struct schema_frame *f)
{
	struct schema_frame g = *f;
	struct pc_buf b = {0};
	int e;

	g.seen = NULL;
	e = schema_fits_too(r, &g, f->word);
	if (e != 0)
		return e < 0 ? -1 : 0;
	place_show(&b, f->value);
	schema_misfit(r, f, "found %.*s, which \"not\" rules out", (int)b.len,
	    (char *)b.data);
	pc_buf_clear(&b);
	return 1;
}

int
apply_if(struct schema_run *r, const struct schema_frame *f)
{
	const int e = schema_fits_branch(r, f, f->word);
	const struct pc_json *next = pc_json_get(f->schema,
	    e == 0 ? "then" : "else");

	if (e < 0)
		return -1;
	return next ? schema_fits_too(r, f, next) : 0;
}
