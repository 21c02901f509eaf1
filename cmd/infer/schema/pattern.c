/* pattern.c - match patterns with PCRE2.
 *
 * PCRE2 backtracks, which can take extremely long.  So a callout before each
 * item of a pattern counts the work.  Reaching a limit is an error: neither a
 * match nor a mismatch.
 *
 * Programs that are not linked statically load PCRE2 when they compile the
 * first pattern, since few schemas have one. */
#include "schema_in.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum {
	PATTERN_MAX = 1024, /* bytes */
	NESTED_MAX = 100,   /* nested groups */
	MATCH_MAX = 10 * 1000 * 1000,
	DEPTH_MAX = 100 * 1000, /* 16 KiB of text need several per byte */
	HEAP_MAX = 64 * 1024,   /* KiB */
};

struct pattern {
	pcre2_code *code;
};

#ifdef PC_SHARED

#include <dlfcn.h>

#ifndef PC_PCRE2_SONAME
#define PC_PCRE2_SONAME "libpcre2-8.so.0"
#endif

#define EACH_FUNCTION(X)                                                       \
	X(pcre2_compile_context_create)                                        \
	X(pcre2_compile_context_free)                                          \
	X(pcre2_set_compile_extra_options)                                     \
	X(pcre2_set_parens_nest_limit)                                         \
	X(pcre2_compile)                                                       \
	X(pcre2_code_free)                                                     \
	X(pcre2_get_error_message)                                             \
	X(pcre2_match_context_create)                                          \
	X(pcre2_match_context_free)                                            \
	X(pcre2_set_match_limit)                                               \
	X(pcre2_set_depth_limit)                                               \
	X(pcre2_set_heap_limit)                                                \
	X(pcre2_set_callout)                                                   \
	X(pcre2_match_data_create)                                             \
	X(pcre2_match_data_free)                                               \
	X(pcre2_match)

/* The program's only global state: PCRE2's functions. */
static struct {
#define X(name) __typeof__(name) *name;
	EACH_FUNCTION(X)
#undef X
	void *handle;
} api;

#define TEXT_OF(name) #name
static int
load(struct pc_error *why)
{
	if (api.handle)
		return 0;
	api.handle = dlopen(PC_PCRE2_SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!api.handle) {
		pc_error_set(why,
		    "cannot load %s, which patterns need; install libpcre2-8-0",
		    PC_PCRE2_SONAME);
		return -1;
	}
#define X(name)                                                                \
	*(void **)(&api.name) = dlsym(api.handle, TEXT_OF(name));              \
	if (!api.name) {                                                       \
		pc_error_set(why, "%s has no %s", PC_PCRE2_SONAME,             \
		    TEXT_OF(name));                                            \
		dlclose(api.handle);                                           \
		api.handle = NULL;                                             \
		return -1;                                                     \
	}
	EACH_FUNCTION(X)
#undef X
	return 0;
}
#define PCRE(name) (api.name)

#else

static int
load(struct pc_error *why)
{
	(void)why;
	return 0;
}
#define PCRE(name) (name)

#endif

static void
say_error(int error, struct pc_error *why)
{
	PCRE2_UCHAR text[120];

	PCRE(pcre2_get_error_message)(error, text, sizeof text);
	pc_error_set(why, "%s", (char *)text);
}

static pcre2_code *
compile(const struct pc_buf *b, struct pc_error *why)
{
	const uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY |
	    PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
	    PCRE2_AUTO_CALLOUT;
	pcre2_compile_context *c = PCRE(pcre2_compile_context_create)(NULL);
	pcre2_code *code;
	PCRE2_SIZE at;
	int error;

	if (!c) {
		pc_error_set(why, "out of memory");
		return NULL;
	}
	PCRE(pcre2_set_compile_extra_options)(c, PCRE2_EXTRA_ALT_BSUX);
	PCRE(pcre2_set_parens_nest_limit)(c, NESTED_MAX);
	code = PCRE(pcre2_compile)(b->data, b->len, options, &error, &at, c);
	if (!code)
		say_error(error, why);
	PCRE(pcre2_compile_context_free)(c);
	return code;
}

struct pattern *
pattern_compile(const char *text, size_t n, struct pc_error *why)
{
	struct pattern *p = calloc(1, sizeof *p);
	struct pc_buf b = {0};

	pc_error_set(why, "out of memory");
	if (n > PATTERN_MAX)
		pc_error_set(why, "it is longer than %d bytes", PATTERN_MAX);
	else if (p && load(why) == 0 && ecma_translate(text, n, &b, why) == 0)
		p->code = compile(&b, why);
	pc_buf_clear(&b);
	if (p && p->code)
		return p;
	free(p);
	return NULL;
}

void
pattern_free(struct pattern *p)
{
	if (p)
		PCRE(pcre2_code_free)(p->code);
	free(p);
}

/* ---- matching ---- */

struct match_budget {
	uint64_t *steps;
	uint64_t cost; /* of one item, which may scan the whole text */
};

static int
count_item(pcre2_callout_block *block, void *ctx)
{
	const struct match_budget *w = ctx;

	(void)block;
	if (*w->steps < w->cost)
		return PCRE2_ERROR_CALLOUT;
	*w->steps -= w->cost;
	return 0;
}

static int
verdict(int result, struct pc_error *why)
{
	switch (result) {
	case PCRE2_ERROR_NOMATCH:
		return 0;
	case PCRE2_ERROR_CALLOUT:
	case PCRE2_ERROR_MATCHLIMIT:
		pc_error_set(why, "matching takes too long for this text");
		return -1;
	case PCRE2_ERROR_DEPTHLIMIT:
	case PCRE2_ERROR_HEAPLIMIT:
		pc_error_set(why,
		    "matching takes too much memory for this "
		    "text");
		return -1;
	default:
		if (result >= 0)
			return 1;
		say_error(result, why);
		return -1;
	}
}

int
pattern_matches(const struct pattern *p, const char *text, size_t n,
    uint64_t *steps, struct pc_error *why)
{
	pcre2_match_context *c = PCRE(pcre2_match_context_create)(NULL);
	pcre2_match_data *data = PCRE(pcre2_match_data_create)(1, NULL);
	struct match_budget work = {steps, 1 + n / 256};
	int result = PCRE2_ERROR_NOMEMORY;

	if (c && data) {
		PCRE(pcre2_set_match_limit)(c, MATCH_MAX);
		PCRE(pcre2_set_depth_limit)(c, DEPTH_MAX);
		PCRE(pcre2_set_heap_limit)(c, HEAP_MAX);
		PCRE(pcre2_set_callout)(c, count_item, &work);
		result = PCRE(
		    pcre2_match)(p->code, (PCRE2_SPTR)text, n, 0, 0, data, c);
	}
	PCRE(pcre2_match_data_free)(data);
	PCRE(pcre2_match_context_free)(c);
	return verdict(result, why);
}
