/* explain.c - why a key misses: its fields, and how those of the nearest stored
 * record differ. */
#include "fields.h"

#include <stdlib.h>
#include <string.h>

/* ---- the nearest record ---- */

struct search {
	const struct fields *want;
	struct pc_record best; /* its material is owned by kept */
	struct pc_buf kept;
	unsigned score; /* 0: none yet */
};

static unsigned
score_of(const struct fields *want, const struct pc_record *r)
{
	enum { FIRST_INPUT = 1u << 24 };
	struct fields have;
	unsigned score = 0;

	if (fields_split(r->material, r->material_len, &have) == 0 &&
	    have.count && want->count &&
	    field_same(&want->all[0], &have.all[0])) {
		score = 1;
		/* Compare only the first fields, which show enough, so that
		 * thousands of parameters do not take quadratic time. */
		for (size_t i = 1; i < want->count && i < 64; i++) {
			const struct field *f = &want->all[i];
			const struct field *g = fields_find(&have, f);

			if (!g || !field_same(f, g))
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

/* ---- the text ---- */

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
	    fields_split(search.best.material, search.best.material_len,
		&then) == 0) {
		pc_id_hex(&search.best.key, hex);
		pc_buf_addf(t, "nearest: %s, stored ", hex);
		fields_add_time(t, search.best.created);
		pc_buf_addf(t, "; from it to this one:\n");
		if (fields_add_differences(t, now, &then) == 0)
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

	if (fields_split(material, len, &now) < 0)
		goto out;
	pc_id_hex(key, hex);
	pc_buf_addf(t, "key: %s\n", hex);
	for (size_t i = 0; i < now.count; i++) {
		field_add_label(t, &now.all[i]);
		field_add_value(t, &now.all[i]);
		pc_buf_addf(t, "\n");
	}
	found = s ? pc_store_get(s, key, PC_GET_EXPIRED, &hit) : PC_MISS;
	if (found < 0)
		goto out;
	if (found == PC_HIT) {
		pc_buf_addf(t,
		    hit.expired ? "expired: stored " : "hit: stored ");
		fields_add_time(t, hit.record.created);
		if (hit.record.expires != PC_NEVER) {
			pc_buf_addf(t,
			    hit.expired ? ", until " : ", good until ");
			fields_add_time(t, hit.record.expires);
		}
		pc_buf_addf(t, "\n");
		r = hit.expired != 0;
		goto out;
	}
	pc_buf_addf(t, "miss\n");
	r = s && say_nearest(s, &now, t) < 0 ? -1 : 1;
out:
	pc_hit_clear(&hit);
	free(now.all);
	return r;
}
