/* question_placeholders.c - the values of the placeholders in a prompt.
 *
 * Both the key and the words of a question come from here, so that the key
 * has every variable that the words use. */
#include "question_in.h"

#include <errno.h>
#include <string.h>

static int
is(const char *name, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(name, word, n) == 0;
}

const char *
given_prompt(const struct question *q, const struct input *input)
{
	return input->prompt ? input->prompt : q->prompt;
}

static int
has_variable(const struct pc_spec *s, const char *field, size_t n)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->fields[i].kind == PC_FIELD_PARAM &&
		    s->fields[i].len >= n &&
		    memcmp(s->fields[i].bytes, field, n) == 0)
			return 1;
	return 0;
}

/* Add var.NAME=VALUE to the key's parts, unless it is there. */
static int
add_variable(struct pc_spec *s, const char *name, size_t n,
    const struct pair *v)
{
	struct pc_buf b = {0};
	int r = 0;

	pc_buf_addf(&b, "var.%.*s=", (int)n, name);
	if (!b.failed && has_variable(s, (char *)b.data, b.len)) {
		pc_buf_clear(&b);
		return 0;
	}
	pc_buf_add(&b, v->value, v->len);
	r = b.failed ? -1 : pc_spec_add(s, PC_FIELD_PARAM, b.data, b.len);
	pc_buf_clear(&b);
	return r;
}

static const char *
look_up(void *ctx, const char *name, size_t n, size_t *len)
{
	struct lookup *l = ctx;
	const struct pair *v;
	const char *said;

	if (is(name, n, "input")) {
		if (!l->input->count)
			return NULL;
		l->used_text = 1;
		*len = l->text ? l->text->len : 0;
		return l->text && l->text->data ? (char *)l->text->data : "";
	}
	if (l->question->named && is(name, n, "prompt")) {
		said = given_prompt(l->question, l->input);
		l->used_prompt = 1;
		*len = said ? strlen(said) : 0;
		return said ? said : "";
	}
	v = pairs_get(&l->question->vars, name, n);
	if (!v)
		v = pairs_get(&l->input->fields, name, n);
	if (!v)
		v = pairs_get(&l->question->t.vars, name, n);
	if (!v)
		return NULL;
	if (l->spec && add_variable(l->spec, name, n, v) < 0)
		l->failed = 1;
	*len = v->len;
	return v->value;
}

int
fill_placeholders(struct lookup *l, struct pc_buf *out, const char *text,
    int strict, struct pc_error *err)
{
	const char *missing;
	size_t n;
	int r = expand(out, text, look_up, l, strict, &missing, &n);

	if (r == 0 && !l->failed)
		return 0;
	if (r == 1 && is(missing, n, "input"))
		pc_error_set(err,
		    "the template requires a text: give it on standard input or with -f FILE");
	else if (r == 1)
		pc_error_set(err,
		    "the template requires a value for '%.*s': give it with -V %.*s=VALUE",
		    (int)n, missing, (int)n, missing);
	else
		pc_error_set(err, "%s", strerror(errno));
	return -1;
}
