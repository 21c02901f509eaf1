/* object.c - keywords that look at the members of objects and the
 * elements of arrays. */
#include "schema_in.h"

#include <string.h>

enum { NAMED_MAX = 200 }; /* bytes of names in a message */

/* ---- objects ---- */

static int
is_name(void *ctx, const char *name, const struct pc_json *value)
{
	(void)value;
	return strcmp(ctx, name) == 0;
}

int
schema_has(const struct pc_json *v, const char *name)
{
	/* What is null looks like none. */
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

static int
add_name(void *ctx, const char *name, const struct pc_json *value)
{
	struct pc_buf *b = ctx;

	(void)value;
	pc_buf_addf(b, "%s", b->len ? ", " : "");
	pc_json_string(b, name, strnlen(name, NAMED_MAX));
	return b->len > NAMED_MAX;
}

int
object_required(struct run *r, const struct frame *f)
{
	uint64_t members = 0;
	size_t n;

	if (pc_json_type(f->value) != PC_JSON_OBJECT)
		return 0;
	(void)pc_json_each(f->value, count_name, &members);
	for (size_t i = 0; i < pc_json_length(f->word); i++) {
		const char *name = pc_json_text(pc_json_at(f->word, i), &n);

		if (schema_spend(r,
			pc_json_get(f->value, name) ? 1 : members + 1) < 0)
			return -1;
		if (!schema_has(f->value, name))
			return schema_misfit(r, f,
			    "wanted a member \"%.*s\", found none", NAMED_MAX,
			    name);
	}
	return 0;
}

/* All members of the value, one after the other. */
struct members {
	struct run *run;
	const struct frame *frame;
	const struct pc_json *known, *patterns; /* of "properties" and so on */
	int matched;
	const char *name;
	const struct pc_json *value;
};

static int
fits_property(void *ctx, const char *name, const struct pc_json *value)
{
	struct members *m = ctx;
	const struct pc_json *schema = pc_json_get(m->frame->word, name);

	if (schema_spend(m->run, 1) < 0)
		return -1;
	return schema ? schema_fits_there(m->run, m->frame, schema, value,
			    (struct place){.name = name})
		      : 0;
}

int
object_properties(struct run *r, const struct frame *f)
{
	struct members m = {.run = r, .frame = f};

	return pc_json_each(f->value, fits_property, &m);
}

/* Of one pattern and m->name. */
static int
fits_pattern(void *ctx, const char *pattern, const struct pc_json *schema)
{
	struct members *m = ctx;
	int e = assert_matches(m->run, m->frame, pattern, m->name,
	    strlen(m->name));

	if (e != 0)
		return e < 0 ? -1 : 0;
	m->matched = 1;
	return schema ? schema_fits_there(m->run, m->frame, schema, m->value,
			    (struct place){.name = m->name})
		      : 0;
}

static int
fits_patterns(void *ctx, const char *name, const struct pc_json *value)
{
	struct members *m = ctx;

	m->name = name;
	m->value = value;
	return pc_json_each(m->frame->word, fits_pattern, m);
}

int
object_patterns(struct run *r, const struct frame *f)
{
	struct members m = {.run = r, .frame = f};

	return pc_json_each(f->value, fits_patterns, &m);
}

static int
is_matched(void *ctx, const char *pattern, const struct pc_json *schema)
{
	struct members *m = ctx;
	const int e = assert_matches(m->run, m->frame, pattern, m->name,
	    strlen(m->name));

	(void)schema;
	return e < 0 ? -1 : e == 0;
}

static int
fits_additional(void *ctx, const char *name, const struct pc_json *value)
{
	struct members *m = ctx;
	struct pc_buf known = {0};
	int e;

	m->name = name;
	if (schema_spend(m->run, 1) < 0)
		return -1;
	if (pc_json_get(m->known, name))
		return 0;
	e = pc_json_each(m->patterns, is_matched, m);
	if (e != 0)
		return e < 0 ? -1 : 0;
	if (pc_json_type(m->frame->word) != PC_JSON_BOOL ||
	    pc_json_bool(m->frame->word))
		return schema_fits_there(m->run, m->frame, m->frame->word,
		    value, (struct place){.name = name});
	pc_json_each(m->known, add_name, &known);
	schema_misfit(m->run, m->frame,
	    "the member \"%.60s\" is not allowed%s%.*s", name,
	    known.len ? ": there can be " : "", (int)known.len,
	    known.len ? (char *)known.data : "");
	pc_buf_clear(&known);
	return 1;
}

int
object_additional(struct run *r, const struct frame *f)
{
	struct members m = {.run = r,
	    .frame = f,
	    .known = pc_json_get(f->schema, "properties"),
	    .patterns = pc_json_get(f->schema, "patternProperties")};

	return pc_json_each(f->value, fits_additional, &m);
}

/* The name as a value. */
static int
fits_name(void *ctx, const char *name, const struct pc_json *value)
{
	struct members *m = ctx;
	struct pc_buf b = {0};
	struct pc_error err;
	struct pc_json *text;
	int e;

	(void)value;
	if (schema_spend(m->run, 1 + strlen(name) / 64) < 0)
		return -1;
	pc_json_string(&b, name, strlen(name));
	text = b.failed ? NULL : pc_json_parse((char *)b.data, b.len, &err);
	pc_buf_clear(&b);
	if (!text)
		return schema_give_up(m->run, m->frame, "out of memory");
	e = schema_fits_there(m->run, m->frame, m->frame->word, text,
	    (struct place){.name = name});
	pc_json_free(text);
	if (e == 1) {
		err = m->run->why;
		schema_misfit(m->run, m->frame,
		    "a member's name is wrong: %.400s", err.text);
	}
	return e;
}

int
object_names(struct run *r, const struct frame *f)
{
	struct members m = {.run = r, .frame = f};

	return pc_json_each(f->value, fits_name, &m);
}

/* ---- arrays ---- */

int
array_items(struct run *r, const struct frame *f)
{
	const size_t n = pc_json_length(f->value);
	int e = 0;

	/* Those before are prefixItems's. */
	for (size_t i = pc_json_length(pc_json_get(f->schema, "prefixItems"));
	     i < n && e == 0; i++)
		e = schema_fits_there(r, f, f->word, pc_json_at(f->value, i),
		    (struct place){.index = i});
	return e;
}

int
array_prefix(struct run *r, const struct frame *f)
{
	const size_t n = pc_json_length(f->value);
	int e = 0;

	for (size_t i = 0; i < n && i < pc_json_length(f->word) && e == 0; i++)
		e = schema_fits_there(r, f, pc_json_at(f->word, i),
		    pc_json_at(f->value, i), (struct place){.index = i});
	return e;
}

int
array_contains(struct run *r, const struct frame *f)
{
	const size_t n = pc_json_length(f->value);
	int e = 1;

	if (pc_json_type(f->value) != PC_JSON_ARRAY)
		return 0;
	for (size_t i = 0; i < n && e == 1; i++)
		e = schema_fits_there(r, f, f->word, pc_json_at(f->value, i),
		    (struct place){.index = i});
	return e == 1 ? schema_misfit(r, f,
			    "wanted an element that fits "
			    "\"contains\", found none in %zu",
			    n)
		      : e;
}

/* ---- how many ---- */

static int
bounded(struct run *r, const struct frame *f, enum pc_json_type type, int most)
{
	uint64_t have = 0, want;

	if (pc_json_type(f->value) != type || assert_count(f->word, &want) < 0)
		return 0;
	if (type == PC_JSON_ARRAY)
		have = pc_json_length(f->value);
	else
		(void)pc_json_each(f->value, count_name, &have);
	if (type == PC_JSON_OBJECT && schema_spend(r, have) < 0)
		return -1;
	if (most ? have <= want : have >= want)
		return 0;
	return schema_misfit(r, f, "wanted at %s %llu %s%s, found %llu",
	    most ? "most" : "least", (unsigned long long)want,
	    type == PC_JSON_ARRAY ? "element" : "member", want == 1 ? "" : "s",
	    (unsigned long long)have);
}

int
array_min(struct run *r, const struct frame *f)
{
	return bounded(r, f, PC_JSON_ARRAY, 0);
}

int
array_max(struct run *r, const struct frame *f)
{
	return bounded(r, f, PC_JSON_ARRAY, 1);
}

int
object_min(struct run *r, const struct frame *f)
{
	return bounded(r, f, PC_JSON_OBJECT, 0);
}

int
object_max(struct run *r, const struct frame *f)
{
	return bounded(r, f, PC_JSON_OBJECT, 1);
}
