/* pc-ocr.c - the text of documents, by pc-doc, remembered. */
#include "cli.h"
#include "engines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-ocr [option]... FILE...\n"
    "Print the text of PDFs, images and text files: a page's text layer where it\n"
    "has a good one, else by OCR; a form feed between pages.  '-' is standard\n"
    "input.  What was made once is remembered by the document's content.\n"
    "\n"
    "  -l, --lang LANGS      languages, as eng+deu\n"
    "      --ocr WHEN        auto (no good text layer), always or never\n"
    "      --dpi N           dots an inch for pages to be recognised\n"
    "      --psm N           page segmentation mode of tesseract, 0 to 13\n"
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
	STDERR_MAX = 64 * 1024,        /* of a helper's that is passed on */
	TEXT_MAX = 256 * 1024 * 1024,  /* of a document in a JSON line */
	GRACE = 30 * 1000000,          /* us past a page's own time-out */
};

static const struct option options[] = {
    CLI_COMMON, CLI_KEYED, CLI_TTL, CLI_REFRESHING, CLI_MANY,
    {"lang", required_argument, NULL, 'l'},
    {"ocr", required_argument, NULL, OPT_OCR},
    {"dpi", required_argument, NULL, OPT_DPI},
    {"psm", required_argument, NULL, OPT_PSM},
    {"negative", required_argument, NULL, OPT_NEGATIVE},
    {0},
};

static struct cli cli;
static char *helper;
static const char *lang, *ocr = "auto";
static char dpi[16], psm[16], timeout[24], megapixels[16];
static int64_t negative = -1, page_timeout;

/* ---- one document ---- */

struct doc {
	const char *name;
	int in;                 /* what was a pipe, kept; or -1 */
	struct pc_id id, key;
	struct pc_docstream answer;
	struct pc_spool *value; /* NULL: it will not be stored */
	struct pc_buf text;     /* with --jsonl */
	struct pc_buf pages;    /* JSON: what is said of each page */
	size_t said;            /* bytes of the helper's stderr passed on */
	int output_failed;      /* errno */
};

static void
print(struct doc *d, const void *p, size_t n)
{
	if (pc_write_full(1, p, n) < 0)
		cli_die(&cli, "cannot write standard output: %s",
		    strerror(errno));
	(void)d;
}

/* The value takes what stdout takes. */
static int
take_text(void *ctx, const void *p, size_t n)
{
	struct doc *d = ctx;

	if (cli.jsonl) {
		if (d->text.len + n > TEXT_MAX) {
			errno = EFBIG;
			return -1;
		}
		if (pc_buf_add(&d->text, p, n) < 0)
			return -1;
	} else {
		print(d, p, n);
	}
	if (d->value && pc_spool_write(d->value, p, n) < 0) {
		cli_store_failed(&cli, "keep the text");
		pc_spool_free(d->value);
		d->value = NULL;
	}
	return 0;
}

static int
take_page(void *ctx, const struct pc_page *page)
{
	struct doc *d = ctx;
	int r;

	if (page->page > 1 && take_text(d, "\f", 1) < 0)
		return -1;
	r = pc_buf_addf(&d->pages, "%s{\"page\":%u", page->page > 1 ? "," : "",
	    page->page);
	if (page->error) {
		cli_warn(&cli, "'%s', page %u: %s", d->name, page->page,
		    page->error);
		r |= pc_buf_addf(&d->pages, ",\"error\":") |
		    pc_json_string(
		        &d->pages, page->error, strlen(page->error));
	} else {
		r |= pc_buf_addf(&d->pages, ",\"source\":\"%s\"",
		    page->source);
		if (page->confidence >= 0)
			r |= pc_buf_addf(&d->pages, ",\"confidence\":%.1f",
			    page->confidence);
	}
	cli_progress(&cli, page->page, page->pages);
	return r | pc_buf_addf(&d->pages, "}");
}

static int
take_answer(void *ctx, const void *p, size_t n)
{
	return pc_docstream_feed(&((struct doc *)ctx)->answer, p, n);
}

static int
take_stderr(void *ctx, const void *p, size_t n)
{
	struct doc *d = ctx;
	size_t room = STDERR_MAX - d->said;

	if (n > room)
		n = room;
	d->said += n;
	if (!cli.quiet)
		(void)pc_write_full(2, p, n);
	return 0;
}

/* Print what --jsonl says of it.  text is NULL when there is none. */
static void
print_json(struct doc *d, const unsigned char *text, size_t n)
{
	struct pc_buf b = {0};
	char hex[PC_ID_HEX];

	pc_buf_addf(&b, "{\"file\":");
	pc_json_string(&b, d->name, strlen(d->name));
	if (text) {
		pc_id_hex(&d->id, hex);
		pc_buf_addf(&b, ",\"id\":\"%s\",\"text\":", hex);
		pc_json_string(&b, text, n);
		pc_buf_addf(&b, ",\"pages\":[%.*s]", (int)d->pages.len,
		    d->pages.data ? (char *)d->pages.data : "");
	} else {
		pc_buf_addf(&b, ",\"error\":\"no text could be made of it\"");
	}
	if (pc_buf_addf(&b, "}\n") < 0)
		cli_die(&cli, "%s", strerror(errno));
	print(d, b.data, b.len);
	pc_buf_clear(&b);
}

static void
print_hit(struct doc *d, const struct pc_hit *hit)
{
	const struct pc_record *r = &hit->record;

	if (!cli.jsonl) {
		if (pc_hit_send(hit, 1) < 0)
			cli_die(&cli, "cannot write the text: %s",
			    errno == EBADMSG ? "it changed on the disk while "
			                       "it was read"
			                     : strerror(errno));
		return;
	}
	if (!hit->value && pc_read_all(hit->fd, &d->text, TEXT_MAX) < 0)
		cli_die(&cli, "cannot read the text: %s", strerror(errno));
	if (pc_buf_add(&d->pages, r->extra, r->extra_len) < 0)
		cli_die(&cli, "%s", strerror(errno));
	print_json(d, hit->value ? hit->value : d->text.data,
	    (size_t)r->size);
}

/* 0: found and printed. */
static int
lookup(struct doc *d, enum pc_event_kind kind, int64_t began)
{
	struct pc_hit hit = {0};
	int found = cli.store ? pc_store_get(cli.store, &d->key, 0, &hit) : 1;
	struct pc_event event = {.key = d->key};

	if (found < 0)
		cli_store_failed(&cli, "read the store");
	if (found == 0) {
		print_hit(d, &hit);
		event.bytes = hit.record.size;
		event.saved = hit.record.cost;
		event.duration = pc_ticks() - began;
		cli_event(&cli, kind, event);
		cli_say(&cli, pc_event_name(kind), &d->key, event.duration);
	}
	pc_hit_clear(&hit);
	return found == 0 ? 0 : 1;
}

static void
store(struct doc *d, const struct pc_child *child)
{
	struct pc_record r = {.key = d->key, .created = pc_now(),
	    .cost = child->wall, .peak_kib = child->peak_kib,
	    .material = cli.material.data, .material_len = cli.material.len,
	    .extra = d->pages.data, .extra_len = d->pages.len};
	int64_t ttl = cli.ttl, began = pc_ticks();
	int stored;

	if (pc_spool_size(d->value) == 0) {
		if (negative < 0)
			return;
		r.flags = PC_RECORD_NEGATIVE;
		ttl = negative;
	}
	r.expires = cli_expires(&cli, ttl, "caching.ttl_ocr");
	stored = pc_store_put(cli.store, &r, d->value) == 0;
	if (!stored)
		cli_store_failed(&cli, "store the text");
	cli_event(&cli, stored ? PC_EVENT_PUT : PC_EVENT_ERROR,
	    (struct pc_event){.key = d->key, .bytes = r.size,
	        .duration = pc_ticks() - began});
}

/* Say how the helper ended, if it did not end well.  0: it did. */
static int
judge(struct doc *d, const struct pc_child *child, int ran, int e)
{
	if (ran < 0)
		cli_warn(&cli, "'%s': %s", d->name,
		    e == EBADMSG ? "pc-doc gave an answer that is none"
		                 : strerror(e));
	else if (child->timed_out)
		cli_warn(&cli, "'%s': pc-doc said nothing for too long and "
		               "was ended", d->name);
	else if (child->stopped)
		cli_warn(&cli, "'%s': %s", d->name,
		    e == EBADMSG ? "pc-doc gave an answer that is none"
		                 : strerror(e));
	else if (WIFSIGNALED(child->status))
		cli_warn(&cli, "'%s': pc-doc was ended by signal %d", d->name,
		    WTERMSIG(child->status));
	else if (!d->answer.ended && WEXITSTATUS(child->status) == 0)
		cli_warn(&cli, "'%s': pc-doc's answer is cut", d->name);
	else if (d->answer.ended && d->answer.pages > 0)
		return 0;
	else if (WEXITSTATUS(child->status) != 2)
		cli_warn(&cli, "'%s': pc-doc exited with %d", d->name,
		    WEXITSTATUS(child->status));
	return -1;
}

/* Is the file what it was when its id was taken? */
static int
unchanged(const struct doc *d)
{
	struct pc_id now;

	if (d->in >= 0 ||
	    (pc_ident_file(cli.store, d->name, 0, &now, NULL) == 0 &&
	        memcmp(now.b, d->id.b, sizeof now.b) == 0))
		return 1;
	cli_warn(&cli, "'%s' changed while it was read; its text is not "
	               "stored", d->name);
	return 0;
}

/* Have the helper make the text.  0, 1: not of all pages, -1: of none. */
static int
compute(struct doc *d)
{
	char *const argv[] = {helper, (char *)"text", (char *)"-l",
	    (char *)(uintptr_t)lang, (char *)"--ocr", (char *)(uintptr_t)ocr,
	    (char *)"--dpi", dpi, (char *)"--psm", psm,
	    (char *)"--page-timeout", timeout, (char *)"--max-megapixels",
	    megapixels, (char *)"--",
	    d->in < 0 ? (char *)(uintptr_t)d->name : (char *)"-", NULL};
	struct pc_child child = {.argv = argv, .in = d->in,
	    .out = take_answer, .err = take_stderr, .ctx = d,
	    .idle_max = page_timeout == PC_NEVER ? 0 : page_timeout + GRACE};
	int ran, bad, whole;

	d->answer = (struct pc_docstream){
	    .page = take_page, .text = take_text, .ctx = d};
	if (cli.store && !cli.read_only)
		d->value = pc_spool_new(cli.store);
	errno = 0;
	ran = pc_child_run(&child);
	bad = judge(d, &child, ran, errno);
	whole = bad == 0 && d->answer.errors == 0;
	cli_event(&cli, whole ? PC_EVENT_COMPUTE : PC_EVENT_ERROR,
	    (struct pc_event){.key = d->key, .duration = child.wall,
	        .peak_kib = child.peak_kib,
	        .bytes = d->value ? pc_spool_size(d->value) : 0});
	if (whole && d->value && unchanged(d))
		store(d, &child);
	cli_say(&cli, whole ? "computed" : "failed", &d->key, child.wall);
	if (cli.jsonl)
		print_json(d,
		    d->answer.pages == 0 ? NULL
		        : d->text.data   ? d->text.data
		                         : (const unsigned char *)"",
		    d->text.len);
	if (whole)
		return 0;
	return d->answer.pages > d->answer.errors ? 1 : -1;
}

/* Keep what can be read only once: the helper wants to seek. */
static int
keep(struct doc *d, int fd)
{
	struct pc_spool *spool = pc_spool_new(NULL);
	int r = spool ? pc_spool_fill(spool, fd) : 1;

	if (r == 0) {
		pc_spool_id(spool, &d->id);
		d->in = pc_spool_open(spool);
	}
	if (r != 0 || d->in < 0) {
		cli_warn(&cli, "cannot %s '%s': %s", r < 0 ? "read" : "keep",
		    d->name, strerror(errno));
		r = -1;
	}
	pc_spool_free(spool);
	return r;
}

static int
identify(struct doc *d)
{
	struct stat st;
	int fd, r;

	if (strcmp(d->name, "-") == 0) {
		if (cli.stdin_used++ == 0)
			return keep(d, 0);
		cli_warn(&cli, "standard input can be read only once");
		return -1;
	}
	if (stat(d->name, &st) < 0 || !S_ISFIFO(st.st_mode))
		return cli_ident(&cli, d->name, 0, &d->id);
	fd = open(d->name, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		cli_warn(&cli, "cannot read '%s': %s", d->name,
		    strerror(errno));
		return -1;
	}
	r = keep(d, fd);
	close(fd);
	return r;
}

/* 0, 1: not of all pages, -1. */
static int
read_doc(struct doc *d)
{
	int64_t began = pc_ticks();
	int r, waited;

	if (identify(d) < 0) {
		if (cli.jsonl)
			print_json(d, NULL, 0);
		return -1;
	}
	cli_key_with(&cli, &d->id, &d->key);
	if (!cli.refresh && lookup(d, PC_EVENT_HIT, began) == 0)
		return 0;
	cli_event(&cli, PC_EVENT_MISS, (struct pc_event){.key = d->key,
	    .duration = pc_ticks() - began});
	waited = cli_flight(&cli, &d->key, -1);
	if ((!cli.refresh || waited) &&
	    lookup(d, waited ? PC_EVENT_WAIT : PC_EVENT_HIT, began) == 0)
		r = 0;
	else
		r = compute(d);
	if (cli.store && !cli.read_only)
		pc_flight_land(cli.store, &d->key);
	return r;
}

static int
ocr_one(const struct cli_name *name)
{
	struct doc d = {.name = name->text, .in = -1};
	int r;

	if (name->kind != CLI_NAME_FILE) {
		cli_warn(&cli, "a record without \"file\" has no text");
		return -1;
	}
	r = read_doc(&d);
	if (d.in >= 0)
		close(d.in);
	pc_spool_free(d.value);
	pc_docstream_clear(&d.answer);
	pc_buf_clear(&d.text);
	pc_buf_clear(&d.pages);
	return r;
}

static _Noreturn void
ocr_each(char *const *argv)
{
	uint64_t failed = 0, partly = 0;
	struct cli_names names;
	struct cli_name name;
	int more;

	cli_names_open(&cli, &names, argv);
	while ((more = cli_names_next(&cli, &names, &name)) != 1) {
		int r = more < 0 ? -1 : ocr_one(&name);

		failed += r < 0;
		partly += r > 0;
	}
	more = cli_status(failed, names.count);
	if (more == PC_EXIT_OK && partly)
		more = PC_EXIT_SOME;
	cli_names_close(&names);
	free(helper);
	cli_exit(&cli, more);
}

/* ---- options ---- */

static void
add_param(const char *name, const char *value)
{
	struct pc_buf b = {0};

	if (pc_buf_addf(&b, "%s=%s", name, value) < 0 ||
	    pc_spec_param(&cli.spec, (char *)b.data) < 0)
		cli_die(&cli, "%s", strerror(errno));
	pc_buf_clear(&b);
}

static void
take_number(const char *option, const char *arg, int64_t min, int64_t max,
    char *out, size_t n)
{
	int64_t v;

	if (pc_parse_int(arg, min, max, &v) < 0)
		cli_usage(&cli, "bad %s '%s': %lld to %lld", option, arg,
		    (long long)min, (long long)max);
	snprintf(out, n, "%lld", (long long)v);
}

/* What was not given, from the configuration; all that the text depends on
 * is a parameter. */
static void
settle_options(void)
{
	if (!lang)
		lang = pc_config_text(cli.config, "ocr.language");
	if (!dpi[0])
		snprintf(dpi, sizeof dpi, "%lld",
		    (long long)pc_config_int(cli.config, "ocr.dpi"));
	if (!psm[0])
		strcpy(psm, "3");
	snprintf(megapixels, sizeof megapixels, "%lld",
	    (long long)pc_config_int(cli.config, "ocr.max_megapixels"));
	page_timeout = pc_config_span(cli.config, "ocr.page_timeout");
	snprintf(timeout, sizeof timeout, "%lld",
	    (long long)(page_timeout == PC_NEVER ? 0
	                                         : page_timeout / 1000000));
	add_param("lang", lang);
	add_param("ocr", ocr);
	add_param("dpi", dpi);
	add_param("psm", psm);
}

int
main(int argc, char **argv)
{
	int c;

	cli_init(&cli, PC_PROGRAM_OCR, usage);
	pc_spec_stage(&cli.spec, "ocr");
	while ((c = getopt_long(argc, argv, "l:s:p:t:0qvhV", options, NULL)) !=
	    -1)
		switch (c) {
		case 'l':
			lang = optarg;
			break;
		case OPT_OCR:
			if (strcmp(optarg, "auto") != 0 &&
			    strcmp(optarg, "always") != 0 &&
			    strcmp(optarg, "never") != 0)
				cli_usage(&cli, "bad --ocr '%s': auto, always "
				                "or never", optarg);
			ocr = optarg;
			break;
		case OPT_DPI:
			take_number("dpi", optarg, 36, 2400, dpi, sizeof dpi);
			break;
		case OPT_PSM:
			take_number("psm", optarg, 0, 13, psm, sizeof psm);
			break;
		case OPT_NEGATIVE:
			negative = cli_duration(&cli, "TTL", optarg);
			break;
		default:
			cli_option(&cli, c, optarg);
		}
	argv += optind;
	if (!*argv && !cli_many(&cli))
		cli_usage(&cli, "no document");
	cli_open(&cli);
	settle_options();
	helper = pc_helper_path("pc-doc");
	if (!helper)
		cli_die(&cli, "%s", strerror(errno));
	if (cli.store)
		engines_add(&cli, helper, lang);
	ocr_each(argv);
}
