/* pc-stats.c - what the cache did, from the event log. */
#include "cli/screen.h"
#include "stats/stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-stats [--since DURATION] [--by WHAT] [--entries] [FORM]\n"
    "       pc-stats --ghost | --targets | --doctor [--since DURATION] "
    "[--json]\n"
    "       pc-stats --baseline FILE [--tolerance N] [--since DURATION] "
    "[--json]\n"
    "       pc-stats --tree FILE | --config [--json]\n"
    "       pc-stats --stages | --params STAGE | --reset\n"
    "Print what each stage's cache did: lookups, hits, misses, hit rate,\n"
    "errors, times of hits and of computing, what hits saved, what is stored.\n"
    "\n"
    "      --since DURATION  only what happened since: 90s, 15m, 24h, 7d\n"
    "      --by WHAT         a line for each stage, day, hour or program\n"
    "      --entries         count what is stored, however long that takes\n"
    "\n"
    "      --json            as JSON\n"
    "      --prometheus      for Prometheus, by node_exporter\n"
    "      --html            as a page that needs nothing else\n"
    "      --cgi             answer one GET, of a web server or inetd\n"
    "      --watch           on the screen, again and again\n"
    "\n"
    "      --tree FILE       all that is stored of what was made from FILE\n"
    "      --ghost           misses that a larger store would have had\n"
    "      --targets         against built-in targets; exit 1: one is missed\n"
    "      --baseline FILE   against what --json printed; exit 1: it is worse\n"
    "      --tolerance N     percent that a figure may be worse by; 20\n"
    "      --doctor          is all well, and what to do; exit 1: it is not\n"
    "      --config          every setting, its value and where it is from\n"
    "      --stages          the names of the stages, one a line\n"
    "      --params STAGE    parameters seen in the stage's newest records\n"
    "      --reset           forget all events; results stay\n"
    "\n"
    "      --store DIR       the store\n"
    "  -q, --quiet           no warnings\n"
    "  -h, --help            this text\n"
    "  -V, --version         the version\n";

enum {
	OPT_SINCE = CLI_OWN,
	OPT_BY,
	OPT_ENTRIES,
	OPT_JSON,
	OPT_TOLERANCE,
	/* what is wanted, one of them */
	OPT_TABLE,
	OPT_PROMETHEUS,
	OPT_HTML,
	OPT_CGI,
	OPT_WATCH,
	OPT_TREE,
	OPT_GHOST,
	OPT_TARGETS,
	OPT_BASELINE,
	OPT_DOCTOR,
	OPT_CONFIG,
	OPT_STAGES,
	OPT_PARAMS,
	OPT_RESET,
};

static const struct option options[] = {
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {"quiet", no_argument, NULL, 'q'},
    {"store", required_argument, NULL, CLI_STORE},
    {"since", required_argument, NULL, OPT_SINCE},
    {"by", required_argument, NULL, OPT_BY},
    {"entries", no_argument, NULL, OPT_ENTRIES},
    {"json", no_argument, NULL, OPT_JSON},
    {"tolerance", required_argument, NULL, OPT_TOLERANCE},
    {"prometheus", no_argument, NULL, OPT_PROMETHEUS},
    {"html", no_argument, NULL, OPT_HTML},
    {"cgi", no_argument, NULL, OPT_CGI},
    {"watch", no_argument, NULL, OPT_WATCH},
    {"tree", required_argument, NULL, OPT_TREE},
    {"ghost", no_argument, NULL, OPT_GHOST},
    {"targets", no_argument, NULL, OPT_TARGETS},
    {"baseline", required_argument, NULL, OPT_BASELINE},
    {"doctor", no_argument, NULL, OPT_DOCTOR},
    {"config", no_argument, NULL, OPT_CONFIG},
    {"stages", no_argument, NULL, OPT_STAGES},
    {"params", required_argument, NULL, OPT_PARAMS},
    {"reset", no_argument, NULL, OPT_RESET},
    {0},
};

/* Options that not every answer takes. */
enum { SINCE = 1, BY = 2, ENTRIES = 4, JSON = 8, TOLERANCE = 16 };

static struct cli cli;
static struct stats stats = {.c = &cli, .by = PC_BY_STAGE, .span = PC_NEVER};
static int json;

static unsigned
parse_by(const char *word)
{
	static const unsigned all[] = {PC_BY_STAGE, PC_BY_DAY, PC_BY_HOUR,
	    PC_BY_PROGRAM};

	for (int i = 0; i < 4; i++)
		if (strcmp(word, by_name(all[i])) == 0)
			return all[i];
	cli_usage(&cli, "bad --by '%s': it is stage, day, hour or program",
	    word);
}

static unsigned
taken(int what)
{
	switch (what) {
	case OPT_TABLE:
		return SINCE | BY | ENTRIES | JSON;
	case OPT_PROMETHEUS:
	case OPT_HTML:
	case OPT_CGI:
	case OPT_WATCH:
		return SINCE | BY | ENTRIES;
	case OPT_BASELINE:
		return SINCE | JSON | TOLERANCE;
	case OPT_GHOST:
	case OPT_TARGETS:
	case OPT_DOCTOR:
		return SINCE | JSON;
	case OPT_TREE:
	case OPT_CONFIG:
		return JSON;
	case OPT_STAGES:
		return SINCE;
	default:
		return 0;
	}
}

/* No option is taken and then ignored. */
static void
check_options(int what, const char *name, unsigned given)
{
	static const char *const names[] = {"--since", "--by", "--entries",
	    "--json", "--tolerance"};
	unsigned lost = given & ~taken(what);
	int i = 0;

	if (!lost)
		return;
	if (what == OPT_TABLE)
		cli_usage(&cli, "--tolerance needs --baseline");
	while (!(lost >> i & 1))
		i++;
	cli_usage(&cli, "%s says nothing to %s", names[i], name);
}

static int
print_form(void (*form)(const struct stats *, struct pc_buf *))
{
	struct pc_buf b = {0};

	stats_read(&stats);
	form(&stats, &b);
	print_buf(&cli, &b);
	return PC_EXIT_OK;
}

static int
print_stages(void)
{
	stats_read(&stats);
	for (size_t i = 0; i < stats.count; i++)
		if (stats.rows[i].name[0])
			printf("%s\n", stats.rows[i].name);
	return PC_EXIT_OK;
}

static int
reset(void)
{
	/* None is made for that. */
	if (!cli.store)
		return PC_EXIT_OK;
	pc_store_close(cli.store);
	cli.read_only = 0;
	cli_open_store(&cli);
	if (cli.store && pc_event_reset(cli.store) < 0)
		cli_die(&cli, "cannot forget the events: %s",
		    errno == EROFS ? "the store may not be written"
				   : pc_store_error(cli.store, errno));
	return PC_EXIT_OK;
}

/* What the table is of is read each time. */
static void
add_table(void *ctx, struct pc_buf *b)
{
	struct stats *st = ctx;

	stats_read(st);
	form_table(st, b);
	stats_clear(st);
}

static int
answer(int what, const char *arg, int64_t tolerance)
{
	switch (what) {
	case OPT_PROMETHEUS:
		return print_form(form_prometheus);
	case OPT_HTML:
		stats.also = by_time(stats.span);
		stats.entries = ALL_ENTRIES;
		return print_form(form_html);
	case OPT_CGI:
		return cgi_answer(&stats);
	case OPT_WATCH:
		screen_run(stats.c, "pc-stats", add_table, &stats);
		return PC_EXIT_OK;
	case OPT_TREE:
		return tree_print(&stats, arg, json);
	case OPT_GHOST:
		return ghost_print(&stats, json);
	case OPT_TARGETS:
		return targets_print(&stats, json);
	case OPT_BASELINE:
		return baseline_compare(&stats, arg, tolerance, json);
	case OPT_DOCTOR:
		return doctor_run(&stats, json);
	case OPT_CONFIG:
		return config_print(&cli, json);
	case OPT_STAGES:
		return print_stages();
	case OPT_PARAMS:
		return params_print(&cli, arg);
	case OPT_RESET:
		return reset();
	default:
		return print_form(json ? form_json : form_table);
	}
}

int
main(int argc, char **argv)
{
	int what = OPT_TABLE, status, c;
	const char *arg = NULL, *name = NULL;
	unsigned given = 0;
	int64_t tolerance = 20;

	cli_init(&cli, PC_PROGRAM_STATS, usage);
	while ((c = getopt_long(argc, argv, "qhV", options, NULL)) != -1)
		switch (c) {
		case OPT_SINCE:
			stats.span = cli_duration(&cli, "duration", optarg);
			given |= SINCE;
			break;
		case OPT_BY:
			stats.by = parse_by(optarg);
			given |= BY;
			break;
		case OPT_ENTRIES:
			given |= ENTRIES;
			break;
		case OPT_JSON:
			json = 1;
			given |= JSON;
			break;
		case OPT_TOLERANCE:
			if (pc_parse_int(optarg, 0, 10000, &tolerance) < 0)
				cli_usage(&cli,
				    "bad tolerance '%s': a number "
				    "of percent",
				    optarg);
			given |= TOLERANCE;
			break;
		default:
			if (c <= OPT_TABLE) {
				cli_option(&cli, c, optarg);
				break;
			}
			if (what != OPT_TABLE && what != c)
				cli_usage(&cli,
				    "%s and another at once: one "
				    "answer at a time",
				    name);
			what = c;
			arg = optarg;
			/* The value may be a word of its own. */
			name = argv[optind - (arg == argv[optind - 1] ? 2 : 1)];
		}
	if (argv[optind])
		cli_usage(&cli, "unexpected argument '%s'", argv[optind]);
	check_options(what, name, given);
	if (taken(what) & ENTRIES)
		stats.entries = given & ENTRIES ? ALL_ENTRIES : QUICK_ENTRIES;
	cli_load_config(&cli);
	/* PC_CACHE=off stops the cache, not the account of it. */
	cli.read_only = 1;
	cli.reports = 1;
	/* --cgi answers a store that cannot be read, --doctor says why. */
	if (what != OPT_CONFIG && what != OPT_CGI && what != OPT_DOCTOR)
		cli_open_store(&cli);
	stats.terminal = isatty(1) &&
	    !(getenv("NO_COLOR") && *getenv("NO_COLOR"));
	status = answer(what, arg, tolerance);
	stats_clear(&stats);
	cli_exit(&cli, status);
}
