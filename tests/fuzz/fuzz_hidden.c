/* fuzz_hidden.c - any bytes as a page's content: invisible text is removed at
 * once, and nothing is added but the spacing that an operator had set. */
#include "helper/doc/pdf/hidden_text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
check(int holds)
{
	if (!holds)
		abort();
}

/* Names that end with P are fonts that paint, or states that choose one. */
static int
ends_with_p(void *ctx, const char *name)
{
	const size_t n = strlen(name);

	(void)ctx;
	return n > 0 && name[n - 1] == 'P';
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct hidden_text_fonts fonts = {ends_with_p, ends_with_p, NULL};
	struct pc_buf once = {0}, twice = {0};
	const int removed = hidden_text_remove(p, n, &fonts, &once);

	if (removed >= 0) {
		check(once.len <= n + 8 * (size_t)removed);
		check(hidden_text_remove(once.data, once.len, &fonts, &twice) ==
		    0);
		check(twice.len == once.len &&
		    (once.len == 0 ||
			memcmp(twice.data, once.data, once.len) == 0));
	}
	pc_buf_clear(&once);
	pc_buf_clear(&twice);
	return 0;
}
