/* client.h - what the files of the front end share. */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "http.h"
#include "http_protocol.h"

/* A request, from http_send to its end. */
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
	int cancelled;       /* its sinks are no longer called */
	int revived;         /* it was sent to a second helper */
	struct pc_buf frame; /* the encoded request, until the first answer */
};

struct requests {
	struct request *first, **last;
	size_t count;
};

struct http {
	struct http_options options;
	uint64_t numbers;
	struct requests waiting; /* not or only partly sent */
	struct requests sent;
	size_t written;        /* bytes of the first waiting request */
	size_t pending;        /* in both lists, without cancelled ones */
	struct pc_buf cancels; /* messages to send between two requests */
	pid_t pid;             /* 0: no helper */
	int fd;
	unsigned barren; /* helpers in a row that finished no request */
	int64_t silent;  /* us of silence while the helper had work */
	uint32_t peak_kib;
	unsigned made;        /* connections */
	unsigned idle;        /* of these, by the helper's last answer */
	unsigned reused;      /* uses of an open connection */
	int64_t first, later; /* us to the first byte, in total: on new
			       * connections, and on open ones */
	unsigned char *in;    /* bytes received that are not yet a complete
			       * answer */
	size_t have;
};

/* ---- requests.c: waiting and sent requests ---- */

void requests_append(struct requests *, struct request *);
/* Remove a request, which must be in the list. */
void requests_remove(struct requests *, struct request *);
void request_free(struct request *);
/* End a request, which must be in the list, and call its sink. */
void request_finish(struct http *, struct requests *, struct request *,
    const struct http_end *);
/* End all requests: their helper died, or none could start. */
void requests_fail(struct http *, struct requests *, enum http_fault,
    const char *text);
/* Free all requests without calling their sinks. */
void requests_clear(struct requests *);

/* ---- answer.c: one answer of the helper ---- */

enum { HTTP_LENGTH_MAX = HTTP_URL_MAX + HTTP_HEADERS_MAX };

/* Is this head of an answer valid? */
int http_answer_valid(const struct http_answer *);
/* Deliver the answer to its request.  -1: it is invalid. */
int http_answer_take(struct http *, const struct http_answer *,
    const unsigned char *);

/* ---- pipe.c: to the helper, and from it ---- */

int http_has_to_write(const struct http *);
/* Write as much as the socket takes.  -1: the helper is dead. */
int http_write_asks(struct http *);
/* Deliver the complete answers in h->in.  -1: one is invalid. */
int http_take_answers(struct http *);
/* Read what has arrived, and deliver it.  -1: the helper is dead, or an answer
 * is invalid. */
int http_read_answers(struct http *);

/* ---- process.c: the helper's process ---- */

/* -1 with errno. */
int http_process_start(struct http *);
void http_process_end(struct http *);

#endif
