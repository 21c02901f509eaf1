/* pc-memstat.c - memory: now, of a command, by stage, over time; and having
 * some of it back from an inference server. */
#include "cli/cli.h"
#include "cli/option.h"
#include "cli/screen.h"
#include "memory/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-memstat [--json | --prometheus] [--watch]\n"
    "       pc-memstat run -s STAGE [-v | --json] -- COMMAND [ARG...]\n"
    "       pc-memstat compare [-n N] [--json] -- COMMAND... -- COMMAND...\n"
    "       pc-memstat admit -s STAGE [--pages N] [-j N] [-v] [--json]\n"
    "       pc-memstat --by stage|component | --history TIME | --report\n"
    "       pc-memstat --warn [PERCENT] [--critical PERCENT]\n"
    "       pc-memstat --wait SIZE [--timeout TIME]\n"
    "       pc-memstat --release STAGE | --unload MODEL | --preload MODEL\n"
    "Print the memory of the machine, the cgroup, GPUs and loaded models.  run\n"
    "measures a command, compare measures two in turn, admit prints how many\n"
    "workers of a stage fit into memory.\n";

enum {
	RUNS_MAX = 1000,
	EVERY = 2, /* seconds, of --watch where there is no screen */
	URLS = 8,
};

enum mode {
	MODE_NOW,
	MODE_RUN,
	MODE_COMPARE,
	MODE_ADMIT,
	MODE_HISTORY,
	MODE_REPORT,
	MODE_LIMITS,
	MODE_WAIT,
	MODE_RELEASE,
	MODE_UNLOAD,
	MODE_PRELOAD,
};

static struct cli cli;
static int mode; /* enum mode */
static struct history history;
static int form; /* enum form */
static int watching, report;
static int64_t runs, pages, warn, critical, size, span = -1, timeout = -1;
static const char *word; /* of --release, --unload, --preload */
static char *urls[URLS];
static size_t url_count;

/* ---- options ---- */

static void
add_url(const char *url)
{
	if (url_count == URLS)
		cli_usage(&cli, "more than %d URLs", URLS);
	urls[url_count++] = (char *)(uintptr_t)url;
}

static const struct cli_option options[] = {
    OPT_OPERANDS(OPTION_COMMAND, WORDS("run", "compare", "admit")),
    OPT_STAGE("the stage to measure, admit or report"),
    OPT_MODE("json", &form, FORM_JSON, "print JSON"),
    OPT_FLAG(0, "watch", &watching, "print again every 2 s; q ends it"),
    {.name = "by",
	.arg = "WHAT",
	.help = "print recorded use, grouped",
	.value = OPTION_WORD,
	.words = WORDS("stage", "component"),
	.to.flag = &history.by_component,
	.mode = &mode,
	.is = MODE_HISTORY},
    {.name = "wait",
	.arg = "SIZE",
	.help = "wait until this much memory is available",
	.value = OPTION_SIZE,
	.words = WORDS("500M", "1G", "4G"),
	.to.number = &size,
	.mode = &mode,
	.is = MODE_WAIT},
    OPT_MODE_TEXT("release", "STAGE", OPTION_TEXT,
	WORDS("layout", "ocr", "vision", "validation", "completion"), &word,
	&mode, MODE_RELEASE, "unload the models not needed after this stage"),
    OPT_HELP,

    OPT_SECTION("Commands run, compare and admit"),
    OPT_NUMBER('n', "runs", 1, RUNS_MAX, WORDS("3", "5", "10"), &runs,
	"run each command N times (default: 5)"),
    OPT_NUMBER(0, "pages", 1, 100000000, WORDS("10", "100", "1000"), &pages,
	"there are N pages to process"),
    OPT_JOBS(cli, "at most N workers (default: one per processor)"),

    OPT_SECTION("Recorded use"),
    {.name = "history",
	.arg = "TIME",
	.help = "print what was recorded in this last period",
	.value = OPTION_TIME,
	.words = WORDS("24h", "7d", "30d"),
	.to.number = &span,
	.mode = &mode,
	.is = MODE_HISTORY},
    OPT_FLAG(0, "report", &report, "print averages as JSON"),

    OPT_SECTION("Limits"),
    {.name = "warn",
	.arg = "[PERCENT]",
	.help =
	    "exit with 1 if this much memory is used (default: memory.warn)",
	.value = OPTION_NUMBER,
	.words = WORDS("70", "80", "90"),
	.min = 1,
	.max = 100,
	.to.number = &warn,
	.mode = &mode,
	.is = MODE_LIMITS},
    {.name = "critical",
	.arg = "PERCENT",
	.help = "report this much as critical (default: memory.critical)",
	.value = OPTION_NUMBER,
	.words = WORDS("90", "95", "98"),
	.min = 1,
	.max = 100,
	.to.number = &critical,
	.mode = &mode,
	.is = MODE_LIMITS},
    OPT_TIME(0, "timeout", 0, WORDS("10s", "60s", "10m", "1h"), &timeout,
	"how long --wait, --release and --unload may take"),

    OPT_SECTION("Models"),
    OPT_MODE_TEXT("unload", "MODEL", OPTION_MODEL, NULL, &word, &mode,
	MODE_UNLOAD, "unload this model"),
    OPT_MODE_TEXT("preload", "MODEL", OPTION_MODEL, NULL, &word, &mode,
	MODE_PRELOAD, "load this model"),
    OPT_CALL(0, "url", "URL", OPTION_TEXT, NULL, add_url,
	"ask this model server"),

    OPT_SECTION("Output"),
    OPT_MODE("prometheus", &form, FORM_PROMETHEUS,
	"print metrics for Prometheus (node_exporter's textfile collector)"),
    OPT_STORE(cli),
    OPT_QUIET(cli),
    OPT_VERBOSE(cli, "print the command's memory over time"),
    OPT_VERSION('V'),
    OPT_END,
};

/* The first word may be a command of ours.  1: it is. */
static int
take_mode(const char *name)
{
	if (name && strcmp(name, "run") == 0)
		mode = MODE_RUN;
	else if (name && strcmp(name, "compare") == 0)
		mode = MODE_COMPARE;
	else if (name && strcmp(name, "admit") == 0)
		mode = MODE_ADMIT;
	/* As env(1) and pc-run have it. */
	if (mode == MODE_RUN)
		cli.fail = PC_EXIT_RUN;
	return mode != MODE_NOW;
}

static int
asks_servers(void)
{
	return mode == MODE_RELEASE || mode == MODE_UNLOAD ||
	    mode == MODE_PRELOAD;
}

/* A report may be limited to a period. */
static void
take_report(void)
{
	if (mode != MODE_NOW && mode != MODE_HISTORY)
		cli_usage(&cli, "--report cannot be combined with %s%s",
		    option_mode_name(options, &mode) ? "--" : "",
		    option_mode_name(options, &mode)
			? option_mode_name(options, &mode)
			: "this command");
	mode = MODE_REPORT;
}

static void
check_options(char *const *rest)
{
	if ((mode == MODE_RUN || mode == MODE_ADMIT) && !cli.spec.stage[0])
		cli_usage(&cli, "no stage given: use -s STAGE");
	if (mode == MODE_RUN && !*rest)
		cli_usage(&cli, "no command given");
	if (mode != MODE_RUN && mode != MODE_COMPARE && *rest)
		cli_usage(&cli, "unexpected argument '%s'", *rest);
	if (mode != MODE_NOW && (watching || form == FORM_PROMETHEUS))
		cli_usage(&cli,
		    "--watch and --prometheus print current memory only");
	if (watching && form == FORM_PROMETHEUS)
		cli_usage(&cli, "--watch cannot be combined with --prometheus");
	if (form == FORM_JSON && (mode == MODE_LIMITS || mode == MODE_WAIT))
		cli_usage(&cli,
		    "--json cannot be combined with --warn or --wait");
	if (runs && mode != MODE_COMPARE)
		cli_usage(&cli, "-n requires compare");
	if (mode != MODE_ADMIT && (pages || cli.jobs))
		cli_usage(&cli, "-j and --pages require admit");
	if (url_count && mode != MODE_NOW && !asks_servers())
		cli_usage(&cli, "--url requires an action that asks servers");
	if (timeout >= 0 && mode != MODE_WAIT && mode != MODE_RELEASE &&
	    mode != MODE_UNLOAD)
		cli_usage(&cli,
		    "--timeout requires --wait, --release or --unload");
}

/* ---- what is done ---- */

static void
add_now(void *ctx, struct pc_buf *b)
{
	now_add(&cli, ctx, form, b);
}

static int
show_now(void)
{
	/* us, for a server and the start of the helper that asks it */
	enum { PATIENCE = 5000000 };
	struct servers *s = servers_open(&cli, urls, url_count, PATIENCE);

	if (watching && form == FORM_TEXT && isatty(1)) {
		screen_run(&cli, "pc-memstat", add_now, s);
	} else {
		do {
			struct pc_buf b = {0};

			add_now(s, &b);
			memstat_print(&cli, &b);
		} while (watching && fflush(stdout) == 0 && sleep(EVERY) == 0);
	}
	servers_close(s);
	return PC_EXIT_OK;
}

static int
compare(char **rest)
{
	char **second = rest;

	while (*second && strcmp(*second, "--") != 0)
		second++;
	if (second == rest || !*second || !second[1])
		cli_usage(&cli, "two commands are compared: -- A -- B");
	*second = NULL;
	return compare_commands(&cli, rest, second + 1,
	    runs ? (unsigned)runs : 5, form == FORM_JSON);
}

static int
ask_servers(void)
{
	enum { PATIENCE = 5000000, GOING = 10000000 }; /* us */
	struct servers *s = servers_open(&cli, urls, url_count, PATIENCE);
	const int64_t wait = timeout >= 0 ? timeout : GOING;
	const int json = form == FORM_JSON;
	int status;

	if (mode == MODE_RELEASE)
		status = release_stage(&cli, s, word, wait, json);
	else if (mode == MODE_UNLOAD)
		status = release_model(&cli, s, word, wait, json);
	else
		status = release_preload(&cli, s, word, json);
	servers_close(s);
	return status;
}

/* What was recorded is read whether the cache is on or not. */
static void
open_record(int reports)
{
	cli_load_config(&cli);
	cli.reports = reports;
	cli.read_only = 1;
	cli_open_store(&cli);
	history.stage = cli.spec.stage[0] ? cli.spec.stage : NULL;
	history.json = form == FORM_JSON;
}

static unsigned
most_workers(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return cli.jobs ? (unsigned)cli.jobs : n > 0 ? (unsigned)n : 1;
}

static int
check_limits(void)
{
	cli_load_config(&cli);
	if (!warn)
		warn = pc_config_int(cli.config, "memory.warn");
	if (!critical)
		critical = pc_config_int(cli.config, "memory.critical");
	return limits_check(&cli, warn, critical);
}

static int
carry_out(char **rest)
{
	switch (mode) {
	case MODE_RUN:
		cli_open(&cli);
		return run_command(&cli, rest, form == FORM_JSON);
	case MODE_COMPARE:
		return compare(rest);
	case MODE_ADMIT:
		open_record(0);
		return admit(&cli, cli.spec.stage, most_workers(), pages,
		    form == FORM_JSON);
	case MODE_HISTORY:
		open_record(1);
		history_print(&cli, &history);
		return PC_EXIT_OK;
	case MODE_REPORT:
		open_record(1);
		history_report(&cli, &history);
		return PC_EXIT_OK;
	case MODE_LIMITS:
		return check_limits();
	case MODE_WAIT:
		return wait_for(&cli, (uint64_t)size,
		    timeout >= 0 ? timeout : 60 * INT64_C(1000000));
	default:
		break;
	}
	cli_load_config(&cli);
	return mode == MODE_NOW ? show_now() : ask_servers();
}

int
main(int argc, char **argv)
{
	cli_init(&cli, PC_PROGRAM_MEMSTAT, usage);
	if (take_mode(argv[1])) {
		argv[1] = argv[0];
		argv++;
		argc--;
	}
	argv = cli_options(&cli, options, argc, argv);
	if (report)
		take_report();
	if (span >= 0 && span != PC_NEVER)
		history.since = pc_now() - span;
	check_options(argv);
	cli_exit(&cli, carry_out(argv));
}
