/* pipe.c - send to the helper and receive from it, over its socket. */
#include "client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum {
	READS_MAX = 16,         /* per http_run: the caller has work too */
	WINDOW_MIN = 64,        /* requests that the helper has at a time */
	ASKS_MAX = 16,          /* requests in one write */
	FRAME_KEPT = 64 * 1024, /* bytes kept to send to a second helper */
};

static size_t
window(const struct http *h)
{
	const size_t n = (size_t)h->options.at_once * 4;

	return n < WINDOW_MIN ? WINDOW_MIN : n;
}

int
http_has_to_write(const struct http *h)
{
	return h->written > 0 || h->cancels.len > 0 ||
	    (h->waiting.first && h->sent.count < window(h));
}

/* -1: the helper is dead; 0: it takes no more now. */
static ssize_t
write_some(struct http *h, struct iovec *v, size_t n)
{
	const struct msghdr m = {.msg_iov = v, .msg_iovlen = n};
	ssize_t r;

	do
		r = sendmsg(h->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	if (r < 0 && (errno == EAGAIN || errno == ENOBUFS))
		return 0;
	return r;
}

/* Count n written bytes: for the first waiting request, then for the next
 * ones. */
static void
note_written(struct http *h, size_t n)
{
	while (n > 0) {
		struct request *r = h->waiting.first;
		const size_t left = r->frame.len - h->written;

		if (n < left) {
			h->written += n;
			return;
		}
		n -= left;
		h->written = 0;
		requests_remove(&h->waiting, r);
		requests_append(&h->sent, r);
		if (r->frame.len > FRAME_KEPT)
			pc_buf_clear(&r->frame);
	}
}

int
http_write_asks(struct http *h)
{
	while (http_has_to_write(h)) {
		struct iovec v[ASKS_MAX];
		size_t room = window(h), begun = h->written, count = 0;
		ssize_t n;

		if (h->cancels.len > 0 && h->written == 0) {
			v[0] = (struct iovec){h->cancels.data, h->cancels.len};
			n = write_some(h, v, 1);
			if (n <= 0)
				return (int)n;
			h->cancels.len -= (size_t)n;
			memmove(h->cancels.data, h->cancels.data + n,
			    h->cancels.len);
			continue;
		}
		room -= room > h->sent.count ? h->sent.count : room;
		for (struct request *r = h->waiting.first;
		     r && count < ASKS_MAX && (count < room || begun);
		     r = r->next) {
			v[count++] = (struct iovec){r->frame.data + begun,
			    r->frame.len - begun};
			begun = 0;
		}
		n = write_some(h, v, count);
		if (n <= 0)
			return (int)n;
		note_written(h, (size_t)n);
	}
	return 0;
}

int
http_take_answers(struct http *h)
{
	struct http_answer a;
	size_t at = 0;
	int r = 0;

	while (r == 0 && h->have - at >= sizeof a) {
		memcpy(&a, h->in + at, sizeof a);
		if (!http_answer_valid(&a)) {
			r = -1;
		} else if (h->have - at - sizeof a < a.length) {
			break;
		} else {
			r = http_answer_take(h, &a, h->in + at + sizeof a);
			at += sizeof a + a.length;
		}
	}
	h->have -= at;
	memmove(h->in, h->in + at, h->have);
	return r;
}

/* -1: the helper is dead, or an answer is invalid. */
int
http_read_answers(struct http *h)
{
	const size_t room = sizeof(struct http_answer) + HTTP_LENGTH_MAX;

	for (int i = 0; i < READS_MAX; i++) {
		const ssize_t n = recv(h->fd, h->in + h->have, room - h->have,
		    MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n <= 0)
			return -1;
		h->silent = 0;
		h->have += (size_t)n;
		if (http_take_answers(h) < 0)
			return -1;
	}
	return 0;
}
