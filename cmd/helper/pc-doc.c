/* pc-doc.c - the helper that reads documents: libmagic, poppler, tesseract. */
#include "helper.h"
#include "poppler.h"

#include "pc.h"

#include <errno.h>
#include <getopt.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-doc text [option]... FILE\n"
    "       pc-doc engines [-l LANGS]\n"
    "Print the pages of a document as pc-ocr reads them, or the files that the\n"
    "answer depends on.  A helper: pc-ocr(1) is the command for people.\n"
    "\n"
    "  -l, --lang LANGS         languages, as eng+deu\n"
    "      --ocr WHEN           auto, always or never\n"
    "      --dpi N              dots an inch for rendering\n"
    "      --psm N              page segmentation mode of tesseract\n"
    "      --max-megapixels N   a larger page is a page error\n"
    "      --page-timeout N     seconds for one page; 0: no bound\n"
    "      --max-pages N        a longer document is an error\n"
    "  -h, --help               this text\n"
    "  -V, --version            the version\n";

enum { OPT_OCR = 256, OPT_DPI, OPT_PSM, OPT_PIXELS, OPT_TIMEOUT, OPT_PAGES };

static const struct option long_options[] = {
    {"lang", required_argument, NULL, 'l'},
    {"ocr", required_argument, NULL, OPT_OCR},
    {"dpi", required_argument, NULL, OPT_DPI},
    {"psm", required_argument, NULL, OPT_PSM},
    {"max-megapixels", required_argument, NULL, OPT_PIXELS},
    {"page-timeout", required_argument, NULL, OPT_TIMEOUT},
    {"max-pages", required_argument, NULL, OPT_PAGES},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static _Noreturn void
bad_usage(const char *what)
{
	fprintf(stderr, "pc-doc: %s; see 'pc-doc --help'\n", what);
	exit(PC_EXIT_FAIL);
}

static int
number(const char *arg, int min, int max)
{
	int64_t v;

	if (pc_parse_int(arg, min, max, &v) < 0)
		bad_usage("a number is out of range");
	return (int)v;
}

/* libgomp reads its limit when it is loaded, which is now past: ten pages in
 * parallel take 50 times as long without it. */
static void
limit_threads(char **argv)
{
	if (getenv("OMP_THREAD_LIMIT"))
		return;
	setenv("OMP_THREAD_LIMIT", "1", 1);
	execv("/proc/self/exe", argv);
}

/* ---- engines ---- */

static int
print_library(struct dl_phdr_info *info, size_t size, void *ctx)
{
	static const struct {
		const char *name, *kind;
		const char *(*version)(void);
	} engines[] = {
	    {"/libpoppler-cpp.so", "poppler-cpp", pdf_version},
	    {"/libpoppler.so", "poppler", pdf_version},
	    {"/libtesseract.so", "tesseract", ocr_version},
	    {"/liblept.so", "leptonica", NULL},
	};

	(void)size;
	(void)ctx;
	for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++)
		if (strstr(info->dlpi_name, engines[i].name))
			printf("%s\t%s\t%s\n", engines[i].kind,
			    engines[i].version ? engines[i].version() : "-",
			    info->dlpi_name);
	return 0;
}

static int
print_engines(const char *lang)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n < 0) {
		perror("pc-doc: cannot find itself");
		return PC_EXIT_FAIL;
	}
	self[n] = '\0';
	printf("pc-doc\t%s\t%s\n", PC_VERSION, self);
	dl_iterate_phdr(print_library, NULL);
	return ocr_list_models(lang, stdout) < 0 ? PC_EXIT_FAIL : PC_EXIT_OK;
}

int
main(int argc, char **argv)
{
	struct options o = {.lang = "eng", .ocr = OCR_AUTO, .dpi = 300,
	    .psm = 3, .max_megapixels = 250, .page_timeout = 180,
	    .max_pages = 100000};
	const char *command, *path;
	int c, status;

	limit_threads(argv);
	while ((c = getopt_long(argc, argv, "l:hV", long_options, NULL)) !=
	    -1)
		switch (c) {
		case 'l':
			o.lang = optarg;
			break;
		case OPT_OCR:
			o.ocr = strcmp(optarg, "always") == 0 ? OCR_ALWAYS
			    : strcmp(optarg, "never") == 0    ? OCR_NEVER
			                                      : OCR_AUTO;
			if (o.ocr == OCR_AUTO && strcmp(optarg, "auto") != 0)
				bad_usage("--ocr is auto, always or never");
			break;
		case OPT_DPI:
			o.dpi = number(optarg, 36, 2400);
			break;
		case OPT_PSM:
			o.psm = number(optarg, 0, 13);
			break;
		case OPT_PIXELS:
			o.max_megapixels = (unsigned)number(optarg, 1, 4096);
			break;
		case OPT_TIMEOUT:
			o.page_timeout = (unsigned)number(optarg, 0, 86400);
			break;
		case OPT_PAGES:
			o.max_pages = (unsigned)number(optarg, 1, 1000000);
			break;
		case 'h':
			fputs(usage, stdout);
			return pc_stdout_close() < 0 ? PC_EXIT_FAIL
			                             : PC_EXIT_OK;
		case 'V':
			printf("pc-doc (pc) %s\n", PC_VERSION);
			return pc_stdout_close() < 0 ? PC_EXIT_FAIL
			                             : PC_EXIT_OK;
		default:
			bad_usage("wrong option");
		}
	command = argv[optind] ? argv[optind] : "";
	path = *command ? argv[optind + 1] : NULL;
	if (strcmp(command, "engines") == 0 && !path) {
		status = print_engines(o.lang);
	} else if (strcmp(command, "text") == 0 && path &&
	    !argv[optind + 2]) {
		if (strcmp(path, "-") == 0)
			path = "/proc/self/fd/0";
		status = supervise(path, &o);
	} else {
		bad_usage("text and a file, or engines");
	}
	if (pc_stdout_close() < 0) {
		perror("pc-doc: cannot write the answer");
		return PC_EXIT_FAIL;
	}
	return status;
}
