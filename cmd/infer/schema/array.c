/* array.c - keywords for the elements of arrays. */
#include "schema_in.h"

/* Check the element, and mark it as evaluated, by this schema. */
static int
fits_element(struct schema_run *r, const struct schema_frame *f,
    const struct pc_json *schema, size_t i)
{
	seen_mark(f, i);
	return schema_fits_there(r, f, schema, pc_json_at(f->value, i),
	    (struct json_place){.index = i});
}

int
array_items(struct schema_run *r, const struct schema_frame *f)
{
	const size_t n = pc_json_length(f->value);
	int e = 0;

	/* prefixItems checks the elements before these. */
	for (size_t i = pc_json_length(pc_json_get(f->schema, "prefixItems"));
	     i < n && e == 0; i++)
		e = fits_element(r, f, f->word, i);
	return e;
}

int
array_prefix(struct schema_run *r, const struct schema_frame *f)
{
	const size_t n = pc_json_length(f->value);
	int e = 0;

	for (size_t i = 0; i < n && i < pc_json_length(f->word) && e == 0; i++)
		e = fits_element(r, f, pc_json_at(f->word, i), i);
	return e;
}

int
array_unevaluated(struct schema_run *r, const struct schema_frame *f)
{
	int e = 0;

	for (size_t i = 0; i < f->seen->n && e == 0; i++)
		if (!f->seen->marks[i])
			e = fits_element(r, f, f->word, i);
	return e;
}

/* ---- contains ---- */

/* How many elements fit?  Stop at `enough`. -1 as schema_fits. */
static int
count_contained(struct schema_run *r, const struct schema_frame *f,
    uint64_t enough, uint64_t *count)
{
	const size_t n = pc_json_length(f->value);

	*count = 0;
	for (size_t i = 0; i < n && *count < enough; i++) {
		const int e = schema_fits_there(r, f, f->word,
		    pc_json_at(f->value, i), (struct json_place){.index = i});

		if (e < 0)
			return -1;
		if (e > 0)
			continue;
		seen_mark(f, i);
		++*count;
	}
	return 0;
}

int
array_contains(struct schema_run *r, const struct schema_frame *f)
{
	uint64_t least = 1, most = UINT64_MAX, enough, count;

	if (pc_json_type(f->value) != PC_JSON_ARRAY)
		return 0;
	(void)number_count(pc_json_get(f->schema, "minContains"), &least);
	(void)number_count(pc_json_get(f->schema, "maxContains"), &most);
	/* Check all if it matters how many or which ones fit. */
	enough = f->seen || most < UINT64_MAX ? UINT64_MAX : least;
	if (count_contained(r, f, enough, &count) < 0)
		return -1;
	if (count >= least && count <= most)
		return 0;
	if (count == 0 && least == 1)
		return schema_misfit(r, f,
		    "wanted an element that fits \"contains\", found none in "
		    "%zu",
		    pc_json_length(f->value));
	return schema_misfit(r, f,
	    "found %llu element%s \"contains\"; wanted at %s %llu",
	    (unsigned long long)count, count == 1 ? " that fits" : "s that fit",
	    count < least ? "least" : "most",
	    (unsigned long long)(count < least ? least : most));
}

/* ---- how many ---- */

static int
bounded(struct schema_run *r, const struct schema_frame *f, int most)
{
	const size_t have = pc_json_length(f->value);
	uint64_t want;

	if (pc_json_type(f->value) != PC_JSON_ARRAY ||
	    number_count(f->word, &want) < 0)
		return 0;
	if (most ? have <= want : have >= want)
		return 0;
	return schema_misfit(r, f, "wanted at %s %llu element%s, found %zu",
	    most ? "most" : "least", (unsigned long long)want,
	    want == 1 ? "" : "s", have);
}

int
array_min(struct schema_run *r, const struct schema_frame *f)
{
	return bounded(r, f, 0);
}

int
array_max(struct schema_run *r, const struct schema_frame *f)
{
	return bounded(r, f, 1);
}
