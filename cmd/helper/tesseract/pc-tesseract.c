/* pc-tesseract.c - the helper that recognises pages, with tesseract and
 * leptonica. */
#include "helper/crew.h"
#include "helper/engine.h"
#include "reader/reader_protocol.h"
#include "recognise.h"

#include "pc.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-tesseract serve [option]...\n"
    "       pc-tesseract engines [-l LANGS]\n"
    "Recognise page images that pc-ocr sends over the socket that is standard\n"
    "input, or print the files that the answers depend on.  A helper of\n"
    "pc-ocr(1).\n"
    "\n"
    "  -l, --lang LANGS       languages, as eng+deu\n"
    "      --psm N            page segmentation mode of tesseract\n"
    "      --clean            remove specks and uneven light before OCR\n"
    "      --split-spreads    read two pages side by side one by one\n"
    "      --set NAME=VALUE   change a setting of tesseract\n"
    "      --user-words FILE  words that tesseract should know\n"
    "      --page-timeout N   limit the time for one page in s (0: no limit)\n"
    "      --require-sandbox  fail if a part of the sandbox is not available\n"
    "  -h, --help             print this help\n"
    "  -V, --version          print the version\n";

enum {
	OPT_PSM = 256,
	OPT_TIMEOUT,
	OPT_CLEAN,
	OPT_SPLIT,
	OPT_SET,
	OPT_WORDS,
	OPT_REQUIRE
};

static const struct option long_options[] = {
    {"lang", required_argument, NULL, 'l'},
    {"psm", required_argument, NULL, OPT_PSM},
    {"clean", no_argument, NULL, OPT_CLEAN},
    {"split-spreads", no_argument, NULL, OPT_SPLIT},
    {"set", required_argument, NULL, OPT_SET},
    {"user-words", required_argument, NULL, OPT_WORDS},
    {"page-timeout", required_argument, NULL, OPT_TIMEOUT},
    {"require-sandbox", no_argument, NULL, OPT_REQUIRE},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

struct tesseract_options {
	struct recogniser *recogniser;
	unsigned page_timeout;
};

static void
add_setting(struct recogniser_settings *s, char *name, char *value)
{
	if (!value || s->count == SETTINGS_MAX)
		engine_usage("pc-tesseract", "--set is NAME=VALUE");
	s->names[s->count] = name;
	s->values[s->count++] = value;
}

/* Start this program again with settings for libgomp and malloc, which read
 * them when the program is loaded.  A worker cannot start threads, and with
 * more than one, ten pages in parallel would take 50 times as long.  Memory
 * pages of 2 MiB save a third of the time per page. */
static void
load_again(char **argv)
{
	const char *limit = getenv("OMP_THREAD_LIMIT");

	if (limit && strcmp(limit, "1") == 0 && getenv("GLIBC_TUNABLES"))
		return;
	setenv("OMP_THREAD_LIMIT", "1", 1);
	setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 0);
	execv("/proc/self/exe", argv);
}

/* A worker: recognise one page after the other. */
static void
serve(void *ctx, const struct crew_work *w)
{
	const struct tesseract_options *o = ctx;
	struct page_request ask;

	while (crew_next_request(w->channel, &ask) == 0) {
		const size_t n = (size_t)ask.width * ask.height;
		struct page_answer a = {.page = ask.page, .confidence = -1};
		struct pc_buf out = {0};
		unsigned char *pixels;

		alarm(o->page_timeout);
		pixels = malloc(n ? n : 1);
		if (!pixels || ask.dpi == 0 ||
		    pc_read_full(w->channel, pixels, n) != (ssize_t)n)
			_exit(1);
		recognise(o->recogniser, &ask, pixels, &a, &out);
		free(pixels);
		/* No limit from here on: sending takes as long as pc-ocr takes
		 * to read. */
		alarm(0);
		crew_send_answer(w->channel, &a, out.data);
		pc_buf_clear(&out);
	}
}

int
main(int argc, char **argv)
{
	static const struct engine_library libraries[] = {
	    {"/libtesseract.so", "tesseract", recogniser_version},
	    {"/liblept.so", "leptonica", NULL}, {0}};
	struct tesseract_options o = {.page_timeout = 180};
	const char *lang = "eng";
	struct recogniser_settings settings = {.count = 0};
	struct recogniser_how way = {.psm = 3};
	char *value;
	int c, how = 0, status;

	engine_close_from(3);
	load_again(argv);
	while ((c = getopt_long(argc, argv, "l:hV", long_options, NULL)) != -1)
		switch (c) {
		case 'l':
			lang = optarg;
			break;
		case OPT_PSM:
			way.psm = (int)engine_number("pc-tesseract", optarg, 1,
			    13);
			break;
		case OPT_CLEAN:
			way.clean = 1;
			break;
		case OPT_SPLIT:
			way.split_spreads = 1;
			break;
		case OPT_SET:
			value = strchr(optarg, '=');
			if (value)
				*value++ = '\0';
			add_setting(&settings, optarg, value);
			break;
		case OPT_WORDS:
			add_setting(&settings, (char *)"user_words_file",
			    optarg);
			break;
		case OPT_TIMEOUT:
			o.page_timeout = engine_number("pc-tesseract", optarg,
			    0, 86400);
			break;
		case OPT_REQUIRE:
			how |= CREW_WHOLE_SANDBOX;
			break;
		default:
			engine_option("pc-tesseract", usage, c);
		}
	if (argc - optind != 1)
		engine_usage("pc-tesseract", "serve or engines");
	if (strcmp(argv[optind], "engines") == 0) {
		engine_list("pc-tesseract", libraries);
		status = recogniser_models(lang, stdout) < 0 ? PC_EXIT_FAIL
							     : PC_EXIT_OK;
		return engine_end("pc-tesseract", status);
	}
	if (strcmp(argv[optind], "serve") != 0)
		engine_usage("pc-tesseract", "serve or engines");
	/* Once for all workers, which share its memory until they write to
	 * it. */
	if (settings.count > 0)
		way.settings = &settings;
	o.recogniser = recogniser_open(lang, way);
	if (!o.recogniser) {
		if (recogniser_models(lang, NULL) == 0)
			fprintf(stderr,
			    "pc-tesseract: tesseract cannot start "
			    "with language '%s'\n",
			    lang);
		return PC_EXIT_FAIL;
	}
	/* Destructors of libraries would report leaks. */
	_exit(crew_run("pc-tesseract",
	    &(struct crew_duty){.serve = serve, .ctx = &o}, how));
}
