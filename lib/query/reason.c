/* reason.c - why documents miss, for many documents.  The records of the stage
 * are read once.  Records whose key material differs only in the input share
 * one copy of it. */
#include "pc.h"

#include "fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One stored record of the stage. */
struct reason_entry {
	struct pc_id input;
	uint64_t name;
	int64_t created;
	uint32_t rest; /* index in rests */
};

struct pc_reasons {
	struct pc_store *store;
	uint64_t newest; /* bytes of each log to read; 0: all */
	char stage[PC_STAGE_MAX + 1];
	uint64_t (*name_of)(const struct pc_record *);
	struct reason_entry *entries; /* owned, like all pointers below */
	size_t count, cap;
	struct pc_set by_input, by_name; /* indexes in entries */
	struct pc_buf *rests;            /* key material without inputs */
	size_t rest_count;
	struct pc_set by_rest;
};

static uint64_t
hash_id(const struct pc_id *id)
{
	uint64_t h;

	memcpy(&h, id->b, sizeof h);
	return h;
}

/* ---- reading the store ---- */

/* Append the material without its inputs to rest, and get the first input.  1:
 * it has no input. */
static int
split_material(const struct pc_record *r, struct pc_buf *rest,
    struct pc_id *input)
{
	size_t at = 0, from = 0, n;
	const unsigned char *p;
	enum pc_field kind;
	int found = 0;

	while (pc_material_next(r->material, r->material_len, &at, &kind, &p,
		   &n) == 0) {
		if (kind != PC_FIELD_INPUT)
			pc_buf_add(rest, r->material + from, at - from);
		else if (!found && n == sizeof input->b)
			found = memcpy(input->b, p, n) != NULL;
		from = at;
	}
	return rest->failed ? -1 : !found;
}

/* The index of these bytes in rests, which takes them over.  -1: out of
 * memory. */
static int64_t
intern(struct pc_reasons *w, struct pc_buf *rest)
{
	struct pc_buf *all;
	struct pc_id id;
	uint32_t place;
	size_t at = 0;

	pc_sha256(rest->data, rest->len, &id);
	while (pc_set_next(&w->by_rest, hash_id(&id), &at, &place))
		if (w->rests[place].len == rest->len &&
		    memcmp(w->rests[place].data, rest->data, rest->len) == 0) {
			pc_buf_clear(rest);
			return place;
		}
	all = realloc(w->rests, (w->rest_count + 1) * sizeof *all);
	if (!all)
		return -1;
	w->rests = all;
	all[w->rest_count] = *rest;
	*rest = (struct pc_buf){0};
	place = (uint32_t)w->rest_count++;
	if (pc_set_add(&w->by_rest, hash_id(&id), place) < 0)
		return -1;
	return place;
}

static int
append(struct pc_reasons *w, const struct reason_entry *e)
{
	const uint32_t place = (uint32_t)w->count;

	if (w->count == w->cap) {
		const size_t cap = w->cap ? 2 * w->cap : 256;
		struct reason_entry *all = realloc(w->entries,
		    cap * sizeof *all);

		if (!all)
			return -1;
		w->entries = all;
		w->cap = cap;
	}
	w->entries[w->count++] = *e;
	if (pc_set_add(&w->by_input, hash_id(&e->input), place) < 0)
		return -1;
	return e->name ? pc_set_add(&w->by_name, e->name, place) : 0;
}

static int
take(void *ctx, const struct pc_record *r)
{
	struct pc_reasons *w = ctx;
	struct reason_entry e = {.created = r->created};
	char stage[PC_STAGE_MAX + 1];
	struct pc_buf rest = {0};
	int64_t place;
	int split;

	if (pc_record_stage(r, stage) != 0 || strcmp(stage, w->stage) != 0)
		return 0;
	split = split_material(r, &rest, &e.input);
	place = split == 0 ? intern(w, &rest) : split;
	pc_buf_clear(&rest);
	if (split == 1)
		return 0;
	e.rest = (uint32_t)place;
	e.name = w->name_of(r);
	return place < 0 ? -1 : append(w, &e);
}

struct pc_reasons *
pc_reasons_read(struct pc_store *s, const char *stage, uint64_t newest,
    uint64_t (*name_of)(const struct pc_record *))
{
	struct pc_reasons *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->store = s;
	w->newest = newest;
	w->name_of = name_of;
	snprintf(w->stage, sizeof w->stage, "%s", stage);
	if (!s || pc_store_each(s, newest, take, w) == 0)
		return w;
	pc_reasons_free(w);
	return NULL;
}

void
pc_reasons_free(struct pc_reasons *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->rest_count; i++)
		pc_buf_clear(&w->rests[i]);
	free(w->rests);
	free(w->entries);
	pc_set_clear(&w->by_input);
	pc_set_clear(&w->by_name);
	pc_set_clear(&w->by_rest);
	free(w);
}

/* ---- one document ---- */

/* How many fields of now are the same in rest? */
static size_t
likeness(const struct pc_buf *rest, const struct fields *now)
{
	struct fields then;
	size_t n = 0;

	if (fields_split(rest->data, rest->len, &then) == 0)
		for (size_t i = 0; i < now->count; i++) {
			const struct field *f = &now->all[i];
			const struct field *g = fields_find(&then, f);

			n += g && field_same(f, g);
		}
	free(then.all);
	return n;
}

/* Find the record of this input that differs least, or the newest such
 * record. */
static const struct reason_entry *
nearest(const struct pc_reasons *w, const struct pc_id *input,
    const struct fields *now)
{
	const struct reason_entry *best = NULL;
	size_t at = 0, most = 0;
	uint32_t place;

	while (pc_set_next(&w->by_input, hash_id(input), &at, &place)) {
		const struct reason_entry *e = &w->entries[place];
		size_t n;

		if (memcmp(e->input.b, input->b, sizeof input->b) != 0)
			continue;
		n = likeness(&w->rests[e->rest], now);
		if (!best || n > most ||
		    (n == most && e->created > best->created)) {
			best = e;
			most = n;
		}
	}
	return best;
}

static const struct reason_entry *
newest_of_name(const struct pc_reasons *w, uint64_t name)
{
	const struct reason_entry *best = NULL;
	uint32_t place;
	size_t at = 0;

	while (name && pc_set_next(&w->by_name, name, &at, &place))
		if (w->entries[place].name == name &&
		    (!best || w->entries[place].created > best->created))
			best = &w->entries[place];
	return best;
}

/* Append "parameter dpi: 150 -> 300; engine poppler changed". */
static void
add_changes(struct pc_buf *t, const struct pc_buf *rest,
    const struct fields *now)
{
	struct fields then;
	const size_t before = t->len;

	if (fields_split(rest->data, rest->len, &then) == 0)
		fields_add_changes(t, now, &then);
	free(then.all);
	if (t->len == before)
		pc_buf_addf(t, "deleted, evicted or damaged");
}

static void
add_reason(const struct pc_reasons *w, const struct fields *now,
    const struct pc_id *input, uint64_t name, struct pc_buf *t)
{
	const struct reason_entry *e = nearest(w, input, now);

	if (e) {
		add_changes(t, &w->rests[e->rest], now);
		return;
	}
	e = newest_of_name(w, name);
	if (!e) {
		pc_buf_addf(t, w->newest ? "not in the cache" : "never stored");
		return;
	}
	pc_buf_addf(t, "document changed since ");
	fields_add_time(t, e->created);
}

static void
add_times(struct pc_buf *t, const struct pc_hit *hit)
{
	pc_buf_addf(t, "stored ");
	fields_add_time(t, hit->record.created);
	if (hit->record.expires == PC_NEVER)
		return;
	pc_buf_addf(t, hit->expired ? ", expired " : ", valid until ");
	fields_add_time(t, hit->record.expires);
}

int
pc_reasons_find(const struct pc_reasons *w, const struct pc_buf *material,
    const struct pc_id *key, uint64_t name, struct pc_buf *t)
{
	const struct pc_record r = {.material = material->data,
	    .material_len = material->len};
	struct pc_buf rest = {0};
	struct pc_hit hit = {0};
	struct fields now = {0};
	struct pc_id input;
	int found = PC_MISS;

	if (w->store)
		found = pc_store_get(w->store, key,
		    PC_GET_EXPIRED | PC_GET_HEADER, &hit);
	if (found == PC_HIT) {
		add_times(t, &hit);
		found = hit.expired ? PC_MISS : PC_HIT;
	} else if (found == PC_MISS) {
		if (split_material(&r, &rest, &input) != 0 ||
		    fields_split(rest.data, rest.len, &now) < 0)
			found = -1;
		else
			add_reason(w, &now, &input, name, t);
		free(now.all);
		pc_buf_clear(&rest);
	}
	pc_hit_clear(&hit);
	return t->failed ? -1 : found;
}
