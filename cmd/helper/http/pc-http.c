/* pc-http.c - the helper that sends HTTP requests, with libcurl. */
#include "helper/engine.h"
#include "helper/sandbox/sandbox.h"
#include "job.h"
#include "threads.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-http serve [option]...\n"
    "Send the requests that come over the socket that is standard input, and\n"
    "write the answers of the servers to standard output.  A helper of\n"
    "pc-fetch(1) and pc-infer(1).\n"
    "\n"
    "      --connect-timeout MS   limit the time for making a connection\n"
    "      --attempts N           send a request at most N times\n"
    "      --at-once N            send N requests in parallel\n"
    "      --per-host N           send N of them to one host\n"
    "      --min-speed N          fail below N bytes/s of a body (0: any speed)\n"
    "      --min-speed-time MS    how long each measurement of the speed takes\n"
    "      --allow-private        follow redirects from public addresses to others\n"
    "  -h, --help                 print this help\n"
    "  -V, --version              print the version\n";

enum {
	OPT_CONNECT = 256,
	OPT_ATTEMPTS,
	OPT_AT_ONCE,
	OPT_PER_HOST,
	OPT_SPEED,
	OPT_SPEED_TIME,
	OPT_PRIVATE,
	IN = 0,
	OUT = 1,
	MEMORY_MAX_MIB = 1024, /* MiB of address space */
};

static const struct option long_options[] = {
    {"connect-timeout", required_argument, NULL, OPT_CONNECT},
    {"attempts", required_argument, NULL, OPT_ATTEMPTS},
    {"at-once", required_argument, NULL, OPT_AT_ONCE},
    {"per-host", required_argument, NULL, OPT_PER_HOST},
    {"min-speed", required_argument, NULL, OPT_SPEED},
    {"min-speed-time", required_argument, NULL, OPT_SPEED_TIME},
    {"allow-private", no_argument, NULL, OPT_PRIVATE},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

/* The request that is being read: a head, and the bytes that follow it. */
static struct {
	struct http_ask ask;
	unsigned char *rest;
	size_t have, want; /* bytes of head and rest */
} in;
static struct pc_buf out;
static size_t out_at; /* bytes of it that were written */

static _Noreturn void
leave(int status)
{
	/* The kernel frees everything. */
	_exit(status);
}

static int
sizes_good(const struct http_ask *a)
{
	return a->magic == HTTP_ASK_MAGIC &&
	    (a->kind == HTTP_ASK_REQUEST || a->kind == HTTP_ASK_CANCEL) &&
	    a->method <= 64 && a->url <= HTTP_URL_MAX &&
	    a->headers <= HTTP_HEADERS_MAX && a->secrets <= HTTP_HEADERS_MAX &&
	    a->body <= HTTP_BODY_MAX;
}

/* As read(2), but it reads many small requests at once. */
static ssize_t
read_some(void *to, size_t n)
{
	static unsigned char bytes[16 * 1024];
	static size_t at, have;

	if (at == have) {
		const int direct = n >= sizeof bytes;
		const ssize_t r = direct ? read(IN, to, n)
					 : read(IN, bytes, sizeof bytes);

		if (r <= 0 || direct)
			return r;
		at = 0;
		have = (size_t)r;
	}
	if (n > have - at)
		n = have - at;
	memcpy(to, bytes + at, n);
	at += n;
	return (ssize_t)n;
}

/* Read what is available, at most one request.  1: one was started. */
static int
read_ask(struct http_jobs *jobs)
{
	const size_t head = sizeof in.ask;
	unsigned char *to = in.have < head ? (unsigned char *)&in.ask + in.have
					   : in.rest + (in.have - head);
	ssize_t n;

	if (in.want == 0)
		in.want = head;
	n = read_some(to, in.want - in.have);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		leave(n == 0 ? PC_EXIT_OK : PC_EXIT_FAIL);
	in.have += (size_t)n;
	if (in.have < in.want)
		return 1;
	if (in.want == head) {
		if (!sizes_good(&in.ask))
			leave(PC_EXIT_FAIL);
		in.want += in.ask.method + in.ask.url + in.ask.headers +
		    in.ask.secrets + in.ask.body;
		in.rest = malloc(in.want - head + 1);
		if (!in.rest)
			leave(PC_EXIT_FAIL);
		in.rest[in.want - head] = '\0';
		if (in.have < in.want)
			return 1;
	}
	if (jobs_take(jobs, &in.ask, in.rest) < 0)
		leave(PC_EXIT_FAIL);
	in.rest = NULL;
	in.have = in.want = 0;
	return 1;
}

static void
write_answers(void)
{
	ssize_t n = 0;

	if (out.failed)
		leave(PC_EXIT_FAIL);
	while (out_at < out.len) {
		n = write(OUT, out.data + out_at, out.len - out_at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		out_at += (size_t)n;
	}
	if (n < 0 && errno != EAGAIN)
		leave(PC_EXIT_FAIL);
	if (out_at == 0)
		return;
	out.len -= out_at;
	memmove(out.data, out.data + out_at, out.len);
	out_at = 0;
}

/* Files that are read for names, certificates and libcurl's own data. */
static void
confine(void)
{
	enum { READABLE_MAX = 64 };
	const char *readable[READABLE_MAX + 1] = {"/etc/ssl", "/etc/pki",
	    "/etc/ca-certificates", "/etc/crypto-policies", "/etc/resolv.conf",
	    "/etc/hosts", "/etc/host.conf", "/etc/gai.conf",
	    "/etc/nsswitch.conf", "/etc/services", "/etc/ld.so.cache",
	    "/etc/localtime", "/usr/lib", "/usr/share", "/usr/local/lib",
	    "/usr/local/share", "/lib", "/lib64", "/run/systemd/resolve",
	    "/run/avahi-daemon", "/run/nscd", "/var/run/nscd",
	    "/var/lib/ca-certificates", "/dev/null", "/dev/urandom",
	    "/sys/devices/system/cpu"};
	static const char *const files[] = {"CURL_CA_BUNDLE", "SSL_CERT_FILE"};
	const char *given = getenv("SSL_CERT_DIR");
	char *dirs = given ? strdup(given) : NULL, *at = NULL;
	struct sandbox s = {.role = SANDBOX_CLIENT,
	    .readable = readable,
	    .start_threads = threads_start};
	size_t n = 0;

	while (readable[n])
		n++;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *path = getenv(files[i]);

		if (path && *path)
			readable[n++] = path;
	}
	/* Add directories, separated by colons. */
	for (char *dir = dirs ? strtok_r(dirs, ":", &at) : NULL;
	     dir && n < READABLE_MAX; dir = strtok_r(NULL, ":", &at))
		readable[n++] = dir;
#ifndef __SANITIZE_ADDRESS__
	s.memory_max = (uint64_t)MEMORY_MAX_MIB << 20;
#endif
	sandbox_prepare(&s);
	sandbox_enter(&s);
	free(dirs);
}

static _Noreturn void
serve(const struct job_options *o)
{
	struct http_jobs *jobs = jobs_open(o, &out);

	if (!jobs) {
		fprintf(stderr, "pc-http: libcurl cannot be used\n");
		leave(PC_EXIT_FAIL);
	}
	confine();
	fcntl(IN, F_SETFL, fcntl(IN, F_GETFL) | O_NONBLOCK);
	fcntl(OUT, F_SETFL, fcntl(OUT, F_GETFL) | O_NONBLOCK);
	for (;;) {
		struct pollfd p[2] = {{.fd = IN, .events = POLLIN},
		    {.fd = OUT, .events = POLLOUT}};

		while (read_ask(jobs))
			;
		jobs_step(jobs);
		write_answers();
		jobs_drained(jobs);
		jobs_wait(jobs, p, out.len > 0 ? 2 : 1);
	}
}

int
main(int argc, char **argv)
{
	/* The parent ends the helper by closing its input, and decides about
	 * the signals of a terminal. */
	static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT,
	    SIGPIPE};
	struct job_options o = {.connect_max = 10000000,
	    .attempts = 3,
	    .at_once = 16,
	    .per_host = 6,
	    .speed_time = 60000000};
	int c;

	while ((c = getopt_long(argc, argv, "hV", long_options, NULL)) != -1)
		switch (c) {
		case OPT_CONNECT:
			o.connect_max = 1000 *
			    (int64_t)engine_number("pc-http", optarg, 1,
				86400000);
			break;
		case OPT_ATTEMPTS:
			o.attempts = engine_number("pc-http", optarg, 1,
			    HTTP_ATTEMPTS_MAX);
			break;
		case OPT_AT_ONCE:
			o.at_once = engine_number("pc-http", optarg, 1, 1024);
			break;
		case OPT_PER_HOST:
			o.per_host = engine_number("pc-http", optarg, 1, 1024);
			break;
		case OPT_SPEED:
			o.speed_min = engine_number("pc-http", optarg, 0,
			    INT32_MAX);
			break;
		case OPT_SPEED_TIME:
			o.speed_time = 1000 *
			    (int64_t)engine_number("pc-http", optarg, 0,
				86400000);
			break;
		case OPT_PRIVATE:
			o.allow_private = 1;
			break;
		default:
			engine_option("pc-http", usage, c);
		}
	if (argc - optind != 1 || strcmp(argv[optind], "serve") != 0)
		engine_usage("pc-http", "serve");
	/* Otherwise libcurl's files would get these numbers. */
	if (fcntl(IN, F_GETFD) < 0 || fcntl(OUT, F_GETFD) < 0)
		engine_usage("pc-http", "standard input or output is closed");
	engine_close_from(3);
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	/* With this, threads that look up names need no address space of their
	 * own. */
	mallopt(M_ARENA_MAX, 1);
	/* International host names are in UTF-8. */
	setlocale(LC_CTYPE, "C.UTF-8");
	srandom((unsigned)(pc_ticks() ^ getpid()));
	serve(&o);
}
