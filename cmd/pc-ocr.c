/* pc-ocr.c - the text and layout of documents, remembered. */
#include "cli/cli.h"
#include "ocr/batch.h"
#include "ocr/output_file.h"
#include "reader/engines.h"
#include "reader/page_ranges.h"
#include "reader/password.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-ocr [option]... FILE...\n"
    "Print the text of PDFs, images and text files: a page's text layer where it\n"
    "has a good one, else by OCR.  '-' is standard input.  What was made once is\n"
    "remembered by content: documents, and pages in whatever document.\n"
    "\n"
    "  -f, --format FORM     text, layout (JSON), tsv, hocr, alto, md, pdf, png or\n"
    "                        images\n"
    "  -o, --output PATTERN  of -f png: the files of pages, as '{}-%03d.png', of\n"
    "                        the document's name and the page's number; of\n"
    "                        -f images as '{}-%03d-%i', with the image's\n"
    "                        number on its page; the ending is added\n"
    "  -l, --lang LANGS      languages, as eng+deu\n"
    "      --ocr WHEN        auto (no good text layer), always or never\n"
    "      --pages RANGES    only these, as 1-3,7,9-\n"
    "      --dpi N           dots an inch for pages to be recognised\n"
    "      --psm N           page segmentation mode of tesseract, 1 to 13\n"
    "      --clean           rid pages of grains and uneven light before OCR\n"
    "      --vision-below N  have pages of less confidence, in per cent, read by\n"
    "                        a vision model through pc-infer\n"
    "      --dehyphenate     join words that a line's end broke\n"
    "      --password-file F the password of locked PDFs is F's first line\n"
    "  -r, --recursive       all files in directories\n"
    "  -j, --jobs N          pages at once; the processors unless given\n"
    "      --strict          a document with a bad page has failed\n"
    "      --require-sandbox fail if a part of the sandbox is not available\n"
    "  -s, --stage STAGE     what this step is called, ocr unless given\n"
    "  -p, --param NAME=VALUE  make it another result\n"
    "  -t, --ttl TTL         how long it is good: 90s, 15m, 24h, 30d, never\n"
    "      --negative TTL    remember that there is no text, for so long\n"
    "  -0, --null            names in a list end with NUL; read it from\n"
    "                        standard input unless --files-from is given\n"
    "      --files-from FILE names from FILE\n"
    "      --jsonl           a JSON object a line for each document\n"
    "      --progress        show progress even without a terminal\n"
    "      --refresh         compute and replace what is stored\n"
    "      --store DIR       the store\n"
    "      --no-cache        compute, touch nothing\n"
    "      --read-only       use what is stored, write nothing\n"
    "  -q, --quiet           no warnings\n"
    "  -v, --verbose         say hit or miss, key and time\n"
    "  -h, --help            this text\n"
    "  -V, --version         the version\n";

enum {
	OPT_OCR = CLI_OWN,
	OPT_DPI,
	OPT_PSM,
	OPT_NEGATIVE,
	OPT_PAGES,
	OPT_PASSWORD,
	OPT_DEHYPHENATE,
	OPT_CLEAN,
	OPT_VISION,
	OPT_STRICT,
	OPT_REQUIRE,
	JOBS_MAX = 1024,
};

static const struct option options[] = {
    CLI_COMMON,
    CLI_KEYED,
    CLI_TTL,
    CLI_REFRESHING,
    CLI_MANY,
    CLI_JOBS,
    {"format", required_argument, NULL, 'f'},
    {"output", required_argument, NULL, 'o'},
    {"lang", required_argument, NULL, 'l'},
    {"ocr", required_argument, NULL, OPT_OCR},
    {"pages", required_argument, NULL, OPT_PAGES},
    {"dpi", required_argument, NULL, OPT_DPI},
    {"psm", required_argument, NULL, OPT_PSM},
    {"clean", no_argument, NULL, OPT_CLEAN},
    {"vision-below", required_argument, NULL, OPT_VISION},
    {"dehyphenate", no_argument, NULL, OPT_DEHYPHENATE},
    {"password-file", required_argument, NULL, OPT_PASSWORD},
    {"recursive", no_argument, NULL, 'r'},
    {"strict", no_argument, NULL, OPT_STRICT},
    {"require-sandbox", no_argument, NULL, OPT_REQUIRE},
    {"negative", required_argument, NULL, OPT_NEGATIVE},
    {0},
};

static struct cli cli;
static struct ocr_options o = {.ocr = "auto", .psm = 3, .negative = -1};
static const char *pages, *password_file;
static int recursive;

static void
take_format(const char *arg)
{
	for (int i = 0; i < FORMATS; i++)
		if (strcmp(arg, format_names[i]) == 0) {
			o.form.format = (enum format)i;
			return;
		}
	cli_usage(&cli,
	    "bad --format '%s': text, layout, tsv, hocr, alto, "
	    "md, pdf, png or images",
	    arg);
}

static void
take_option(int c)
{
	switch (c) {
	case 'f':
		take_format(optarg);
		break;
	case 'o':
		o.output = optarg;
		break;
	case 'l':
		o.lang = optarg;
		break;
	case 'r':
		recursive = 1;
		break;
	case OPT_OCR:
		if (strcmp(optarg, "auto") != 0 &&
		    strcmp(optarg, "always") != 0 &&
		    strcmp(optarg, "never") != 0)
			cli_usage(&cli,
			    "bad --ocr '%s': auto, always or "
			    "never",
			    optarg);
		o.ocr = optarg;
		break;
	case OPT_PAGES:
		pages = optarg;
		break;
	case OPT_DPI:
		o.dpi = (unsigned)cli_int(&cli, "--dpi", optarg, 36, 2400);
		break;
	case OPT_PSM:
		o.psm = (unsigned)cli_int(&cli, "--psm", optarg, 1, 13);
		break;
	case OPT_CLEAN:
		o.clean = 1;
		break;
	case OPT_VISION:
		o.vision_below = (int32_t)cli_int(&cli, "--vision-below",
				     optarg, 1, 100) *
		    100;
		break;
	case OPT_DEHYPHENATE:
		o.form.dehyphenate = 1;
		break;
	case OPT_PASSWORD:
		password_file = optarg;
		break;
	case OPT_STRICT:
		o.strict = 1;
		break;
	case OPT_REQUIRE:
		o.require_sandbox = 1;
		break;
	case OPT_NEGATIVE:
		o.negative = cli_duration(&cli, "TTL", optarg);
		break;
	default:
		cli_option(&cli, c, optarg);
	}
}

/* ---- what the answer depends on ---- */

static void
param(const char *name, const char *value)
{
	if (param_text(&cli.spec, name, value) < 0)
		cli_die(&cli, "%s", strerror(errno));
}

static void
number_param(const char *name, unsigned value)
{
	if (param_number(&cli.spec, name, value) < 0)
		cli_die(&cli, "%s", strerror(errno));
}

/* What was not given, from the configuration; all that the output depends on
 * is a parameter. */
static void
settle(void)
{
	if (!o.lang)
		o.lang = pc_config_text(cli.config, "ocr.language");
	/* Pictures of pages are all of one scale. */
	o.own_dpi = !o.dpi && !format_makes_files(o.form.format);
	if (!o.dpi)
		o.dpi = (unsigned)pc_config_int(cli.config, "ocr.dpi");
	o.page_timeout = pc_config_span(cli.config, "ocr.page_timeout");
	if (pc_config_bool(cli.config, "ocr.require_sandbox"))
		o.require_sandbox = 1;
	o.jobs = cli.jobs ? (unsigned)cli.jobs
			  : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	if (o.jobs < 1 || o.jobs > JOBS_MAX)
		o.jobs = o.jobs < 1 ? 1 : JOBS_MAX;
	/* Nothing is read in a picture, and images are as they are. */
	if (!format_makes_files(o.form.format)) {
		param("lang", o.lang);
		param("ocr", o.ocr);
	}
	if (o.form.format != FORMAT_IMAGES && param_dpi(&cli.spec, &o) < 0)
		cli_die(&cli, "%s", strerror(errno));
	if (!format_makes_files(o.form.format))
		number_param("psm", o.psm);
	/* As it always was for plain text of all pages. */
	if (o.form.format != FORMAT_TEXT)
		param("format", format_names[o.form.format]);
	if (o.clean)
		param("clean", "yes");
	if (o.vision_below)
		number_param("vision_below", (unsigned)o.vision_below / 100);
	if (o.form.dehyphenate)
		param("dehyphenate", "yes");
	if (pages) {
		o.pages = page_ranges_parse(&cli, pages);
		param("pages", pages);
	}
}

static void
add_engines(char *doc, char *tesseract)
{
	char *const of_doc[] = {doc, (char *)"engines", NULL};
	char *const of_tesseract[] = {tesseract, (char *)"engines",
	    (char *)"-l", (char *)(uintptr_t)o.lang, NULL};

	if (!cli.store)
		return;
	engines_add(&cli, of_doc);
	if (!format_makes_files(o.form.format))
		engines_add(&cli, of_tesseract);
	for (size_t i = 0; i < cli.spec.count; i++) {
		const struct pc_spec_field *f = &cli.spec.fields[i];

		if (f->kind == PC_FIELD_ENGINE &&
		    pc_spec_add(&o.engines, f->kind, f->bytes, f->len) < 0)
			cli_die(&cli, "%s", strerror(errno));
	}
	/* What a page looks like and says is for the helpers to find. */
	engines_add_self(&cli);
}

/* PDFs one after the other are no PDF, and no JSON string either; so are PNG
 * files, which may have names. */
static void
check_files(char *const *argv)
{
	const char *form = format_names[o.form.format];
	const int many = cli_many(&cli) || recursive || argv[1];

	if (o.vision_below &&
	    (o.form.format == FORMAT_PDF || format_makes_files(o.form.format)))
		cli_usage(&cli, "--vision-below does not go with -f %s, %s",
		    form,
		    o.form.format == FORMAT_PDF
			? "as a model does not say where words are"
			: "which reads nothing");
	if (o.output && !format_makes_files(o.form.format))
		cli_usage(&cli, "-o goes with -f png and -f images");
	if (!o.output && o.form.format == FORMAT_IMAGES)
		cli_usage(&cli, "-f images needs -o, which names the files");
	if (o.output)
		output_file_check_pattern(&cli, o.output,
		    o.form.format == FORMAT_IMAGES,
		    recursive || !argv[0] || argv[1]);
	if (o.output ||
	    (o.form.format != FORMAT_PDF && o.form.format != FORMAT_PNG))
		return;
	if (cli.jsonl)
		cli_usage(&cli, "-f %s does not go with --jsonl%s", form,
		    o.form.format == FORMAT_PNG ? " unless -o names the files"
						: "");
	if (many)
		cli_usage(&cli, "-f %s takes one document%s", form,
		    o.form.format == FORMAT_PNG ? " unless -o names the files"
						: "");
}

static char *
helper(const char *name)
{
	char *path = pc_helper_path(name);

	if (!path)
		cli_die(&cli, "%s", strerror(errno));
	return path;
}

int
main(int argc, char **argv)
{
	char dpi[16], psm[16], timeout[24], megapixels[24];
	char *doc, *tesseract;
	const char *require;
	struct cli_names names;
	int c, status;

	cli_init(&cli, PC_PROGRAM_OCR, usage);
	pc_spec_stage(&cli.spec, "ocr");
	while ((c = getopt_long(argc, argv, "f:o:l:rj:s:p:t:0qvhV", options,
		    NULL)) != -1)
		take_option(c);
	argv += optind;
	if (!*argv && !cli_many(&cli))
		cli_usage(&cli, "no document");
	check_files(argv);
	cli_open(&cli);
	settle();
	o.password = password_find(&cli, password_file);
	doc = helper("pc-doc");
	tesseract = helper("pc-tesseract");
	add_engines(doc, tesseract);

	snprintf(dpi, sizeof dpi, "%u", o.dpi);
	snprintf(psm, sizeof psm, "%u", o.psm);
	snprintf(megapixels, sizeof megapixels, "%lld",
	    (long long)pc_config_int(cli.config, "ocr.max_megapixels"));
	snprintf(timeout, sizeof timeout, "%lld",
	    (long long)(o.page_timeout == PC_NEVER ? 0
						   : o.page_timeout / 1000000));
	require = o.require_sandbox ? "--require-sandbox" : NULL;
	struct team readers = {.argv = (char *const[]){doc, (char *)"serve",
				   (char *)"--ocr", (char *)(uintptr_t)o.ocr,
				   (char *)"--dpi", dpi,
				   (char *)"--max-megapixels", megapixels,
				   (char *)"--page-timeout", timeout,
				   (char *)(uintptr_t)require, NULL},
	    .password = o.password};
	struct team recognisers = {
	    .argv = (char *const[]){tesseract, (char *)"serve", (char *)"-l",
		(char *)(uintptr_t)o.lang, (char *)"--psm", psm,
		(char *)"--page-timeout", timeout,
		(char *)(uintptr_t)(o.clean ? "--clean" : require),
		(char *)(uintptr_t)(o.clean ? require : NULL), NULL}};

	cli_names_open(&cli, &names, argv);
	names.recursive = recursive;
	status = ocr_batch_run(&cli, &o, &names, &readers, &recognisers);
	cli_names_close(&names);
	cli_exit(&cli, status);
}
