/* transfer.c - one exchange with a server: the only user of libcurl. */
#include "transfer.h"

#include "address.h"
#include "http/http_protocol.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What libcurl says of a header line that has no end: CURLE_TOO_LARGE since
 * 8.6.0, before that CURLE_OUT_OF_MEMORY. */
static const CURLcode too_large = (CURLcode)100;

enum {
	POLL_MAX = 8,       /* descriptors beside curl's */
	BUFFER = 64 * 1024, /* bytes that are read at a time */
};

struct transfer {
	struct transfer *next;
	struct transfers *all;
	CURL *easy;
	struct curl_slist *headers;
	void *ctx;
	const char *body;
	size_t body_len, body_at;
	int64_t began, idle_max, first_max;
	int answered;     /* a byte of the answer came */
	int64_t last;     /* when a byte came or went */
	int64_t moved;    /* bytes, as last seen */
	int64_t block_at; /* when a block of headers began; 0: none has */
	uint64_t raw;     /* bytes that came after the headers */
	int64_t speed_at; /* when the body had speed_from bytes; 0: never */
	uint64_t speed_from;
	int paused, stopped;
	int public_only, public;
	char refused[INET6_ADDRSTRLEN]; /* an address that is not public */
	char error[CURL_ERROR_SIZE];
};

struct transfers {
	CURLM *multi;
	struct transfer *first;
	struct transfer_sinks sinks;
	struct transfer_options options;
	unsigned connections; /* that are open */
};

/* ---- what curl calls ---- */

/* Refused here, nothing is sent to an address.  on_connected() still has to
 * look, as a connection may have been opened by another transfer. */
static curl_socket_t
on_open(void *v, curlsocktype what, struct curl_sockaddr *a)
{
	struct transfer *t = v;
	int fd;

	(void)what;
	if (t->public_only && !address_is_public(&a->addr)) {
		if (getnameinfo(&a->addr, a->addrlen, t->refused,
			sizeof t->refused, NULL, 0, NI_NUMERICHOST) != 0)
			strcpy(t->refused, "?");
		return CURL_SOCKET_BAD;
	}
	fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
	t->all->connections += fd >= 0;
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

/* Before the request is sent over a new or an old connection. */
static int
on_connected(void *v, char *address, char *own, int port, int own_port)
{
	struct transfer *t = v;

	(void)own, (void)port, (void)own_port;
	t->public = address_text_is_public(address);
	/* Of several addresses of a name some may have been refused. */
	t->refused[0] = '\0';
	if (!t->public_only || t->public)
		return CURL_PREREQFUNC_OK;
	snprintf(t->refused, sizeof t->refused, "%s", address);
	return CURL_PREREQFUNC_ABORT;
}

static int
on_close(void *v, curl_socket_t fd)
{
	struct transfers *all = v;

	all->connections--;
	return close(fd);
}

/* libcurl shows here what came before it takes chunks apart. */
static int
on_debug(CURL *e, curl_infotype what, char *p, size_t n, void *v)
{
	struct transfer *t = v;

	(void)e, (void)p;
	if (what == CURLINFO_DATA_IN)
		t->raw += n;
	return 0;
}

/* The empty line at the end of a block.  After one that is not final, as of
 * status 103, the server may think on. */
static void
end_block(struct transfer *t)
{
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->answered = status >= 200;
	t->block_at = 0;
}

static size_t
on_line(char *p, size_t size, size_t n, void *v)
{
	struct transfer *t = v;

	n *= size;
	t->answered = 1;
	if (!t->block_at)
		t->block_at = pc_ticks();
	if (n > 0 && (*p == '\r' || *p == '\n'))
		end_block(t);
	if (t->all->sinks.line(t->ctx, p, n) == TRANSFER_GO)
		return n;
	t->stopped = 1;
	return 0;
}

static size_t
on_data(char *p, size_t size, size_t n, void *v)
{
	struct transfer *t = v;

	switch (t->all->sinks.data(t->ctx, p, size * n)) {
	case TRANSFER_GO:
		return size * n;
	case TRANSFER_PAUSE:
		t->paused = 1;
		return CURL_WRITEFUNC_PAUSE;
	default:
		t->stopped = 1;
		return 0;
	}
}

static size_t
on_read(char *p, size_t size, size_t n, void *v)
{
	struct transfer *t = v;
	size_t most = t->body_len - t->body_at;

	if (most > size * n)
		most = size * n;
	memcpy(p, t->body + t->body_at, most);
	t->body_at += most;
	return most;
}

static int
on_seek(void *v, curl_off_t to, int origin)
{
	struct transfer *t = v;

	if (origin != SEEK_SET || to < 0 || (uint64_t)to > t->body_len)
		return CURL_SEEKFUNC_FAIL;
	t->body_at = (size_t)to;
	return CURL_SEEKFUNC_OK;
}

/* ---- all of them ---- */

struct transfers *
transfers_open(const struct transfer_options *o,
    const struct transfer_sinks *sinks)
{
	struct transfers *all = calloc(1, sizeof *all);

	if (all && curl_global_init(CURL_GLOBAL_DEFAULT) == 0)
		all->multi = curl_multi_init();
	if (!all || !all->multi) {
		free(all);
		return NULL;
	}
	/* Whoever starts transfers counts them: libcurl's own limits would
	 * take a proxy for the one host that there is. */
	curl_multi_setopt(all->multi, CURLMOPT_MAXCONNECTS, (long)o->at_once);
	curl_multi_setopt(all->multi, CURLMOPT_PIPELINING,
	    (long)CURLPIPE_MULTIPLEX);
	all->sinks = *sinks;
	all->options = *o;
	return all;
}

static void
transfer_free(struct transfers *all, struct transfer *t)
{
	struct transfer **at = &all->first;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	curl_multi_remove_handle(all->multi, t->easy);
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	free(t);
}

unsigned
transfers_idle(const struct transfers *all)
{
	unsigned busy = 0;

	for (const struct transfer *t = all->first; t; t = t->next)
		busy++;
	return all->connections > busy ? all->connections - busy : 0;
}

void
transfer_drop(struct transfers *all, struct transfer *t)
{
	transfer_free(all, t);
}

/* ---- starting one ---- */

static int
add_header(struct transfer *t, const char *line)
{
	struct curl_slist *l = curl_slist_append(t->headers, line);

	if (!l)
		return -1;
	t->headers = l;
	return 0;
}

/* Each line; one without a value is written as curl wants it. */
static int
add_headers(struct transfer *t, const char *s)
{
	while (s && *s) {
		const size_t n = strcspn(s, "\n");
		const size_t name = strcspn(s, ":");
		char *line = strndup(s, n);
		int r;

		if (!line)
			return -1;
		if (strspn(line + name + 1, " \t") == n - name - 1)
			memcpy(line + name, ";", 2);
		r = add_header(t, line);
		free(line);
		if (r < 0)
			return -1;
		s += n + 1;
	}
	return 0;
}

/* Where curl(1) looks for certificates, as people expect of a client. */
static void
set_authorities(CURL *e)
{
	const char *bundle = getenv("CURL_CA_BUNDLE");
	const char *dir = getenv("SSL_CERT_DIR"),
		   *file = getenv("SSL_CERT_FILE");

	if (bundle && *bundle) {
		file = bundle;
		dir = NULL;
	}
	if (dir && *dir) {
		curl_easy_setopt(e, CURLOPT_CAPATH, dir);
		curl_easy_setopt(e, CURLOPT_PROXY_CAPATH, dir);
	}
	if (file && *file) {
		curl_easy_setopt(e, CURLOPT_CAINFO, file);
		curl_easy_setopt(e, CURLOPT_PROXY_CAINFO, file);
	}
}

static void
set_method(struct transfer *t, const struct transfer_ask *a)
{
	CURL *e = t->easy;

	if (strcmp(a->method, "HEAD") == 0) {
		curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
		return;
	}
	if (strcmp(a->method, "GET") == 0) {
		/* Decoded here, so that a cap counts what there is. */
		curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
		if (!a->body_len)
			return;
	}
	if (a->body_len || strcmp(a->method, "POST") == 0) {
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)a->body_len);
		curl_easy_setopt(e, CURLOPT_READFUNCTION, on_read);
		curl_easy_setopt(e, CURLOPT_READDATA, t);
		curl_easy_setopt(e, CURLOPT_SEEKFUNCTION, on_seek);
		curl_easy_setopt(e, CURLOPT_SEEKDATA, t);
	}
	curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, a->method);
}

static void
set_options(struct transfers *all, struct transfer *t)
{
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	/* One connection of HTTP/2 rather than six. */
	curl_easy_setopt(e, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "pc/" PC_VERSION);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)(all->options.connect_max / 1000));
	curl_easy_setopt(e, CURLOPT_BUFFERSIZE, (long)BUFFER);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETDATA, all);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_connected);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(e, CURLOPT_VERBOSE, 1L); /* for on_debug() */
	curl_easy_setopt(e, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(e, CURLOPT_DEBUGDATA, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(e, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	set_authorities(e);
}

struct transfer *
transfer_start(struct transfers *all, const struct transfer_ask *a, void *ctx)
{
	struct transfer *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->all = all;
	t->easy = curl_easy_init();
	t->ctx = ctx;
	t->body = a->body;
	t->body_len = a->body_len;
	t->idle_max = a->idle_max;
	t->first_max = a->first_max;
	t->public_only = a->public_only;
	t->began = t->last = pc_ticks();
	t->next = all->first;
	all->first = t;
	if (!t->easy) {
		all->first = t->next;
		free(t);
		return NULL;
	}
	set_options(all, t);
	set_method(t, a);
	/* No wait for leave to send a body; no type that nobody gave it. */
	if (add_header(t, "Expect:") < 0 ||
	    (a->body_len && add_header(t, "Content-Type:") < 0) ||
	    add_headers(t, a->headers[0]) < 0 ||
	    add_headers(t, a->headers[1]) < 0 ||
	    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) != 0 ||
	    curl_easy_setopt(t->easy, CURLOPT_URL, a->url) != 0 ||
	    curl_multi_add_handle(all->multi, t->easy) != 0) {
		transfer_free(all, t);
		return NULL;
	}
	return t;
}

/* ---- how it ended ---- */

static enum http_fault
fault_of(CURLcode code, int *transient)
{
	*transient = 0;
	switch (code) {
	case CURLE_OK:
		return HTTP_OK;
	case CURLE_URL_MALFORMAT:
		return HTTP_FAULT_URL;
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
		*transient = 1;
		return HTTP_FAULT_NAME;
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT: /* no other time is given to curl */
	case CURLE_PROXY:
		*transient = 1;
		return HTTP_FAULT_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
		*transient = 1;
		return HTTP_FAULT_TLS;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CRL_BADFILE:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return HTTP_FAULT_TLS;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		*transient = 1;
		return HTTP_FAULT_CUT;
	case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9: anything at all */
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_WRITE_ERROR: /* of its decoder; ours set stopped */
		return HTTP_FAULT_PROTOCOL;
	default:
		return HTTP_FAULT_OTHER;
	}
}

/* Bytes of the body, without chunks and not decoded. */
static uint64_t
body_bytes(const struct transfer *t)
{
	curl_off_t n = 0;

	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &n);
	return (uint64_t)n;
}

uint64_t
transfer_framing(const struct transfer *t)
{
	const uint64_t body = body_bytes(t);

	return t->raw > body ? t->raw - body : 0;
}

static void
finish(struct transfers *all, struct transfer *t, struct transfer_end *end)
{
	curl_off_t first = 0;
	long connects = 1;
	void *ctx = t->ctx;

	curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &first);
	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &connects);
	end->first_byte = first > 0 ? first : -1;
	end->reused = connects == 0;
	end->public = t->public;
	end->framing = transfer_framing(t);
	transfer_free(all, t);
	all->sinks.end(ctx, end);
}

static int
memory_is_short(void)
{
	struct pc_buf b = {0};
	const int is_short = pc_buf_reserve(&b, 1024 * 1024) < 0;

	pc_buf_clear(&b);
	return is_short;
}

/* What libcurl's code does not tell, or says in a way that misleads. */
static int
explain(const struct transfer *t, CURLcode code, struct transfer_end *end)
{
	long headers = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HEADER_SIZE, &headers);
	if (t->refused[0]) {
		end->fault = HTTP_FAULT_REDIRECT;
		snprintf(end->text, sizeof end->text,
		    "redirected from a "
		    "public address to %s, which is not public; "
		    "networking.allow_private permits this",
		    t->refused);
	} else if (code == too_large ||
	    (code == CURLE_OUT_OF_MEMORY && !memory_is_short())) {
		end->fault = HTTP_FAULT_PROTOCOL;
		snprintf(end->text, sizeof end->text,
		    "a line of its headers is too long");
	} else if (t->raw == 0 && headers > HTTP_HEADERS_MAX) {
		end->fault = HTTP_FAULT_PROTOCOL;
		snprintf(end->text, sizeof end->text,
		    "its headers are too large");
	} else {
		return 0;
	}
	end->transient = 0;
	return 1;
}

static void
take_result(struct transfers *all, struct transfer *t, CURLcode code)
{
	struct transfer_end end = {0};

	end.fault = fault_of(code, &end.transient);
	if (t->stopped) {
		end.fault = HTTP_FAULT_OTHER;
		end.transient = 0;
	}
	if (end.fault == HTTP_OK || t->stopped || !explain(t, code, &end))
		snprintf(end.text, sizeof end.text, "%s",
		    t->error[0] ? t->error : curl_easy_strerror(code));
	finish(all, t, &end);
}

/* Bytes in either direction, and on the wire: what is compressed may come
 * for long before it is anything. */
static int64_t
moved(struct transfer *t)
{
	curl_off_t up = 0, down = 0;
	long headers = 0;

	curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &up);
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
	curl_easy_getinfo(t->easy, CURLINFO_HEADER_SIZE, &headers);
	return up + down + headers;
}

/* How long it may stand still. */
static int64_t
patience(const struct transfer *t)
{
	return t->answered ? t->idle_max : t->first_max;
}

/* Has nothing moved for too long?  Connecting has a bound of its own. */
static int
is_idle(struct transfer *t, int64_t now)
{
	const int64_t n = moved(t);
	curl_off_t connected = 0;

	if (t->paused || n != t->moved) {
		t->moved = n;
		t->last = now;
	}
	if (patience(t) == PC_NEVER || now - t->last < patience(t))
		return 0;
	curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
	if (connected == 0)
		t->last = now;
	else if (t->began + connected > t->last)
		t->last = t->began + connected;
	return now - t->last >= patience(t);
}

/* A block of headers, or trailers, that comes byte by byte. */
static int
is_late(const struct transfer *t, int64_t now)
{
	return t->block_at && !t->paused && t->idle_max != PC_NEVER &&
	    now - t->block_at >= t->idle_max;
}

static int
has_speed_limit(const struct transfer *t)
{
	return t->raw > 0 && !t->paused && t->all->options.speed_min > 0;
}

/* Did too little of the body come since the last look that counted? */
static int
is_slow(struct transfer *t, int64_t now)
{
	const struct transfer_options *o = &t->all->options;
	const uint64_t least = o->speed_min * (uint64_t)o->speed_time / 1000000;
	uint64_t body, from = t->speed_from;

	if (!has_speed_limit(t))
		return 0;
	if (t->speed_at && now - t->speed_at < o->speed_time)
		return 0;
	body = body_bytes(t);
	t->speed_from = body;
	if (!t->speed_at) {
		t->speed_at = now;
		return 0;
	}
	t->speed_at = now;
	return body - from < least;
}

static int
overdue(struct transfer *t, int64_t now, char text[TRANSFER_TEXT])
{
	const struct transfer_options *o = &t->all->options;

	if (is_idle(t, now))
		snprintf(text, TRANSFER_TEXT, "nothing came for %.3g s",
		    (double)patience(t) / 1e6);
	else if (is_late(t, now))
		snprintf(text, TRANSFER_TEXT,
		    "its headers were not complete after %.3g s",
		    (double)t->idle_max / 1e6);
	else if (is_slow(t, now))
		snprintf(text, TRANSFER_TEXT,
		    "the body came at less than %u bytes/s for %.3g s",
		    o->speed_min, (double)o->speed_time / 1e6);
	else
		return 0;
	return 1;
}

static void
end_overdue(struct transfers *all)
{
	struct transfer_end end = {.fault = HTTP_FAULT_TIMEOUT, .transient = 1};
	const int64_t now = pc_ticks();
	struct transfer *t = all->first;

	while (t) {
		if (!overdue(t, now, end.text)) {
			t = t->next;
			continue;
		}
		finish(all, t, &end);
		/* Its end may have changed the list. */
		t = all->first;
	}
}

/* us until the next look at this one; INT64_MAX: none is needed. */
static int64_t
next_look(const struct transfer *t, int64_t now)
{
	int64_t at = INT64_MAX;

	if (patience(t) != PC_NEVER)
		at = t->last + patience(t);
	if (t->block_at && t->idle_max != PC_NEVER &&
	    t->block_at + t->idle_max < at)
		at = t->block_at + t->idle_max;
	if (has_speed_limit(t) && t->speed_at &&
	    t->speed_at + t->all->options.speed_time < at)
		at = t->speed_at + t->all->options.speed_time;
	if (t->paused || at == INT64_MAX)
		return INT64_MAX;
	return at > now ? at - now : 0;
}

/* ---- the run ---- */

void
transfers_resume(struct transfers *all)
{
	for (struct transfer *t = all->first; t; t = t->next)
		if (t->paused) {
			t->paused = 0;
			t->last = pc_ticks();
			t->speed_at = 0;
			curl_easy_pause(t->easy, CURLPAUSE_CONT);
		}
}

static struct transfer *
of_easy(struct transfers *all, CURL *easy)
{
	struct transfer *t = all->first;

	while (t && t->easy != easy)
		t = t->next;
	return t;
}

void
transfers_step(struct transfers *all)
{
	CURLMsg *m;
	int n;

	curl_multi_perform(all->multi, &n);
	while ((m = curl_multi_info_read(all->multi, &n))) {
		struct transfer *t = of_easy(all, m->easy_handle);

		if (m->msg == CURLMSG_DONE && t)
			take_result(all, t, m->data.result);
	}
	end_overdue(all);
}

void
transfers_wait(struct transfers *all, struct pollfd *p, unsigned n, int64_t us)
{
	struct curl_waitfd w[POLL_MAX] = {0};
	const int64_t now = pc_ticks();
	int64_t until = us < 0 || us > 3600000000 ? 3600000000 : us;

	for (const struct transfer *t = all->first; t; t = t->next)
		if (next_look(t, now) < until)
			until = next_look(t, now);
	for (unsigned i = 0; i < n; i++) {
		w[i].fd = p[i].fd;
		w[i].events = (short)((p[i].events & POLLIN ? CURL_WAIT_POLLIN
							    : 0) |
		    (p[i].events & POLLOUT ? CURL_WAIT_POLLOUT : 0));
	}
	curl_multi_poll(all->multi, w, n,
	    until > 0 ? (int)((until + 999) / 1000) : 0, NULL);
}

/* ---- URLs ---- */

char *
transfer_url(const char *base, const char *url, const char **why)
{
	CURLU *u = curl_url();
	char *text = NULL, *part = NULL, *copy = NULL;
	int good;

	*why = "out of memory";
	if (!u)
		return NULL;
	*why = "that is no URL";
	good = (!base || curl_url_set(u, CURLUPART_URL, base, 0) == 0) &&
	    curl_url_set(u, CURLUPART_URL, url,
		CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME) == 0 &&
	    curl_url_get(u, CURLUPART_SCHEME, &part, 0) == 0;
	if (good && strcasecmp(part, "http") != 0 &&
	    strcasecmp(part, "https") != 0) {
		*why = "only http and https are spoken here";
		good = 0;
	}
	curl_free(part);
	part = NULL;
	if (good &&
	    (curl_url_get(u, CURLUPART_USER, &part, 0) == 0 ||
		curl_url_get(u, CURLUPART_PASSWORD, &part, 0) == 0)) {
		*why = "it holds a user or password, which belongs in a "
		       "header";
		good = 0;
	}
	curl_free(part);
	if (good && curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0) == 0 &&
	    curl_url_get(u, CURLUPART_URL, &text, 0) == 0)
		copy = strdup(text);
	curl_free(text);
	curl_url_cleanup(u);
	return copy;
}

char *
transfer_origin(const char *url)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *host = NULL, *port = NULL;
	struct pc_buf b = {0};

	if (u && curl_url_set(u, CURLUPART_URL, url, 0) == 0 &&
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == 0 &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == 0 &&
	    curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == 0) {
		for (char *p = host; *p; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p += 'a' - 'A';
		pc_buf_addf(&b, "%s://%s:%s", scheme, host, port);
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
	return (char *)b.data;
}
