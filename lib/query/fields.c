/* fields.c - see fields.h. */
#include "fields.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Is a field of this kind identified by its position, not by a name? */
static int
positional(enum pc_field kind)
{
	return kind == PC_FIELD_STAGE || kind == PC_FIELD_INPUT ||
	    kind == PC_FIELD_ARG;
}

int
fields_split(const unsigned char *material, size_t len, struct fields *out)
{
	size_t at = 0, cap = 0;
	struct field f = {0};
	unsigned place = 0;
	int more;

	*out = (struct fields){0};
	for (;;) {
		enum pc_field before = f.kind;
		const unsigned char *eq;

		more = pc_material_next(material, len, &at, &f.kind, &f.bytes,
		    &f.n);
		if (more != 0)
			return more < 0 ? -1 : 0;
		place = f.kind == before ? place + 1 : 1;
		f.place = place;
		eq = positional(f.kind) || f.n == 0 ? NULL
						    : memchr(f.bytes, '=', f.n);
		f.name = eq ? (size_t)(eq - f.bytes) : f.n;
		if (out->count == cap) {
			struct field *p;

			cap = cap ? 2 * cap : 16;
			p = realloc(out->all, cap * sizeof *p);
			if (!p)
				return -1;
			out->all = p;
		}
		out->all[out->count++] = f;
	}
}

/* Find the field of b that corresponds to f. */
const struct field *
fields_find(const struct fields *b, const struct field *f)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct field *g = &b->all[i];
		int same_env = (f->kind == PC_FIELD_ENV ||
				   f->kind == PC_FIELD_UNSET) &&
		    (g->kind == PC_FIELD_ENV || g->kind == PC_FIELD_UNSET);

		if (g->kind != f->kind && !same_env)
			continue;
		if (positional(f->kind) ? g->place == f->place
					: g->name == f->name &&
			    memcmp(g->bytes, f->bytes, f->name) == 0)
			return g;
	}
	return NULL;
}

int
field_same(const struct field *f, const struct field *g)
{
	return f->kind == g->kind && f->n == g->n &&
	    memcmp(f->bytes, g->bytes, f->n) == 0;
}

/* ---- the text ---- */

static const char *
kind_name(enum pc_field kind)
{
	switch (kind) {
	case PC_FIELD_STAGE:
		return "stage";
	case PC_FIELD_INPUT:
		return "input";
	case PC_FIELD_PARAM:
		return "parameter";
	case PC_FIELD_ENGINE:
		return "engine";
	case PC_FIELD_ENV:
	case PC_FIELD_UNSET:
		return "environment";
	case PC_FIELD_ARG:
		return "argument";
	}
	return "field";
}

/* Append a field's bytes to a line of text, without control characters. */
static void
say_bytes(struct pc_buf *t, const struct field *f, size_t from)
{
	enum { LONGEST = 200 };
	char hex[PC_ID_HEX];
	struct pc_id id;

	if (f->kind == PC_FIELD_INPUT && f->n == sizeof id.b) {
		memcpy(id.b, f->bytes, sizeof id.b);
		pc_id_hex(&id, hex);
		pc_buf_addf(t, "%s", hex);
		return;
	}
	if (f->kind == PC_FIELD_UNSET) {
		pc_buf_addf(t, "(unset)");
		return;
	}
	if (f->kind == PC_FIELD_ENV)
		pc_buf_addf(t, "sha256:");
	for (size_t i = from; i < f->n; i++) {
		unsigned char c = f->bytes[i];

		if (i - from == LONGEST) {
			pc_buf_addf(t, "... (%zu bytes)", f->n - from);
			break;
		}
		if (c < ' ' || c == 0x7f || c == '\\')
			pc_buf_addf(t, "\\x%02x", c);
		else
			pc_buf_add(t, &c, 1);
	}
}

void
field_add_label(struct pc_buf *t, const struct field *f)
{
	pc_buf_addf(t, "  %s", kind_name(f->kind));
	if (f->kind == PC_FIELD_INPUT || f->kind == PC_FIELD_ARG)
		pc_buf_addf(t, " %u", f->place);
	else if (f->kind != PC_FIELD_STAGE)
		pc_buf_addf(t, " %.*s", (int)f->name, (const char *)f->bytes);
	pc_buf_addf(t, ": ");
}

void
field_add_value(struct pc_buf *t, const struct field *f)
{
	say_bytes(t, f, positional(f->kind) ? 0 : f->name + 1);
}

void
fields_add_time(struct pc_buf *t, int64_t us)
{
	time_t when = (time_t)(us / 1000000);
	struct tm tm;
	char text[32];

	if (!gmtime_r(&when, &tm) ||
	    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &tm) == 0)
		strcpy(text, "?");
	pc_buf_addf(t, "%s", text);
}

unsigned
fields_add_differences(struct pc_buf *t, const struct fields *now,
    const struct fields *then)
{
	unsigned many = 0;

	for (size_t i = 0; i < now->count; i++) {
		const struct field *f = &now->all[i];
		const struct field *g = fields_find(then, f);

		if (g && field_same(f, g))
			continue;
		many++;
		field_add_label(t, f);
		if (g)
			field_add_value(t, g);
		else
			pc_buf_addf(t, "(none)");
		pc_buf_addf(t, " -> ");
		field_add_value(t, f);
		pc_buf_addf(t, "\n");
	}
	for (size_t i = 0; i < then->count; i++) {
		const struct field *g = &then->all[i];

		if (fields_find(now, g))
			continue;
		many++;
		field_add_label(t, g);
		field_add_value(t, g);
		pc_buf_addf(t, " -> (none)\n");
	}
	return many;
}

static void
add_change(struct pc_buf *t, const struct field *now, const struct field *then)
{
	const struct field *f = now ? now : then;

	pc_buf_addf(t, "%s %.*s", kind_name(f->kind), (int)f->name,
	    (const char *)f->bytes);
	if (f->kind == PC_FIELD_ENGINE) {
		pc_buf_addf(t, " %s",
		    !then     ? "added"
			: now ? "changed"
			      : "removed");
		return;
	}
	pc_buf_addf(t, ": ");
	if (then)
		field_add_value(t, then);
	else
		pc_buf_addf(t, "(none)");
	pc_buf_addf(t, " -> ");
	if (now)
		field_add_value(t, now);
	else
		pc_buf_addf(t, "(none)");
}

void
fields_add_changes(struct pc_buf *t, const struct fields *now,
    const struct fields *then)
{
	const size_t before = t->len;

	for (size_t i = 0; i < now->count; i++) {
		const struct field *f = &now->all[i];
		const struct field *g = fields_find(then, f);

		if (g && field_same(f, g))
			continue;
		pc_buf_addf(t, "%s", t->len > before ? "; " : "");
		add_change(t, f, g);
	}
	for (size_t i = 0; i < then->count; i++) {
		if (fields_find(now, &then->all[i]))
			continue;
		pc_buf_addf(t, "%s", t->len > before ? "; " : "");
		add_change(t, NULL, &then->all[i]);
	}
}
