/* explain.c - why a key misses: what it is made of, and what the nearest
 * stored record is made of instead. */
#include "pc.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct field {
	enum pc_field kind;
	const unsigned char *bytes;
	size_t n;
	size_t name;    /* length of what comes before the '=', or 0 */
	unsigned place; /* among the fields of its kind, from 1 */
};

struct fields {
	struct field *all;
	size_t count;
};

/* Fields that stand by their place, not by a name. */
static int
positional(enum pc_field kind)
{
	return kind == PC_FIELD_STAGE || kind == PC_FIELD_INPUT ||
	    kind == PC_FIELD_ARG;
}

static int
split(const unsigned char *material, size_t len, struct fields *out)
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

/* The field of b that stands where f stands in its own. */
static const struct field *
counterpart(const struct fields *b, const struct field *f)
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

static int
same(const struct field *f, const struct field *g)
{
	return f->kind == g->kind && f->n == g->n &&
	    memcmp(f->bytes, g->bytes, f->n) == 0;
}

/* ---- the nearest record ---- */

struct search {
	const struct fields *want;
	struct pc_record best; /* material is owned, in kept */
	struct pc_buf kept;
	unsigned score; /* 0: none yet */
};

static unsigned
score_of(const struct fields *want, const struct pc_record *r)
{
	enum { FIRST_INPUT = 1u << 24 };
	struct fields have;
	unsigned score = 0;

	if (split(r->material, r->material_len, &have) == 0 && have.count &&
	    want->count && same(&want->all[0], &have.all[0])) {
		score = 1;
		/* Thousands of parameters must not make this quadratic; the
		 * first ones tell enough. */
		for (size_t i = 1; i < want->count && i < 64; i++) {
			const struct field *f = &want->all[i];
			const struct field *g = counterpart(&have, f);

			if (!g || !same(f, g))
				continue;
			score += f->kind == PC_FIELD_INPUT && f->place == 1
			    ? FIRST_INPUT
			    : 1;
		}
	}
	free(have.all);
	return score;
}

static int
consider(void *ctx, const struct pc_record *r)
{
	struct search *s = ctx;
	unsigned score = score_of(s->want, r);

	if (score == 0 || score < s->score ||
	    (score == s->score && r->created <= s->best.created))
		return 0;
	s->kept.len = 0;
	if (pc_buf_add(&s->kept, r->material, r->material_len) < 0)
		return -1;
	s->score = score;
	s->best = *r;
	s->best.material = s->kept.data;
	return 0;
}

/* ---- saying it ---- */

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

/* A field's bytes for a line of text, without what would break the line. */
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

static void
say_label(struct pc_buf *t, const struct field *f)
{
	pc_buf_addf(t, "  %s", kind_name(f->kind));
	if (f->kind == PC_FIELD_INPUT || f->kind == PC_FIELD_ARG)
		pc_buf_addf(t, " %u", f->place);
	else if (f->kind != PC_FIELD_STAGE)
		pc_buf_addf(t, " %.*s", (int)f->name, (const char *)f->bytes);
	pc_buf_addf(t, ": ");
}

static void
say_value(struct pc_buf *t, const struct field *f)
{
	say_bytes(t, f, positional(f->kind) ? 0 : f->name + 1);
}

static void
say_time(struct pc_buf *t, int64_t us)
{
	time_t when = (time_t)(us / 1000000);
	struct tm tm;
	char text[32];

	if (!gmtime_r(&when, &tm) ||
	    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &tm) == 0)
		strcpy(text, "?");
	pc_buf_addf(t, "%s", text);
}

static unsigned
say_differences(struct pc_buf *t, const struct fields *now,
    const struct fields *then)
{
	unsigned many = 0;

	for (size_t i = 0; i < now->count; i++) {
		const struct field *f = &now->all[i];
		const struct field *g = counterpart(then, f);

		if (g && same(f, g))
			continue;
		many++;
		say_label(t, f);
		if (g)
			say_value(t, g);
		else
			pc_buf_addf(t, "(none)");
		pc_buf_addf(t, " -> ");
		say_value(t, f);
		pc_buf_addf(t, "\n");
	}
	for (size_t i = 0; i < then->count; i++) {
		const struct field *g = &then->all[i];

		if (counterpart(now, g))
			continue;
		many++;
		say_label(t, g);
		say_value(t, g);
		pc_buf_addf(t, " -> (none)\n");
	}
	return many;
}

static int
say_nearest(struct pc_store *s, const struct fields *now, struct pc_buf *t)
{
	struct search search = {.want = now};
	struct fields then = {0};
	char hex[PC_ID_HEX];
	int r;

	r = pc_store_each(s, 0, consider, &search);
	if (r == 0 && search.score == 0)
		pc_buf_addf(t, "nearest: none, this stage has no record\n");
	if (r == 0 && search.score > 0 &&
	    split(search.best.material, search.best.material_len, &then) == 0) {
		pc_id_hex(&search.best.key, hex);
		pc_buf_addf(t, "nearest: %s, stored ", hex);
		say_time(t, search.best.created);
		pc_buf_addf(t, "; from it to this one:\n");
		if (say_differences(t, now, &then) == 0)
			pc_buf_addf(t,
			    "  nothing differs: it was removed, "
			    "or its bytes are damaged\n");
	}
	free(then.all);
	pc_buf_clear(&search.kept);
	return r;
}

int
pc_explain(struct pc_store *s, const unsigned char *material, size_t len,
    const struct pc_id *key, struct pc_buf *t)
{
	struct fields now;
	struct pc_hit hit = {0};
	char hex[PC_ID_HEX];
	int found, r = -1;

	if (split(material, len, &now) < 0)
		goto out;
	pc_id_hex(key, hex);
	pc_buf_addf(t, "key: %s\n", hex);
	for (size_t i = 0; i < now.count; i++) {
		say_label(t, &now.all[i]);
		say_value(t, &now.all[i]);
		pc_buf_addf(t, "\n");
	}
	found = s ? pc_store_get(s, key, PC_GET_EXPIRED, &hit) : PC_MISS;
	if (found < 0)
		goto out;
	if (found == PC_HIT) {
		pc_buf_addf(t,
		    hit.expired ? "expired: stored " : "hit: stored ");
		say_time(t, hit.record.created);
		if (hit.record.expires != PC_NEVER) {
			pc_buf_addf(t,
			    hit.expired ? ", until " : ", good until ");
			say_time(t, hit.record.expires);
		}
		pc_buf_addf(t, "\n");
		r = 0;
		goto out;
	}
	pc_buf_addf(t, "miss\n");
	r = s ? say_nearest(s, &now, t) : 0;
out:
	pc_hit_clear(&hit);
	free(now.all);
	return r;
}
