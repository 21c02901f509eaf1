/* pc-doc.c - the helper that opens documents, with libmagic, poppler,
 * leptonica, and libqpdf, libheif and libdjvulibre if they are needed. */
#include "document.h"
#include "helper/crew.h"
#include "helper/doc/base/late.h"
#include "helper/doc/djvu/djvu.h"
#include "helper/doc/image/heif.h"
#include "helper/doc/pdf/details.h"
#include "helper/doc/pdf/edit.h"
#include "helper/doc/pdf/poppler.h"
#include "helper/engine.h"
#include "kind.h"

#include "pc.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-doc serve [option]...\n"
    "       pc-doc engines\n"
    "Send the pages of documents to pc-ocr over the socket that is standard\n"
    "input, or print the files that the answers depend on.  A helper of\n"
    "pc-ocr(1).\n"
    "\n"
    "      --ocr WHEN           when to run OCR: auto, always or never\n"
    "      --dpi N              dots per inch for pages without a resolution\n"
    "      --max-megapixels N   limit the size of a page\n"
    "      --max-pages N        limit the pages of a document\n"
    "      --page-timeout N     limit the time for one page in s (0: no limit)\n"
    "      --require-sandbox    fail if a part of the sandbox is not available\n"
    "  -h, --help               print this help\n"
    "  -V, --version            print the version\n";

enum {
	OPT_OCR = 256,
	OPT_DPI,
	OPT_PIXELS,
	OPT_TIMEOUT,
	OPT_PAGES,
	OPT_REQUIRE
};

enum { KIND_TIMEOUT = 5 /* seconds */ };

static const struct option long_options[] = {
    {"ocr", required_argument, NULL, OPT_OCR},
    {"dpi", required_argument, NULL, OPT_DPI},
    {"max-megapixels", required_argument, NULL, OPT_PIXELS},
    {"max-pages", required_argument, NULL, OPT_PAGES},
    {"page-timeout", required_argument, NULL, OPT_TIMEOUT},
    {"require-sandbox", no_argument, NULL, OPT_REQUIRE},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static int
map(int fd, struct doc_bytes *b)
{
	struct stat st;

	*b = (struct doc_bytes){.p = (const unsigned char *)"", .fd = fd};
	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (st.st_size == 0)
		return 0;
	b->p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	b->n = (size_t)st.st_size;
	return b->p == MAP_FAILED ? -1 : 0;
}

static void
answer_open(struct document *d, const struct page_request *ask,
    struct page_answer *a, void **payload)
{
	size_t n = 0;

	a->kind = ANSWER_OPEN;
	a->pages = document_pages(d, a->message);
	if (ask->declared &&
	    document_declare(d, ask->plain != 0, payload, &n) < 0) {
		a->kind = ANSWER_ERROR;
		snprintf(a->message, sizeof a->message, "out of memory");
	}
	a->length = n;
}

/* Read the layer that follows the request. */
static void
take_layer(const struct crew_work *w, const struct page_request *ask,
    struct page_answer *a)
{
	struct doc_bytes b = {.n = (size_t)ask->width * ask->height, .fd = -1};
	unsigned char *p = malloc(b.n ? b.n : 1);

	if (!p || pc_read_full(w->channel, p, b.n) != (ssize_t)b.n)
		_exit(PC_EXIT_FAIL);
	b.p = p; /* libqpdf reads it as long as this worker lives */
	pdf_edit_take_layer(&b, a);
}

/* Read the file that follows the request, and find its kind. */
static void
answer_kind(const struct crew_work *w, const struct page_request *ask,
    struct page_answer *a)
{
	static unsigned char file[SMALL_TEXT_MAX];
	const struct doc_bytes b = {.p = file, .n = ask->width, .fd = -1};
	struct kind_info k;

	if (b.n > sizeof file ||
	    pc_read_full(w->channel, file, b.n) != (ssize_t)b.n)
		_exit(PC_EXIT_FAIL);
	a->kind = ANSWER_ERROR;
	if (kind_of(&b, &k) < 0 || k.kind != KIND_TEXT)
		return;
	a->kind = ANSWER_OPEN;
	a->pages = 1;
	a->walls = w->walls;
	memcpy(a->type, k.name, sizeof a->type);
}

/* A worker: answer requests for the pages of one document, or for the kinds of
 * files. */
static void
serve(void *ctx, const struct crew_work *w)
{
	const struct doc_options *o = ctx;
	struct document *d = NULL;
	struct doc_bytes bytes;
	char error[MESSAGE_SIZE] = "";
	struct page_request ask;
	const char *type;

	late_set_channel(w->channel);
	alarm(o->page_timeout);
	if (map(w->document, &bytes) < 0)
		snprintf(error, sizeof error, "cannot map it");
	else
		d = document_open(&bytes, o, error);
	type = d ? document_type(d) : "";
	while (crew_next_request(w->channel, &ask) == 0) {
		struct page_answer a = {.page = ask.page, .confidence = -1};
		void *payload = NULL;

		alarm(
		    ask.what == REQUEST_KIND ? KIND_TIMEOUT : o->page_timeout);
		if (ask.what == REQUEST_KIND) {
			answer_kind(w, &ask, &a);
		} else if (error[0]) {
			a.kind = ANSWER_ERROR;
			a.page = 0;
			a.unsupported = d && document_is_unsupported(d);
			snprintf(a.type, sizeof a.type, "%s", type);
			memcpy(a.message, error, sizeof a.message);
		} else if (ask.what == REQUEST_OPEN) {
			answer_open(d, &ask, &a, &payload);
			a.walls = w->walls;
			snprintf(a.type, sizeof a.type, "%s", type);
		} else if (ask.what == REQUEST_LAYER) {
			take_layer(w, &ask, &a);
		} else {
			document_answer(d, &ask, &a, &payload);
		}
		/* No limit from here on: sending takes as long as pc-ocr takes
		 * to read. */
		alarm(0);
		crew_send_answer(w->channel, &a, payload);
		free(payload);
	}
}

int
main(int argc, char **argv)
{
	static const struct engine_library libraries[] = {
	    {"/libpoppler-cpp.so", "poppler-cpp", pdf_version},
	    {"/libpoppler.so", "poppler", pdf_version},
	    {"/liblept.so", "leptonica", NULL},
	    {"/libqpdf.so", "qpdf", pdf_details_library},
	    {"/libheif.so", "heif", heif_library},
	    {"/libdjvulibre.so", "djvulibre", djvu_library}, {0}};
	struct doc_options o = {.ocr = OCR_AUTO,
	    .dpi = 300,
	    .max_megapixels = 250,
	    .page_timeout = 180,
	    .max_pages = 100000};
	int c, how = CREW_FONTS;

	engine_close_from(3);
	while ((c = getopt_long(argc, argv, "hV", long_options, NULL)) != -1)
		switch (c) {
		case OPT_OCR:
			o.ocr = strcmp(optarg, "always") == 0 ? OCR_ALWAYS
			    : strcmp(optarg, "never") == 0    ? OCR_NEVER
							      : OCR_AUTO;
			if (o.ocr == OCR_AUTO && strcmp(optarg, "auto") != 0)
				engine_usage("pc-doc",
				    "--ocr is auto, always or never");
			break;
		case OPT_DPI:
			o.dpi = engine_number("pc-doc", optarg, 36, 2400);
			break;
		case OPT_PIXELS:
			o.max_megapixels = engine_number("pc-doc", optarg, 1,
			    4096);
			break;
		case OPT_TIMEOUT:
			o.page_timeout = engine_number("pc-doc", optarg, 0,
			    86400);
			break;
		case OPT_PAGES:
			o.max_pages = engine_number("pc-doc", optarg, 1,
			    PAGES_MAX);
			break;
		case OPT_REQUIRE:
			how |= CREW_WHOLE_SANDBOX;
			break;
		default:
			engine_option("pc-doc", usage, c);
		}
	o.password = getenv("PC_OCR_PASSWORD");
	if (!o.password)
		o.password = "";
	if (argc - optind != 1)
		engine_usage("pc-doc", "serve or engines");
	if (strcmp(argv[optind], "engines") == 0) {
		pdf_details_library();
		heif_library();
		djvu_library();
		engine_list("pc-doc", libraries);
		return engine_end("pc-doc", PC_EXIT_OK);
	}
	if (strcmp(argv[optind], "serve") != 0)
		engine_usage("pc-doc", "serve or engines");
	_exit(crew_run("pc-doc", &(struct crew_duty){serve, kind_warm_up, &o},
	    how));
}
