/* ghost.c - how many misses would have been hits in a larger store, or with
 * longer times to live.
 *
 * A miss of a key that had been stored before is one of two kinds.  Had the
 * record been removed meanwhile, then as much room would have kept it as was
 * stored from then on until the miss.  Else it was past its time, and as many
 * more days would have kept it as it was older than its time to live: which
 * is not in the event, so it is the configured one of that kind of stage. */
#include "stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 5 };

static const int64_t day = 24 * 3600 * 1000000LL;
static const int step_days[STEPS] = {1, 7, 30, 90, 365};
static const int step_gib[STEPS] = {1, 2, 5, 10, 50};

/* What is known of a key. */
struct ghost {
	unsigned char key[16];
	int64_t put;          /* when it last was */
	uint64_t removed_at;  /* bytes stored in all until its removal */
	unsigned char there;  /* 0: a free place; else enum state */
	unsigned char missed; /* 1 + the step of days, 1 + STEPS + of GiB */
};

enum state { STORED = 1, REMOVED };

struct tally {
	uint64_t misses, back; /* of what had been there */
	uint64_t by_days[STEPS], by_gib[STEPS], never;
	uint64_t saved_days[STEPS], saved_gib[STEPS]; /* us */
};

struct search {
	struct cli *c;
	struct ghost *all; /* owned; a hash table */
	size_t used, slots;
	uint64_t stored;   /* bytes, until now */
	int64_t since;
	struct tally sum;
};

static struct ghost *
slot(struct ghost *all, size_t slots, const unsigned char *key)
{
	for (size_t i = (size_t)pc_load_u64(key);; i++) {
		struct ghost *g = &all[i & (slots - 1)];

		if (!g->there || memcmp(g->key, key, sizeof g->key) == 0)
			return g;
	}
}

static int
grow(struct search *s)
{
	size_t slots = s->slots ? 2 * s->slots : 4096;
	struct ghost *all = calloc(slots, sizeof *all);

	if (!all)
		return -1;
	for (size_t i = 0; i < s->slots; i++)
		if (s->all[i].there)
			*slot(all, slots, s->all[i].key) = s->all[i];
	free(s->all);
	s->all = all;
	s->slots = slots;
	return 0;
}

static int64_t
time_to_live(const struct search *s, const struct pc_event *e)
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

static void
missed(struct search *s, struct ghost *g, const struct pc_event *e)
{
	int64_t ttl = time_to_live(s, e), age = e->when - g->put;
	int i;

	g->missed = 0;
	if (g->there == REMOVED) {
		uint64_t room = s->stored - g->removed_at;

		s->sum.back++;
		for (i = 0; i < STEPS; i++)
			if (room <= (uint64_t)step_gib[i] << 30)
				break;
		if (i < STEPS) {
			s->sum.by_gib[i]++;
			g->missed = (unsigned char)(1 + STEPS + i);
		}
		s->sum.never += i == STEPS;
		return;
	}
	if (ttl == PC_NEVER || age < ttl)
		return; /* --refresh, or a time to live of its own */
	s->sum.back++;
	for (i = 0; i < STEPS; i++)
		if (age - ttl <= step_days[i] * day)
			break;
	if (i < STEPS) {
		s->sum.by_days[i]++;
		g->missed = (unsigned char)(1 + i);
	}
	s->sum.never += i == STEPS;
}

/* What it took to make it again would have been saved. */
static void
computed(struct search *s, struct ghost *g, const struct pc_event *e)
{
	if (g->missed > STEPS)
		s->sum.saved_gib[g->missed - 1 - STEPS] +=
		    (uint64_t)e->duration;
	else if (g->missed)
		s->sum.saved_days[g->missed - 1] += (uint64_t)e->duration;
	g->missed = 0;
}

static int
consider(void *ctx, const struct pc_event *e)
{
	struct search *s = ctx;
	struct ghost *g;

	if (2 * s->used >= s->slots && grow(s) < 0)
		return -1;
	g = slot(s->all, s->slots, e->key.b);
	switch (e->kind) {
	case PC_EVENT_PUT:
		s->used += !g->there;
		memcpy(g->key, e->key.b, sizeof g->key);
		g->there = STORED;
		g->put = e->when;
		g->missed = 0;
		s->stored += e->bytes;
		break;
	case PC_EVENT_REMOVE:
		if (g->there == STORED) {
			g->there = REMOVED;
			g->removed_at = s->stored;
		}
		break;
	case PC_EVENT_MISS:
		if (e->when < s->since)
			break;
		s->sum.misses++;
		if (g->there)
			missed(s, g, e);
		break;
	case PC_EVENT_COMPUTE:
		if (g->there)
			computed(s, g, e);
		break;
	default:
		break;
	}
	return 0;
}

/* What a step gives, the smaller ones have too. */
static void
accumulate(struct tally *t)
{
	for (int i = 1; i < STEPS; i++) {
		t->by_days[i] += t->by_days[i - 1];
		t->by_gib[i] += t->by_gib[i - 1];
		t->saved_days[i] += t->saved_days[i - 1];
		t->saved_gib[i] += t->saved_gib[i - 1];
	}
}

static void
print_json(struct cli *c, const struct tally *t)
{
	struct pc_buf b = {0};

	pc_buf_addf(&b, "{\"misses\":%llu,\"had_been_stored\":%llu",
	    (unsigned long long)t->misses, (unsigned long long)t->back);
	pc_buf_addf(&b, ",\"days\":[");
	for (int i = 0; i < STEPS; i++)
		pc_buf_addf(&b, "%s{\"more\":%d,\"hits\":%llu,"
		                "\"saved_s\":%.3f}", i ? "," : "",
		    step_days[i], (unsigned long long)t->by_days[i],
		    (double)t->saved_days[i] / 1e6);
	pc_buf_addf(&b, "],\"gib\":[");
	for (int i = 0; i < STEPS; i++)
		pc_buf_addf(&b, "%s{\"more\":%d,\"hits\":%llu,"
		                "\"saved_s\":%.3f}", i ? "," : "",
		    step_gib[i], (unsigned long long)t->by_gib[i],
		    (double)t->saved_gib[i] / 1e6);
	pc_buf_addf(&b, "]}");
	print_buf(c, &b);
}

static void
print_table(const struct tally *t)
{
	printf("%s misses, of which %s had been stored before\n\n",
	    human_count(t->misses), human_count(t->back));
	printf("%-16s %9s %9s %9s\n", "WITH", "MORE HITS", "OF MISSES",
	    "SAVED");
	for (int i = 0; i < 2 * STEPS; i++) {
		const int days = i < STEPS;
		const int k = i % STEPS;
		uint64_t n = days ? t->by_days[k] : t->by_gib[k];

		printf("+%-3d %-11s %9s %8.1f%% %9s\n",
		    days ? step_days[k] : step_gib[k],
		    !days ? "GiB" : step_days[k] == 1 ? "day" : "days",
		    human_count(n),
		    t->misses ? 100.0 * (double)n / (double)t->misses : 0,
		    human_span(days ? t->saved_days[k] : t->saved_gib[k]));
	}
}

int
ghost_print(struct stats *st, int json)
{
	struct search s = {.c = st->c,
	    .since = st->span == PC_NEVER ? 0 : pc_now() - st->span};

	if (st->c->store && pc_event_each(st->c->store, consider, &s) < 0)
		cli_die(st->c, "cannot read the event log: %s",
		    strerror(errno));
	free(s.all);
	accumulate(&s.sum);
	if (json)
		print_json(st->c, &s.sum);
	else
		print_table(&s.sum);
	return PC_EXIT_OK;
}
