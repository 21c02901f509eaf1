/* batch.c - the loop over many questions: hits are printed at once, misses are
 * asked in parallel, and the answers keep the order of the questions.
 *
 * A limited number of questions is read ahead of the oldest one under way, so
 * that a slow answer does not hold up the others. */
#include "batch_in.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

enum {
	AHEAD_MAX = 1024,              /* questions */
	AHEAD_BYTES = 8 * 1024 * 1024, /* or what they hold */
	LOOK_AGAIN = 20 * 1000,        /* us: another process computes it */
};

/* ---- the questions ---- */

static struct job *
same_question(const struct batch *b, const struct job *j)
{
	for (struct job *k = b->first; k && k != j; k = k->next)
		if (k->state != JOB_DONE && k->state != JOB_FOLLOWS &&
		    memcmp(k->entry.key.b, j->entry.key.b,
			sizeof j->entry.key.b) == 0)
			return k;
	return NULL;
}

/* Look it up, unless the same question waits for its answer. */
static void
look_up(struct batch *b, struct job *j)
{
	if (same_question(b, j)) {
		j->state = JOB_FOLLOWS;
		b->missed++;
		b->followers++;
		return;
	}
	if (batch_find(b, j) == 0)
		return;
	b->missed++;
	j->state = JOB_MISSED;
	if (b->in->c->offline) {
		job_fail(j, "not in the cache (--offline)");
		batch_finish(b, j);
	}
}

/* Read one more.  1: there is none. */
static int
take_question(struct batch *b)
{
	struct job *j = source_next(b->source);

	if (!j)
		return 1;
	b->total++;
	*b->last = j;
	b->last = &j->next;
	b->count++;
	if (j->state != JOB_DONE)
		job_key(b->in, j);
	if (j->state == JOB_DONE)
		batch_finish(b, j);
	else
		look_up(b, j);
	batch_weigh(b, j);
	return 0;
}

static int
has_room(const struct batch *b)
{
	return !b->cut_off && !b->source->ended && b->count < AHEAD_MAX &&
	    b->bytes < AHEAD_BYTES;
}

/* Give the answer of a finished job to the jobs that ask the same. */
static void
serve_followers(struct batch *b)
{
	for (struct job *j = b->first; j && b->followers; j = j->next) {
		struct job *k;

		if (j->state != JOB_FOLLOWS || same_question(b, j))
			continue;
		b->followers--;
		for (k = b->first; k != j; k = k->next)
			if (k->state == JOB_DONE && !k->error.text[0] &&
			    memcmp(k->entry.key.b, j->entry.key.b,
				sizeof j->entry.key.b) == 0)
				break;
		if (k == j) {
			/* That job failed, or was printed and freed. */
			if (batch_find(b, j) != 0)
				j->state = JOB_MISSED;
			continue;
		}
		pc_buf_add(&j->text, k->text.data, k->text.len);
		pc_buf_add(&j->extra, k->extra.data, k->extra.len);
		j->hit = 1;
		j->cut = k->cut;
		batch_finish(b, j);
	}
}

/* ---- the loop ---- */

static void
print_done(struct batch *b)
{
	struct job **at = &b->first;

	/* Followers copy the text of a finished job before it is freed. */
	serve_followers(b);
	while (*at) {
		struct job *j = *at;

		if (j->state != JOB_DONE) {
			if (!b->in->as_completed)
				break;
			at = &j->next;
			continue;
		}
		if (b->in->question.chat && !j->error.text[0])
			job_add_turn(b->in, j);
		if (!j->printed)
			print_job(b->in, j, b->source->many);
		b->bytes -= j->weight;
		b->count--;
		*at = j->next;
		if (b->last == &j->next)
			b->last = at;
		job_free(j);
	}
}

static void
start_some(struct batch *b)
{
	for (struct job *j = b->first; j; j = j->next) {
		if (b->asked >= (size_t)b->in->at_once || batch_stopped(b))
			return;
		if (j->state == JOB_MISSED)
			batch_start(b, j);
		/* A command has ended when batch_start() returns. */
		if (b->in->backend.command && j->state == JOB_ASKED)
			batch_take(b, j);
	}
}

/* Check whether the other processes are done. */
static void
look_elsewhere(struct batch *b)
{
	b->elsewhere = 0;
	for (struct job *j = b->first; j; j = j->next) {
		if (j->state != JOB_ELSEWHERE)
			continue;
		if (b->asked < (size_t)b->in->at_once && !batch_stopped(b))
			batch_start(b, j);
		b->elsewhere += j->state == JOB_ELSEWHERE;
	}
}

/* After a signal no further request is sent. */
static void
stop_asking(struct batch *b)
{
	if (!b->told_stop && b->asked && !b->in->c->quiet && b->source->many)
		cli_warn(b->in->c,
		    "finishing %zu request%s; press Ctrl-C again to stop now",
		    b->asked, b->asked > 1 ? "s" : "");
	b->told_stop = b->cut_off = 1;
	for (struct job *j = b->first; j; j = j->next)
		if (j->state != JOB_DONE && j->state != JOB_ASKED) {
			job_fail(j, "interrupted");
			b->done++;
			b->failed++;
			j->printed = 1;
		}
}

/* 0: there were none. */
static int
take_answers(struct batch *b)
{
	int taken = 0;

	for (struct job *j = b->first; j; j = j->next)
		if (j->state == JOB_ASKED && !j->exchange.under_way) {
			batch_take(b, j);
			taken = 1;
		}
	return taken;
}

static void
wait_for_something(struct batch *b)
{
	int fd = has_room(b) ? b->source->names.from : -1;
	int64_t wait = b->elsewhere ? LOOK_AGAIN : -1;
	/* After the first signal, requests under way are finished. */
	const volatile int *stop = b->told_stop ? NULL : b->in->stop;
	struct pollfd p = {.fd = fd, .events = POLLIN};

	fflush(stdout);
	/* A command's answer is there at once, and others can arrive while
	 * another server is sought. */
	if (take_answers(b))
		return;
	if (b->in->backend.servers.http &&
	    http_pending(b->in->backend.servers.http))
		http_run(b->in->backend.servers.http, fd, wait, stop);
	else
		pc_poll(&p, 1, wait, stop);
	take_answers(b);
}

static void
show_progress(struct batch *b)
{
	struct infer *in = b->in;
	double seconds = (double)(pc_ticks() - in->c->began) / 1e6;

	if (!b->source->many)
		return;
	if (in->tokens)
		snprintf(in->c->note, sizeof in->c->note, "%lld tokens, %.0f/s",
		    (long long)in->tokens,
		    (double)in->tokens / (seconds > 0 ? seconds : 1));
	cli_progress(in->c, b->done, b->source->ended ? b->total : 0);
}

static int
exit_status(const struct batch *b)
{
	int status = cli_status(b->failed, b->total);

	if (b->failed == b->total && b->failed && b->in->c->offline &&
	    b->missed)
		return PC_EXIT_NO;
	if (status == PC_EXIT_FAIL && b->later == b->failed)
		return PC_EXIT_LATER;
	return status == PC_EXIT_OK && b->cut ? PC_EXIT_CUT : status;
}

int
answer_questions(struct infer *in, struct source *source)
{
	struct batch b = {.in = in, .source = source};
	int status = batch_find_model(&b);

	if (status != 0)
		return status;
	b.last = &b.first;
	if (in->dry_run || in->explain)
		return preview_questions(in, source);
	for (;;) {
		if (batch_stopped(&b))
			stop_asking(&b);
		while (has_room(&b) && source_ready(source) &&
		    !batch_stopped(&b)) {
			if (take_question(&b) == 1)
				break;
			/* Hits are quick: printing each at once keeps memory
			 * small. */
			if (b.first && b.first->state == JOB_DONE)
				print_done(&b);
			start_some(&b);
			show_progress(&b);
		}
		serve_followers(&b);
		start_some(&b);
		look_elsewhere(&b);
		print_done(&b);
		show_progress(&b);
		if (!b.first && (source->ended || b.cut_off))
			break;
		if (b.first ? b.asked || b.elsewhere : !source_ready(source))
			wait_for_something(&b);
	}
	return exit_status(&b);
}
