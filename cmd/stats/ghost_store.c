/* ghost_store.c - the store as its events describe it. */
#include "ghost_store.h"

#include <stdlib.h>
#include <string.h>

enum {
	OVERHEAD =
	    400, /* bytes that a record takes besides its value, roughly */
	PAUSE = 2000000, /* us; evictions closer together belong to one run */
};

struct ghost *
ghost_find(const struct ghost_store *s, const struct pc_event *e)
{
	const uint64_t hash = pc_decode_u64(e->key.b);
	uint32_t i;

	for (size_t at = 0; pc_set_next(&s->keys, hash, &at, &i);)
		if (memcmp(s->all[i].key, e->key.b, sizeof s->all[i].key) == 0)
			return &s->all[i];
	return NULL;
}

static struct ghost *
add(struct ghost_store *s, const struct pc_event *e)
{
	struct ghost *g;

	if (s->count == s->cap) {
		const size_t cap = s->cap ? 2 * s->cap : 2048;

		g = realloc(s->all, cap * sizeof *g);
		if (!g)
			return NULL;
		s->all = g;
		s->cap = cap;
	}
	if (pc_set_add(&s->keys, pc_decode_u64(e->key.b), (uint32_t)s->count) <
	    0)
		return NULL;
	g = &s->all[s->count++];
	*g = (struct ghost){0};
	memcpy(g->key, e->key.b, sizeof g->key);
	return g;
}

/* The TTL that is configured for this kind of stage. */
static int64_t
usual_ttl(const struct ghost_store *s, const struct pc_event *e)
{
	const char *setting = "caching.default_ttl";

	if (e->program == PC_PROGRAM_OCR)
		setting = "caching.ttl_ocr";
	else if (e->program == PC_PROGRAM_FETCH)
		setting = "caching.ttl_api";
	else if (strncmp(e->stage, "embed", 5) == 0)
		setting = "caching.ttl_embeddings";
	else if (strncmp(e->stage, "vision", 6) == 0)
		setting = "caching.ttl_vision_inference";
	else if (e->program == PC_PROGRAM_INFER)
		setting = "caching.ttl_text_inference";
	return pc_config_span(s->config, setting);
}

int
ghost_expired(const struct ghost *g, int64_t when)
{
	return g->ttl != PC_NEVER && when - g->put >= g->ttl;
}

/* It is no longer in the store. */
static void
drop(struct ghost_store *s, struct ghost *g, enum ghost_state how)
{
	if (g->state == GHOST_STORED)
		s->held -= g->bytes;
	/* What was evicted would be there in a larger store. */
	if (how > GHOST_EVICTED && g->state <= GHOST_EVICTED)
		recency_take(&s->recency, g->used, g->bytes);
	g->state = (unsigned char)how;
}

int
ghost_use(struct ghost_store *s, struct ghost *g, const struct pc_event *e)
{
	if (!g->state) {
		g = add(s, e);
		if (!g)
			return -1;
		g->put = e->when;
		g->ttl = usual_ttl(s, e);
	} else {
		drop(s, g, GHOST_REMOVED);
	}
	if (e->kind == PC_EVENT_PUT) {
		g->put = e->when;
		g->ttl = e->ttl ? e->ttl : usual_ttl(s, e);
	} else if (e->kind != PC_EVENT_STALE && ghost_expired(g, e->when)) {
		g->put = e->when; /* its TTL was restarted */
	}
	g->state = GHOST_STORED;
	g->missed = 0;
	g->bytes = e->bytes + OVERHEAD;
	g->used = (uint32_t)recency_next(&s->recency);
	if (!g->used)
		return -1;
	recency_put(&s->recency, g->used, g->bytes);
	s->held += g->bytes;
	return 0;
}

int
ghost_evict(struct ghost_store *s, struct ghost *g, const struct pc_event *e)
{
	if (g->state != GHOST_STORED)
		return 0;
	drop(s, g, GHOST_EVICTED);
	if (!s->evicted || e->when - s->evicted > PAUSE) {
		if (s->runs == s->run_cap) {
			uint32_t cap = s->run_cap ? 2 * s->run_cap : 64;
			uint64_t *p = realloc(s->kept, cap * sizeof *s->kept);

			if (!p)
				return -1;
			s->kept = p;
			s->run_cap = cap;
		}
		s->kept[s->runs++] = s->held;
	}
	s->evicted = e->when;
	g->run = s->runs - 1;
	if (s->held < s->kept[g->run])
		s->kept[g->run] = s->held;
	return 0;
}

void
ghost_remove(struct ghost_store *s, struct ghost *g, const struct pc_event *e)
{
	const int expired = ghost_expired(g, e->when);

	if (!g->state)
		return;
	drop(s, g, expired ? GHOST_EXPIRED : GHOST_REMOVED);
	/* Eviction drops expired records, too.  A removal for another reason
	 * frees room, so what was evicted before does not count any more. */
	if (!expired)
		s->evicted = 0;
}

uint64_t
ghost_lack(const struct ghost_store *s, const struct ghost *g)
{
	uint64_t want = recency_since(&s->recency, g->used) + g->bytes;

	return want > s->kept[g->run] ? want - s->kept[g->run] : 0;
}

void
ghost_store_clear(struct ghost_store *s)
{
	pc_set_clear(&s->keys);
	free(s->all);
	free(s->kept);
	recency_clear(&s->recency);
	*s = (struct ghost_store){.config = s->config};
}
