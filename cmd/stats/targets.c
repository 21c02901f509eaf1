/* targets.c - pc-stats --targets: measured figures against targets. */
#include "stats.h"

#include <errno.h>
#include <string.h>

enum target_part {
	OCR,
	LAYOUT,
	VISION,
	IMAGE,
	TEXT,
	FETCH,
	PARTS,
	NO_PART = PARTS
};

enum target_measure { HIT_TIME, HIT_RATE };

static const struct target {
	const char *what;
	enum target_part part;
	enum target_measure measure;
	double bound; /* ms at most, or a rate at least */
} targets[] = {
    {"ocr: hit", OCR, HIT_TIME, 100},
    {"layout: hit", LAYOUT, HIT_TIME, 50},
    {"vision: hit", VISION, HIT_TIME, 200},
    {"image: hit", IMAGE, HIT_TIME, 800},
    {"text: hit", TEXT, HIT_TIME, 250},
    {"fetch: hit", FETCH, HIT_TIME, 500},
    {"text: hit rate", TEXT, HIT_RATE, 0.6},
    {"vision: hit rate", VISION, HIT_RATE, 0.2},
    {"fetch: hit rate", FETCH, HIT_RATE, 0.7},
};

enum { WARM_MS = 900, COLD_MS = 2500 };

static int
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* Classify a stage by its name, else by its program. */
static enum target_part
part_of(const struct pc_sum *s)
{
	if (begins(s->stage, "layout"))
		return LAYOUT;
	if (strstr(s->stage, "vision"))
		return VISION;
	if (begins(s->stage, "image") || begins(s->stage, "infer.image") ||
	    strcmp(s->stage, "caption") == 0)
		return IMAGE;
	if (begins(s->stage, "fetch") || s->program == PC_PROGRAM_FETCH)
		return FETCH;
	/* The stages of pages are named "ocr.something". */
	if (strcmp(s->stage, "ocr") == 0 ||
	    (s->program == PC_PROGRAM_OCR && !begins(s->stage, "ocr.")))
		return OCR;
	if (strcmp(s->stage, "text") == 0 ||
	    (s->program == PC_PROGRAM_INFER && !begins(s->stage, "embed") &&
		strcmp(s->stage, "infer.model") != 0))
		return TEXT;
	return NO_PART;
}

struct part_sum {
	struct pc_histogram hit, compute;
	uint64_t hits, misses, waits;
};

static int
add_part(struct part_sum *p, const struct pc_sum *s)
{
	if (s->kind == PC_EVENT_HIT || s->kind == PC_EVENT_STALE) {
		p->hits += s->count;
		return pc_histogram_merge(&p->hit, &s->durations);
	}
	if (s->kind == PC_EVENT_COMPUTE)
		return pc_histogram_merge(&p->compute, &s->durations);
	if (s->kind == PC_EVENT_MISS)
		p->misses += s->count;
	if (s->kind == PC_EVENT_WAIT)
		p->waits += s->count;
	return 0;
}

struct verdicts {
	struct pc_buf json;
	int as_json;
	unsigned missed;
};

/* got is NULL if nothing was measured. */
static void
say_json(struct pc_buf *b, const char *what, const double *got, double bound,
    int good)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "what", what);
	if (got)
		pc_json_add_real(b, "measured", *got, 4);
	else
		pc_json_add_null(b, "measured");
	pc_json_add_real(b, "target", bound, 4);
	if (got)
		pc_json_add_bool(b, "met", good);
	else
		pc_json_add_null(b, "met");
	pc_json_end_object(b);
}

static void
say(struct verdicts *v, const char *what, int known, double got, double bound,
    int is_rate)
{
	const int good = !known || (is_rate ? got >= bound : got <= bound);
	char text[32] = "-", limit[32];

	v->missed += !good;
	if (v->as_json) {
		say_json(&v->json, what, known ? &got : NULL, bound, good);
		return;
	}
	if (known)
		snprintf(text, sizeof text, is_rate ? "%.1f %%" : "%.4g ms",
		    is_rate ? 100 * got : got);
	snprintf(limit, sizeof limit, is_rate ? ">= %.0f %%" : "<= %.0f ms",
	    is_rate ? 100 * bound : bound);
	printf("%-28s %14s %14s  %s\n", what, text, limit,
	    !known     ? "no data"
		: good ? "ok"
		       : "missed");
}

static double
median_ms(const struct pc_histogram *h)
{
	return (double)pc_histogram_percentile(h, 50) / 1e3;
}

static void
say_end_to_end(struct verdicts *v, const struct part_sum *parts)
{
	double warm = 0, cold = 0;
	int warm_known = 0, cold_known = 0;

	/* A pipeline passes through each of these stages. */
	for (int i = 0; i < PARTS; i++) {
		warm += median_ms(&parts[i].hit);
		warm_known |= parts[i].hit.total != 0;
		cold += median_ms(&parts[i].compute);
		cold_known |= parts[i].compute.total != 0;
	}
	say(v, "end to end, warm", warm_known, warm, WARM_MS, 0);
	say(v, "end to end, cold", cold_known, cold, COLD_MS, 0);
}

int
targets_print(struct stats *st, int json)
{
	struct part_sum parts[PARTS + 1] = {0};
	struct verdicts v = {.as_json = json};
	int r = 0;

	st->also = PC_BY_STAGE | PC_BY_PROGRAM;
	stats_read(st);
	for (size_t i = 0; i < st->tally.count; i++) {
		const struct pc_sum *s = &st->tally.sums[i];

		r |= add_part(&parts[part_of(s)], s);
	}
	/* A process that missed and then took another's result counts as a
	 * hit. */
	for (int i = 0; i < PARTS; i++) {
		struct part_sum *p = &parts[i];

		p->hits += p->waits;
		p->misses -= p->waits < p->misses ? p->waits : p->misses;
	}
	if (r < 0)
		cli_die(st->c, "%s", strerror(ENOMEM));
	if (json)
		pc_json_begin_array(&v.json, NULL);
	else
		printf("%-28s %14s %14s\n", "WHAT", "MEASURED (p50)", "TARGET");
	for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
		const struct target *t = &targets[i];
		const struct part_sum *p = &parts[t->part];
		uint64_t all = p->hits + p->misses;

		if (t->measure == HIT_TIME)
			say(&v, t->what, p->hit.total != 0, median_ms(&p->hit),
			    t->bound, 0);
		else
			say(&v, t->what, all != 0,
			    all ? (double)p->hits / (double)all : 0, t->bound,
			    1);
	}
	say_end_to_end(&v, parts);
	if (json) {
		pc_json_end_array(&v.json);
		stats_print(st->c, &v.json);
	} else if (v.missed) {
		printf(
		    "%u missed: pc-stats --doctor shows possible causes, pc-stats --by hour shows when\n",
		    v.missed);
	}
	for (int i = 0; i <= PARTS; i++) {
		pc_histogram_clear(&parts[i].hit);
		pc_histogram_clear(&parts[i].compute);
	}
	return v.missed ? PC_EXIT_NO : PC_EXIT_OK;
}
