/* embed.c - embeddings: each vector is cached by itself, and the missing ones
 * are requested many at a time. */
#include "embed.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_AGAIN = 20 * 1000 }; /* us: while another process computes it */

/* Copy the vector of the equal text before it.  If that has none, or is printed
 * and freed, the text is looked up or sent itself. */
static void
serve_follower(struct embedding *r, struct text *t)
{
	const struct text *k = r->first;

	if (text_pending(r, t))
		return;
	while (k != t &&
	    !(k->vector &&
		memcmp(k->entry.key.b, t->entry.key.b, sizeof t->entry.key.b) ==
		    0))
		k = k->next;
	if (k == t) {
		if (text_find(r, t) != 0)
			t->state = TEXT_MISSED;
		return;
	}
	t->vector = malloc(r->size * sizeof *t->vector);
	if (!t->vector)
		cli_die(r->in->c, "%s", strerror(errno));
	memcpy(t->vector, k->vector, r->size * sizeof *t->vector);
	t->hit = 1;
	t->state = TEXT_DONE;
}

static void
print_done(struct embedding *r)
{
	for (struct text *t = r->first; t; t = t->next)
		if (t->state == TEXT_FOLLOWS)
			serve_follower(r, t);
	while (r->first && r->first->state == TEXT_DONE) {
		struct text *t = r->first;

		/* The next vector tells how many NaN its row has. */
		if (r->o->binary && !t->vector && r->size == 0 &&
		    (!r->ended || t->next) && r->held < EMBED_AHEAD)
			return;
		text_print(r, t);
		r->done++;
		r->held--;
		r->first = t->next;
		if (!r->first)
			r->last = &r->first;
		text_free(t);
	}
}

static void
wait_for_something(struct embedding *r)
{
	const int stopped = *r->in->stop != 0;
	const int elsewhere = embed_count(r, TEXT_ELSEWHERE) > 0;
	int fd = r->ended || r->held >= EMBED_AHEAD || stopped ? -1
							       : r->names.from;

	/* After a stop the requests under way are still waited for. */
	if (r->lots)
		http_run(r->in->backend.servers.http, fd,
		    elsewhere ? LOOK_AGAIN : -1, stopped ? NULL : r->in->stop);
	else if (elsewhere)
		usleep(LOOK_AGAIN);
	else if (!r->ended && !r->first)
		pc_poll(&(struct pollfd){fd, POLLIN, 0}, 1, -1, r->in->stop);
}

int
embed_run(struct infer *in, const struct embed_options *o)
{
	static char *const none[] = {NULL};
	struct embedding r = {.in = in, .o = o};
	int status;

	r.last = &r.first;
	/* The texts are lines of standard input. */
	if (!in->c->files_from && !in->c->nul)
		in->c->files_from = "-";
	cli_names_open(in->c, &r.names, none);
	status = model_recall(in) == 0 ? 0 : set_up_model(in);
	if (status != 0) {
		cli_names_close(&r.names);
		return status;
	}
	/* Empty lines count, so that vector N belongs to line N. */
	r.names.blank = !in->c->jsonl;
	while ((!r.ended || r.first) && !(*in->stop && !r.lots)) {
		while (embed_read(&r)) {
			print_done(&r);
			embed_ask(&r, 0);
		}
		embed_claim_elsewhere(&r);
		embed_ask(&r, 1);
		print_done(&r);
		cli_progress(in->c, r.done, r.ended ? r.total : 0);
		fflush(stdout);
		wait_for_something(&r);
	}
	cli_names_close(&r.names);
	while (r.first) {
		struct text *t = r.first;

		r.first = t->next;
		text_free(t);
	}
	status = cli_status(r.failed, r.total);
	if (status == PC_EXIT_FAIL && in->c->offline && r.missed)
		return PC_EXIT_NO;
	return status == PC_EXIT_FAIL && r.later == r.failed ? PC_EXIT_LATER
							     : status;
}
