/* seats.c - start workers, send them requests, and replace them when they
 * die. */
#include "seats.h"

#include "admit/admission.h"
#include "ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEATHS_MAX = 3, /* of readers before a document's first answer */
};

void
seat_dismiss(struct seat *s)
{
	worker_dismiss(&s->worker);
	s->doc = NULL;
	s->slot = s->next = NULL;
	s->busy = 0;
}

/* Set the error of a dead worker's page.  1: it was too late; 0: it crashed. */
static int
lost(struct ocr_batch *b, const struct seat *s, char why[MESSAGE_SIZE])
{
	const int64_t took = pc_ticks() - s->since;
	const int64_t most = b->o->page_timeout;

	if (most != PC_NEVER && took >= most - 100000) {
		snprintf(why, MESSAGE_SIZE,
		    "timed out after %lld s; raise ocr.page_timeout",
		    (long long)(most / 1000000));
		return 1;
	}
	snprintf(why, MESSAGE_SIZE, "%s crashed while processing it",
	    s->team == b->readers ? "pc-doc"
		: s->team->serve  ? "the worker of --engine-cmd"
				  : "pc-tesseract");
	return 0;
}

void
seat_lost(struct ocr_batch *b, struct seat *s)
{
	struct doc *d = s->doc;
	char why[MESSAGE_SIZE];
	int late;

	if (team_refused(s->team))
		exit(PC_EXIT_FAIL); /* it has printed why */
	late = lost(b, s, why);
	if (s->next) {
		s->next->state = SLOT_AGAIN;
		d->queue.again++;
	}
	if (s->slot && s->team == b->readers && !late && !s->slot->plain &&
	    b->o->form.format != FORMAT_PNG) {
		/* libqpdf may have crashed on something that poppler can
		 * read. */
		s->slot->plain = 1;
		s->slot->state = SLOT_AGAIN;
		d->queue.again++;
	} else if (s->slot && s->team == b->readers) {
		slot_ask_layer(b->o, d, s->slot, why);
	} else if (s->slot) {
		slot_use_layer(s->slot, why);
	} else if (++d->deaths >= DEATHS_MAX || late) {
		snprintf(d->error, sizeof d->error, "cannot open it: %.200s",
		    why);
		d->state = DOC_DONE;
	}
	seat_dismiss(s);
}

int
seats_admit(struct ocr_batch *b, struct doc *d)
{
	const char *stage = b->cli->spec.stage;
	struct admission a;
	struct pc_error err;

	if (!b->start_kib)
		b->start_kib = host_used_kib();
	if (b->admitted)
		return 0;
	admission_ask(b->cli, stage, b->jobs, &a);
	if (a.workers == 0) {
		admission_refusal(b->cli, stage, &a, &err);
		snprintf(d->error, sizeof d->error, "%.255s", err.text);
		d->state = DOC_DONE;
		b->refused = 1;
		return -1;
	}
	if (a.workers < b->jobs && b->cli->verbose)
		cli_warn(b->cli,
		    "using %u workers instead of %u: memory is short",
		    a.workers, b->jobs);
	b->jobs = a.workers;
	b->admitted = 1;
	return 0;
}

void
seats_close(struct ocr_batch *b)
{
	struct team *const teams[] = {b->readers, b->recognisers};
	struct pc_run parts[] = {
	    {.part = PC_RUN_DOC, .start_kib = b->start_kib},
	    {.part = PC_RUN_TESSERACT, .start_kib = b->start_kib}};

	parts[0].idle += b->kinds.worker.fd >= 0 && !b->kinds.busy;
	seat_dismiss(&b->kinds);
	for (unsigned i = 0; i < 2 * b->jobs; i++) {
		const struct seat *s = &b->seats[i];

		parts[s->team == b->recognisers].idle += s->worker.fd >= 0 &&
		    !s->busy;
		seat_dismiss(&b->seats[i]);
	}
	for (int i = 0; i < 2; i++)
		team_end(teams[i]);
	for (int i = 0; i < 2; i++) {
		team_account(teams[i], &parts[i]);
		if (!parts[i].started)
			continue;
		parts[i].end_kib = host_used_kib();
		cli_memory(b->cli, parts[i]);
	}
}

void
seat_hire(struct ocr_batch *b, struct seat *s, struct team *team, struct doc *d)
{
	const int hired = team_hire(team, &s->worker,
	    d ? doc_content_fd(d) : -1);

	if (hired < 0)
		cli_die(b->cli, "cannot run '%s': %s%s", team->argv[0],
		    strerror(errno), pc_helper_remedy(errno));
	s->team = team;
	s->doc = d;
}

void
seat_ask(struct ocr_batch *b, struct seat *s, const struct page_request *a,
    const void *pixels)
{
	struct doc *d = s->doc;

	s->busy = 1;
	s->since = pc_ticks();
	if (worker_send(&s->worker, a, pixels) == 0)
		return;
	if (team_refused(s->team))
		exit(PC_EXIT_FAIL); /* it has printed why */
	/* The worker died before it received the request, so the page is not
	 * at fault. */
	worker_dismiss(&s->worker);
	seat_hire(b, s, s->team, s->team == b->recognisers ? NULL : d);
	s->doc = d;
	if (worker_send(&s->worker, a, pixels) < 0)
		seat_lost(b, s);
}
