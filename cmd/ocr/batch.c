/* batch.c - documents and their pages, several at once, printed in order.
 *
 * A seat is a worker of one of the two helpers.  Readers give a page's text,
 * or its pixels when it has none that is any good; recognisers turn pixels
 * into words.  What waits is bounded: pages ahead of the one to be printed,
 * pixels without a recogniser, text of documents that are not first. */
#include "ocr.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	SEATS_MAX = 2 * 1024,
	AHEAD_MAX = 16 * 1024 * 1024, /* bytes of a document not printed yet */
	DEATHS_MAX = 3,  /* of readers before a document's first answer */
	GRACE = 30 * 1000000, /* us past a page's own time-out */
	NAP = 20,        /* ms between looks at what others compute */
};

struct seat {
	struct worker worker;
	struct team *team;
	struct doc *doc;    /* a reader's; of a recogniser only while busy */
	struct slot *slot;  /* NULL: it opens the document */
	struct slot *next;  /* a reader is asked for it already, so that it
	                     * need not wait for us between pages */
	int busy;
	int64_t since;
};

struct batch {
	struct cli *cli;
	const struct ocr_options *o;
	struct cli_names *names;
	struct team *readers, *recognisers;
	struct seat seats[SEATS_MAX]; /* readers first, then recognisers */
	unsigned jobs, docs;
	unsigned pixels;    /* pages that wait for a recogniser */
	struct doc *first, **last;
	int more;           /* names */
	uint64_t failed, partly;
	uint64_t printed;   /* pages of documents that are gone */
};

/* ---- documents come and go ---- */

/* 1: none came. */
static int
admit(struct batch *b)
{
	struct cli_name name;
	struct doc *d;
	int r;

	if (!b->more || b->docs >= b->jobs)
		return 1;
	/* Whoever gives the names may wait for the text of the last. */
	if (b->first && !cli_names_ready(b->names))
		return 1;
	r = cli_names_next(b->cli, b->names, &name);
	if (r == 1) {
		b->more = 0;
		return 1;
	}
	if (r == 0 && name.kind != CLI_NAME_FILE) {
		cli_warn(b->cli, "a record without \"file\" has no text");
		r = -1;
	}
	if (r < 0) {
		b->failed++;
		return 0;
	}
	d = doc_open(b->cli, b->o, name.text);
	*b->last = d;
	b->last = &d->next;
	b->docs++;
	return 0;
}

static void
dismiss(struct seat *s)
{
	worker_dismiss(&s->worker);
	s->doc = NULL;
	s->slot = s->next = NULL;
	s->busy = 0;
}

static uint32_t
peak_of(const struct batch *b)
{
	return b->readers->peak_kib > b->recognisers->peak_kib
	    ? b->readers->peak_kib
	    : b->recognisers->peak_kib;
}

static void
show_progress(struct batch *b)
{
	uint64_t done = b->printed, known = b->printed;

	for (const struct doc *d = b->first; d; d = d->next) {
		done += d->done;
		known += d->wanted;
	}
	cli_progress(b->cli, done, known);
}

/* Print what is ready, and let go of documents that are done. */
static void
print_ready(struct batch *b)
{
	for (struct doc *d = b->first; d; d = d->next) {
		doc_emit(b->cli, b->o, d, d == b->first);
		doc_finish(b->cli, b->o, d, peak_of(b));
	}
	show_progress(b);
	while (b->first &&
	    (b->first->state == DOC_DONE || b->first->state == DOC_HIT)) {
		struct doc *d = b->first;
		int r;

		for (unsigned i = 0; i < b->jobs; i++)
			if (b->seats[i].doc == d)
				dismiss(&b->seats[i]);
		b->first = d->next;
		if (!b->first)
			b->last = &b->first;
		b->docs--;
		b->printed += d->done;
		r = doc_close(b->cli, b->o, d);
		b->failed += r < 0;
		b->partly += r > 0;
		if (b->first) {
			doc_emit(b->cli, b->o, b->first, 1);
			doc_finish(b->cli, b->o, b->first, peak_of(b));
		}
	}
}

/* ---- pages ---- */

static void
page_failed(struct slot *s, const char *why)
{
	page_drop(&s->page);
	free(s->bytes);
	s->bytes = NULL;
	snprintf(s->page.error, sizeof s->page.error, "%s", why);
	s->state = SLOT_READY;
}

/* What a dead worker's page says.  1: it was too late, 0: it crashed. */
static int
lost(struct batch *b, const struct seat *s, char why[MESSAGE_SIZE])
{
	const int64_t took = pc_ticks() - s->since;
	const int64_t most = b->o->page_timeout;

	if (most != PC_NEVER && took >= most - 100000) {
		snprintf(why, MESSAGE_SIZE,
		    "it took more than %lld s; ocr.page_timeout allows more",
		    (long long)(most / 1000000));
		return 1;
	}
	snprintf(why, MESSAGE_SIZE, "the worker of %s crashed at it",
	    s->team == b->readers ? "pc-doc" : "pc-tesseract");
	return 0;
}

static void
died(struct batch *b, struct seat *s)
{
	struct doc *d = s->doc;
	char why[MESSAGE_SIZE];
	int late;

	if (team_refused(s->team))
		exit(PC_EXIT_FAIL); /* it has said why */
	late = lost(b, s, why);
	if (s->next) {
		s->next->state = SLOT_AGAIN;
		d->again++;
	}
	if (s->slot) {
		page_failed(s->slot, why);
	} else if (++d->deaths >= DEATHS_MAX || late) {
		snprintf(d->error, sizeof d->error, "it cannot be opened: %.200s",
		    why);
		d->state = DOC_DONE;
	}
	dismiss(s);
}

static int
hire(struct batch *b, struct seat *s, struct team *team, struct doc *d)
{
	const int hired = team_hire(team, &s->worker, d ? d->fd : -1);

	if (hired < 0 && (errno == EMFILE || errno == ENFILE))
		cli_die(b->cli, "cannot run '%s': %s; raise 'ulimit -n' or "
		                "lower -j", team->argv[0], strerror(errno));
	if (hired < 0)
		cli_die(b->cli, "cannot run '%s': %s; is pc installed?  "
		                "PC_LIBEXEC names its helpers' directory",
		    team->argv[0], strerror(errno));
	s->team = team;
	s->doc = d;
	return 0;
}

static void
ask(struct batch *b, struct seat *s, const struct ask *a, const void *pixels)
{
	struct doc *d = s->doc;

	s->busy = 1;
	s->since = pc_ticks();
	if (worker_ask(&s->worker, a, pixels) == 0)
		return;
	if (team_refused(s->team))
		exit(PC_EXIT_FAIL); /* it has said why */
	/* It died before it could know the page, whose fault it is not. */
	worker_dismiss(&s->worker);
	hire(b, s, s->team, s->team == b->readers ? d : NULL);
	s->doc = d;
	if (worker_ask(&s->worker, a, pixels) < 0)
		died(b, s);
}

/* ---- reading ---- */

/* A page that was made or recognised before, in this document or in another. */
static int
remembered(struct batch *b, struct doc *d, struct slot *s)
{
	if (!doc_unchanged(d))
		return 0;
	if (b->o->form.format == FORMAT_PNG) {
		if (pages_find_png(b->cli, b->o, &d->id, &s->page,
		        &s->pixels) != 0)
			return 0;
		png_place(b->o, d, &s->page);
		return 1;
	}
	return pages_find_pixels(
	           b->cli, b->o, &d->id, &s->page, &s->pixels) == 0 &&
	    pages_find_words(b->cli, b->o, &s->pixels, &s->page) == 0;
}

/* A seat for one more page of d, or NULL. */
static struct seat *
reader_for(struct batch *b, struct doc *d)
{
	struct seat *empty = NULL, *other = NULL, *idle = NULL;
	struct seat *busy = NULL;
	int has_one = 0;

	for (unsigned i = 0; i < b->jobs; i++) {
		struct seat *s = &b->seats[i];

		if (s->doc == d && !s->busy)
			return s;
		has_one |= s->doc == d;
		if (s->doc == d && s->slot && !s->next)
			busy = s;
		if (!s->busy)
			idle = s;
		if (!s->doc)
			empty = s;
		else if (!s->busy && s->doc->asked == s->doc->wanted)
			other = s;
	}
	/* Until its pages are known one is enough. */
	for (unsigned i = 0; i < b->jobs && d->pages == 0; i++)
		if (b->seats[i].doc == d)
			return NULL;
	/* Those who sit there may be waiting for it to be printed. */
	if (!other && d == b->first && !has_one)
		other = idle;
	if (!empty && other) {
		dismiss(other);
		empty = other;
	}
	if (empty)
		hire(b, empty, b->readers, d);
	return empty ? empty : busy;
}

/* The next slot of d to be asked for; NULL: there is none now. */
static struct slot *
next_slot(struct batch *b, struct doc *d)
{
	for (unsigned i = d->done; d->again && i < d->asked; i++)
		if (d->slots[i % SLOTS].state == SLOT_AGAIN)
			return &d->slots[i % SLOTS];
	if (d->asked == d->wanted || d->asked >= d->done + SLOTS ||
	    b->pixels >= b->jobs ||
	    (d != b->first && d->out.len > AHEAD_MAX))
		return NULL;
	return &d->slots[d->asked % SLOTS];
}

/* Ask for one more page of d.  1: nothing can be asked now. */
static int
ask_reader(struct batch *b, struct doc *d)
{
	struct ask a = {.what = ASK_OPEN};
	struct seat *seat;
	struct slot *s = d->pages ? next_slot(b, d) : NULL;
	int found = 0;

	if (d->pages && !s)
		return 1;
	if (s) {
		/* Looked for once, however long it then waits for a seat. */
		if (s->page.number == 0) {
			s->page = (struct page){.confidence = -1,
			    .number = doc_page(b->o, d, d->asked)};
			found = remembered(b, d, s);
		}
		if (found) {
			s->state = SLOT_READY;
			d->asked++;
			return 0;
		}
		a.what = b->o->form.format == FORMAT_PNG         ? ASK_PNG
		    : format_needs_words(b->o->form.format) ? ASK_WORDS
		                                            : ASK_TEXT;
		a.page = s->page.number;
	}
	seat = reader_for(b, d);
	if (!seat)
		return 1;
	if (s && s->state == SLOT_AGAIN)
		d->again--;
	else if (s)
		d->asked++;
	if (s)
		s->state = SLOT_READING;
	if (seat->busy) {
		seat->next = s;
		if (worker_ask(&seat->worker, &a, NULL) < 0)
			died(b, seat);
		return 0;
	}
	seat->slot = s;
	ask(b, seat, &a, NULL);
	return 0;
}

static void
take_pixels(struct batch *b, struct doc *d, struct slot *s,
    const struct answer *a, unsigned char *payload)
{
	struct pixels *p = &s->pixels;

	*p = (struct pixels){.width = a->pixel_width,
	    .height = a->pixel_height, .dpi = a->dpi};
	pc_sha256(payload, (size_t)a->length, &p->id);
	if (doc_unchanged(d))
		pages_keep_pixels(b->cli, b->o, &d->id, &s->page, p);
	if (pages_find_words(b->cli, b->o, p, &s->page) == 0) {
		free(payload);
		s->state = SLOT_READY;
		return;
	}
	s->bytes = payload;
	s->state = SLOT_PIXELS;
	b->pixels++;
}

static void
take_png(struct batch *b, struct doc *d, struct slot *s,
    const struct answer *a, unsigned char *payload, int64_t cost)
{
	s->pixels = (struct pixels){.width = a->pixel_width,
	    .height = a->pixel_height, .dpi = a->dpi};
	s->page.data = payload;
	s->page.length = (size_t)a->length;
	s->state = SLOT_READY;
	if (!png_valid(payload, s->page.length, &s->pixels)) {
		page_failed(s, "pc-doc's answer is no PNG file");
		return;
	}
	if (doc_unchanged(d))
		pages_keep_png(b->cli, b->o, &d->id, &s->page, &s->pixels,
		    cost);
	png_place(b->o, d, &s->page);
}

/* Is it an answer about a page that goes with the form? */
static int
goes_with(const struct batch *b, uint32_t kind)
{
	return kind == ANSWER_ERROR ||
	    (b->o->form.format == FORMAT_PNG
	            ? kind == ANSWER_FILE
	            : kind != ANSWER_OPEN && kind != ANSWER_FILE);
}

static void
read_answer(struct batch *b, struct seat *seat)
{
	struct doc *d = seat->doc;
	struct slot *s = seat->slot;
	struct worker *w = &seat->worker;
	const struct answer *a = &w->head;
	const uint32_t page = s ? s->page.number : 0;
	const int64_t cost = pc_ticks() - seat->since;

	seat->slot = seat->next;
	seat->next = NULL;
	seat->busy = seat->slot != NULL;
	seat->since = pc_ticks();
	if (a->kind == ANSWER_ERROR && a->page == 0 && d->pages == 0) {
		memcpy(d->error, a->message, sizeof d->error);
		d->state = DOC_DONE;
	} else if (a->kind == ANSWER_OPEN && !s) {
		d->walls = a->walls;
		d->damaged = a->message[0] != '\0';
		if (d->damaged && !b->cli->quiet)
			cli_warn(b->cli, "'%s': %s", d->name, a->message);
		doc_opened(b->o, d, a->pages);
	} else if (!s || (a->page != page && a->page != 0) ||
	    !goes_with(b, a->kind)) {
		seat->next = seat->slot;
		seat->slot = s;
		died(b, seat);
		return;
	} else {
		s->page.width = a->width;
		s->page.height = a->height;
		s->page.source = (enum page_source)a->source;
		s->page.rotation = a->rotation;
		if (a->kind == ANSWER_ERROR) {
			page_failed(s, a->message);
		} else if (a->kind == ANSWER_PIXELS) {
			take_pixels(b, d, s, a, w->payload);
			w->payload = NULL;
		} else if (a->kind == ANSWER_FILE) {
			take_png(b, d, s, a, w->payload, cost);
			w->payload = NULL;
		} else {
			s->page.data = w->payload;
			s->page.length = (size_t)a->length;
			s->page.parsed = a->kind == ANSWER_WORDS;
			w->payload = NULL;
			s->state = SLOT_READY;
			if (s->page.parsed ? page_parse(&s->page) < 0
			                   : !pc_utf8_valid(s->page.data,
			                         s->page.length))
				page_failed(s, "pc-doc's answer is no page");
		}
	}
	worker_clear(w);
}

/* ---- recognising ---- */

/* The first page that waits for it. */
static struct slot *
next_pixels(struct batch *b, struct doc **owner)
{
	for (struct doc *d = b->first; d; d = d->next)
		for (unsigned i = d->done; i < d->asked; i++)
			if (d->slots[i % SLOTS].state == SLOT_PIXELS) {
				*owner = d;
				return &d->slots[i % SLOTS];
			}
	return NULL;
}

/* Give a page to a recogniser.  1: there is none, or no page. */
static int
ask_recogniser(struct batch *b)
{
	struct seat *seat = NULL;
	struct slot *s;
	struct doc *d;

	for (unsigned i = b->jobs; b->pixels && i < 2 * b->jobs; i++)
		if (!b->seats[i].busy &&
		    (!seat || seat->worker.fd < 0))
			seat = &b->seats[i];
	s = seat ? next_pixels(b, &d) : NULL;
	if (!s)
		return 1;
	if (seat->worker.fd < 0)
		hire(b, seat, b->recognisers, NULL);
	seat->doc = d;
	seat->slot = s;
	s->state = SLOT_RECOGNISING;
	b->pixels--;
	s->began = pc_ticks();
	ask(b, seat,
	    &(struct ask){.what = ASK_OCR, .page = s->page.number,
	        .width = s->pixels.width, .height = s->pixels.height,
	        .dpi = s->pixels.dpi},
	    s->bytes);
	free(s->bytes);
	s->bytes = NULL;
	return 0;
}

static void
recognised_answer(struct batch *b, struct seat *seat)
{
	struct slot *s = seat->slot;
	struct worker *w = &seat->worker;
	const struct answer *a = &w->head;

	seat->busy = 0;
	seat->slot = NULL;
	seat->doc = NULL;
	if (a->page != s->page.number ||
	    (a->kind != ANSWER_WORDS && a->kind != ANSWER_ERROR)) {
		page_failed(s, "pc-tesseract's answer is to another question");
		dismiss(seat);
		return;
	}
	if (a->kind == ANSWER_ERROR) {
		page_failed(s, a->message);
	} else {
		s->page.confidence = a->confidence;
		s->page.rotation = a->rotation;
		s->page.data = w->payload;
		s->page.length = (size_t)a->length;
		s->page.parsed = 1;
		w->payload = NULL;
		s->state = SLOT_READY;
		if (page_parse(&s->page) < 0)
			page_failed(s, "pc-tesseract's answer is no page");
		else
			pages_keep_words(b->cli, b->o, &s->pixels, &s->page,
			    pc_ticks() - s->began);
	}
	worker_clear(w);
}

/* ---- the loop ---- */

/* Is the same given before it, and still to be stored? */
static int
awaited(struct batch *b, struct doc *d)
{
	if (!b->cli->store || b->cli->read_only)
		return 0;
	for (struct doc *e = b->first; e != d; e = e->next)
		if (e->state != DOC_HIT && !e->finished &&
		    memcmp(e->key.b, d->key.b, sizeof d->key.b) == 0) {
			d->waited = 1;
			return 1;
		}
	return 0;
}

/* Give work to whoever has none.  Was there any? */
static int
assign(struct batch *b)
{
	int any = 0;

	while (ask_recogniser(b) == 0)
		any = 1;
	for (struct doc *d = b->first; d; d = d->next) {
		if (d->state == DOC_WAITING && !awaited(b, d)) {
			doc_retry(b->cli, b->o, d);
			any |= d->state != DOC_WAITING;
		}
		while (d->state == DOC_READING && ask_reader(b, d) == 0)
			any = 1;
	}
	return any;
}

static void
take(struct batch *b, struct seat *s)
{
	int r = worker_read(s->team, &s->worker);

	if (r < 0)
		died(b, s);
	else if (r > 0 && s->team == b->readers)
		read_answer(b, s);
	else if (r > 0)
		recognised_answer(b, s);
}

/* Wait for answers, and end workers that should have ended themselves. */
static void
wait_for_answers(struct batch *b)
{
	struct pollfd p[SEATS_MAX + 1];
	struct seat *of[SEATS_MAX];
	const int64_t most = b->o->page_timeout;
	int n = 0, wait = most == PC_NEVER ? -1 : 1000;

	for (unsigned i = 0; i < 2 * b->jobs; i++)
		if (b->seats[i].busy) {
			p[n] = (struct pollfd){.fd = b->seats[i].worker.fd,
			    .events = POLLIN};
			of[n++] = &b->seats[i];
		}
	for (struct doc *d = b->first; d; d = d->next)
		if (d->state == DOC_WAITING)
			wait = NAP;
	/* One of less than 0 is passed over. */
	p[n] = (struct pollfd){.fd = b->more && b->docs < b->jobs
	        ? b->names->from
	        : -1, .events = POLLIN};
	if (poll(p, (nfds_t)n + 1, wait) < 0 && errno != EINTR)
		cli_die(b->cli, "cannot wait for helpers: %s",
		    strerror(errno));
	for (int i = 0; i < n; i++) {
		if (p[i].revents)
			take(b, of[i]);
		else if (most != PC_NEVER &&
		    pc_ticks() - of[i]->since > most + GRACE)
			died(b, of[i]);
	}
}

/* A pager may have stopped us for long, which is not their fault. */
static void
excuse(struct batch *b, int64_t since)
{
	const int64_t took = pc_ticks() - since;

	for (unsigned i = 0; took > 1000000 && i < 2 * b->jobs; i++)
		b->seats[i].since += took;
}

/* As many as there are descriptors for: a document has three of its own and
 * two workers, the store two a shard. */
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

int
batch_run(struct cli *c, const struct ocr_options *o, struct cli_names *names,
    struct team *readers, struct team *recognisers)
{
	static struct batch b;
	int status;

	b = (struct batch){.cli = c, .o = o, .names = names,
	    .readers = readers, .recognisers = recognisers,
	    .jobs = jobs_within_limits(o->jobs), .more = 1};
	b.last = &b.first;
	for (unsigned i = 0; i < SEATS_MAX; i++)
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
	for (unsigned i = 0; i < 2 * b.jobs; i++)
		dismiss(&b.seats[i]);
	team_end(readers);
	team_end(recognisers);
	status = cli_status(b.failed, names->count);
	if (status == PC_EXIT_OK && b.partly)
		status = PC_EXIT_SOME;
	return status;
}
