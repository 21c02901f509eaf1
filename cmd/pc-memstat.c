/* pc-memstat.c - memory: now, of a command, by stage, over time; and having
 * some of it back from an inference server. */
#include "cli/cli.h"
#include "cli/screen.h"
#include "memory/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-memstat [--json | --prometheus] [--watch]\n"
    "       pc-memstat run -s STAGE [-v | --json] -- COMMAND [ARG...]\n"
    "       pc-memstat compare [-n N] [--json] -- COMMAND... -- COMMAND...\n"
    "       pc-memstat admit -s STAGE [--pages N] [-j N] [-v] [--json]\n"
    "       pc-memstat --by stage|component | --history DURATION | --report\n"
    "       pc-memstat --warn [PERCENT] [--critical PERCENT]\n"
    "       pc-memstat --wait SIZE [--timeout DURATION]\n"
    "       pc-memstat --release STAGE | --unload MODEL | --preload MODEL\n"
    "Print what memory there is: of the machine and the cgroup, of GPUs, and what\n"
    "the models take that an inference server has loaded.  run measures a command\n"
    "and remembers it, compare measures two in turn, admit says how many workers\n"
    "of a stage fit.\n"
    "\n"
    "      --json            as JSON\n"
    "      --prometheus      for node_exporter's textfile collector\n"
    "      --watch           again every 2 seconds; q ends it\n"
    "  -s, --stage STAGE     what this step is called\n"
    "  -n, --runs N          of each command: 5\n"
    "  -j, --jobs N          workers at most; the processors unless given\n"
    "      --pages N         that there are to do\n"
    "      --by WHAT         what was recorded, by stage or component\n"
    "      --history DURATION  only what happened since: 90s, 15m, 24h, 7d\n"
    "      --report          means over all of it, as JSON\n"
    "      --warn [PERCENT]  exit 1 when so much is used; memory.warn\n"
    "      --critical PERCENT  say that it is critical; memory.critical\n"
    "      --wait SIZE       until so much is available: 500M, 2G\n"
    "      --timeout DURATION  for so long: 60s, for models 10s\n"
    "      --release STAGE   unload what is not needed after the stage\n"
    "      --unload MODEL    unload it\n"
    "      --preload MODEL   load it\n"
    "      --url URL         the server\n"
    "      --store DIR       the store\n"
    "  -q, --quiet           no warnings\n"
    "  -v, --verbose         say what the command held, over time\n"
    "  -h, --help            this text\n"
    "  -V, --version         the version\n";

enum {
	OPT_JSON = CLI_OWN,
	OPT_PROMETHEUS,
	OPT_WATCH,
	OPT_PAGES,
	OPT_BY,
	OPT_HISTORY,
	OPT_REPORT,
	OPT_WARN,
	OPT_CRITICAL,
	OPT_WAIT,
	OPT_TIMEOUT,
	OPT_RELEASE,
	OPT_UNLOAD,
	OPT_PRELOAD,
	OPT_URL,
	RUNS_MAX = 1000,
	EVERY = 2, /* seconds, of --watch where there is no screen */
	URLS = 8,
};

static const struct option options[] = {
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"store", required_argument, NULL, CLI_STORE},
    {"stage", required_argument, NULL, 's'},
    CLI_JOBS,
    {"runs", required_argument, NULL, 'n'},
    {"json", no_argument, NULL, OPT_JSON},
    {"prometheus", no_argument, NULL, OPT_PROMETHEUS},
    {"watch", no_argument, NULL, OPT_WATCH},
    {"pages", required_argument, NULL, OPT_PAGES},
    {"by", required_argument, NULL, OPT_BY},
    {"history", required_argument, NULL, OPT_HISTORY},
    {"report", no_argument, NULL, OPT_REPORT},
    {"warn", optional_argument, NULL, OPT_WARN},
    {"critical", required_argument, NULL, OPT_CRITICAL},
    {"wait", required_argument, NULL, OPT_WAIT},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"release", required_argument, NULL, OPT_RELEASE},
    {"unload", required_argument, NULL, OPT_UNLOAD},
    {"preload", required_argument, NULL, OPT_PRELOAD},
    {"url", required_argument, NULL, OPT_URL},
    {0},
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
static enum mode mode;
static struct history history;
static enum form form;
static int watching;
static int64_t runs, pages, warn, critical, size, timeout = -1;
static const char *word; /* of --release, --unload, --preload */
static char *urls[URLS];
static size_t url_count;

void
print_buf(struct cli *c, struct pc_buf *b)
{
	if (b->failed)
		cli_die(c, "%s", strerror(ENOMEM));
	if (b->len)
		fwrite(b->data, 1, b->len, stdout);
	pc_buf_clear(b);
}

/* ---- options ---- */

static void
be(enum mode m)
{
	/* A report is of a history, by whatever. */
	if (mode == MODE_REPORT && m == MODE_HISTORY)
		return;
	if (mode != MODE_NOW && mode != m &&
	    !(mode == MODE_HISTORY && m == MODE_REPORT))
		cli_usage(&cli, "one thing at a time");
	mode = m;
}

static void
take_by(const char *arg)
{
	if (strcmp(arg, "stage") != 0 && strcmp(arg, "component") != 0)
		cli_usage(&cli, "bad --by '%s': stage or component", arg);
	history.by_component = *arg == 'c';
}

/* The percentage may stand apart, as other options' values do. */
static void
take_warn(char *const *argv)
{
	const char *arg = optarg;

	if (!arg && argv[optind] && argv[optind][0] >= '0' &&
	    argv[optind][0] <= '9')
		arg = argv[optind++];
	warn = arg ? cli_int(&cli, "--warn", arg, 1, 100) : 0;
}

static void
take_size(const char *arg)
{
	if (pc_parse_size(arg, &size) < 0)
		cli_usage(&cli, "bad --wait '%s': give it as 500M or 2G", arg);
}

static void
take_history(const char *arg)
{
	int64_t span = cli_duration(&cli, "duration", arg);

	history.since = span == PC_NEVER ? 0 : pc_now() - span;
	be(MODE_HISTORY);
}

static void
take_option(int c, char *const *argv)
{
	switch (c) {
	case 'n':
		runs = cli_int(&cli, "number of runs", optarg, 1, RUNS_MAX);
		break;
	case OPT_JSON:
		form = FORM_JSON;
		break;
	case OPT_PROMETHEUS:
		form = FORM_PROMETHEUS;
		break;
	case OPT_WATCH:
		watching = 1;
		break;
	case OPT_PAGES:
		pages = cli_int(&cli, "--pages", optarg, 1, 100000000);
		break;
	case OPT_BY:
		be(MODE_HISTORY);
		take_by(optarg);
		break;
	case OPT_HISTORY:
		take_history(optarg);
		break;
	case OPT_REPORT:
		be(MODE_REPORT);
		break;
	case OPT_WARN:
		be(MODE_LIMITS);
		take_warn(argv);
		break;
	case OPT_CRITICAL:
		be(MODE_LIMITS);
		critical = cli_int(&cli, "--critical", optarg, 1, 100);
		break;
	case OPT_WAIT:
		be(MODE_WAIT);
		take_size(optarg);
		break;
	case OPT_TIMEOUT:
		timeout = cli_duration(&cli, "duration", optarg);
		break;
	case OPT_RELEASE:
	case OPT_UNLOAD:
	case OPT_PRELOAD:
		be(c == OPT_RELEASE       ? MODE_RELEASE
			: c == OPT_UNLOAD ? MODE_UNLOAD
					  : MODE_PRELOAD);
		word = optarg;
		break;
	case OPT_URL:
		if (url_count == URLS)
			cli_usage(&cli, "more than %d URLs", URLS);
		urls[url_count++] = optarg;
		break;
	default:
		cli_option(&cli, c, optarg);
	}
}

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

static void
check_options(char *const *rest)
{
	if ((mode == MODE_RUN || mode == MODE_ADMIT) && !cli.spec.stage[0])
		cli_usage(&cli, "no stage: name it with -s");
	if (mode == MODE_RUN && !*rest)
		cli_usage(&cli, "no command");
	if (mode != MODE_RUN && mode != MODE_COMPARE && *rest)
		cli_usage(&cli, "unexpected argument '%s'", *rest);
	if (mode != MODE_NOW && (watching || form == FORM_PROMETHEUS))
		cli_usage(&cli, "--watch and --prometheus show what is now");
	if (watching && form == FORM_PROMETHEUS)
		cli_usage(&cli, "--watch shows text or JSON");
	if (form == FORM_JSON && (mode == MODE_LIMITS || mode == MODE_WAIT))
		cli_usage(&cli, "--json does not go with --warn and --wait");
	if (runs && mode != MODE_COMPARE)
		cli_usage(&cli, "-n goes with compare");
	if (mode != MODE_ADMIT && (pages || cli.jobs))
		cli_usage(&cli, "-j and --pages go with admit");
	if (url_count && mode != MODE_NOW && !asks_servers())
		cli_usage(&cli, "--url goes with what asks servers");
	if (timeout >= 0 && mode != MODE_WAIT && mode != MODE_RELEASE &&
	    mode != MODE_UNLOAD)
		cli_usage(&cli,
		    "--timeout goes with --wait, --release and "
		    "--unload");
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
			print_buf(&cli, &b);
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
	int c;

	cli_init(&cli, PC_PROGRAM_MEMSTAT, usage);
	if (take_mode(argv[1])) {
		argv[1] = argv[0];
		argv++;
		argc--;
	}
	while (
	    (c = getopt_long(argc, argv, "+s:n:j:qvhV", options, NULL)) != -1)
		take_option(c, argv);
	argv += optind;
	check_options(argv);
	cli_exit(&cli, carry_out(argv));
}
