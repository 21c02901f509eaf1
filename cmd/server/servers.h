/* servers.h - the model servers that a program may ask: their addresses, the
 * API key that is sent to them, and one request with its whole answer. */
#ifndef SERVER_SERVERS_H
#define SERVER_SERVERS_H

#include "http/http.h"
#include "server/model_protocol.h"

#include <signal.h>

enum { SERVERS_MAX = 8 };

/* All zero is none.  The program sets what is below the line. */
struct servers {
	char *urls[SERVERS_MAX];    /* owned */
	char *secrets[SERVERS_MAX]; /* of each: header lines with its API key,
				     * owned; NULL: none */
	size_t count;

	struct http *http;
	int64_t idle_max; /* us without a byte of a call's answer; 0: http's */
	int64_t call_max; /* us for a call in all; 0: no limit */
	/* A call ends when this becomes non-zero; NULL: never. */
	const volatile sig_atomic_t *stop;
};

/* ---- servers.c: addresses and the key ---- */

/* Take the URLs given, or else those of inference.url, $OLLAMA_HOST,
 * $OPENAI_BASE_URL or Ollama's default.  A URL may be that of one of a server's
 * calls, as documentation shows them.  -1 with err: one is malformed, or there
 * are too many. */
int servers_set(struct servers *, const struct pc_config *, char *const *given,
    size_t count, struct pc_error *err);
/* Send this API key to server i.  Line ends after it are cut off.  -1 with
 * errno: EINVAL, any other control character, as it would make another header,
 * or there is no such server; ENOMEM. */
int servers_set_key(struct servers *, size_t i, const char *key, size_t n);
/* Send $OPENAI_API_KEY to the servers that have no key yet and that it is for:
 * those of the origin of $OPENAI_BASE_URL, or else of OpenAI's.  -1 likewise.
 */
int servers_use_openai_key(struct servers *);
/* The header lines with the key of a server; NULL: none. */
const char *servers_secrets(const struct servers *, const char *server);
/* Free the addresses and the key; http is the program's to close. */
void servers_clear(struct servers *);
/* API_OPENAI: the address is a base to which the names of OpenAI's calls are
 * added, as it ends in a version such as /v1, in /openai after one, or in '/'.
 * Else API_AUTO. */
enum api server_api(const char *server);

/* ---- call.c: requests ---- */

/* Fill in the URL of a path there, which url owns, and the headers. */
void server_request(const struct servers *, struct http_request *,
    const char *server, const char *path, struct pc_buf *url);

struct server_fault;

/* GET the path, or POST the body, which is JSON, and wait for the whole answer
 * of at most 16 MiB.  The HTTP status, or -1 with the fault. */
int server_call(struct servers *, const char *server, const char *path,
    const struct pc_buf *body, struct pc_buf *answer, struct server_fault *);

/* ---- fault.c: what went wrong ---- */

enum server_fault_kind {
	FAULT_CONNECT, /* no connection, or the host is unknown */
	FAULT_TIMEOUT, /* no byte for idle_max */
	FAULT_LATE,    /* no whole answer after call_max */
	FAULT_TLS,
	FAULT_STOPPED, /* by servers.stop */
	FAULT_BROKEN,  /* any other fault of HTTP */
	/* faults that the server reports */
	FAULT_NO_MODEL,
	FAULT_KEY,      /* it wants an API key, or another */
	FAULT_SIGNIN,   /* an Ollama that is not signed in, for a cloud model */
	FAULT_TOO_LONG, /* the prompt exceeds the model's context */
	FAULT_NO_IMAGES, /* the model does not take images */
	FAULT_MOVED,     /* a redirect, where no key must follow */
	FAULT_REFUSED,   /* any other status */
};

struct server_fault {
	enum server_fault_kind kind;
	int later;             /* trying later can help */
	struct pc_error error; /* without a remedy: each program has its
				* own options for it */
};

/* A request that ended without a whole answer. */
void server_fault_http(struct server_fault *, const char *server,
    const struct http_end *);

/* What came with a status other than success. */
struct server_refusal {
	const char *server, *model;
	enum api api;
	int status;
	const void *body;
	size_t len;
};

void server_fault_refusal(struct server_fault *, const struct servers *,
    const struct server_refusal *);

#endif
