/* lay.c - see lay.h. */
#include "lay.h"

#include "reader/team.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	IDLE_MAX = 600 * 1000,          /* ms that pc-doc may work on one
					 * request */
	LAYER_MAX = 1024 * 1024 * 1024, /* bytes */
};

/* The work on one PDF. */
struct laying {
	struct pdf_task *task;
	struct team team;
	struct worker worker;
};

/* Send a request and wait for its answer, which is in the worker then. */
static int
ask(struct laying *l, const struct page_request *request, const void *bytes)
{
	struct worker *w = &l->worker;
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	int r = 0;

	worker_clear(w);
	if (worker_send(w, request, bytes) < 0)
		r = -1;
	while (r == 0) {
		const int ready = poll(&p, 1, IDLE_MAX);

		if (ready == 0 || (ready < 0 && errno != EINTR))
			return pdf_fail(l->task,
			    "pc-doc timed out while it added the text");
		r = worker_read(&l->team, w);
	}
	if (r < 0)
		return pdf_fail(l->task,
		    "pc-doc crashed while it added the text");
	return w->head.kind == ANSWER_TEXT
	    ? 0
	    : pdf_fail(l->task, "cannot add the text: %s", w->head.message);
}

static int
ask_page(struct laying *l, enum request_kind what, unsigned page,
    unsigned width)
{
	return ask(l,
	    &(struct page_request){.what = what, .page = page, .width = width},
	    NULL);
}

static int
send_layer(struct laying *l, struct pc_spool *layer)
{
	struct page_request request = {.what = REQUEST_LAYER,
	    .page = 1,
	    .height = 1};
	const int fd = pc_spool_open(layer);
	struct pc_buf b = {0};
	int r = -1;

	if (fd < 0 || pc_read_all(fd, &b, LAYER_MAX) < 0) {
		pdf_fail(l->task, "%s", strerror(errno));
	} else {
		request.width = (uint32_t)b.len;
		r = ask(l, &request, b.data);
	}
	if (fd >= 0)
		close(fd);
	pc_buf_clear(&b);
	return r;
}

/* A page that is chosen twice gets its text once. */
static int
lay_pages(struct laying *l)
{
	const struct pdf_task *t = l->task;
	const unsigned count = page_ranges_count(t->ranges, t->pages);
	unsigned char *laid = calloc(t->pages + 1, 1);
	int r = laid ? 0 : pdf_fail(l->task, "%s", strerror(errno));

	for (unsigned i = 0; i < count && r == 0; i++) {
		const unsigned page = page_ranges_page(t->ranges, t->pages, i);

		if (page == 0 || page > t->pages || laid[page]++)
			continue;
		r = ask_page(l, REQUEST_LAY, page, i + 1);
	}
	free(laid);
	return r;
}

static int
fetch(struct laying *l, struct pc_spool *out)
{
	for (unsigned piece = 1;; piece++) {
		if (ask_page(l, REQUEST_PDF, piece, 0) < 0)
			return -1;
		if (pc_spool_write(out, l->worker.payload,
			l->worker.head.length) < 0)
			return pdf_fail(l->task, "%s", strerror(errno));
		if (l->worker.head.length < PDF_PIECE)
			return 0;
	}
}

static int
lay_all(struct laying *l, struct pc_spool *layer, struct pc_spool *out)
{
	const struct pdf_task *t = l->task;
	int r = 0;

	for (size_t i = 0; i < t->redone_count && r == 0; i++)
		r = ask_page(l, REQUEST_UNLAYER, t->redone[i], 0);
	return r < 0 || send_layer(l, layer) < 0 || lay_pages(l) < 0
	    ? -1
	    : fetch(l, out);
}

int
lay_text(struct pdf_task *t, int fd, struct pc_spool *layer,
    struct pc_spool *out)
{
	char *helper = pc_helper_path("pc-doc");
	char *argv[] = {helper, (char *)"serve", (char *)"--page-timeout",
	    (char *)"0",
	    t->require_sandbox ? (char *)"--require-sandbox" : NULL, NULL};
	struct laying l = {.task = t,
	    .team = {.argv = argv, .password = t->password},
	    .worker = {.fd = -1}};
	int r;

	if (!helper || team_hire(&l.team, &l.worker, fd) < 0)
		r = pdf_fail(t, "cannot run pc-doc: %s%s", strerror(errno),
		    pc_helper_remedy(errno));
	else
		r = lay_all(&l, layer, out);
	worker_dismiss(&l.worker);
	team_end(&l.team);
	t->tools++;
	if (l.team.peak_kib > t->peak_kib)
		t->peak_kib = l.team.peak_kib;
	free(helper);
	return r;
}
