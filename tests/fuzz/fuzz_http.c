/* fuzz_http.c - any bytes, in pieces of any size, as the answers of pc-http:
 * reading ends, and calls of the sinks obey the rules. */
#include "http/client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { REQUESTS = 3, SIZE_MAX_WANTED = 300 };

static struct http *http;

static struct told {
	uint64_t number;
	int heads, agains, ends;
	size_t size;
} told[REQUESTS];

static void
check(int holds)
{
	if (!holds)
		abort();
}

static int
on_head(void *ctx, const struct http_head *h)
{
	struct told *t = ctx;
	size_t n;

	check(!t->ends && t->heads++ == t->agains);
	check(h->status >= 200 && h->status < 1000);
	check(strlen(h->url) < HTTP_URL_MAX && *h->url);
	check(strlen(h->headers) < HTTP_HEADERS_MAX);
	check(pc_utf8_valid(h->url, strlen(h->url)));
	http_header(h->headers, "etag", &n);
	return h->status == 666 ? -1 : 0;
}

static int
on_data(void *ctx, const void *p, size_t n)
{
	struct told *t = ctx;

	check(!t->ends && t->heads == t->agains + 1 && n > 0);
	t->size += n;
	check(t->size <= SIZE_MAX_WANTED);
	if (*(const unsigned char *)p == 0xee)
		http_cancel(http, told[0].number);
	return *(const unsigned char *)p == 0xff ? -1 : 0;
}

static void
on_again(void *ctx)
{
	struct told *t = ctx;

	check(!t->ends && ++t->agains == t->heads);
	t->size = 0;
}

static void
on_end(void *ctx, const struct http_end *e)
{
	struct told *t = ctx;

	check(t->ends++ == 0 && e->fault < HTTP_FAULTS);
	check(e->fault != HTTP_OK || t->heads == t->agains + 1);
	check(strlen(e->text) < HTTP_TEXT_MAX &&
	    pc_utf8_valid(e->text, strlen(e->text)));
}

/* As if a helper had been started and had got a request. */
static void
begin(int fd)
{
	static const struct http_options o = {.at_once = 1,
	    .per_host = 1,
	    .attempts = 1};
	static const struct http_sinks sinks = {on_head, on_data, on_again,
	    on_end};
	struct http_request q = {.method = "GET",
	    .url = "http://a/",
	    .size_max = SIZE_MAX_WANTED};

	memset(told, 0, sizeof told);
	http = http_open(&o);
	check(http != NULL);
	http->pid = 1; /* so that none is started */
	for (int i = 0; i < REQUESTS; i++) {
		q.flags = i == 1 ? HTTP_RESTART : 0;
		told[i].number = http_send(http, &q, &sinks, &told[i]);
	}
	http->pid = 0;
	http->fd = fd;
	http->in = malloc(sizeof(struct http_answer) + HTTP_LENGTH_MAX);
	check(http->in != NULL);
	http->sent = http->waiting;
	http->waiting = (struct requests){.last = &http->waiting.first};
}

/* A nearly valid header, else no mutation gets past the magic number. */
static size_t
make_head(struct http_answer *a, const uint8_t *p, size_t n)
{
	*a = (struct http_answer){.magic = HTTP_ANSWER_MAGIC,
	    .attempts = 1,
	    .status = 200,
	    .first_byte = 1};
	a->kind = p[0] % 6;
	a->number = p[1] % (REQUESTS + 2);
	a->length = p[2];
	a->split = p[3];
	a->fault = p[4] % (HTTP_FAULTS + 1);
	a->reused = p[5] % 3;
	if (n < 16 || p[6] > 200)
		return 8;
	/* Eight of its bytes, anywhere, come from the input. */
	memcpy((char *)a + p[7] % (sizeof *a - 8), p + 8, 8);
	return 16;
}

/* Returns -1 for an invalid answer. */
static int
feed(const void *p, size_t n, size_t piece)
{
	const char *at = p;

	while (n > 0) {
		const size_t m = n < piece ? n : piece;

		check(http->have + m <=
		    sizeof(struct http_answer) + HTTP_LENGTH_MAX);
		memcpy(http->in + http->have, at, m);
		http->have += m;
		if (http_take_answers(http) < 0)
			return -1;
		at += m;
		n -= m;
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct http_answer a;
	size_t piece;
	int raw, r = 0;

	if (n < 10)
		return 0;
	raw = p[0] & 1;
	piece = (size_t)p[1] * 4 + 1;
	p += 2;
	n -= 2;
	begin(-1);
	while (n > 0 && r == 0) {
		size_t m = n;

		if (!raw && n >= 8) {
			m = make_head(&a, p, n);
			p += m;
			n -= m;
			r = feed(&a, sizeof a, piece);
			m = a.length < n ? a.length : n;
		}
		if (r == 0)
			r = feed(p, m, piece);
		p += m;
		n -= m;
	}
	http_close(http);
	return 0;
}
