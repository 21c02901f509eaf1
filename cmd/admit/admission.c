/* admission.c - compare the memory that a stage's workers used lately with the
 * available memory.
 *
 * This runs at a run's first miss.  It reads the end of a small file and a few
 * files of /proc and /sys, but no event log. */
#include "admission.h"
#include "cli/size.h"

#include "ledger.h"

#include <string.h>

enum {
	NEWEST = 64 * 1024, /* bytes of the record of runs: 512 runs */
	RUNS = 16,          /* of one part: only the newest ones count */
};

struct part_memory {
	uint32_t peak_kib[RUNS]; /* the newest ones, in a ring */
	unsigned seen;
	int is_worker; /* each job has one */
	uint64_t uses; /* of its workers, */
	int64_t took;  /* and the us that these took in total */
};

struct stage_memory {
	const char *stage;
	struct part_memory parts[PC_RUN_PARTS];
	struct admission *a;
};

static int
take(void *ctx, const struct pc_run *m)
{
	struct stage_memory *l = ctx;
	struct part_memory *p = &l->parts[m->part];

	if (strcmp(m->stage, l->stage) != 0 || m->peak_kib == 0)
		return 0;
	p->peak_kib[p->seen++ % RUNS] = m->peak_kib;
	p->is_worker = m->part == PC_RUN_COMMAND ||
	    (m->program == PC_PROGRAM_OCR &&
		(m->part == PC_RUN_DOC || m->part == PC_RUN_TESSERACT));
	if (m->first + m->later > 0) {
		p->uses += (uint64_t)m->started + m->reused;
		p->took += m->first + m->later;
	}
	return 0;
}

static uint64_t
peak_of(const struct part_memory *p)
{
	uint32_t most = 0;

	for (unsigned i = 0; i < p->seen && i < RUNS; i++)
		if (p->peak_kib[i] > most)
			most = p->peak_kib[i];
	return (uint64_t)most * 1024;
}

/* Find how much memory may be used without becoming critical. */
static int
look_at_host(struct cli *c, struct admission *a)
{
	const uint64_t percent = (uint64_t)pc_config_int(c->config,
	    "memory.critical");
	uint64_t kept;

	if (host_read(&a->host) < 0)
		return -1;
	kept = host_total(&a->host) / 100 * (100 - percent);
	a->available = host_available(&a->host);
	a->available -= a->available < kept ? a->available : kept;
	return 0;
}

static void
decide(struct cli *c, unsigned most, struct admission *a)
{
	uint64_t room;

	a->workers = most;
	a->known = (a->worker || a->fixed) && look_at_host(c, a) == 0;
	if (!a->known)
		return;
	room = a->available < a->fixed ? 0 : a->available - a->fixed;
	if (a->available < a->fixed)
		a->workers = 0;
	else if (a->worker && room / a->worker < most)
		a->workers = (unsigned)(room / a->worker);
}

void
admission_of(struct cli *c, uint64_t worker, unsigned most, struct admission *a)
{
	*a = (struct admission){.worker = worker};
	decide(c, most, a);
}

void
admission_ask(struct cli *c, const char *stage, unsigned most,
    struct admission *a)
{
	struct stage_memory l = {.stage = stage, .a = a};

	*a = (struct admission){.workers = most};
	if (!c->store || pc_run_each(c->store, NEWEST, take, &l) < 0)
		return;
	for (int i = PC_RUN_COMMAND + 1; i < PC_RUN_PARTS; i++) {
		if (l.parts[i].is_worker)
			a->worker += peak_of(&l.parts[i]);
		else
			a->fixed += peak_of(&l.parts[i]);
		/* A page passes through all of them. */
		if (l.parts[i].uses)
			a->each += (double)l.parts[i].took /
			    (double)l.parts[i].uses;
	}
	/* A command's memory includes everything that it starts. */
	if (!a->worker && !a->fixed)
		a->worker = peak_of(&l.parts[PC_RUN_COMMAND]);
	decide(c, most, a);
}

void
admission_refusal(const struct cli *c, const char *stage,
    const struct admission *a, struct pc_error *err)
{
	char needs[HUMAN_SIZE], has[HUMAN_SIZE], all[HUMAN_SIZE];

	pc_error_set(err,
	    "too little memory: '%.64s' needs %s, but only %s is available below memory.critical (%lld %% of %s); free some, or override with -j",
	    stage, human(a->fixed + a->worker, needs), human(a->available, has),
	    (long long)pc_config_int(c->config, "memory.critical"),
	    human(host_total(&a->host), all));
}
