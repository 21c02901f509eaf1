/* fuzz_json.c - any bytes as a line of JSON Lines: a parsed value can be
 * visited, and its text can be written and read back unchanged. */
#include "pc.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static int go_through(void *, const char *, const struct pc_json *);

static void
look(const struct pc_json *v)
{
	struct pc_buf b = {0};
	struct pc_json *again;
	struct pc_error err;
	const char *text, *back;
	size_t n, m;
	int64_t whole;
	double real;

	pc_json_int(v, &whole);
	pc_json_real(v, &real);
	pc_json_bool(v);
	for (size_t i = 0; i < pc_json_length(v); i++)
		look(pc_json_at(v, i));
	text = pc_json_text(v, &n);
	if (text) {
		pc_json_string(&b, text, n);
		again = pc_json_parse((char *)b.data, b.len, &err);
		back = again ? pc_json_text(again, &m) : NULL;
		if (!back || m != n || memcmp(back, text, n) != 0)
			abort();
		pc_json_free(again);
		pc_buf_clear(&b);
	}
	pc_json_each(v, go_through, NULL);
}

static int
go_through(void *ctx, const char *name, const struct pc_json *v)
{
	(void)ctx;
	(void)name;
	look(v);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct pc_error err;
	struct pc_json *v = pc_json_parse((const char *)p, n, &err);

	if (v)
		look(v);
	pc_json_free(v);
	return 0;
}
