/* ghost.c - how many misses would have been hits in a larger store, or with
 * longer times to live.
 *
 * A miss of a result that was stored before has one of three causes.
 *
 * Its record was evicted.  It would be a hit if the store had room for it and
 * for everything that was used since its own last use, each thing counted once,
 * in addition to what the store kept then.
 *
 * Its record had expired.  It would be a hit if its time to live had been
 * longer by the time since then.  If both are true, neither alone would have
 * helped.
 *
 * A user removed it, or had it computed again: nothing helps. */
#include "recency.h"
#include "stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	STEPS = 5,
	OVERHEAD = 400,  /* bytes of a record beside its value, about */
	PAUSE = 2000000, /* us; evictions that are as near are of one run */
};

static const int64_t day = 24 * 3600 * 1000000LL;
/* Days, then GiB, here and wherever there are so many. */
static const int steps[2 * STEPS] = {1, 7, 30, 90, 365, 1, 2, 5, 10, 50};

enum state { UNKNOWN, STORED, EVICTED, EXPIRED, REMOVED };

/* What is known of a key. */
struct ghost {
	unsigned char key[16];
	int64_t put, ttl; /* us; when it last was, and for how long */
	uint64_t bytes;
	uint32_t used; /* place of its last use */
	uint32_t run;  /* that evicted it */
	unsigned char state;
	unsigned char missed; /* 1 + the step that it lacked */
};

struct losses {
	uint64_t misses, back; /* of what was stored, and not removed */
	struct gain {
		uint64_t hits;
		uint64_t saved; /* us */
	} gains[2 * STEPS];
};

struct search {
	struct cli *c;
	struct ghost *all; /* owned */
	size_t count, cap;
	struct pc_set keys; /* places in all */
	struct recency recency;
	uint64_t held;  /* bytes that are stored, of what is known */
	uint64_t *kept; /* owned; the least that each run left */
	uint32_t runs, run_cap;
	int64_t evicted; /* when the last one was; 0: that run is over */
	int64_t since, now;
	struct losses sum;
};

/* What is known of the key of an event, or NULL. */
static struct ghost *
find(const struct search *s, const struct pc_event *e)
{
	const uint64_t hash = pc_decode_u64(e->key.b);
	uint32_t i;

	for (size_t at = 0; pc_set_next(&s->keys, hash, &at, &i);)
		if (memcmp(s->all[i].key, e->key.b, sizeof s->all[i].key) == 0)
			return &s->all[i];
	return NULL;
}

static struct ghost *
add(struct search *s, const struct pc_event *e)
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

/* The configured time to live of that kind of stage. */
static int64_t
usual_ttl(const struct search *s, const struct pc_event *e)
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
	return pc_config_span(s->c->config, setting);
}

static int
is_past(const struct ghost *g, int64_t when)
{
	return g->ttl != PC_NEVER && when - g->put >= g->ttl;
}

/* It is no longer there. */
static void
gone(struct search *s, struct ghost *g, enum state how)
{
	if (g->state == STORED)
		s->held -= g->bytes;
	/* What was evicted would be there in a larger store. */
	if (how > EVICTED && g->state <= EVICTED)
		recency_take(&s->recency, g->used, g->bytes);
	g->state = (unsigned char)how;
}

/* It is there, and was used. */
static int
used(struct search *s, struct ghost *g, const struct pc_event *e)
{
	if (!g->state) {
		g = add(s, e);
		if (!g)
			return -1;
		g->put = e->when;
		g->ttl = usual_ttl(s, e);
	} else {
		gone(s, g, REMOVED);
	}
	if (e->kind == PC_EVENT_PUT) {
		g->put = e->when;
		g->ttl = e->ttl ? e->ttl : usual_ttl(s, e);
	} else if (e->kind != PC_EVENT_STALE && is_past(g, e->when)) {
		g->put = e->when; /* it got a new time to live */
	}
	g->state = STORED;
	g->missed = 0;
	g->bytes = e->bytes + OVERHEAD;
	g->used = (uint32_t)recency_next(&s->recency);
	if (!g->used)
		return -1;
	recency_put(&s->recency, g->used, g->bytes);
	s->held += g->bytes;
	return 0;
}

static int
evicted(struct search *s, struct ghost *g, const struct pc_event *e)
{
	if (g->state != STORED)
		return 0;
	gone(s, g, EVICTED);
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

static void
removed(struct search *s, struct ghost *g, const struct pc_event *e)
{
	const int past = is_past(g, e->when);

	if (!g->state)
		return;
	gone(s, g, past ? EXPIRED : REMOVED);
	/* Eviction drops expired records, too.  A removal for another reason
	 * frees room, so what was evicted before does not count any more. */
	if (!past)
		s->evicted = 0;
}

/* As many bytes more would have kept it until now. */
static uint64_t
lack(const struct search *s, const struct ghost *g)
{
	uint64_t want = recency_since(&s->recency, g->used) + g->bytes;

	return want > s->kept[g->run] ? want - s->kept[g->run] : 0;
}

/* The first step from there on that is large enough; -1: none is. */
static int
step(int first, int64_t unit, uint64_t need)
{
	for (int i = first; i < first + STEPS; i++)
		if (need <= (uint64_t)(steps[i] * unit))
			return i;
	return -1;
}

static void
missed(struct search *s, struct ghost *g, const struct pc_event *e)
{
	const int past = is_past(g, e->when);
	int i;

	g->missed = 0;
	if (g->state == REMOVED || (g->state == STORED && !past))
		return;
	s->sum.back++;
	if (g->state == EVICTED && past)
		return;
	i = past ? step(0, day, (uint64_t)(e->when - g->put - g->ttl))
		 : step(STEPS, (int64_t)1 << 30, lack(s, g));
	if (i >= 0) {
		s->sum.gains[i].hits++;
		g->missed = (unsigned char)(1 + i);
	}
}

/* What it took to make it again would have been saved. */
static void
computed(struct search *s, struct ghost *g, const struct pc_event *e)
{
	if (g->missed)
		s->sum.gains[g->missed - 1].saved += (uint64_t)e->duration;
	g->missed = 0;
}

static int
consider(void *ctx, const struct pc_event *e)
{
	struct search *s = ctx;
	struct ghost unknown = {.state = UNKNOWN}, *g;

	/* A clock was wrong: when it was cannot be told. */
	if (e->when < 0 || e->when > s->now + day)
		return 0;
	g = find(s, e);
	if (!g)
		g = &unknown;
	switch (e->kind) {
	case PC_EVENT_PUT:
	case PC_EVENT_HIT:
	case PC_EVENT_STALE:
	case PC_EVENT_WAIT:
		return used(s, g, e);
	case PC_EVENT_EVICT:
		return evicted(s, g, e);
	case PC_EVENT_REMOVE:
		removed(s, g, e);
		break;
	case PC_EVENT_MISS:
		if (e->when < s->since)
			break;
		s->sum.misses++;
		if (g->state)
			missed(s, g, e);
		break;
	case PC_EVENT_COMPUTE:
		if (g->state)
			computed(s, g, e);
		break;
	default:
		break;
	}
	return 0;
}

/* What a step gives, the smaller ones have too. */
static void
accumulate(struct losses *t)
{
	for (int i = 1; i < 2 * STEPS; i++) {
		if (i == STEPS)
			continue;
		t->gains[i].hits += t->gains[i - 1].hits;
		t->gains[i].saved += t->gains[i - 1].saved;
	}
}

static void
add_gains(struct pc_buf *b, const char *name, const struct gain *gains,
    const int *more)
{
	pc_json_begin_array(b, name);
	for (int i = 0; i < STEPS; i++) {
		pc_json_begin_object(b, NULL);
		pc_json_add_int(b, "more", more[i]);
		pc_json_add_uint(b, "hits", gains[i].hits);
		pc_json_add_fixed(b, "saved_s", (double)gains[i].saved / 1e6,
		    3);
		pc_json_end_object(b);
	}
	pc_json_end_array(b);
}

static void
print_json(struct cli *c, const struct losses *t)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_uint(&b, "misses", t->misses);
	pc_json_add_uint(&b, "had_been_stored", t->back);
	add_gains(&b, "days", t->gains, steps);
	add_gains(&b, "gib", t->gains + STEPS, steps + STEPS);
	pc_json_end_object(&b);
	stats_print(c, &b);
}

static void
print_table(const struct losses *t)
{
	printf("%s misses; %s of them had been stored before and were lost\n\n",
	    human_count(t->misses), human_count(t->back));
	printf("%-16s %9s %9s %9s\n", "WITH", "MORE HITS", "OF MISSES",
	    "SAVED");
	for (int i = 0; i < 2 * STEPS; i++) {
		const struct gain *g = &t->gains[i];

		printf("+%-3d %-11s %9s %8.1f%% %9s\n", steps[i],
		    i >= STEPS          ? "GiB"
			: steps[i] == 1 ? "day"
					: "days",
		    human_count(g->hits),
		    t->misses ? 100.0 * (double)g->hits / (double)t->misses : 0,
		    human_span(g->saved));
	}
}

int
ghost_print(struct stats *st, int json)
{
	const int64_t now = pc_now();
	struct search s = {.c = st->c,
	    .now = now,
	    .since = st->span == PC_NEVER ? 0 : now - st->span};

	if (st->c->store && pc_event_each(st->c->store, consider, &s) < 0)
		cli_store_die(st->c, "read the event log");
	pc_set_clear(&s.keys);
	free(s.all);
	free(s.kept);
	recency_clear(&s.recency);
	accumulate(&s.sum);
	if (json)
		print_json(st->c, &s.sum);
	else
		print_table(&s.sum);
	return PC_EXIT_OK;
}
