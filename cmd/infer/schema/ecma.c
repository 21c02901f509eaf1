/* ecma.c - translate ECMA-262 patterns (with the u flag) for PCRE2.
 *
 * Most syntax is the same.  Where PCRE2 has another meaning, the pattern is
 * rewritten; what ECMA-262 does not have is refused. */
#include "ecma.h"
#include "schema_in.h"

#include <string.h>

/* [...]; a [ inside is literal: [: does not begin a class. */
static int
set(struct ecma_reader *r)
{
	ecma_copy(r, ecma_starts_with(r, "[^") ? 2 : 1);
	while (r->p < r->end && *r->p != ']') {
		if (*r->p == '\\') {
			if (ecma_escape(r, 1) < 0)
				return -1;
			continue;
		}
		if (*r->p == '[')
			pc_buf_add(r->out, "\\", 1);
		ecma_copy(r, 1);
	}
	return r->p < r->end ? ecma_copy(r, 1)
			     : ecma_refuse(r, "a [ without its ]");
}

static int
group(struct ecma_reader *r)
{
	static const char *const known[] = {"(?:", "(?=", "(?!", "(?<"};

	if (ecma_starts_with(r, "(*"))
		return ecma_refuse(r, "nothing before a *");
	if (!ecma_starts_with(r, "(?"))
		return ecma_copy(r, 1);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (ecma_starts_with(r, known[i]))
			return ecma_copy(r, 3);
	return ecma_refuse(r, "ECMA-262 has no such (?...)");
}

/* The length of {m}, {m,} or {m,n}; 0: it is none of them. */
static size_t
interval_length(const struct ecma_reader *r)
{
	static const char digits[] = "0123456789";
	const char *p = r->p + 1;

	if (r->p == r->end || *r->p != '{' || p == r->end ||
	    !ecma_is_one_of(*p, digits))
		return 0;
	while (p < r->end && ecma_is_one_of(*p, digits))
		p++;
	if (p < r->end && *p == ',')
		p++;
	while (p < r->end && ecma_is_one_of(*p, digits))
		p++;
	return p < r->end && *p == '}' ? (size_t)(p - r->p) + 1 : 0;
}

static size_t
repetition_length(const struct ecma_reader *r)
{
	return r->p < r->end && ecma_is_one_of(*r->p, "*+?")
	    ? 1
	    : interval_length(r);
}

/* A quantifier may be lazy, but not possessive. */
static int
repetition(struct ecma_reader *r, size_t n)
{
	ecma_copy(r, n);
	if (ecma_starts_with(r, "?"))
		ecma_copy(r, 1);
	return repetition_length(r) == 0
	    ? 0
	    : ecma_refuse(r, "a repetition of a repetition");
}

static int
item(struct ecma_reader *r)
{
	const size_t repeated = repetition_length(r);

	if (repeated > 0)
		return repetition(r, repeated);
	switch (*r->p) {
	case '\\':
		return ecma_escape(r, 0);
	case '[':
		return set(r);
	case '(':
		return group(r);
	case '{':
		return ecma_refuse(r, "a { that is not {m}, {m,} or {m,n}");
	case '.':
		r->p++;
		return pc_buf_addf(r->out, "[^\\n\\r\\u{2028}\\u{2029}]");
	default:
		return ecma_copy(r, 1);
	}
}

int
ecma_translate(const char *text, size_t n, struct pc_buf *out,
    struct pc_error *why)
{
	struct ecma_reader r = {text, text + n, out, why};

	if (memchr(text, '\0', n))
		return ecma_refuse(&r, "it has a NUL in it");
	if (!pc_utf8_valid(text, n))
		return ecma_refuse(&r, "it is not UTF-8");
	while (r.p < r.end)
		if (item(&r) < 0)
			return -1;
	return out->failed ? ecma_refuse(&r, "out of memory") : 0;
}
