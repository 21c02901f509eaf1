/* pc-gc.c - keep the store small and sound. */
#include "gc/gc.h"

#include "ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
    "usage: pc-gc [--expired] [--max-bytes SIZE [--policy POLICY]] [--compact]\n"
    "             [-s STAGE]... [--older-than AGE] [-k KEY]...\n"
    "             [--file DOC [--derived]]... [-n] [--json]\n"
    "       pc-gc {--all | --check | --repair | --rebuild} [-n] [--json]\n"
    "       pc-gc {--export FILE | --import FILE} [-s STAGE]... [-n] [--json]\n"
    "Delete records, make room, find and mend damage, while others go on.\n"
    "Of several conditions a record must meet all.\n"
    "\n"
    "      --expired         records past their time\n"
    "      --max-bytes SIZE  as many as it takes for the rest to have SIZE, 5G;\n"
    "                        \"config\" is the setting caching.max_bytes\n"
    "      --policy POLICY   lru: those not used for longest (by itself), lfu:\n"
    "                        least often, cost: the cheapest for their size\n"
    "  -s, --stage STAGE     records of that stage; of several any\n"
    "      --older-than AGE  made longer ago: 12h, 30d\n"
    "  -k, --key KEY         the record of that key\n"
    "      --file DOC        made from that document, or from the content id\n"
    "      --derived         and all that was made from what was made from it\n"
    "  -0, --null            documents as names that end with NUL, from\n"
    "                        standard input unless --files-from is given\n"
    "      --files-from FILE documents by name from FILE\n"
    "      --all             all records\n"
    "      --compact         make room of what is expired or was replaced\n"
    "      --check           read all, list what is damaged; exit 1 if any is\n"
    "      --repair          take what is damaged out\n"
    "      --rebuild         make the indexes anew\n"
    "      --export FILE     write records to FILE; - is standard output\n"
    "      --import FILE     take them from there; newer ones stay\n"
    "  -n, --dry-run         only say what would be done\n"
    "      --json            print a JSON object\n"
    "      --progress        show progress even without a terminal\n"
    "      --store DIR       the store\n"
    "  -q, --quiet           print nothing but what is wrong\n"
    "  -v, --verbose         name each record\n"
    "  -h, --help            this text\n"
    "  -V, --version         the version\n";

enum {
	OPT_EXPIRED = CLI_OWN,
	OPT_MAX,
	OPT_POLICY,
	OPT_OLDER,
	OPT_FILE,
	OPT_DERIVED,
	OPT_ALL,
	OPT_COMPACT,
	OPT_CHECK,
	OPT_REPAIR,
	OPT_REBUILD,
	OPT_EXPORT,
	OPT_IMPORT,
	OPT_JSON,
};

static const struct option options[] = {
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"store", required_argument, NULL, CLI_STORE},
    {"null", no_argument, NULL, '0'},
    {"files-from", required_argument, NULL, CLI_FILES_FROM},
    {"progress", no_argument, NULL, CLI_PROGRESS},
    {"stage", required_argument, NULL, 's'},
    {"key", required_argument, NULL, 'k'},
    {"dry-run", no_argument, NULL, 'n'},
    {"expired", no_argument, NULL, OPT_EXPIRED},
    {"max-bytes", required_argument, NULL, OPT_MAX},
    {"policy", required_argument, NULL, OPT_POLICY},
    {"older-than", required_argument, NULL, OPT_OLDER},
    {"file", required_argument, NULL, OPT_FILE},
    {"derived", no_argument, NULL, OPT_DERIVED},
    {"all", no_argument, NULL, OPT_ALL},
    {"compact", no_argument, NULL, OPT_COMPACT},
    {"check", no_argument, NULL, OPT_CHECK},
    {"repair", no_argument, NULL, OPT_REPAIR},
    {"rebuild", no_argument, NULL, OPT_REBUILD},
    {"export", required_argument, NULL, OPT_EXPORT},
    {"import", required_argument, NULL, OPT_IMPORT},
    {"json", no_argument, NULL, OPT_JSON},
    {0},
};

static struct cli cli;
static struct gc gc = {.cli = &cli, .max_bytes = -1};
static const char *max_text, *policy_text;
static char **files; /* as given; owned */
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
	if (ids_add(&gc.select.keys, &key) < 0)
		cli_die(&cli, "%s", strerror(errno));
	gc.select.by_key = 1;
}

static void
add_file(char *name)
{
	char **p = realloc(files, (file_count + 1) * sizeof *files);

	if (!p)
		cli_die(&cli, "%s", strerror(errno));
	files = p;
	files[file_count++] = name;
	gc.select.by_file = 1;
}

static void
add_stage(const char *stage)
{
	if (selection_stage(&gc.select, stage) == 0)
		return;
	if (errno == EINVAL)
		cli_usage(&cli,
		    "bad stage '%s': up to %d of a-z, 0-9, '.', "
		    "'_' and '-', a letter or digit first",
		    stage, PC_STAGE_MAX);
	cli_die(&cli, "%s", strerror(errno));
}

static void
take_option(int c)
{
	switch (c) {
	case OPT_EXPIRED:
		gc.select.expired = gc.expired = 1;
		break;
	case OPT_MAX:
		max_text = optarg;
		break;
	case OPT_POLICY:
		policy_text = optarg;
		break;
	case OPT_OLDER:
		gc.select.before = pc_now() - cli_duration(&cli, "age", optarg);
		break;
	case OPT_FILE:
		add_file(optarg);
		break;
	case OPT_DERIVED:
		gc.select.derived = 1;
		break;
	case OPT_ALL:
		gc.all = 1;
		break;
	case OPT_COMPACT:
		gc.compact = 1;
		break;
	case OPT_CHECK:
		gc.check = 1;
		break;
	case OPT_REPAIR:
		gc.repair = 1;
		break;
	case OPT_REBUILD:
		gc.rebuild = 1;
		break;
	case OPT_EXPORT:
		gc.export = optarg;
		break;
	case OPT_IMPORT:
		gc.import = optarg;
		break;
	case OPT_JSON:
		gc.json = 1;
		break;
	case 'n':
		gc.dry_run = 1;
		break;
	case 's':
		add_stage(optarg);
		break;
	case 'k':
		add_key(optarg);
		break;
	default:
		cli_option(&cli, c, optarg);
	}
}

static void
check_options(void)
{
	static const char *const policies[] = {"lru", "lfu", "cost"};
	const int given = selection_given(&gc.select);
	const int alone = gc.all + gc.check + gc.repair + gc.rebuild +
	    (gc.export != NULL) + (gc.import != NULL);
	int i = 0;

	if (alone > 1 || (alone && (max_text || gc.compact)) ||
	    (alone && given && !gc.export && !gc.import))
		cli_usage(&cli,
		    "--all, --check, --repair, --rebuild, "
		    "--export and --import each stand alone");
	if (!alone && !given && !max_text && !gc.compact)
		cli_usage(&cli,
		    "nothing to do: say what, as --expired or "
		    "--compact");
	if (gc.select.derived && !gc.select.by_file)
		cli_usage(&cli, "--derived needs --file");
	if (gc.import && gc.select.derived)
		cli_usage(&cli,
		    "--derived cannot be told of what is not "
		    "stored yet");
	if (policy_text && !max_text)
		cli_usage(&cli, "--policy needs --max-bytes");
	if (policy_text) {
		while (i < 3 && strcmp(policy_text, policies[i]) != 0)
			i++;
		if (i == 3)
			cli_usage(&cli, "bad policy '%s': lru, lfu or cost",
			    policy_text);
		gc.policy = (enum pc_policy)i;
	}
	/* What is expired goes before all else: that is no condition then. */
	if (max_text)
		gc.select.expired = 0;
	if (max_text && strcmp(max_text, "config") != 0 &&
	    pc_parse_size(max_text, &gc.max_bytes) < 0)
		cli_usage(&cli, "bad size '%s': give it as 500M or 5G",
		    max_text);
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
	if (ids_add(&gc.select.inputs, &id) < 0)
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
	int c;

	cli_init(&cli, PC_PROGRAM_GC, usage);
	while ((c = getopt_long(argc, argv, "s:k:n0qvhV", options, NULL)) != -1)
		take_option(c);
	if (argv[optind])
		cli_usage(&cli, "unexpected argument '%s'", argv[optind]);
	gc.select.by_file |= cli_many(&cli);
	check_options();
	gc.select.now = pc_now();
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
		gc_clean(&gc);
	gc_finish(&gc);
}
