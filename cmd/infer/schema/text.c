/* text.c - keywords for strings. */
#include "schema_in.h"

#include <string.h>

enum { MATCHED_MAX = 16 * 1024 }; /* longest text for a pattern, bytes */

static uint64_t
characters(const char *s, size_t n)
{
	uint64_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += (s[i] & 0xc0) != 0x80;
	return count;
}

static int
length(struct schema_run *r, const struct schema_frame *f, int most)
{
	const char *text;
	uint64_t have, want;
	size_t n;

	text = pc_json_text(f->value, &n);
	if (!text || number_count(f->word, &want) < 0)
		return 0;
	if (schema_spend(r, n / 64) < 0)
		return -1;
	have = characters(text, n);
	if (most ? have <= want : have >= want)
		return 0;
	return schema_misfit(r, f, "wanted at %s %llu character%s, found %llu",
	    most ? "most" : "least", (unsigned long long)want,
	    want == 1 ? "" : "s", (unsigned long long)have);
}

int
assert_min_length(struct schema_run *r, const struct schema_frame *f)
{
	return length(r, f, 0);
}

int
assert_max_length(struct schema_run *r, const struct schema_frame *f)
{
	return length(r, f, 1);
}

/* Compile the source, or reuse a compiled pattern. */
static const struct pattern *
compiled(struct schema_run *r, const struct schema_frame *f, const char *source)
{
	const unsigned i = r->patterns_made % KEPT_PATTERNS;
	struct pc_error why;

	for (unsigned k = 0; k < KEPT_PATTERNS; k++)
		if (r->patterns[k].source == source)
			return r->patterns[k].compiled;
	pattern_free(r->patterns[i].compiled);
	r->patterns[i].compiled = pattern_compile(source, strlen(source), &why);
	r->patterns[i].source = r->patterns[i].compiled ? source : NULL;
	if (!r->patterns[i].compiled)
		schema_give_up(r, f, why.text);
	else
		r->patterns_made++;
	return r->patterns[i].compiled;
}

void
text_drop_patterns(struct schema_run *r)
{
	for (unsigned i = 0; i < KEPT_PATTERNS; i++)
		pattern_free(r->patterns[i].compiled);
}

int
text_matches(struct schema_run *r, const struct schema_frame *f,
    const char *source, const char *text, size_t n)
{
	struct pc_error why, said;
	const struct pattern *p;
	int e;

	if (n > MATCHED_MAX)
		return schema_give_up(r, f,
		    "more than 16 KiB are not matched "
		    "with a pattern");
	if (schema_spend(r, n / 4 + 1) < 0)
		return -1;
	p = compiled(r, f, source);
	if (!p)
		return -1;
	e = pattern_matches(p, text, n, &r->steps, &why);
	if (e >= 0)
		return e;
	pc_error_set(&said, "the pattern %.200s: %.200s", source, why.text);
	return schema_give_up(r, f, said.text);
}

int
assert_pattern(struct schema_run *r, const struct schema_frame *f)
{
	size_t n, len;
	const char *text = pc_json_text(f->value, &n);
	const char *source = pc_json_text(f->word, &len);
	struct pc_buf b = {0};
	int e;

	if (!text || !source)
		return 0;
	e = text_matches(r, f, source, text, n);
	if (e != 0)
		return e < 0 ? -1 : 0;
	place_show(&b, f->value);
	schema_misfit(r, f, "%.*s does not match the pattern %.200s",
	    (int)b.len, (char *)b.data, source);
	pc_buf_clear(&b);
	return 1;
}

int
assert_format(struct schema_run *r, const struct schema_frame *f)
{
	size_t n, len;
	const char *text = pc_json_text(f->value, &n);
	const char *name = pc_json_text(f->word, &len);
	struct pc_buf b = {0};

	if (!text || !name || format_fits(name, text, n))
		return 0;
	place_show(&b, f->value);
	schema_misfit(r, f, "%.*s is not of the format %s", (int)b.len,
	    (char *)b.data, name);
	pc_buf_clear(&b);
	return 1;
}
