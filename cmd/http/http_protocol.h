/* http_protocol.h - the protocol between pc-http and the programs that run it.
 *
 * The helper reads requests from its standard input and writes answers to its
 * standard output.  Each is a head, followed by the bytes that it announces.
 * Both sides are of one build on one machine, so numbers are sent in native
 * form.  Each request gets one HTTP_ANSWER_END, even a cancelled one.  The
 * front end still checks each answer (client.c, answer.c). */
#ifndef HTTP_PROTOCOL_H
#define HTTP_PROTOCOL_H

#include <stdint.h>

enum {
	HTTP_ASK_MAGIC = 0x50634831,
	HTTP_ANSWER_MAGIC = 0x50634832,
	HTTP_URL_MAX = 16 * 1024,          /* bytes with NUL; so are all sizes
					    * below */
	HTTP_HEADERS_MAX = 64 * 1024,      /* of a request or an answer */
	HTTP_TEXT_MAX = 512,               /* of a fault */
	HTTP_PIECE_MAX = 64 * 1024,        /* of a body in one answer */
	HTTP_BODY_MAX = 256 * 1024 * 1024, /* of a request */
	HTTP_ATTEMPTS_MAX = 1000,
};

enum http_ask_kind {
	HTTP_ASK_REQUEST = 1,
	HTTP_ASK_CANCEL,
};

/* The head of a request.  It is followed by method, URL, headers and secret
 * headers, each of the given length with a final NUL (headers may be absent),
 * and the body. */
struct http_ask {
	uint32_t magic;
	uint32_t kind;
	uint64_t number;
	uint64_t size_max; /* 0: no limit */
	int64_t idle_max;
	int64_t first_max; /* to the first byte of the answer */
	int64_t total_max; /* PC_NEVER: no limit */
	uint32_t flags;    /* enum http_request_flags */
	uint32_t redirects;
	uint32_t method, url, headers, secrets;
	uint64_t body;
};

enum http_answer_kind {
	HTTP_ANSWER_HEAD = 1, /* split bytes of URL, then headers */
	HTTP_ANSWER_DATA,     /* of the body */
	HTTP_ANSWER_AGAIN,    /* the request restarts */
	HTTP_ANSWER_END,      /* the fault's text */
};

/* The head of an answer; length bytes follow.  Texts end with NUL. */
struct http_answer {
	uint32_t magic;
	uint32_t kind;
	uint64_t number;
	uint32_t length;
	uint32_t split;
	int32_t status;    /* HEAD */
	uint32_t attempts; /* HEAD, END */
	uint32_t fault;    /* END, like the following fields: enum http_fault */
	uint32_t reused;
	int64_t first_byte;
	int64_t retry_after;
	uint32_t peak_kib;
	uint32_t idle; /* open connections without a request */
};

#endif
