/* batch.c - read several documents at once, and print them in order.
 *
 * Three things are bounded: pages read ahead of the one to be printed, pixels
 * that wait for a recogniser, and text of documents that are not first. */
#include "batch.h"

#include "ocr/answers.h"
#include "ocr/doc_stage.h"
#include "ocr/emit.h"
#include "ocr/schedule.h"
#include "ocr/small_text.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	GRACE = 30 * 1000000, /* us: added to a page's time-out */
	NAP = 20,             /* ms between looks at what other processes
			       * compute */
};

/* ---- documents come and go ---- */

/* Open the next document.  1: there was none. */
static int
admit(struct ocr_batch *b)
{
	struct cli_name name;
	struct doc *d;
	int r;

	if (!b->more || b->docs >= b->jobs)
		return 1;
	/* The program that writes the names may first wait for the last
	 * document's text. */
	if (b->first && !cli_names_ready(b->cli, b->names))
		return 1;
	r = cli_names_next(b->cli, b->names, &name);
	if (r == 1) {
		b->more = 0;
		return 1;
	}
	if (r == 0 && name.kind != CLI_NAME_FILE) {
		cli_warn(b->cli, "a record has no \"file\"");
		r = -1;
	}
	if (r < 0) {
		b->unnamed++;
		return 0;
	}
	d = doc_open(b->cli, b->o, name.text);
	*b->last = d;
	b->last = &d->next;
	b->docs++;
	return 0;
}

static uint32_t
peak_of(const struct ocr_batch *b)
{
	return b->readers->peak_kib > b->recognisers->peak_kib
	    ? b->readers->peak_kib
	    : b->recognisers->peak_kib;
}

static uint64_t
closed(const struct ocr_batch *b)
{
	uint64_t n = b->unnamed;

	for (int i = 0; i < DOC_ENDS; i++)
		n += b->ended[i];
	return n;
}

/* The number of pages to read is known once the last document is open. */
static void
show_progress(struct ocr_batch *b)
{
	uint64_t done = b->printed, all = b->printed;
	int known = !b->more;

	for (const struct doc *d = b->first; d; d = d->next) {
		done += d->queue.done;
		all += d->queue.wanted;
		known &= d->queue.wanted > 0 || d->state == DOC_HIT ||
		    d->state == DOC_DONE;
	}
	snprintf(b->cli->note, sizeof b->cli->note, "%llu documents done",
	    (unsigned long long)closed(b));
	cli_progress(b->cli, done, known ? all : 0);
}

/* Put the next attachment of the last closed document before all others: it is
 * printed after that document. */
static void
admit_attachment(struct ocr_batch *b)
{
	struct doc *d = attachments_next(&b->attachments, b->cli, b->o);

	if (!d)
		return;
	d->next = b->first;
	if (!b->first)
		b->last = &d->next;
	b->first = d;
	b->docs++;
}

/* Print what is ready, and free documents that are done. */
static void
print_ready(struct ocr_batch *b)
{
	for (struct doc *d = b->first; d; d = d->next) {
		emit_ready_pages(b->cli, b->o, d, d == b->first);
		doc_finish(b->cli, b->o, d, peak_of(b));
	}
	show_progress(b);
	while (b->first &&
	    (b->first->state == DOC_DONE || b->first->state == DOC_HIT)) {
		struct doc *d = b->first;

		for (unsigned i = 0; i < b->jobs; i++)
			if (b->seats[i].doc == d)
				seat_dismiss(&b->seats[i]);
		b->first = d->next;
		if (!b->first)
			b->last = &b->first;
		b->docs--;
		b->printed += d->queue.done;
		attachments_take(&b->attachments, b->cli, b->o, d);
		b->ended[doc_close(b->cli, b->o, d)]++;
		admit_attachment(b);
		if (b->first) {
			emit_ready_pages(b->cli, b->o, b->first, 1);
			doc_finish(b->cli, b->o, b->first, peak_of(b));
		}
	}
}

/* ---- the loop ---- */

/* Was the same document given earlier, and is its result not stored yet? */
static int
awaited(struct ocr_batch *b, struct doc *d)
{
	if (!stage_stores(b->cli))
		return 0;
	for (struct doc *e = b->first; e != d; e = e->next)
		if (e->state != DOC_HIT && !e->finished &&
		    memcmp(e->stage.key.b, d->stage.key.b,
			sizeof d->stage.key.b) == 0) {
			if (!d->stage.waiting_since)
				d->stage.waiting_since = pc_ticks();
			return 1;
		}
	return 0;
}

/* Give work to idle workers.  Returns 1 if there was any. */
static int
assign(struct ocr_batch *b)
{
	int any = 0;

	while (schedule_recognising(b) == 0)
		any = 1;
	for (struct doc *d = b->first; d; d = d->next) {
		if (d->state == DOC_WAITING && !awaited(b, d)) {
			doc_retry(b->cli, b->o, d);
			any |= d->state != DOC_WAITING;
		}
		while (d->state == DOC_READING && schedule_reading(b, d) == 0)
			any = 1;
	}
	return any;
}

static void
lose(struct ocr_batch *b, struct seat *s)
{
	if (s == &b->kinds)
		small_text_lost(b);
	else if (s->team == &b->converters)
		answer_converted(b, s, 1);
	else
		seat_lost(b, s);
}

static void
take(struct ocr_batch *b, struct seat *s)
{
	int r = worker_read(s->team, &s->worker);

	if (r < 0)
		lose(b, s);
	else if (r > 0 && s == &b->kinds)
		small_text_answer(b);
	else if (r > 0 && s->team == &b->converters)
		answer_converted(b, s, 0);
	else if (r > 0 && s->team == b->readers)
		answer_read(b, s);
	else if (r > 0)
		answer_recognised(b, s);
}

/* If a pager or a model has stopped this process for long, move the workers'
 * deadlines: it is not their fault. */
static void
excuse(struct ocr_batch *b, int64_t since)
{
	const int64_t took = pc_ticks() - since;

	for (unsigned i = 0; took > 1000000 && i < 2 * b->jobs; i++)
		b->seats[i].since += took;
	if (took > 1000000)
		b->kinds.since += took;
}

/* Wait for answers, and end workers that did not end themselves at their
 * deadline. */
static void
wait_for_answers(struct ocr_batch *b)
{
	struct pollfd p[SEATS_MAX + 2];
	struct seat *of[SEATS_MAX + 1];
	const int64_t most = b->o->page_timeout;
	int n = 0, wait = most == PC_NEVER ? -1 : 1000;
	int64_t now;

	for (unsigned i = 0; i <= 2 * b->jobs; i++) {
		struct seat *s = i < 2 * b->jobs ? &b->seats[i] : &b->kinds;

		if (!s->busy)
			continue;
		p[n] = (struct pollfd){.fd = s->worker.fd, .events = POLLIN};
		of[n++] = s;
	}
	for (struct doc *d = b->first; d; d = d->next)
		if (d->state == DOC_WAITING)
			wait = NAP;
	/* poll(2) ignores a descriptor less than 0. */
	p[n] = (struct pollfd){
	    .fd = b->more && b->docs < b->jobs ? b->names->from : -1,
	    .events = POLLIN};
	if (poll(p, (nfds_t)n + 1, wait) < 0 && errno != EINTR)
		cli_die(b->cli, "cannot wait for helpers: %s", strerror(errno));
	now = pc_ticks();
	for (int i = 0; i < n; i++) {
		if (p[i].revents)
			take(b, of[i]);
		else if (most != PC_NEVER && of[i]->team != &b->converters &&
		    now - of[i]->since > most + GRACE)
			lose(b, of[i]);
	}
	excuse(b, now);
}

/* The number of documents is limited by descriptors: a document has three of
 * its own and two workers, the store has two per shard. */
static unsigned
jobs_within_limits(unsigned jobs)
{
	enum { OTHERS = 2 * PC_SHARDS + 32, OF_JOB = 5 };
	const rlim_t wanted = OTHERS + OF_JOB * (rlim_t)jobs;
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_cur >= wanted)
		return jobs;
	r.rlim_cur = r.rlim_max < wanted ? r.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_cur < OTHERS + OF_JOB)
		return 1;
	return (unsigned)((r.rlim_cur - OTHERS) / OF_JOB);
}

/* ---- the end ---- */

/* "12 read, 300 cached, 2 failed": these three always, other counts only if
 * they are not 0. */
static void
print_summary(const struct ocr_batch *b)
{
	const uint64_t incomplete = b->ended[DOC_END_INCOMPLETE];
	const uint64_t skipped = b->ended[DOC_END_SKIPPED] +
	    b->names->walk.skipped;
	const uint64_t failed = b->ended[DOC_END_FAILED] + b->unnamed;
	char partly[48] = "", passed[48] = "";

	if (incomplete)
		snprintf(partly, sizeof partly, ", %llu incomplete",
		    (unsigned long long)incomplete);
	if (skipped)
		snprintf(passed, sizeof passed, ", %llu skipped",
		    (unsigned long long)skipped);
	cli_warn(b->cli, "%llu read, %llu cached%s, %llu failed%s",
	    (unsigned long long)b->ended[DOC_END_READ],
	    (unsigned long long)b->ended[DOC_END_CACHED], partly,
	    (unsigned long long)failed, passed);
}

static int
exit_status(const struct ocr_batch *b)
{
	const uint64_t failed = b->ended[DOC_END_FAILED] + b->unnamed;
	int status = cli_status(failed, closed(b) - b->ended[DOC_END_SKIPPED]);

	if (status == PC_EXIT_OK && b->ended[DOC_END_INCOMPLETE])
		status = PC_EXIT_SOME;
	if (status == PC_EXIT_FAIL && b->refused)
		status = PC_EXIT_LATER;
	return status;
}

int
ocr_batch_run(struct cli *c, const struct ocr_options *o,
    struct cli_names *names, struct team *readers, struct team *recognisers)
{
	struct ocr_batch b = {.cli = c,
	    .o = o,
	    .names = names,
	    .readers = readers,
	    .recognisers = recognisers,
	    .kinds.worker.fd = -1,
	    .jobs = jobs_within_limits(o->jobs),
	    .more = 1,
	    /* With -j the user has decided how many workers fit. */
	    .admitted = c->jobs > 0};

	b.last = &b.first;
	b.seats = calloc(2 * (size_t)b.jobs, sizeof *b.seats);
	if (!b.seats)
		cli_die(c, "%s", strerror(errno));
	for (unsigned i = 0; i < 2 * b.jobs; i++)
		b.seats[i].worker.fd = -1;
	while (b.first || b.more) {
		const int64_t began = pc_ticks();
		int any = 0;

		while (admit(&b) == 0)
			any = 1;
		any |= assign(&b);
		print_ready(&b);
		excuse(&b, began);
		if (!any && b.first)
			wait_for_answers(&b);
	}
	seats_close(&b);
	free(b.seats);
	if (!c->quiet &&
	    (names->recursive || names->from_list || closed(&b) > 1))
		print_summary(&b);
	return exit_status(&b);
}
