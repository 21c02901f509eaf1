/* lay.c - see lay.h. */
#include "lay.h"

#include "asking.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LAYER_MAX = 1024 * 1024 * 1024 }; /* bytes */

/* Send a request and wait for its answer, which is in the worker then. */
static int
ask(struct pdf_asking *l, const struct page_request *request, const void *bytes)
{
	char why[MESSAGE_SIZE];

	if (asking_ask(l, request, bytes) == 0)
		return 0;
	if (!asking_crashed(l)) {
		memcpy(why, l->task->error, sizeof why);
		(void)pdf_fail(l->task, "cannot add the text: %s", why);
	}
	return -1;
}

static int
ask_page(struct pdf_asking *l, enum request_kind what, unsigned page,
    unsigned width)
{
	return ask(l,
	    &(struct page_request){.what = what, .page = page, .width = width},
	    NULL);
}

static int
send_layer(struct pdf_asking *l, struct pc_spool *layer)
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
lay_pages(struct pdf_asking *l)
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
fetch(struct pdf_asking *l, struct pc_spool *out)
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
lay_all(struct pdf_asking *l, struct pc_spool *layer, struct pc_spool *out)
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
	struct pdf_asking l;
	int r = asking_begin(&l, t, fd, 0, "added the text");

	if (r == 0)
		r = lay_all(&l, layer, out);
	asking_end(&l);
	return r;
}
