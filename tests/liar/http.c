/* http.c - a pc-http that lies, hangs or dies, as $LIAR says: the front end
 * must check everything that a helper sends. */
#include "http/http.h"
#include "http/http_protocol.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
is(const char *what)
{
	const char *lie = getenv("LIAR");

	return lie && strcmp(lie, what) == 0;
}

static int
first_time(void)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof path, "%s/died", getenv("PC_LIBEXEC"));
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void
say(const struct http_answer *a, const void *p)
{
	if (pc_write_full(1, a, sizeof *a) < 0 ||
	    pc_write_full(1, p, a->length) < 0)
		_exit(1);
}

static struct http_answer
answer(const struct http_ask *ask, enum http_answer_kind kind, uint32_t length)
{
	return (struct http_answer){.magic = HTTP_ANSWER_MAGIC,
	    .kind = kind,
	    .number = ask->number,
	    .length = length,
	    .attempts = 1,
	    .status = 200,
	    .first_byte = 1};
}

static void
lie(const struct http_ask *ask)
{
	static const char url[] = "http://told/", headers[] = "A: b\n";
	char p[sizeof url + sizeof headers];
	struct http_answer head = answer(ask, HTTP_ANSWER_HEAD, sizeof p);
	struct http_answer data = answer(ask, HTTP_ANSWER_DATA, 4);
	struct http_answer again = answer(ask, HTTP_ANSWER_AGAIN, 0);
	struct http_answer end = answer(ask, HTTP_ANSWER_END, 1);
	const char *text = "";

	memcpy(p, url, sizeof url);
	memcpy(p + sizeof url, headers, sizeof headers);
	head.split = sizeof url;
	if (is("dead"))
		raise(SIGKILL);
	if (is("dies-once") && first_time())
		raise(SIGKILL);
	if (is("hangs"))
		for (;;)
			pause();
	if (is("magic"))
		head.magic++;
	if (is("number"))
		head.number += 7;
	if (is("status"))
		head.status = 20;
	if (is("split"))
		head.split = 4000;
	if (is("split-none"))
		head.split = 0;
	if (is("url"))
		p[3] = '\n';
	if (is("url-nul"))
		p[3] = '\0';
	if (is("headers"))
		p[sizeof p - 2] = 'x';
	if (is("header-name"))
		p[sizeof url] = ' ';
	if (is("endless"))
		data.length = UINT32_MAX;
	if (is("nothing"))
		data.length = 0;
	if (is("fault"))
		end.fault = 99;
	if (is("text"))
		text = "x";
	if (is("not-utf-8")) {
		text = "\xff";
		end.length = 2;
	}
	if (is("kind"))
		end.kind = 77;
	if (!is("no-head"))
		say(&head, p);
	if (is("two-heads"))
		say(&head, p);
	if (is("again"))
		say(&again, NULL);
	for (int i = 0; i < (is("too-much") ? 100 : 1); i++)
		say(&data, "told");
	if (is("half")) {
		if (pc_write_full(1, &end, sizeof end / 2) < 0)
			_exit(1);
		_exit(0);
	}
	say(&end, text);
	if (is("end-twice"))
		say(&end, text);
}

int
main(void)
{
	struct http_ask ask;
	char rest[4096];

	while (pc_read_full(0, &ask, sizeof ask) == sizeof ask) {
		const size_t n = ask.method + ask.url + ask.headers +
		    ask.secrets + (size_t)ask.body;

		if (n > sizeof rest || pc_read_full(0, rest, n) != (ssize_t)n)
			return 1;
		if (ask.kind == HTTP_ASK_REQUEST)
			lie(&ask);
	}
	return 0;
}
