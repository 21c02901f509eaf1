/* fuzz_answer.c - any bytes, in pieces of any size, as the answer of a worker:
 * reading ends, and an accepted answer keeps within the limits. */
#include "pc.h"
#include "reader/team.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum {
	CAP = 256 * 1024 * 1024,
	DECLARED_CAP = 32 * 1024 * 1024,
};

static void
check(int holds)
{
	if (!holds)
		abort();
}

/* Checked on its own, not by page_answer_valid(). */
static void
check_answer(const struct worker *w)
{
	const struct page_answer *a = &w->head;

	check(a->kind >= ANSWER_OPEN && a->kind <= ANSWER_ERROR);
	check(a->source < SOURCES && a->length <= CAP && w->payload);
	check(w->payload[a->length] == '\0');
	check(memchr(a->message, '\0', sizeof a->message) != NULL);
	check(a->rotation >= 0 && a->rotation < 360 && a->rotation % 90 == 0);
	check(a->confidence >= -1 && a->confidence <= 10000);
	check(a->assumed <= 1 && a->user_unit <= 1000000000);
	for (int i = 0; i < 4; i++)
		check(abs(a->trim[i] / 100) <= 1000000);
	if (a->kind == ANSWER_PIXELS)
		check(a->pixel_width <= SIDE_MAX &&
		    a->pixel_height <= SIDE_MAX && a->pixel_width > 0 &&
		    a->pixel_height > 0 && a->layer_words <= CAP &&
		    a->layer_text <= CAP &&
		    a->length - a->layer_words - a->layer_text ==
			(uint64_t)a->pixel_width * a->pixel_height);
	if (a->kind == ANSWER_FILE)
		check(a->pixel_width - 1 < SIDE_MAX &&
		    a->pixel_height - 1 < SIDE_MAX && a->dpi > 0);
	if (a->kind == ANSWER_OPEN)
		check(a->pages >= 1 && a->pages <= PAGES_MAX &&
		    a->length <= DECLARED_CAP);
	if (a->kind == ANSWER_ERROR || a->kind == ANSWER_LATE)
		check(a->length == 0);
}

/* Read all bytes.  Returns -1 if the worker counts as dead. */
static int
drain(struct team *t, struct worker *w)
{
	int r;

	while ((r = worker_read(t, w)) > 0) {
		check_answer(w);
		worker_clear(w);
	}
	if (r == 0)
		check(w->have < sizeof w->head + w->head.length ||
		    w->have < sizeof w->head);
	return r;
}

/* A nearly valid header, else no mutation gets past the magic number. */
static size_t
begin_head(struct page_answer *a, const uint8_t *p, size_t n)
{
	*a = (struct page_answer){.magic = ANSWER_MAGIC, .confidence = -1};
	a->kind = p[0] % 8;
	a->source = p[1] % 8;
	a->length = p[2];
	a->pixel_width = p[3] & 15;
	a->pixel_height = p[3] >> 4;
	a->dpi = p[4];
	a->pages = p[5];
	a->rotation = p[6] % 5 * 90;
	if (n < 16)
		return 8;
	/* Eight of its bytes, anywhere but at its end, come from the input. */
	memcpy((char *)a + p[7], p + 8, 8);
	return 16;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct worker w = {.fd = -1};
	struct team t = {0};
	struct page_answer a;
	size_t piece;
	int fds[2], r = 0, raw;

	if (n < 10)
		return 0;
	raw = p[0] & 1;
	piece = p[1] + 1;
	p += 2;
	n -= 2;
	check(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	w.fd = fds[0];
	while (n > 0 && r == 0) {
		size_t m = n < piece ? n : piece;

		if (!raw && n >= 8) {
			m = begin_head(&a, p, n);
			p += m;
			n -= m;
			check(send(fds[1], &a, sizeof a, 0) == sizeof a);
			r = drain(&t, &w);
			m = n < piece ? n : piece;
		}
		if (m > 0)
			check(send(fds[1], p, m, 0) == (ssize_t)m);
		if (r == 0)
			r = drain(&t, &w);
		p += m;
		n -= m;
	}
	close(fds[1]);
	if (r == 0)
		check(drain(&t, &w) < 0);
	worker_dismiss(&w);
	return 0;
}
