/* pc-run.c - remember any command. */
#include "cli/option.h"
#include "cli/relay.h"
#include "cli/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-run -s STAGE [-p NAME=VALUE]... [-i INPUT]... [option]... --\n"
    "              COMMAND [ARG...]\n"
    "Run a command and cache its output; print the cached output next time.  The\n"
    "key is made from the stage, the command, the parameters and the inputs.\n";

enum { STDERR_MAX = 1024 * 1024 }; /* bytes of standard error that are kept */

static struct cli cli;
static unsigned char ok_status[256] = {1};
static int64_t stale, wait_max = -1;
static int keep_stderr, explain;
static char *const *command;

static struct {
	struct stage_entry entry;
	int in;                 /* the command's stdin; 0: ours */
	struct pc_spool *value; /* NULL: it will not be stored */
	struct pc_buf said;     /* on standard error */
	uint64_t size_max;
	int quiet;         /* the output has no reader: a refresh */
	int output_failed; /* errno */
	struct run_input {
		const char *name;
		struct pc_id id;
	} * inputs;
	size_t input_count;
} run;

static volatile int stop;

static void
on_signal(int sig)
{
	stop = sig;
}

/* ---- the command as it is, without a cache ---- */

static _Noreturn void
run_uncached(void)
{
	int e;

	if (run.in > 0 && dup2(run.in, 0) < 0)
		cli_die(&cli, "%s", strerror(errno));
	signal(SIGXFSZ, SIG_DFL);
	execvp(command[0], command);
	e = errno;
	cli.fail = e == ENOENT ? PC_EXIT_NOENT : PC_EXIT_NOEXEC;
	cli_die(&cli, "cannot run '%s': %s", command[0], strerror(e));
}

/* ---- a hit ---- */

static _Noreturn void
finish(int status)
{
	stage_clear(&run.entry);
	pc_spool_free(run.value);
	pc_buf_clear(&run.said);
	free(run.inputs);
	cli_exit(&cli, status);
}

/* Print the hit; the exit status that is stored with it. */
static int
print_hit(void)
{
	const struct pc_record *r = &run.entry.hit.record;

	if ((keep_stderr && pc_write_full(2, r->extra, r->extra_len) < 0) ||
	    pc_hit_send(&run.entry.hit, 1) < 0)
		cli_die(&cli, "cannot write the output: %s",
		    errno == EBADMSG ? "it changed on the disk while it "
				       "was read"
				     : strerror(errno));
	return r->status;
}

/* Without --keep-stderr a record has no standard error to print. */
static int
has_stderr(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	(void)ctx;
	(void)event;
	return hit->record.flags & PC_RECORD_STDERR;
}

/* ---- a miss ---- */

/* Store nothing; the output is still passed to its reader. */
static void
stop_storing(const char *why)
{
	if (!cli.quiet && !run.quiet)
		cli_warn(&cli, "%s; the result is not stored", why);
	pc_spool_free(run.value);
	run.value = NULL;
}

static int
take_output(void *ctx, const void *p, size_t n)
{
	(void)ctx;
	if (!run.quiet && pc_write_full(1, p, n) < 0) {
		run.output_failed = errno;
		return -1;
	}
	if (!run.value)
		return 0;
	if (pc_spool_size(run.value) + n > run.size_max) {
		stop_storing("the output is larger than caching.max_bytes");
	} else if (pc_spool_write(run.value, p, n) < 0) {
		cli_store_failed(&cli, "store the output");
		pc_spool_free(run.value);
		run.value = NULL;
	}
	return 0;
}

static int
take_stderr(void *ctx, const void *p, size_t n)
{
	(void)ctx;
	if (!run.quiet && pc_write_full(2, p, n) < 0) {
		run.output_failed = errno;
		return -1;
	}
	if (!run.value)
		return 0;
	if (run.said.len + n > STDERR_MAX)
		stop_storing("standard error is larger than 1 MiB");
	else if (pc_buf_add(&run.said, p, n) < 0)
		stop_storing("out of memory");
	return 0;
}

/* Do the inputs still have the ids that are in the key?  The command, or
 * another process, may have changed them. */
static int
inputs_unchanged(void)
{
	for (size_t i = 0; i < run.input_count; i++) {
		const struct run_input *in = &run.inputs[i];
		struct pc_id now;

		if (strcmp(in->name, "-") == 0 ||
		    (pc_ident_file(cli.store, in->name, 0, &now, NULL) == 0 &&
			memcmp(now.b, in->id.b, sizeof now.b) == 0))
			continue;
		if (!cli.quiet && !run.quiet)
			cli_warn(&cli,
			    "input '%s' changed during the run; "
			    "the result is not stored",
			    in->name);
		return 0;
	}
	return 1;
}

static void
store_result(const struct pc_child *child, int status)
{
	struct stage_result r = {.spool = run.value,
	    .ttl = cli.ttl,
	    .cost = child->wall,
	    .peak_kib = child->peak_kib,
	    .status = status,
	    .flags = keep_stderr ? PC_RECORD_STDERR : 0,
	    .extra = run.said.data,
	    .extra_len = run.said.len};

	if (!ok_status[status] || pc_spool_size(run.value) == 0)
		r.flags |= PC_RECORD_NEGATIVE;
	run.entry.material = cli.material.data;
	run.entry.material_len = cli.material.len;
	(void)stage_store(&run.entry, &r);
}

/* Run the command, pass its output on, and store it.  Its exit status. */
static int
compute(void)
{
	struct pc_child child = {.argv = command,
	    .path = 1,
	    .in = run.in,
	    .out = take_output,
	    .err = keep_stderr ? take_stderr : NULL,
	    .stop = &stop};
	int status;

	cli_catch_signals(on_signal, 0);
	run.value = stage_stores(&cli) ? pc_spool_new(cli.store) : NULL;
	if (pc_child_run(&child) < 0) {
		cli.fail = errno == ENOENT ? PC_EXIT_NOENT : PC_EXIT_NOEXEC;
		cli_die(&cli, "cannot run '%s': %s", command[0],
		    strerror(errno));
	}
	if (stop) {
		signal(stop, SIG_DFL);
		raise(stop);
	}
	if (run.output_failed)
		cli_die(&cli, "cannot write the output: %s",
		    strerror(run.output_failed));
	status = WIFSIGNALED(child.status) ? 128 + WTERMSIG(child.status)
					   : WEXITSTATUS(child.status);
	stage_event(&run.entry,
	    WIFEXITED(child.status) && ok_status[status] ? PC_EVENT_COMPUTE
							 : PC_EVENT_ERROR,
	    (struct pc_event){.duration = child.wall,
		.peak_kib = child.peak_kib,
		.bytes = run.value ? pc_spool_size(run.value) : 0});
	if (run.value && WIFEXITED(child.status) && inputs_unchanged())
		store_result(&child, status);
	cli_say(&cli, "computed", &run.entry.key, child.wall);
	return status;
}

/* ---- serving stale ---- */

/* Compute a new result in a process of its own, unless another process does. */
static _Noreturn void
refresh_in_background(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	if (null < 0 || (run.in == 0 && dup2(null, 0) < 0) ||
	    dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(PC_EXIT_RUN);
	/* Locks belong to an open file, so open the store again. */
	pc_config_free(cli.config);
	cli.config = NULL;
	cli.store = NULL;
	cli.quiet = run.quiet = 1;
	run.entry.stale = 0;
	cli_open(&cli);
	if (cli.store && stage_claim(&run.entry) == STAGE_CLAIMED)
		compute();
	finish(PC_EXIT_OK);
}

static _Noreturn void
serve_stale(void)
{
	const int status = print_hit();

	stage_serve_stale(&run.entry);
	if (stage_stores(&cli)) {
		pid_t pid = fork();

		if (pid == 0)
			refresh_in_background();
		if (pid < 0)
			cli_warn(&cli, "cannot refresh: %s", strerror(errno));
	}
	finish(status);
}

/* ---- the run ---- */

static _Noreturn void
run_cached(void)
{
	struct stage_entry *e = &run.entry;
	enum stage_state state;

	e->cli = &cli;
	e->began = cli.began;
	e->stale = cli.refresh ? 0 : stale;
	e->usable = keep_stderr ? has_stderr : NULL;
	state = stage_find(e);
	if (state == STAGE_STALE)
		serve_stale();
	if (state == STAGE_MISS)
		state = stage_await(e, wait_max);
	if (state == STAGE_HIT)
		finish(print_hit());
	finish(compute());
}

/* ---- options ---- */

static void
parse_ok_status(const char *list)
{
	char word[8];
	int64_t status;
	size_t n;

	memset(ok_status, 0, sizeof ok_status);
	for (const char *p = list;; p += n + 1) {
		n = strcspn(p, ",");
		snprintf(word, sizeof word, "%.*s", (int)n, p);
		if (n == 0 || n >= sizeof word ||
		    pc_parse_int(word, 0, 124, &status) < 0)
			cli_usage(&cli,
			    "bad list of exit statuses '%s': for example "
			    "0,1 (0 to 124)",
			    list);
		ok_status[status] = 1;
		if (!p[n])
			return;
	}
}

/* There is no room to keep standard input, so its id and the key are unknown.
 * The command gets it all the same. */
static _Noreturn void
run_without_key(const struct pc_spool *kept)
{
	cli_store_failed(&cli,
	    "keep standard input in the directory of TMPDIR");
	run.in = relay_input(kept, 0);
	if (run.in < 0)
		cli_die(&cli, "cannot relay standard input: %s",
		    strerror(errno));
	run_uncached();
}

/* Keep standard input, which is read twice, for its id and by the command.  Add
 * the id to the spec. */
static void
add_stdin(void)
{
	struct pc_spool *kept = pc_spool_new(NULL);
	struct pc_id id;
	int r;

	if (cli.stdin_used++)
		cli_usage(&cli, "standard input can be an input only once");
	r = kept ? pc_spool_fill(kept, 0, UINT64_MAX) : -1;
	if (r == 0) {
		pc_spool_id(kept, &id);
		run.in = pc_spool_open(kept);
	}
	if (r < 0)
		cli_die(&cli, "cannot read standard input: %s",
		    strerror(errno));
	if ((r == 1 || run.in < 0) && explain)
		cli_die(&cli,
		    "cannot keep standard input: %s; set TMPDIR to "
		    "another directory",
		    strerror(errno));
	if (r == 1 || run.in < 0)
		run_without_key(kept);
	pc_spool_free(kept);
	cli_input_id(&cli, &id);
}

static void
add_inputs(void)
{
	struct stat st;

	for (size_t i = 0; i < run.input_count; i++) {
		struct run_input *in = &run.inputs[i];

		if (strcmp(in->name, "-") == 0) {
			add_stdin();
			continue;
		}
		if (stat(in->name, &st) == 0 && S_ISFIFO(st.st_mode))
			cli_die(&cli,
			    "'%s' is a pipe, which can be read only "
			    "once; pass it as standard input with "
			    "-i -",
			    in->name);
		if (cli_ident(&cli, in->name, 0, &in->id) < 0)
			exit(cli.fail);
		cli_input_id(&cli, &in->id);
	}
}

static void
add_input(const char *name)
{
	struct run_input *more = realloc(run.inputs,
	    (run.input_count + 1) * sizeof *more);

	if (!more)
		cli_die(&cli, "%s", strerror(errno));
	run.inputs = more;
	run.inputs[run.input_count++] = (struct run_input){.name = name};
}

static void
add_env(const char *name)
{
	if (pc_spec_env(&cli.spec, name) < 0)
		cli_usage(&cli, "bad variable name '%s'", name);
}

static const struct cli_option options[] = {
    OPT_OPERANDS(OPTION_COMMAND, NULL),
    OPT_STAGE("name this step"),
    OPT_CALL('i', "input", "INPUT", OPTION_FILE, NULL, add_input,
	"the command reads this file; '-' is standard input"),
    OPT_PARAM("the output also depends on this"),
    OPT_CALL('e', "env", "NAME", OPTION_VARIABLE, NULL, add_env,
	"the output also depends on this environment variable"),
    OPT_TTL(cli, "how long the result stays valid"),
    OPT_FLAG(0, "explain", &explain,
	"do not run; print the key and why it misses"),
    OPT_REFRESH(cli, "run the command and replace the cached result"),
    OPT_NO_CACHE(cli, "run the command without the cache"),
    OPT_STORE(cli),
    OPT_HELP,

    OPT_SECTION("What is cached"),
    OPT_CALL(0, "ok-status", "LIST", OPTION_TEXT, WORDS("0,1", "0,1,2"),
	parse_ok_status, "cache results with these exit statuses (default: 0)"),
    OPT_NEGATIVE(&cli.negative,
	"cache failures and empty output too, and how long they stay valid"),
    OPT_FLAG(0, "keep-stderr", &keep_stderr, "cache standard error too"),

    OPT_SECTION("Cache"),
    OPT_TIME(0, "stale", 0, OPT_TIMES, &stale,
	"serve a result that expired at most this long ago, and refresh it in "
	"the background"),
    OPT_TIME(0, "wait", 0, OPT_TIMES, &wait_max,
	"how long to wait for another process that is computing this result"),
    OPT_SYNC(cli),
    OPT_READ_ONLY(cli, "use cached results, but store none"),

    OPT_SECTION("Messages"),
    OPT_QUIET(cli),
    OPT_VERBOSE(cli, "print hit or miss, the key and the time"),
    OPT_VERSION('V'),
    OPT_END,
};

int
main(int argc, char **argv)
{
	cli_init(&cli, PC_PROGRAM_RUN, usage);
	command = cli_options(&cli, options, argc, argv);
	cli.reports = explain;
	if (!*command)
		cli_usage(&cli, "no command given");
	if (!cli.spec.stage[0])
		cli_usage(&cli, "no stage given: use -s STAGE");
	cli_open(&cli);
	if (!cli.store && !explain)
		run_uncached();
	for (char *const *word = command; *word; word++)
		if (pc_spec_add(&cli.spec, PC_FIELD_ARG, *word, strlen(*word)) <
		    0)
			cli_die(&cli, "%s", strerror(errno));
	add_inputs();
	cli_key(&cli, &run.entry.key);
	if (explain)
		cli_explain(&cli, &run.entry.key, PC_EXIT_OK);
	run.size_max = (uint64_t)pc_config_int(cli.config, "caching.max_bytes");
	if (!run.size_max)
		run.size_max = UINT64_MAX;
	run_cached();
}
