/* spec.c - the fields that make a key, in their fixed order. */
#include "pc.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Increase this when the same fields must give another key. */
static const char key_version[] = "pc-key 1";

int
pc_spec_stage(struct pc_spec *s, const char *stage)
{
	if (!pc_stage_valid(stage)) {
		errno = EINVAL;
		return -1;
	}
	strcpy(s->stage, stage);
	return 0;
}

int
pc_spec_add(struct pc_spec *s, enum pc_field kind, const void *p, size_t n)
{
	struct pc_spec_field *f;

	if (n > PC_MATERIAL_MAX) {
		errno = E2BIG;
		return -1;
	}
	if (s->count == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 16;

		f = realloc(s->fields, cap * sizeof *f);
		if (!f)
			return -1;
		s->fields = f;
		s->cap = cap;
	}
	f = &s->fields[s->count];
	f->kind = kind;
	f->order = s->added++;
	f->len = n;
	f->bytes = malloc(n + 1);
	if (!f->bytes)
		return -1;
	if (n)
		memcpy(f->bytes, p, n);
	f->bytes[n] = '\0';
	s->count++;
	return 0;
}

int
pc_spec_addf(struct pc_spec *s, enum pc_field kind, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n, r;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return -1;
	r = pc_spec_add(s, kind, text, (size_t)n);
	free(text);
	return r;
}

int
pc_spec_param(struct pc_spec *s, const char *text)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
	size_t n = strspn(text, name);

	if (n == 0 || text[n] != '=' || text[0] == '.' || text[0] == '-') {
		errno = EINVAL;
		return -1;
	}
	return pc_spec_add(s, PC_FIELD_PARAM, text, strlen(text));
}

int
pc_spec_env(struct pc_spec *s, const char *name)
{
	const char *value = getenv(name);
	char digest[PC_ID_HEX];
	struct pc_id id;

	if (!*name || strchr(name, '=')) {
		errno = EINVAL;
		return -1;
	}
	if (!value)
		return pc_spec_add(s, PC_FIELD_UNSET, name, strlen(name));
	pc_sha256(value, strlen(value), &id);
	pc_id_hex(&id, digest);
	return pc_spec_addf(s, PC_FIELD_ENV, "%s=%s", name, digest);
}

/* The position of a kind in the material. */
static int
rank(enum pc_field kind)
{
	return (int)(strchr("sipveua", kind) - "sipveua");
}

static int
by_place(const void *va, const void *vb)
{
	const struct pc_spec_field *a = va, *b = vb;
	size_t n = a->len < b->len ? a->len : b->len;
	int d;

	if (a->kind != b->kind)
		return rank(a->kind) - rank(b->kind);
	if (a->kind != PC_FIELD_INPUT && a->kind != PC_FIELD_ARG) {
		d = memcmp(a->bytes, b->bytes, n);
		if (d == 0)
			d = (a->len > b->len) - (a->len < b->len);
		if (d)
			return d;
	}
	return (a->order > b->order) - (a->order < b->order);
}

static size_t
name_length(const struct pc_spec_field *f)
{
	const char *eq = memchr(f->bytes, '=', f->len);

	return eq ? (size_t)(eq - f->bytes) : f->len;
}

/* Do two neighbours in the sorted fields give values to the same name? */
static int
same_name(const struct pc_spec_field *a, const struct pc_spec_field *b)
{
	size_t n = name_length(a);

	return a->kind == b->kind && a->kind != PC_FIELD_INPUT &&
	    a->kind != PC_FIELD_ARG && name_length(b) == n &&
	    memcmp(a->bytes, b->bytes, n) == 0;
}

static int
frame(struct pc_buf *m, enum pc_field kind, const void *p, size_t n)
{
	unsigned char tag = (unsigned char)kind;

	if (pc_buf_add(m, &tag, 1) < 0 || pc_buf_add_u32(m, (uint32_t)n) < 0 ||
	    pc_buf_add(m, p, n) < 0)
		return -1;
	if (m->len > PC_MATERIAL_MAX) {
		errno = E2BIG;
		return -1;
	}
	return 0;
}

int
pc_spec_key(struct pc_spec *s, struct pc_buf *m, struct pc_id *key,
    const char **twice)
{
	m->len = 0;
	if (s->count)
		qsort(s->fields, s->count, sizeof *s->fields, by_place);
	if (frame(m, PC_FIELD_STAGE, s->stage, strlen(s->stage)) < 0)
		return -1;
	for (size_t i = 0; i < s->count; i++) {
		const struct pc_spec_field *f = &s->fields[i];

		if (i > 0 && same_name(f - 1, f)) {
			/* Giving the same value twice, as in -e FOO -e FOO, is
			 * harmless. */
			if (f->kind != PC_FIELD_PARAM && f->len == f[-1].len &&
			    memcmp(f->bytes, f[-1].bytes, f->len) == 0)
				continue;
			*twice = f->bytes;
			errno = EEXIST;
			return -1;
		}
		if (frame(m, f->kind, f->bytes, f->len) < 0)
			return -1;
	}
	pc_material_key(m->data, m->len, key);
	return 0;
}

void
pc_material_key(const unsigned char *m, size_t len, struct pc_id *key)
{
	struct pc_sha256 h;

	pc_sha256_init(&h);
	pc_sha256_add(&h, key_version, sizeof key_version);
	pc_sha256_add(&h, m, len);
	pc_sha256_end(&h, key);
}

void
pc_spec_drop_input(struct pc_spec *s)
{
	struct pc_spec_field *last = NULL;

	for (size_t i = 0; i < s->count; i++)
		if (s->fields[i].kind == PC_FIELD_INPUT &&
		    (!last || s->fields[i].order > last->order))
			last = &s->fields[i];
	if (!last)
		return;
	free(last->bytes);
	memmove(last, last + 1,
	    (size_t)(s->fields + s->count - last - 1) * sizeof *last);
	s->count--;
}

void
pc_spec_clear(struct pc_spec *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->fields[i].bytes);
	free(s->fields);
	*s = (struct pc_spec){0};
}
