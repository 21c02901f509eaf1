/* expand.c - placeholders in a prompt. */
#include "template.h"

#include <string.h>

static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

const char *
expand_next(const char *p, const char **name, size_t *n)
{
	while ((p = strstr(p, "{{"))) {
		*name = p + 2 + strspn(p + 2, " ");
		*n = strspn(*name, letters);
		p = *name + *n + strspn(*name + *n, " ");
		if (*n > 0 && strncmp(p, "}}", 2) == 0)
			return p + 2;
		p = *name;
	}
	return NULL;
}

int
expand(struct pc_buf *out, const char *text, expand_value *value, void *ctx,
    int strict, const char **missing, size_t *missing_len)
{
	const char *at = text, *next, *name;
	size_t n, value_len;

	while ((next = expand_next(at, &name, &n))) {
		const char *v = value(ctx, name, n, &value_len);
		const char *braces = name;

		if (!v && strict) {
			*missing = name;
			*missing_len = n;
			return 1;
		}
		while (*--braces == ' ')
			;
		pc_buf_add(out, at, (size_t)((v ? braces - 1 : next) - at));
		if (v)
			pc_buf_add(out, v, value_len);
		at = next;
	}
	return pc_buf_add(out, at, strlen(at)) < 0 ? -1 : 0;
}
