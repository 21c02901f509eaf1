/* http.c - asking servers through pc-http, and through one that lies. */
#include "http/http.h"
#include "tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libgen.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- a server that gives each path its answer ---- */

static struct answer {
	const char *path, *text; /* %s: the port */
	enum { WHOLE, STALL, BIG, COUNT } how;
	unsigned good_after; /* requests of it; then 200 */
} answers[] = {
    {"/plain",
	"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\n"
	"plain",
	WHOLE, 0},
    {"/big", "HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n", BIG, 0},
    {"/gone", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone", WHOLE,
	0},
    {"/busy", "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy", WHOLE, 2},
    {"/down", "HTTP/1.1 503 Down\r\nContent-Length: 4\r\n\r\ndown", WHOLE,
	1000},
    {"/later",
	"HTTP/1.1 429 Slow\r\nRetry-After: 3600\r\n"
	"Content-Length: 5\r\n\r\nlater",
	WHOLE, 1000},
    {"/quota",
	"HTTP/1.1 429 No\r\nContent-Length: 31\r\n\r\n"
	"{\"type\": \"insufficient_quota\"}\n\n",
	WHOLE, 1000},
    {"/cut", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ncut", WHOLE, 1},
    {"/always-cut", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ncut", WHOLE,
	1000},
    {"/reset", "", WHOLE, 1},
    {"/stall", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nstal", STALL, 0},
    {"/mute", "", STALL, 0},
    {"/noise", "SSH-2.0-OpenSSH\r\n\r\n", WHOLE, 0},
    {"/to",
	"HTTP/1.1 302 Found\r\nLocation: plain#there\r\n"
	"Content-Length: 0\r\n\r\n",
	WHOLE, 0},
    {"/loop",
	"HTTP/1.1 302 Found\r\nLocation: /loop\r\n"
	"Content-Length: 0\r\n\r\n",
	WHOLE, 0},
    {"/file",
	"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
	"Content-Length: 0\r\n\r\n",
	WHOLE, 0},
    {"/away",
	"HTTP/1.1 307 Go\r\nLocation: http://localhost:%s/secret\r\n"
	"Content-Length: 0\r\n\r\n",
	WHOLE, 0},
    {"/near",
	"HTTP/1.1 307 Go\r\nLocation: /secret\r\n"
	"Content-Length: 0\r\n\r\n",
	WHOLE, 0},
    {"/early",
	"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n"
	"Content-Length: 2\r\n\r\nok",
	WHOLE, 0},
};

static char port[8];
static pid_t server;

static void
send_text(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		_exit(0);
}

static void
answer(int fd, const char *path, const char *request, unsigned *counts)
{
	static const char zeros[1000000];
	char text[1024];
	size_t i = 0;

	if (strcmp(path, "/secret") == 0) {
		send_text(fd,
		    strstr(request, "hunter2")
			? "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntold"
			: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkept");
		return;
	}
	while (i < sizeof answers / sizeof *answers &&
	    strcmp(path, answers[i].path) != 0)
		i++;
	if (i == sizeof answers / sizeof *answers)
		_exit(0);
	if (answers[i].good_after &&
	    __atomic_fetch_add(&counts[i], 1, __ATOMIC_SEQ_CST) >=
		answers[i].good_after) {
		send_text(fd,
		    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
		return;
	}
	snprintf(text, sizeof text, answers[i].text, port);
	send_text(fd, text);
	for (int n = 0; answers[i].how == BIG && n < 50; n++)
		if (send(fd, zeros, sizeof zeros, MSG_NOSIGNAL | MSG_WAITALL) <
		    0)
			_exit(0);
	while (answers[i].how == STALL)
		pause();
	if (answers[i].how == WHOLE &&
	    (strstr(path, "cut") || strcmp(path, "/reset") == 0 ||
		strcmp(path, "/noise") == 0))
		_exit(0);
}

static void
serve(int fd, unsigned *counts)
{
	char request[8192], path[256];
	size_t have = 0;
	ssize_t n;

	while (
	    (n = recv(fd, request + have, sizeof request - 1 - have, 0)) > 0) {
		have += (size_t)n;
		request[have] = '\0';
		if (!strstr(request, "\r\n\r\n"))
			continue;
		if (sscanf(request, "%*s %255s", path) == 1)
			answer(fd, path, request, counts);
		have = 0;
	}
	_exit(0);
}

static void
start_server(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const pid_t parent = getpid();
	unsigned *counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (counts == MAP_FAILED || fd < 0 ||
	    bind(fd, (struct sockaddr *)&a, len) < 0 || listen(fd, 100) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) < 0)
		exit(1);
	snprintf(port, sizeof port, "%d", ntohs(a.sin_port));
	server = fork();
	if (server != 0) {
		close(fd);
		return;
	}
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int c = accept(fd, NULL, NULL);

		if (c >= 0 && fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(c, counts);
		}
		close(c);
	}
}

/* ---- what comes of a request ---- */

static struct told {
	struct http *http;
	uint64_t number;
	int status, again, ends, refuse, cancel;
	unsigned attempts;
	char url[256], etag[32], text[256], fault_text[512];
	size_t size;
	struct http_end end;
} told;

static int
on_head(void *ctx, const struct http_head *h)
{
	struct told *t = ctx;
	const char *etag;
	size_t n;

	t->status = h->status;
	t->attempts = h->attempts;
	snprintf(t->url, sizeof t->url, "%s", h->url);
	etag = http_header(h->headers, "etag", &n);
	snprintf(t->etag, sizeof t->etag, "%.*s", etag ? (int)n : 0,
	    etag ? etag : "");
	if (t->cancel)
		http_cancel(t->http, t->number);
	return t->refuse ? -1 : 0;
}

static int
on_data(void *ctx, const void *p, size_t n)
{
	struct told *t = ctx;

	if (t->size + n < sizeof t->text)
		memcpy(t->text + t->size, p, n);
	t->size += n;
	return 0;
}

static void
on_again(void *ctx)
{
	struct told *t = ctx;

	t->again++;
	t->size = 0;
	memset(t->text, 0, sizeof t->text);
}

static void
on_end(void *ctx, const struct http_end *e)
{
	struct told *t = ctx;

	t->ends++;
	t->end = *e;
	snprintf(t->fault_text, sizeof t->fault_text, "%s", e->text);
	t->end.text = t->fault_text;
}

static const struct http_sinks sinks = {on_head, on_data, on_again, on_end};
static const struct http_options options = {.connect_max = 2000000,
    .idle_max = 20000000,
    .attempts = 3,
    .at_once = 16,
    .per_host = 6};

static const char *
url_of(const char *path)
{
	static char url[256];

	snprintf(url, sizeof url, "http://127.0.0.1:%s%s", port, path);
	return url;
}

/* us; even a slow machine needs less. */
enum { HANG = 300 * 1000 * 1000 };

static void
ask(struct http *h, struct http_request q, const char *path)
{
	const int64_t until = pc_ticks() + HANG;
	const struct told how = told;

	told = (struct told){.refuse = how.refuse, .cancel = how.cancel};
	told.http = h;
	q.url = strstr(path, "//") ? path : url_of(path);
	if (!q.method)
		q.method = "GET";
	told.number = http_send(h, &q, &sinks, &told);
	while (http_pending(h) > 0 && pc_ticks() < until)
		http_run(h, -1, 1000000, NULL);
}

static void
test_answers(struct http *h)
{
	ask(h, (struct http_request){0}, "/plain");
	OK(told.ends == 1 && told.end.fault == HTTP_OK && told.status == 200 &&
		strcmp(told.text, "plain") == 0 && told.size == 5,
	    "an answer: %s", told.fault_text);
	OK(strcmp(told.url, url_of("/plain")) == 0 &&
		strcmp(told.etag, "\"x\"") == 0,
	    "its head");
	OK(told.end.wall > 0 && told.end.first_byte > 0 &&
		told.end.attempts == 1 && http_peak(h) > 1000,
	    "its times");
	ask(h, (struct http_request){0}, "/plain");
	OK(told.end.reused, "the connection is kept");
	ask(h, (struct http_request){0}, "/big");
	OK(told.size == 50000000 && told.end.fault == HTTP_OK, "50 MB");
	ask(h, (struct http_request){.size_max = 1000}, "/big");
	OK(told.size == 0 && told.end.fault == HTTP_FAULT_SIZE, "a cap");
	ask(h, (struct http_request){.method = "HEAD", .size_max = 10},
	    "/plain");
	OK(told.status == 200 && told.size == 0, "HEAD");
	ask(h, (struct http_request){0}, "/gone");
	OK(told.status == 404 && strcmp(told.text, "gone") == 0 &&
		told.attempts == 1,
	    "404 is an answer");
	ask(h, (struct http_request){0}, "/busy");
	OK(told.status == 200 && told.attempts == 3, "503 twice, then 200");
	ask(h, (struct http_request){0}, "/down");
	OK(told.status == 503 && strcmp(told.text, "down") == 0 &&
		told.attempts == 3,
	    "503 in the end is an answer");
	ask(h,
	    (struct http_request){.method = "POST",
		.body = "{}",
		.body_len = 2},
	    "/later");
	OK(told.status == 429 && told.attempts == 1 &&
		told.end.retry_after == 3600000000 &&
		strcmp(told.text, "later") == 0,
	    "a Retry-After that is too long");
	ask(h, (struct http_request){.method = "POST"}, "/quota");
	OK(told.status == 429 && told.attempts == 1, "no money");
	ask(h, (struct http_request){0}, "/early");
	OK(told.status == 200 && strcmp(told.text, "ok") == 0, "103 before it");
}

static void
test_faults(struct http *h)
{
	int64_t began;

	ask(h, (struct http_request){0}, "/cut");
	OK(told.end.fault == HTTP_FAULT_CUT && told.again == 0,
	    "a request that has begun to deliver is not retried");
	ask(h, (struct http_request){.flags = HTTP_RESTART}, "/always-cut");
	OK(told.end.fault == HTTP_FAULT_CUT && told.again == 2 &&
		told.end.attempts == 3,
	    "HTTP_RESTART retries a request that has begun to deliver: %d",
	    told.again);
	ask(h, (struct http_request){0}, "/reset");
	OK(told.status == 200 && told.attempts == 2, "no answer at all");
	began = pc_ticks();
	ask(h, (struct http_request){.idle_max = 300000}, "/stall");
	OK(told.end.fault == HTTP_FAULT_TIMEOUT &&
		pc_ticks() - began < HANG / 5,
	    "it stalls: %s", told.fault_text);
	ask(h, (struct http_request){.idle_max = 200000}, "/mute");
	OK(told.end.fault == HTTP_FAULT_TIMEOUT && told.end.attempts == 3 &&
		told.end.first_byte == -1,
	    "it says nothing");
	ask(h, (struct http_request){0}, "/noise");
	OK(told.end.fault == HTTP_FAULT_PROTOCOL, "not HTTP: %s",
	    told.fault_text);
	ask(h, (struct http_request){0}, "http://127.0.0.1:1/x");
	OK(told.end.fault == HTTP_FAULT_CONNECT && told.end.attempts == 3,
	    "refused: %s", told.fault_text);
	ask(h, (struct http_request){0}, "http://nonesuch.invalid/x");
	OK(told.end.fault == HTTP_FAULT_NAME, "no such host: %s",
	    told.fault_text);
	ask(h, (struct http_request){0}, "file:///etc/passwd");
	OK(told.end.fault == HTTP_FAULT_URL, "file: %s", told.fault_text);
	ask(h, (struct http_request){0}, "http://me:wo3d@127.0.0.1/");
	OK(told.end.fault == HTTP_FAULT_URL && !strstr(told.fault_text, "wo3d"),
	    "a password: %s", told.fault_text);
	OK(http_send(h,
	       &(struct http_request){.method = "GET",
		   .url = "http://a/",
		   .headers = "A: b\r\n"},
	       &sinks, &told) == 0 &&
		errno == EINVAL,
	    "CR in a header");
	OK(http_send(h,
	       &(struct http_request){.method = "GET",
		   .url = "http://a/",
		   .headers = "A b: c\n"},
	       &sinks, &told) == 0,
	    "a bad name");
}

static void
test_redirects(struct http *h)
{
	const struct http_request q = {.redirects = 3};

	ask(h, q, "/to");
	OK(told.status == 200 && strcmp(told.url, url_of("/plain")) == 0,
	    "followed");
	ask(h, (struct http_request){0}, "/to");
	OK(told.status == 302 && told.end.fault == HTTP_OK, "or not");
	ask(h, (struct http_request){.redirects = 3, .method = "POST"}, "/to");
	OK(told.status == 302, "nor of a POST");
	ask(h, q, "/loop");
	OK(told.end.fault == HTTP_FAULT_REDIRECT, "a loop: %s",
	    told.fault_text);
	ask(h, q, "/file");
	OK(told.end.fault == HTTP_FAULT_REDIRECT, "to a file: %s",
	    told.fault_text);
	ask(h,
	    (struct http_request){.redirects = 3,
		.secrets = "X-Key: hunter2\n"},
	    "/near");
	OK(strcmp(told.text, "told") == 0, "the same host is told a secret");
	ask(h,
	    (struct http_request){.redirects = 3,
		.secrets = "X-Key: hunter2\n"},
	    "/away");
	OK(strcmp(told.text, "kept") == 0, "another host is not told a secret");
	ask(h,
	    (struct http_request){.redirects = 3,
		.flags = HTTP_SECRET,
		.headers = "X-Key: hunter2\n"},
	    "/away");
	OK(strcmp(told.text, "kept") == 0, "by the flag");
}

static void
test_sinks(struct http *h)
{
	struct http_request q = {.method = "GET"};
	uint64_t first, last = 0;

	told.refuse = 1;
	ask(h, (struct http_request){0}, "/big");
	OK(told.ends == 1 && told.end.fault == HTTP_FAULT_OTHER &&
		told.size == 0,
	    "a sink that gives up");
	told.refuse = 0;
	told.cancel = 1;
	ask(h, (struct http_request){0}, "/big");
	OK(told.ends == 0 && told.size == 0 && http_pending(h) == 0,
	    "a sink that cancels");
	told = (struct told){0};
	q.url = url_of("/plain");
	first = http_send(h, &q, &sinks, &told);
	for (int i = 0; i < 500; i++)
		last = http_send(h, &q, &sinks, &told);
	http_cancel(h, first);
	http_cancel(h, last);
	while (http_pending(h) > 0)
		http_run(h, -1, -1, NULL);
	OK(told.ends == 499 && told.size == 499 * 5, "499 of 501: %d",
	    told.ends);
}

/* A reader that takes its time: memory stays bounded. */
static void
test_slow_reader(void)
{
	struct http *h = http_open(&options);
	const struct http_request q = {.method = "GET", .url = url_of("/big")};

	told = (struct told){0};
	for (int i = 0; i < 6; i++)
		http_send(h, &q, &sinks, &told);
	http_run(h, -1, 0, NULL);
	usleep(1000000);
	while (http_pending(h) > 0)
		http_run(h, -1, -1, NULL);
	OK(told.size == 6 * 50000000UL, "300 MB at leisure");
#ifndef __SANITIZE_ADDRESS__
	OK(http_peak(h) < 64 * 1024, "in %u KiB", http_peak(h));
#endif
	http_close(h);
}

/* The time that a request may take in all is the server's, not the reader's. */
static void
test_total(void)
{
	struct http_options o = options;
	struct http *h;

	o.total_max = 4000000;
	h = http_open(&o);
	told = (struct told){0};
	http_send(h,
	    &(struct http_request){.method = "GET", .url = url_of("/big")},
	    &sinks, &told);
	for (int i = 0; i < 1000 && told.size == 0; i++)
		http_run(h, -1, 10000, NULL);
	usleep(5000000);
	while (http_pending(h) > 0)
		http_run(h, -1, -1, NULL);
	OK(told.end.fault == HTTP_OK && told.size == 50000000,
	    "a slow reader does not use up the time of a request: %s",
	    told.fault_text);
	ask(h, (struct http_request){.idle_max = 60000000}, "/mute");
	OK(told.end.fault == HTTP_FAULT_TOTAL, "the server uses it up: %s",
	    told.fault_text);
	http_close(h);
}

/* A helper that hangs is ended when it must have answered. */
static void
test_hanging(const char *dir)
{
	struct http_options o = options;
	struct http *h;

	o.total_max = 1000000;
	setenv("PC_LIBEXEC", dir, 1);
	setenv("LIAR", "hangs", 1);
	h = http_open(&o);
	ask(h, (struct http_request){0}, "/plain");
	OK(told.ends == 1 && told.end.fault == HTTP_FAULT_HELPER,
	    "a helper that hangs is ended: %s", told.fault_text);
	http_close(h);
}

/* ---- helpers that are none ---- */

static void
test_liars(const char *build)
{
	static const char *const lies[] = {"dead", "magic", "number", "status",
	    "split", "split-none", "url", "url-nul", "headers", "header-name",
	    "endless", "nothing", "fault", "text", "not-utf-8", "kind",
	    "no-head", "two-heads", "again", "too-much", "half"};
	char dir[] = "/tmp/pc-unit-liar.XXXXXX", from[4096], to[64];
	struct http *h;

	if (!mkdtemp(dir))
		exit(1);
	snprintf(from, sizeof from, "%s/tests/liar-http", build);
	snprintf(to, sizeof to, "%s/pc-http", dir);
	setenv("PC_LIBEXEC", dir, 1);
	h = http_open(&options);
	ask(h, (struct http_request){0}, "/plain");
	/* Under valgrind its parent does not see that it cannot start. */
	OK(told.ends == 1 &&
		(told.end.fault == HTTP_FAULT_START ||
		    told.end.fault == HTTP_FAULT_HELPER),
	    "no helper: %s", told.fault_text);
	http_close(h);
	if (symlink(from, to) < 0)
		exit(1);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		setenv("LIAR", lies[i], 1);
		h = http_open(&options);
		ask(h, (struct http_request){.size_max = 100}, "/plain");
		OK(told.ends == 1 && told.end.fault == HTTP_FAULT_HELPER,
		    "%s: %s", lies[i], told.fault_text);
		/* The next one is better. */
		setenv("LIAR", "not", 1);
		ask(h, (struct http_request){.size_max = 100}, "/plain");
		OK(told.ends == 1 && told.end.fault == HTTP_OK &&
			strcmp(told.text, "told") == 0,
		    "and one that does not: %s", told.fault_text);
		http_close(h);
	}
	setenv("LIAR", "dies-once", 1);
	h = http_open(&options);
	ask(h, (struct http_request){0}, "/plain");
	OK(told.ends == 1 && told.end.fault == HTTP_OK,
	    "one that dies has a successor: %s", told.fault_text);
	http_close(h);
	setenv("LIAR", "hangs", 1);
	h = http_open(&options);
	http_send(h,
	    &(struct http_request){.method = "GET", .url = "http://a/"}, &sinks,
	    &told);
	http_run(h, -1, 0, NULL);
	http_close(h);
	OK(1, "one that hangs is ended");
	test_hanging(dir);
	unlink(to);
	snprintf(to, sizeof to, "%s/died", dir);
	unlink(to);
	rmdir(dir);
}

int
main(int argc, char **argv)
{
	const char *given = getenv("PC_BUILD");
	char *build = realpath(given ? given : dirname(dirname(argv[0])), NULL);
	struct http *h;

	(void)argc;
	if (!build)
		return 1;
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	setenv("PC_LIBEXEC", build, 1);
	start_server();
	h = http_open(&options);
	test_answers(h);
	test_faults(h);
	test_redirects(h);
	test_sinks(h);
	http_close(h);
	test_slow_reader();
	test_total();
	test_liars(build);
	kill(-server, SIGKILL);
	waitpid(server, NULL, 0);
	free(build);
	return tap_done();
}
