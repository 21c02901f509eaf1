/* pc-stats.c - what the cache did, from the event log. */
#include "cli/option.h"
#include "cli/screen.h"
#include "stats/stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-stats [--since TIME] [--by WHAT] [--entries] [FORM]\n"
    "       pc-stats --ghost | --targets | --doctor [--since TIME] [--json]\n"
    "       pc-stats --baseline FILE [--tolerance PERCENT] [--since TIME] [--json]\n"
    "       pc-stats --tree FILE | --config [--json]\n"
    "       pc-stats --stages | --params STAGE | --reset\n"
    "Print for each stage how often the cache was used, hits and misses, how long\n"
    "they took, what hits saved and what is stored.\n";

/* What is printed or done. */
enum {
	WHAT_TABLE,
	WHAT_PROMETHEUS,
	WHAT_HTML,
	WHAT_CGI,
	WHAT_WATCH,
	WHAT_TREE,
	WHAT_GHOST,
	WHAT_TARGETS,
	WHAT_BASELINE,
	WHAT_DOCTOR,
	WHAT_CONFIG,
	WHAT_STAGES,
	WHAT_PARAMS,
	WHAT_RESET,
};

/* Options that not every answer takes. */
enum { SINCE = 1, BY = 2, ENTRIES = 4, JSON = 8, TOLERANCE = 16 };

static struct cli cli;
static struct stats stats = {.c = &cli};
static int what, json, entries, by = -1;
static int64_t since = -1, tolerance = -1;
static const char *arg; /* of what */

static const struct cli_option options[] = {
    OPT_OPERANDS(OPTION_TEXT, NULL),
    OPT_TIME(0, "since", 0, WORDS("90s", "15m", "24h", "7d"), &since,
	"count only this last period"),
    OPT_WORD(0, "by", "WHAT", WORDS("stage", "day", "hour", "program"), &by,
	"print a line for each of these"),
    OPT_FLAG(0, "json", &json, "print JSON"),
    OPT_MODE("watch", &what, WHAT_WATCH, "update the table on the screen"),
    OPT_MODE("doctor", &what, WHAT_DOCTOR,
	"check the installation and say what to do; exit with 1 if something "
	"is wrong"),
    OPT_MODE_TEXT("tree", "FILE", OPTION_FILE, NULL, &arg, &what, WHAT_TREE,
	"print all stored results computed from FILE"),
    OPT_MODE("config", &what, WHAT_CONFIG,
	"print every setting, its value and its origin"),
    OPT_STORE(cli),
    OPT_HELP,

    OPT_SECTION("Forms"),
    OPT_MODE("prometheus", &what, WHAT_PROMETHEUS,
	"print metrics for Prometheus (node_exporter's textfile collector)"),
    OPT_MODE("html", &what, WHAT_HTML, "print a self-contained HTML page"),
    OPT_MODE("cgi", &what, WHAT_CGI,
	"answer one GET request from a web server or inetd"),
    OPT_FLAG(0, "entries", &entries,
	"count what is stored, even if that takes long"),

    OPT_SECTION("Other reports"),
    OPT_MODE("ghost", &what, WHAT_GHOST,
	"print which misses a larger store would have avoided"),
    OPT_MODE("targets", &what, WHAT_TARGETS,
	"compare with built-in targets; exit with 1 if one is missed"),
    OPT_MODE_TEXT("baseline", "FILE", OPTION_FILE, NULL, &arg, &what,
	WHAT_BASELINE,
	"compare with the saved output of --json; exit with 1 if it is worse"),
    {.name = "tolerance",
	.arg = "PERCENT",
	.help = "how much worse than --baseline a figure may be (default: 20)",
	.value = OPTION_NUMBER,
	.words = WORDS("5", "10", "20", "50"),
	.max = 10000,
	.to.number = &tolerance},
    OPT_MODE("stages", &what, WHAT_STAGES, "print the stages, one per line"),
    OPT_MODE_TEXT("params", "STAGE", OPTION_STAGE, NULL, &arg, &what,
	WHAT_PARAMS, "print parameters of the stage's newest records"),
    OPT_MODE("reset", &what, WHAT_RESET,
	"delete all events; stored results stay"),

    OPT_SECTION("Messages"),
    OPT_QUIET(cli),
    OPT_VERSION('V'),
    OPT_END,
};

static unsigned
taken(void)
{
	switch (what) {
	case WHAT_TABLE:
		return SINCE | BY | ENTRIES | JSON;
	case WHAT_PROMETHEUS:
	case WHAT_HTML:
	case WHAT_CGI:
	case WHAT_WATCH:
		return SINCE | BY | ENTRIES;
	case WHAT_BASELINE:
		return SINCE | JSON | TOLERANCE;
	case WHAT_GHOST:
	case WHAT_TARGETS:
	case WHAT_DOCTOR:
		return SINCE | JSON;
	case WHAT_TREE:
	case WHAT_CONFIG:
		return JSON;
	case WHAT_STAGES:
		return SINCE;
	default:
		return 0;
	}
}

/* No option is taken and then ignored. */
static void
check_options(void)
{
	static const char *const names[] = {"since", "by", "entries", "json",
	    "tolerance"};
	const unsigned given = (since >= 0 ? SINCE : 0) | (by >= 0 ? BY : 0) |
	    (entries ? ENTRIES : 0) | (json ? JSON : 0) |
	    (tolerance >= 0 ? TOLERANCE : 0);
	const unsigned lost = given & ~taken();
	int i = 0;

	if (!lost)
		return;
	if (what == WHAT_TABLE)
		cli_usage(&cli, "--tolerance requires --baseline");
	while (!(lost >> i & 1))
		i++;
	cli_usage(&cli, "--%s cannot be combined with --%s", names[i],
	    option_mode_name(options, &what));
}

static int
print_form(void (*form)(const struct stats *, struct pc_buf *))
{
	struct pc_buf b = {0};

	stats_read(&stats);
	form(&stats, &b);
	stats_print(&cli, &b);
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
answer(void)
{
	switch (what) {
	case WHAT_PROMETHEUS:
		return print_form(form_prometheus);
	case WHAT_HTML:
		stats.also = by_time(stats.span);
		stats.entries = ALL_ENTRIES;
		return print_form(form_html);
	case WHAT_CGI:
		return cgi_answer(&stats);
	case WHAT_WATCH:
		screen_run(stats.c, "pc-stats", add_table, &stats);
		return PC_EXIT_OK;
	case WHAT_TREE:
		return lineage_print(&stats, arg, json);
	case WHAT_GHOST:
		return ghost_print(&stats, json);
	case WHAT_TARGETS:
		return targets_print(&stats, json);
	case WHAT_BASELINE:
		return baseline_compare(&stats, arg,
		    tolerance >= 0 ? tolerance : 20, json);
	case WHAT_DOCTOR:
		return doctor_run(&stats, json);
	case WHAT_CONFIG:
		return settings_print(&cli, json);
	case WHAT_STAGES:
		return print_stages();
	case WHAT_PARAMS:
		return stage_params_print(&cli, arg);
	case WHAT_RESET:
		return reset();
	default:
		return print_form(json ? form_json : form_table);
	}
}

int
main(int argc, char **argv)
{
	static const unsigned bys[] = {PC_BY_STAGE, PC_BY_DAY, PC_BY_HOUR,
	    PC_BY_PROGRAM};
	int status;

	cli_init(&cli, PC_PROGRAM_STATS, usage);
	argv = cli_options(&cli, options, argc, argv);
	if (*argv)
		cli_usage(&cli, "unexpected argument '%s'", *argv);
	check_options();
	stats.span = since >= 0 ? since : PC_NEVER;
	stats.by = bys[by >= 0 ? by : 0];
	if (taken() & ENTRIES)
		stats.entries = entries ? ALL_ENTRIES : QUICK_ENTRIES;
	cli_load_config(&cli);
	/* PC_CACHE=off stops the cache, not the account of it. */
	cli.read_only = 1;
	cli.reports = 1;
	/* --cgi answers a store that cannot be read, --doctor says why. */
	if (what != WHAT_CONFIG && what != WHAT_CGI && what != WHAT_DOCTOR)
		cli_open_store(&cli);
	stats.terminal = isatty(1) &&
	    !(getenv("NO_COLOR") && *getenv("NO_COLOR"));
	status = answer();
	stats_clear(&stats);
	cli_exit(&cli, status);
}
