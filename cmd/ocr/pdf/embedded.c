/* embedded.c - see embedded.h. */
#include "embedded.h"

#include <errno.h>
#include <string.h>

enum {
	LOST_MAX = 8,                   /* workers */
	IMAGE_MAX = 1024 * 1024 * 1024, /* bytes */
};

void
embedded_begin(struct embedded_reader *r, struct pdf_task *t,
    int64_t page_timeout)
{
	*r = (struct embedded_reader){.task = t};
	if (page_timeout != PC_NEVER)
		r->seconds = page_timeout < 1000000
		    ? 1
		    : (unsigned)(page_timeout / 1000000);
}

void
embedded_end(struct embedded_reader *r)
{
	if (r->begun)
		asking_end(&r->asking);
	r->begun = 0;
}

/* Ask, by a new worker if the last one ended.  -1: task->error. */
static int
ask(struct embedded_reader *r, const struct page_request *request)
{
	if (r->begun && asking_crashed(&r->asking))
		embedded_end(r);
	if (!r->begun) {
		r->begun = 1;
		if (asking_begin(&r->asking, r->task, r->task->fd, r->seconds,
			"extracted images") < 0)
			return -1;
	}
	return asking_ask(&r->asking, request, NULL);
}

/* Read all pieces of the file.  -1: task->error. */
static int
fetch(struct embedded_reader *r, struct embedded *e)
{
	struct page_request request = {.what = REQUEST_IMAGE,
	    .page = e->page,
	    .width = e->number};
	const struct worker *w = &r->asking.worker;

	for (;; request.height++) {
		if (ask(r, &request) < 0)
			return -1;
		if (e->bytes.len + w->head.length > IMAGE_MAX)
			return pdf_fail(r->task, "its file exceeds %d MiB",
			    IMAGE_MAX >> 20);
		if (pc_buf_add(&e->bytes, w->payload, w->head.length) < 0)
			return pdf_fail(r->task, "%s", strerror(ENOMEM));
		if (w->head.length < PDF_PIECE)
			return 0;
	}
}

/* Move the task's error to the image, unless no worker can go on. */
static void
take_error(struct embedded_reader *r, int64_t began, struct embedded *e,
    char error[MESSAGE_SIZE])
{
	const int crashed = asking_crashed(&r->asking);

	if (crashed && r->seconds &&
	    pc_ticks() - began >= (int64_t)r->seconds * 1000000)
		pdf_fail(r->task,
		    "timed out after %u s; raise ocr.page_timeout", r->seconds);
	r->lost += crashed != 0;
	memcpy(error, r->task->error, MESSAGE_SIZE);
	e->error = error;
	if (r->lost <= LOST_MAX)
		r->task->error[0] = '\0';
}

void
embedded_read_page(struct embedded_reader *r, unsigned page,
    void (*each)(void *ctx, const struct embedded *), void *ctx)
{
	const struct page_answer *a = &r->asking.worker.head;
	unsigned count = 1; /* unknown until the first answer */
	char error[MESSAGE_SIZE];

	for (unsigned i = 1; i <= count && !r->task->error[0]; i++) {
		struct embedded e = {.page = page, .number = i};
		const int64_t began = pc_ticks();
		const int failed = fetch(r, &e) < 0;
		const int answered = !asking_crashed(&r->asking);

		if (failed)
			take_error(r, began, &e, error);
		if (answered)
			count = a->pages;
		else if (i == 1)
			count = 0;
		if (failed && count == 0)
			e.number = 0;
		for (int k = 0; k < 4 && answered; k++)
			e.box[k] = a->trim[k] / 100.0;
		e.damaged = answered && a->damage[DAMAGE_IMAGE] > 0;
		if (i <= count || failed)
			each(ctx, &e);
		pc_buf_clear(&e.bytes);
	}
}
