/* liar.c - a helper of pc-ocr that lies, hangs or dies, as $LIAR says: the
 * front end must check everything that a helper sends. */
#include "attack.h"
#include "helper/crew.h"
#include "reader/reader_protocol.h"

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

static void
send_page(int channel, const struct page_request *ask, const char *text)
{
	struct page_answer a = {.kind = ANSWER_TEXT,
	    .page = ask->page,
	    .source = SOURCE_TEXT_LAYER,
	    .confidence = -1,
	    .width = 59500,
	    .height = 84200,
	    .length = strlen(text)};

	if (is("other-page"))
		a.page += 7;
	if (is("bad-source"))
		a.source = 99;
	if (is("bad-message"))
		memset(a.message, 'x', sizeof a.message);
	if (is("endless"))
		a.length = UINT64_MAX;
	if (is("pixels")) {
		a.kind = ANSWER_PIXELS;
		a.pixel_width = a.pixel_height = 30000;
		a.dpi = 300;
	}
	if (is("file")) {
		a.kind = ANSWER_FILE;
		a.pixel_width = a.pixel_height = a.dpi = 100;
	}
	if (is("words")) {
		a.kind = ANSWER_WORDS;
		text = "w\t1\t2\n";
		a.length = strlen(text);
	}
	if (is("not-utf-8"))
		text = "\xff\xfe\xfd\xfc\n";
	if (is("open-again"))
		a.kind = ANSWER_OPEN;
	if (is("half")) {
		a.length = 1000;
		a.magic = ANSWER_MAGIC;
		if (write(channel, &a, sizeof a) < 0 ||
		    write(channel, text, strlen(text)) < 0)
			_exit(1);
		_exit(0);
	}
	if (is("rubbish")) {
		memset(&a, 'r', sizeof a);
		if (write(channel, &a, sizeof a) < 0)
			_exit(1);
		return;
	}
	crew_send_answer(channel, &a, text);
}

static void
serve(void *ctx, const struct crew_work *w)
{
	struct page_request ask;

	(void)ctx;
	while (crew_next_request(w->channel, &ask) == 0) {
		struct page_answer open = {.kind = ANSWER_OPEN,
		    .pages = 2,
		    .walls = w->walls};

		if (is("dead") ||
		    (is("dies-of-kinds") && ask.what == REQUEST_KIND))
			raise(SIGKILL);
		const char *declared = NULL;

		if (is("declares"))
			declared = "1\t{\"page\":7}\n";
		open.length = declared ? strlen(declared) : 0;
		if (is("many-pages"))
			open.pages = 4000000000U;
		if (is("attacks") && ask.what != REQUEST_OPEN) {
			char text[1024] = "";

			attack(text, sizeof text);
			send_page(w->channel, &ask, text);
		} else if (ask.what == REQUEST_OPEN)
			crew_send_answer(w->channel, &open, declared);
		else if (ask.page == 2 && is("dies"))
			raise(SIGSEGV);
		else
			send_page(w->channel, &ask, "told text\n");
	}
}

int
main(int argc, char **argv)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (argc > 1 && strcmp(argv[1], "engines") == 0) {
		printf("liar\t1\t%.*s\n", (int)n, self);
		return 0;
	}
	if (is("refuses")) {
		fprintf(stderr, "pc-doc: it will not\n");
		return 2;
	}
	return crew_run("liar", &(struct crew_duty){.serve = serve},
	    CREW_FONTS);
}
