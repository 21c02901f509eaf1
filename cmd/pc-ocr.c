/* pc-ocr.c - the text and layout of documents, remembered. */
#include "cli/cli.h"
#include "cli/option.h"
#include "ocr/batch.h"
#include "ocr/inputs.h"
#include "ocr/output_file.h"
#include "ocr/pdf_file.h"
#include "ocr/reason.h"
#include "reader/engines.h"
#include "reader/page_ranges.h"
#include "reader/password.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-ocr [option]... FILE...\n"
    "Print the text of PDFs, images and text files: from a page's text layer if it\n"
    "is good, else by OCR.  '-' is standard input.  Results are cached by content,\n"
    "for each document and each page.\n";

enum { JOBS_MAX = 1024, OF_RECOGNISER = 8 /* words before its flags */ };

static struct cli cli;
static struct ocr_options o;
static const char *pages, *password_file;
static const char *const when[] = {"auto", "always", "never", "vision", NULL};
static const char *const orders[] = {"reading", "raw", NULL};
static int recursive, format, ocr, order, explain;
static int64_t dpi, psm, vision_below;

static void
add_setting(const char *text)
{
	settings_add(&cli, &o.settings, text);
}

static const struct cli_option options[] = {
    OPT_OPERANDS(OPTION_FILE, NULL),
    OPT_WORD('f', "format", "FORMAT", format_names, &format,
	"the format of the output"),
    OPT_TEXT('o', "output", "PATTERN", OPTION_FILE, NULL, &o.output,
	"write the files of -f pdf, png or images: {} is the document's name, "
	"%d the page, %i the image"),
    OPT_TEXT('l', "lang", "LANGS", OPTION_LANGUAGE, NULL, &o.lang,
	"languages for OCR, such as eng+deu, or auto: the one of those "
	"installed that a page is in"),
    OPT_WORD(0, "ocr", "WHEN", when, &ocr,
	"when to run OCR; auto: if there is no good text layer; vision: then "
	"by a vision model"),
    OPT_TEXT(0, "pages", "RANGES", OPTION_TEXT, NULL, &pages,
	"process only these pages, such as 1-3,7,9-"),
    OPT_FLAG('r', "recursive", &recursive, "process all files in directories"),
    OPT_FILES_FROM(cli, "process the files named in FILE, one per line"),
    OPT_JSONL(cli, "print one JSON object per document"),
    OPT_TTL(cli, "how long results stay valid"),
    OPT_REFRESH(cli, "compute and replace the cached results"),
    OPT_STORE(cli),
    OPT_HELP,

    OPT_SECTION("Pages and text"),
    OPT_NUMBER(0, "dpi", 36, 2400, WORDS("150", "200", "300", "400", "600"),
	&dpi, "render pages for OCR at N dots per inch"),
    OPT_NUMBER(0, "psm", 1, 13,
	WORDS("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12",
	    "13"),
	&psm, "tesseract's page segmentation mode, 1 to 13 (default: 3)"),
    OPT_TEXT(0, "engine-cmd", "COMMAND", OPTION_TEXT, NULL, &o.engine.text,
	"recognise pages with a command: it reads a PNG and prints TSV or "
	"hOCR"),
    OPT_CALL(0, "tesseract", "NAME=VALUE", OPTION_TEXT, NULL, add_setting,
	"change a setting of tesseract"),
    OPT_TEXT(0, "user-words", "FILE", OPTION_FILE, NULL, &o.settings.words_file,
	"words that tesseract should know, one per line"),
    OPT_FLAG(0, "clean", &o.clean,
	"remove specks and uneven light from pages before OCR"),
    OPT_FLAG(0, "split-spreads", &o.split_spreads,
	"read scans of two facing pages one page after the other"),
    OPT_FLAG(0, "upright", &o.upright,
	"turn pages of -f pdf upright that lie on a side"),
    OPT_NUMBER(0, "vision-below", 1, 100, NULL, &vision_below,
	"read pages with an OCR confidence below N % with a vision model, "
	"through pc-infer"),
    OPT_WORD(0, "order", "ORDER", orders, &order,
	"the order of a text layer; raw: as poppler prints it"),
    OPT_FLAG(0, "layout", &o.form.grid,
	"print columns as they stand on the page"),
    OPT_FLAG(0, "dehyphenate", &o.form.dehyphenate,
	"join words that are hyphenated at line ends, as -f md always does"),
    OPT_TEXT(0, "password-file", "FILE", OPTION_FILE, NULL, &password_file,
	"the first line of FILE is the password of locked PDFs"),

    OPT_FLAG(0, "attachments", &o.attachments,
	"after a PDF, read the files that are attached to it"),

    OPT_SECTION("Many documents"),
    OPT_JOBS(cli, "process N pages in parallel (default: one per processor)"),
    OPT_NULL(cli,
	"names in the list end with NUL; without --files-from, read the list "
	"from standard input"),
    OPT_FLAG(0, "strict", &o.strict,
	"a page that fails makes the document fail"),
    OPT_FLAG(0, "skip-unsupported", &o.skip_unsupported,
	"skip files of types that cannot be read"),
    OPT_PROGRESS(cli),

    OPT_SECTION("Cache"),
    OPT_STAGE("name this step (default: ocr; layout with -f layout)"),
    OPT_PARAM("keep a separate result for this parameter"),
    OPT_NEGATIVE(&cli.negative,
	"cache empty texts too, and how long they stay valid"),
    OPT_NO_CACHE(cli, "compute without the cache"),
    OPT_READ_ONLY(cli, "use cached results, but store none"),
    OPT_FLAG(0, "explain", &explain,
	"print for each document whether it is cached and why it misses"),
    OPT_FLAG(0, "offline", &cli.offline,
	"print only cached results; a document that is not cached fails"),

    OPT_SECTION("Safety and messages"),
    OPT_FLAG(0, "require-sandbox", &o.require_sandbox,
	"fail if a part of the sandbox is not available"),
    OPT_FLAG('q', "quiet", &cli.quiet,
	"print no warnings, and one line per failed document"),
    OPT_VERBOSE(cli, "print hit or miss, the key and the time"),
    OPT_VERSION('V'),
    OPT_END,
};

/* What options give, in terms of the work. */
static void
take_options(void)
{
	o.form.format = (enum format)format;
	if (strcmp(when[ocr], "vision") == 0) {
		if (vision_below)
			cli_usage(&cli,
			    "--ocr vision cannot be combined with "
			    "--vision-below");
		o.vision_below = VISION_ALL;
	} else {
		o.ocr = ocr ? when[ocr] : NULL;
		o.vision_below = (int32_t)vision_below * 100;
	}
	o.raw_order = order == 1;
	o.dpi = (unsigned)dpi;
	o.psm = (unsigned)psm;
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
	struct text_params p = text_params_default(cli.config);

	if (!o.lang)
		o.lang = p.lang;
	if (!o.ocr)
		o.ocr = p.when;
	/* Pictures of pages are all of one scale. */
	o.own_dpi = !o.dpi && !format_makes_files(o.form.format);
	if (!o.dpi)
		o.dpi = p.dpi;
	if (!o.psm)
		o.psm = p.psm;
	p = (struct text_params){.lang = o.lang,
	    .when = o.ocr,
	    .dpi = o.dpi,
	    .psm = o.psm,
	    .own_dpi = o.own_dpi};
	converters_read(&cli, &o.converters);
	o.page_timeout = pc_config_span(cli.config, "ocr.page_timeout");
	if (pc_config_bool(cli.config, "ocr.require_sandbox"))
		o.require_sandbox = 1;
	o.jobs = cli.jobs ? (unsigned)cli.jobs
			  : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	if (o.jobs < 1 || o.jobs > JOBS_MAX)
		o.jobs = o.jobs < 1 ? 1 : JOBS_MAX;
	/* Nothing is read in a picture, and images are as they are. */
	if ((!format_makes_files(o.form.format) &&
		text_params_add(&cli.spec, &p) < 0) ||
	    (o.form.format == FORMAT_PNG &&
		param_dpi(&cli.spec, o.own_dpi, o.dpi) < 0))
		cli_die(&cli, "%s", strerror(errno));
	/* As it always was for plain text of all pages. */
	if (o.form.format != FORMAT_TEXT)
		param("format", format_names[o.form.format]);
	if (o.clean)
		param("clean", "yes");
	if (o.upright)
		param("upright", "yes");
	if (o.split_spreads)
		param("split_spreads", "yes");
	if (settings_add_params(&o.settings, &cli.spec) < 0)
		cli_die(&cli, "%s", strerror(errno));
	if (o.vision_below == VISION_ALL)
		param("vision", "all");
	else if (o.vision_below)
		number_param("vision_below", (unsigned)o.vision_below / 100);
	if (o.form.grid)
		param("layout", "yes");
	if (o.raw_order)
		param("order", orders[order]);
	/* Markdown has no other way. */
	if (o.form.dehyphenate && o.form.format != FORMAT_MD)
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
	if (!format_makes_files(o.form.format) && o.engine.text)
		engine_cmd_add_key(&cli, &o.engine);
	else if (!format_makes_files(o.form.format))
		engines_add(&cli, of_tesseract);
	for (size_t i = 0; i < cli.spec.count; i++) {
		const struct pc_spec_field *f = &cli.spec.fields[i];

		if (f->kind == PC_FIELD_ENGINE &&
		    pc_spec_add(&o.engines, f->kind, f->bytes, f->len) < 0)
			cli_die(&cli, "%s", strerror(errno));
	}
	/* What a page looks like and says is for the helpers to find. */
	if (engines_add_program(&cli, &cli.spec, "/proc/self/exe") < 0)
		cli_die(&cli, "cannot read '/proc/self/exe': %s",
		    strerror(errno));
}

/* No output may replace a file that is read later. */
static void
note_input(void *ctx, const char *path)
{
	(void)ctx;
	inputs_note(&cli, path);
	if (recursive && pdf_file_wanted(&o))
		pdf_file_check_directory(&cli, &o, path);
}

static void
check_output(char *const *argv)
{
	const enum format f = o.form.format;

	if (o.output && !format_makes_files(f) && f != FORMAT_PDF)
		cli_usage(&cli, "-o requires -f pdf, -f png or -f images");
	if (!o.output && f == FORMAT_IMAGES)
		cli_usage(&cli, "-f images requires -o");
	if (o.output)
		output_file_check_pattern(&cli, o.output,
		    f == FORMAT_PDF       ? OUTPUT_DOCUMENT
			: f == FORMAT_PNG ? OUTPUT_PAGE
					  : OUTPUT_IMAGE,
		    recursive || !argv[0] || argv[1]);
}

static void
check_engine(void)
{
	if (o.settings.words_file && o.lang && strcmp(o.lang, "auto") == 0)
		cli_usage(&cli, "-l auto cannot be combined with --user-words");
	if (!o.engine.text)
		return;
	if (psm || o.clean || o.split_spreads || o.settings.count ||
	    o.settings.words_file)
		cli_usage(&cli,
		    "--engine-cmd cannot be combined with --psm, --clean, "
		    "--split-spreads, --tesseract or --user-words");
	engine_cmd_split(&cli, &o.engine);
}

/* Several PDFs in a row are neither a PDF nor a JSON string; the same holds for
 * PNG files.  Both may have names. */
static void
check_files(char *const *argv)
{
	const char *form = format_names[o.form.format];
	const int many = cli_many(&cli) || recursive || argv[1];

	if (o.vision_below &&
	    (o.form.format == FORMAT_PDF || format_makes_files(o.form.format)))
		cli_usage(&cli, "%s cannot be combined with -f %s, %s",
		    o.vision_below == VISION_ALL ? "--ocr vision"
						 : "--vision-below",
		    form,
		    o.form.format == FORMAT_PDF
			? "because a model does not report word positions"
			: "which reads no text");
	if (o.attachments &&
	    (o.form.format == FORMAT_PDF || format_makes_files(o.form.format)))
		cli_usage(&cli, "--attachments cannot be combined with -f %s",
		    form);
	if (o.attachments && explain)
		cli_usage(&cli,
		    "--attachments cannot be combined with --explain");
	if (o.upright && o.form.format != FORMAT_PDF)
		cli_usage(&cli, "--upright requires -f pdf");
	if (o.raw_order && o.form.format != FORMAT_TEXT)
		cli_usage(&cli, "--order raw requires -f text");
	if (o.form.grid && o.form.format != FORMAT_TEXT)
		cli_usage(&cli, "--layout requires -f text");
	if (o.form.grid && (o.raw_order || o.form.dehyphenate))
		cli_usage(&cli, "--layout cannot be combined with %s",
		    o.raw_order ? "--order raw" : "--dehyphenate");
	check_output(argv);
	if (cli.offline && (cli.refresh || cli.no_cache))
		cli_usage(&cli,
		    "--offline cannot be combined with --refresh or --no-cache");
	if (o.output ||
	    (o.form.format != FORMAT_PDF && o.form.format != FORMAT_PNG))
		return;
	if (cli.jsonl)
		cli_usage(&cli,
		    "-f %s cannot be combined with --jsonl unless -o names the "
		    "files",
		    form);
	if (many)
		cli_usage(&cli,
		    "-f %s takes one document unless -o names the files", form);
	if (!explain && isatty(1))
		cli_usage(&cli,
		    "-f %s writes a binary file, and standard output is a "
		    "terminal; redirect it, for example with '>out.%s'",
		    form, form);
}

static char *
helper(const char *name)
{
	char *path = pc_helper_path(name);

	if (!path)
		cli_die(&cli, "%s", strerror(errno));
	return path;
}

/* Append what pc-tesseract is to do: three flags at most, and settings. */
static void
add_flags(char **at)
{
	at = settings_add_options(&o.settings, at);
	if (o.clean)
		*at++ = (char *)"--clean";
	if (o.split_spreads)
		*at++ = (char *)"--split-spreads";
	if (o.require_sandbox)
		*at = (char *)"--require-sandbox";
}

int
main(int argc, char **argv)
{
	char dpi_text[16], psm_text[16], timeout[24], megapixels[24];
	char *doc, *tesseract;
	const char *require;
	struct cli_names names;
	int status;

	cli_init(&cli, PC_PROGRAM_OCR, usage);
	argv = cli_options(&cli, options, argc, argv);
	take_options();
	if (!cli.spec.stage[0])
		pc_spec_stage(&cli.spec,
		    o.form.format == FORMAT_LAYOUT ? "layout" : "ocr");
	if (!*argv && !cli_many(&cli))
		cli_usage(&cli, "no document given%s",
		    isatty(0) ? ""
			      : "; '-' is standard input, as in 'pc-ocr - "
				"<scan.pdf'");
	check_files(argv);
	check_engine();
	cli.reports = explain;
	cli_open(&cli);
	settings_read_words(&cli, &o.settings);
	settle();
	o.engine.lang = o.lang;
	o.engine.page_timeout = o.page_timeout;
	o.password = password_find(&cli, password_file);
	doc = helper("pc-doc");
	tesseract = helper("pc-tesseract");
	add_engines(doc, tesseract);

	snprintf(dpi_text, sizeof dpi_text, "%u", o.dpi);
	snprintf(psm_text, sizeof psm_text, "%u", o.psm);
	snprintf(megapixels, sizeof megapixels, "%lld",
	    (long long)pc_config_int(cli.config, "ocr.max_megapixels"));
	snprintf(timeout, sizeof timeout, "%lld",
	    (long long)(o.page_timeout == PC_NEVER ? 0
						   : o.page_timeout / 1000000));
	require = o.require_sandbox ? "--require-sandbox" : NULL;
	struct team readers = {.argv = (char *const[]){doc, (char *)"serve",
				   (char *)"--ocr", (char *)(uintptr_t)o.ocr,
				   (char *)"--dpi", dpi_text,
				   (char *)"--max-megapixels", megapixels,
				   (char *)"--page-timeout", timeout,
				   (char *)(uintptr_t)require, NULL},
	    .password = o.password};
	char *of_recogniser[] = {tesseract, (char *)"serve", (char *)"-l",
	    (char *)(uintptr_t)o.lang, (char *)"--psm", psm_text,
	    (char *)"--page-timeout", timeout,
	    [OF_RECOGNISER + 2 * SETTINGS_MAX + 2 + 3] = NULL};
	add_flags(of_recogniser + OF_RECOGNISER);
	struct team recognisers = {.argv = of_recogniser,
	    .serve = o.engine.text ? engine_cmd_serve : NULL,
	    .ctx = &o.engine};

	cli_names_open(&cli, &names, argv);
	names.recursive = recursive;
	if (o.output) {
		for (char **name = argv; *name; name++)
			note_input(NULL, *name);
		cli_names_look_ahead(&cli, &names, note_input, NULL);
		names.walk.skips = output_file_named_by;
		names.walk.ctx = o.output;
	}
	cli.unit = "pages";
	status = explain
	    ? reason_explain(&cli, &o, &names)
	    : ocr_batch_run(&cli, &o, &names, &readers, &recognisers);
	cli_names_close(&names);
	cli_exit(&cli, status);
}
