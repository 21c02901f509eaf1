/* request.c - set up one request in libcurl, and handle libcurl's calls during
 * it. */
#include "transfer_in.h"

#include "address.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024 }; /* bytes that are read at once */

/* ---- calls of libcurl ---- */

/* An address that is refused here gets no packet. on_connected() checks again,
 * because the connection may have been opened by another transfer. */
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

/* Called before the request is sent on a new or reused connection. */
static int
on_connected(void *v, char *address, char *own, int port, int own_port)
{
	struct transfer *t = v;

	(void)own, (void)port, (void)own_port;
	t->public = address_text_is_public(address);
	/* A name has several addresses, and some of them may have been
	 * refused. */
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

/* libcurl calls this with the raw bytes, before it decodes chunks. */
static int
on_debug(CURL *e, curl_infotype what, char *p, size_t n, void *v)
{
	struct transfer *t = v;

	(void)e, (void)p;
	if (what == CURLINFO_DATA_IN)
		t->raw += n;
	return 0;
}

/* The empty line ends a block.  After a block that is not final, as with status
 * 103, the server may take its time. */
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

/* ---- options and headers ---- */

static int
add_header(struct transfer *t, const char *line)
{
	struct curl_slist *l = curl_slist_append(t->headers, line);

	if (!l)
		return -1;
	t->headers = l;
	return 0;
}

/* Add each line; one without a value is written as curl expects it. */
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

/* Use the certificates that curl(1) uses. */
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
		/* It is decoded here, so that the limit holds for decoded
		 * bytes. */
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
set_options(struct transfer *t)
{
	struct transfers *all = t->all;
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	/* Prefer one HTTP/2 connection to six others. */
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
	curl_easy_setopt(e, CURLOPT_VERBOSE, 1L); /* calls on_debug() */
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

int
transfer_prepare(struct transfer *t, const struct transfer_ask *a)
{
	set_options(t);
	set_method(t, a);
	/* Send the body without "100 Continue", and add no type of our own. */
	if (add_header(t, "Expect:") < 0 ||
	    (a->body_len && add_header(t, "Content-Type:") < 0) ||
	    add_headers(t, a->headers[0]) < 0 ||
	    add_headers(t, a->headers[1]) < 0 ||
	    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) != 0 ||
	    curl_easy_setopt(t->easy, CURLOPT_URL, a->url) != 0)
		return -1;
	return 0;
}
