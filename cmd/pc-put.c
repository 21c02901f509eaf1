/* pc-put.c - write a value into the store. */
#include "cli/option.h"
#include "cli/stage.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

static const char usage[] =
    "usage: pc-put {-k KEY | -s STAGE [-p NAME=VALUE]... [INPUT...]} < VALUE\n"
    "       pc-put {-k KEY | -s STAGE ... [INPUT...]} -- COMMAND [ARG...]\n"
    "       pc-put --jsonl [-s STAGE [-p NAME=VALUE]...] < RECORDS\n"
    "Store standard input, or the output of a command that exits with 0.  If\n"
    "reading or the command fails, nothing is stored.\n";

static struct cli cli;
static const char *key_text;

static const struct cli_option options[] = {
    OPT_OPERANDS(OPTION_FILE, NULL),
    OPT_TEXT('k', "key", "KEY", OPTION_TEXT, NULL, &key_text,
	"store the value with this key (64 hex digits)"),
    OPT_STAGE("store the value as a result of this stage"),
    OPT_PARAM("set a parameter of the stage"),
    OPT_TTL(cli, "how long the value stays valid"),
    OPT_STORE(cli),
    OPT_HELP,

    OPT_SECTION("Many values"),
    OPT_JSONL(cli,
	"read one JSON object per line, with \"key\", \"file\" or \"id\", and "
	"\"value\" or \"value_base64\""),
    OPT_PROGRESS(cli),

    OPT_SECTION("Cache"),
    OPT_NEGATIVE(&cli.negative,
	"store an empty value too, and how long it stays valid"),
    OPT_SYNC(cli),
    OPT_NO_CACHE(cli, "read the value and store nothing"),
    OPT_READ_ONLY(cli, "read the value and store nothing"),

    OPT_SECTION("Messages"),
    OPT_QUIET(cli),
    OPT_VERBOSE(cli, "print the key, the time and whether it was stored"),
    OPT_VERSION('V'),
    OPT_END,
};

/* Store what the spool holds, if it may be stored.  1: it was not. */
static int
store(struct stage_entry *e, struct pc_spool *value,
    const struct pc_child *made)
{
	const int empty = pc_spool_size(value) == 0;
	struct stage_result r = {.spool = value,
	    .ttl = cli.ttl,
	    .flags = empty ? PC_RECORD_NEGATIVE : 0};
	int failed;

	if (empty && cli.negative < 0) {
		cli_warn(&cli,
		    "the value is empty and was not stored; "
		    "--negative TTL stores it");
		return 1;
	}
	if (made) {
		r.cost = made->wall;
		r.peak_kib = made->peak_kib;
	}
	e->material = cli.material.data;
	e->material_len = cli.material.len;
	failed = stage_store(e, &r);
	cli_say(&cli, failed ? "not stored" : "put", &e->key,
	    pc_ticks() - e->began);
	/* A store that fails does not fail the pipeline. */
	return 0;
}

/* ---- one value, from stdin or a command ---- */

/* Read standard input to its end and drop it, so that the writer of the pipe
 * does not fail because the store does. */
static void
drain_stdin(void)
{
	char buf[4096];

	while (pc_read_full(0, buf, sizeof buf) == sizeof buf)
		;
}

static int full; /* there is no room for the value, so it is not stored */

/* ctx is the spool, or NULL if nothing will be stored. */
static int
take(void *ctx, const void *p, size_t n)
{
	if (!ctx || full || pc_spool_write(ctx, p, n) == 0)
		return 0;
	cli_store_failed(&cli, "store the value");
	full = 1;
	return 0;
}

static void
run(struct pc_child *child)
{
	char *const *command = child->argv;

	if (pc_child_run(child) < 0)
		cli_die(&cli, "cannot run '%s': %s", command[0],
		    strerror(errno));
	if (WIFSIGNALED(child->status))
		cli_die(&cli,
		    "'%s' was killed by signal %d; nothing was "
		    "stored",
		    command[0], WTERMSIG(child->status));
	if (WEXITSTATUS(child->status) != 0)
		cli_die(&cli, "'%s' exited with %d; nothing was stored",
		    command[0], WEXITSTATUS(child->status));
}

static _Noreturn void
put_one(const struct pc_id *key, char *const *command)
{
	struct stage_entry e = {.cli = &cli, .key = *key, .began = cli.began};
	struct pc_spool *value = NULL;
	struct pc_child child = {.argv = command, .path = 1, .out = take};
	int status = PC_EXIT_OK, kept = 0;

	if (stage_stores(&cli)) {
		value = pc_spool_new(cli.store);
		if (!value)
			cli_die(&cli, "%s", strerror(errno));
	}
	child.ctx = value;
	if (*command)
		run(&child);
	else if (value)
		kept = pc_spool_fill(value, 0, UINT64_MAX);
	else
		drain_stdin();
	if (kept < 0)
		cli_die(&cli,
		    "cannot read standard input: %s; nothing was "
		    "stored",
		    strerror(errno));
	if (kept == 1) {
		cli_store_failed(&cli, "store the value");
		drain_stdin();
	} else if (value && !full) {
		status = store(&e, value, *command ? &child : NULL);
	}
	pc_spool_free(value);
	cli_exit(&cli, status);
}

/* ---- many, from JSON Lines ---- */

static int
put_line(const struct cli_name *name)
{
	struct stage_entry e = {.cli = &cli, .began = pc_ticks()};
	struct pc_spool *value;
	int bad = 1;

	if (!name->value) {
		cli_warn(&cli,
		    "'%s' has no \"value\" or "
		    "\"value_base64\"",
		    name->text);
		return -1;
	}
	cli.material.len = 0;
	if (cli_name_key(&cli, name, NULL, &e.key) < 0)
		return -1;
	if (!stage_stores(&cli))
		return 0;
	value = pc_spool_new(cli.store);
	if (!value)
		cli_die(&cli, "%s", strerror(errno));
	if (pc_spool_write(value, name->value, name->value_len) < 0)
		cli_store_failed(&cli, "store the value");
	else
		bad = store(&e, value, NULL);
	pc_spool_free(value);
	return bad;
}

static _Noreturn void
put_each(void)
{
	static char *const no_arguments[] = {NULL};
	struct cli_names names;
	struct cli_name name;
	uint64_t failed = 0;
	int more;

	cli_names_open(&cli, &names, no_arguments);
	while ((more = cli_names_next(&cli, &names, &name)) != 1) {
		failed += more < 0 || put_line(&name) != 0;
		cli_progress(&cli, names.count, 0);
	}
	more = cli_status(failed, names.count);
	cli_names_close(&names);
	cli_exit(&cli, more);
}

int
main(int argc, char **argv)
{
	char *const *command = cli_command(&argc, argv);
	struct pc_id key;

	cli_init(&cli, PC_PROGRAM_PUT, usage);
	argv = cli_options(&cli, options, argc, argv);
	cli_check_key(&cli, key_text, argv);
	if (cli.jsonl) {
		if (*argv || *command)
			cli_usage(&cli,
			    "--jsonl cannot be combined with inputs or "
			    "a command");
		cli_open(&cli);
		put_each();
	}
	/* Standard input is the value. */
	cli.stdin_used = !*command;
	cli_find_key(&cli, key_text, argv, &key);
	put_one(&key, command);
}
