/* fuzz_template.c - any bytes as a template file: it is refused with a reason,
 * or it is read and can be filled in. */
#include "infer/template/template.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char *
value(void *ctx, const char *name, size_t n, size_t *len)
{
	const struct template *t = ctx;
	const struct pair *v = pairs_get(&t->vars, name, n);

	*len = v ? v->len : 0;
	return v ? v->value : NULL;
}

static void
fill(struct template *t, const char *text)
{
	struct pc_buf b = {0};
	const char *missing;
	size_t n;

	if (!text)
		return;
	if (expand(&b, text, value, t, 1, &missing, &n) == 1 &&
	    (missing < text || missing + n > text + strlen(text)))
		abort();
	b.len = 0;
	if (expand(&b, text, value, t, 0, &missing, &n) != 0)
		abort();
	pc_buf_clear(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct pc_error err = {""};
	struct template t;
	char *text = malloc(n + 1);

	memcpy(text, p, n);
	text[n] = '\0';
	if (template_read(&t, "fuzz", text, n, &err) == 0) {
		fill(&t, t.prompt);
		fill(&t, t.system);
		template_clear(&t);
	} else if (!err.text[0]) {
		abort();
	}
	free(text);
	return 0;
}
