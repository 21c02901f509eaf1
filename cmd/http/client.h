/* client.h - what the files of the front end share. */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "http.h"
#include "http_protocol.h"

/* A request from http_send to its end. */
struct request {
	struct request *next;
	uint64_t number;
	struct http_sinks sinks;
	void *ctx;
	unsigned flags;
	uint64_t size_max;
	int64_t began;
	uint64_t got; /* bytes of the answer's body */
	int have_head;
	int cancelled;       /* its sinks are not called any more */
	int revived;         /* a second helper is asked */
	struct pc_buf frame; /* what the helper is asked, until it answers */
};

struct requests {
	struct request *first, **last;
	size_t count;
};

struct http {
	struct http_options options;
	uint64_t numbers;
	struct requests waiting; /* not yet sent, or not all of it */
	struct requests sent;
	size_t written;        /* bytes of the first that waits */
	size_t pending;        /* of both, those cancelled aside */
	struct pc_buf cancels; /* asks to be sent between two requests */
	pid_t pid;             /* 0: no helper */
	int fd;
	unsigned barren; /* helpers in a row that ended no request */
	int64_t silent;  /* us that it was waited for without a word,
			  * while it had something to do */
	uint32_t peak_kib;
	unsigned made;        /* connections */
	unsigned idle;        /* of them, as the helper said last */
	unsigned reused;      /* uses of one that was open */
	int64_t first, later; /* us to the first byte on a new one, and on
			       * one that was open, in sum */
	unsigned char *in;    /* what came and is not yet a whole answer */
	size_t have;
};

/* ---- requests.c: those that wait, and those that were sent ---- */

void requests_append(struct requests *, struct request *);
/* Take one out, which must be in the list. */
void requests_remove(struct requests *, struct request *);
void request_free(struct request *);
/* End one, which must be in the list: its sink is told. */
void request_finish(struct http *, struct requests *, struct request *,
    const struct http_end *);
/* End all of them: their helper died, or there is none. */
void requests_fail(struct http *, struct requests *, const char *text);
/* Free all of them; no sink is told. */
void requests_clear(struct requests *);

/* ---- answer.c: one answer of the helper ---- */

enum { HTTP_LENGTH_MAX = HTTP_URL_MAX + HTTP_HEADERS_MAX };

/* Is the head what a helper may say? */
int http_answer_valid(const struct http_answer *);
/* Give it to the request that it is for.  -1: it lies. */
int http_answer_take(struct http *, const struct http_answer *,
    const unsigned char *);

/* ---- pipe.c: to the helper, and from it ---- */

int http_has_to_write(const struct http *);
/* Write what the socket takes.  -1: the helper is dead. */
int http_write_asks(struct http *);
/* Take the answers that are whole in h->in.  -1: one lies. */
int http_take_answers(struct http *);
/* Read what there is, and take it.  -1: the helper is dead, or lies. */
int http_read_answers(struct http *);

/* ---- process.c: the helper's process ---- */

/* -1 with errno. */
int http_process_start(struct http *);
void http_process_end(struct http *);

#endif
