/* pc-gc.c - keep the store small and sound. */
#include "cli/option.h"
#include "gc/gc.h"

#include "ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
    "usage: pc-gc [--expired] [--max-bytes SIZE [--policy POLICY]] [--compact]\n"
    "             [-s STAGE]... [--older-than TIME] [-k KEY]...\n"
    "             [--file DOC [--derived]]... [-n] [--json]\n"
    "       pc-gc {--all | --check | --repair | --rebuild} [-n] [--json]\n"
    "       pc-gc {--export FILE | --import FILE} [-s STAGE]... [-n] [--json]\n"
    "Delete records, free disk space, find and repair damage, while other\n"
    "programs use the store.  With several conditions, a record must match all.\n";

static struct cli cli;
static struct gc gc = {.cli = &cli, .max_bytes = -1};
static const char *max_text;
static int policy = -1;
static int64_t age = -1;   /* us */
static const char **files; /* as given; owned */
static size_t file_count;

/* ---- options ---- */

static void
add_key(const char *text)
{
	struct pc_id key;

	if (pc_id_parse(text, &key) < 0)
		cli_usage(&cli,
		    "bad key '%s': a key is 64 lower-case hex "
		    "digits",
		    text);
	if (ids_add(&gc.filter.keys, &key) < 0)
		cli_die(&cli, "%s", strerror(errno));
	gc.filter.by_key = 1;
}

static void
add_file(const char *name)
{
	const char **p = realloc(files, (file_count + 1) * sizeof *files);

	if (!p)
		cli_die(&cli, "%s", strerror(errno));
	files = p;
	files[file_count++] = name;
	gc.filter.by_file = 1;
}

static void
add_stage(const char *stage)
{
	if (filter_add_stage(&gc.filter, stage) == 0)
		return;
	if (errno == EINVAL)
		cli_usage(&cli,
		    "bad stage '%s': up to %d of a-z, 0-9, '.', "
		    "'_' and '-', a letter or digit first",
		    stage, PC_STAGE_MAX);
	cli_die(&cli, "%s", strerror(errno));
}

static const struct cli_option options[] = {
    OPT_OPERANDS(OPTION_TEXT, NULL),
    OPT_FLAG(0, "expired", &gc.expired, "delete expired records"),
    OPT_TEXT(0, "max-bytes", "SIZE", OPTION_TEXT,
	WORDS("config", "500M", "5G", "20G"), &max_text,
	"delete records until the rest fits (500M, 5G; config: the setting "
	"caching.max_bytes)"),
    OPT_CALL('s', "stage", "STAGE", OPTION_STAGE, NULL, add_stage,
	"delete records of this stage, or of one of several"),
    OPT_TIME(0, "older-than", 0, WORDS("12h", "24h", "7d", "30d"), &age,
	"delete records older than this"),
    OPT_CALL(0, "file", "DOC", OPTION_FILE, NULL, add_file,
	"delete records made from this document (a file or a content id)"),
    OPT_FLAG(0, "all", &gc.all, "delete all records"),
    OPT_FLAG(0, "check", &gc.check,
	"read all records and list damage; exit with 1 if there is any"),
    OPT_FLAG('n', "dry-run", &gc.dry_run, "print what would be done"),
    OPT_HELP,

    OPT_SECTION("More conditions"),
    OPT_CALL('k', "key", "KEY", OPTION_TEXT, NULL, add_key,
	"delete the record with this key"),
    OPT_FLAG(0, "derived", &gc.filter.derived,
	"also delete results computed from those results"),
    OPT_WORD(0, "policy", "POLICY", WORDS("lru", "lfu", "cost"), &policy,
	"which records --max-bytes deletes first: least recently used, least "
	"often used, or cheapest to compute for their size"),
    OPT_NULL(cli,
	"document names end with NUL; without --files-from, read them from "
	"standard input"),
    OPT_FILES_FROM(cli, "delete records made from the documents named in FILE"),

    OPT_SECTION("Care"),
    OPT_FLAG(0, "compact", &gc.compact,
	"free the disk space of expired or replaced records"),
    OPT_FLAG(0, "repair", &gc.repair, "remove damaged records"),
    OPT_FLAG(0, "rebuild", &gc.rebuild, "rebuild all indexes from the logs"),
    OPT_TEXT(0, "export", "FILE", OPTION_FILE, NULL, &gc.export,
	"write records to FILE; '-' is standard output"),
    OPT_TEXT(0, "import", "FILE", OPTION_FILE, NULL, &gc.import,
	"read records from FILE; newer records in the store stay"),

    OPT_SECTION("Output"),
    OPT_FLAG(0, "json", &gc.json, "print a JSON object"),
    OPT_PROGRESS(cli),
    OPT_STORE(cli),
    OPT_FLAG('q', "quiet", &cli.quiet, "print only errors"),
    OPT_VERBOSE(cli, "print each record"),
    OPT_VERSION('V'),
    OPT_END,
};

static void
check_options(void)
{
	const int given = filter_given(&gc.filter);
	const int alone = gc.all + gc.check + gc.repair + gc.rebuild +
	    (gc.export != NULL) + (gc.import != NULL);

	if (alone > 1 || (alone && (max_text || gc.compact)) ||
	    (alone && given && !gc.export && !gc.import))
		cli_usage(&cli,
		    "--all, --check, --repair, --rebuild, --export and "
		    "--import cannot be combined with another action");
	if (!alone && !given && !max_text && !gc.compact)
		cli_usage(&cli, "no action given; try --expired");
	if (gc.filter.derived && !gc.filter.by_file)
		cli_usage(&cli, "--derived requires --file");
	if (gc.import && gc.filter.derived)
		cli_usage(&cli, "--derived cannot be combined with --import");
	if (policy >= 0 && !max_text)
		cli_usage(&cli, "--policy requires --max-bytes");
	/* With --max-bytes, expired records go first: no condition then. */
	if (max_text)
		gc.filter.expired = 0;
	if (max_text && strcmp(max_text, "config") != 0 &&
	    pc_parse_size(max_text, &gc.max_bytes) < 0)
		cli_usage(&cli,
		    "bad --max-bytes '%s': give a size such as 500M or 5G, or "
		    "config",
		    max_text);
}

/* What options give, in terms of the work. */
static void
take_options(void)
{
	gc.filter.expired = gc.expired;
	gc.filter.by_file |= cli_many(&cli);
	if (age >= 0)
		gc.filter.before = pc_now() - age;
	if (policy >= 0)
		gc.policy = (enum pc_policy)policy;
}

/* ---- documents ---- */

static void
add_document(const char *name)
{
	struct pc_id id;
	struct stat st;

	/* One that is no longer there has still its id. */
	if (pc_id_parse(name, &id) < 0 || stat(name, &st) == 0)
		if (cli_ident(&cli, name, 0, &id) < 0)
			cli_exit(&cli, PC_EXIT_FAIL);
	if (ids_add(&gc.filter.inputs, &id) < 0)
		cli_die(&cli, "%s", strerror(errno));
}

static void
add_documents(void)
{
	static char *const none[] = {NULL};
	struct cli_names names;
	struct cli_name name;
	int more;

	for (size_t i = 0; i < file_count; i++)
		add_document(files[i]);
	free(files);
	if (!cli_many(&cli))
		return;
	cli_names_open(&cli, &names, none);
	while ((more = cli_names_next(&cli, &names, &name)) == 0)
		add_document(name.text);
	cli_names_close(&names);
	if (more < 0)
		cli_exit(&cli, PC_EXIT_FAIL);
}

/* ---- the store ---- */

/* A store that is not there needs no care, and none is made. */
static void
open_store(void)
{
	unsigned flags = 0;
	struct pc_error err;
	char *dir;

	/* PC_CACHE=off stops the cache, not the care of it. */
	cli_load_config(&cli);
	if (max_text && gc.max_bytes < 0)
		gc.max_bytes = pc_config_int(cli.config, "caching.max_bytes");
	if (gc.check || gc.export || gc.dry_run)
		flags |= PC_STORE_READ_ONLY;
	if (!pc_config_bool(cli.config, "caching.events"))
		flags |= PC_STORE_NO_EVENTS;
	dir = pc_store_dir(cli.config, cli.store_dir);
	if (!dir)
		cli_die(&cli,
		    "no place for a store: set HOME, "
		    "XDG_CACHE_HOME or PC_STORE");
	if (gc.check)
		gc_audit(&gc, dir);
	cli.store = gc.import || flags & PC_STORE_READ_ONLY
	    ? NULL
	    : pc_store_open(dir, PC_STORE_READ_ONLY, &err);
	if (cli.store || gc.import || flags & PC_STORE_READ_ONLY ||
	    errno == EBADMSG) {
		pc_store_close(cli.store);
		cli.store = pc_store_open(dir, flags, &err);
	}
	free(dir);
	if (!cli.store && errno == ENOENT && !gc.export) {
		if (!cli.quiet)
			cli_warn(&cli, "%s", err.text);
		if (!gc.import)
			gc_finish(&gc);
		return; /* --dry-run */
	}
	if (!cli.store && errno == EBADMSG && gc.check) {
		cli_warn(&cli, "%s", err.text);
		cli_exit(&cli, PC_EXIT_NO);
	}
	if (!cli.store)
		cli_die(&cli, "%s", err.text);
	if (!(flags & PC_STORE_READ_ONLY) &&
	    pc_store_flags(cli.store) & PC_STORE_READ_ONLY)
		cli_die(&cli, "the store may not be written");
}

static void
take_lock(void)
{
	int r;

	if (!cli.store || pc_store_flags(cli.store) & PC_STORE_READ_ONLY)
		return;
	r = pc_store_gc_lock(cli.store);
	if (r < 0)
		cli_die(&cli, "cannot lock the store: %s", strerror(errno));
	if (r == 1) {
		cli_warn(&cli, "another pc-gc is at work in this store");
		cli_exit(&cli, PC_EXIT_LATER);
	}
}

/* The event log stays small, whatever else is asked for. */
static void
fold_events(void)
{
	if (!cli.store || pc_store_flags(cli.store) & PC_STORE_READ_ONLY ||
	    pc_event_fold(cli.store, NULL) >= 0)
		return;
	if (pc_store_refusal(cli.store))
		gc_refused(&gc);
	if (!cli.quiet)
		cli_warn(&cli, "cannot sum up the events: %s",
		    errno == EPROTONOSUPPORT ? "a newer pc has done so"
					     : strerror(errno));
}

int
main(int argc, char **argv)
{
	cli_init(&cli, PC_PROGRAM_GC, usage);
	argv = cli_options(&cli, options, argc, argv);
	if (*argv)
		cli_usage(&cli, "unexpected argument '%s'", *argv);
	take_options();
	check_options();
	gc.filter.now = pc_now();
	gc_end_by_signals(&gc, "pc-gc: stopped\n", NULL);
	if (gc.import)
		gc_import_open(&gc);
	open_store();
	take_lock();
	add_documents();
	fold_events();
	if (!gc.export && !gc.import)
		gc_catch_signals();
	if (gc.check || gc.repair)
		gc_check(&gc);
	else if (gc.rebuild)
		gc_rebuild(&gc);
	else if (gc.export)
		gc_export(&gc);
	else if (gc.import)
		gc_import(&gc);
	else
		gc_delete(&gc);
	gc_finish(&gc);
}
