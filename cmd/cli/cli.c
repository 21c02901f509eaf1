/* cli.c - what the programs share at the command line. */
#include "cli.h"

#include "care.h"
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- beginning, messages, the end ---- */

/* A store file must never be opened as descriptor 0, 1 or 2.  What was closed
 * becomes one that fails as a closed one does. */
static void
fill_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
			_exit(PC_EXIT_FAIL);
}

void
cli_init(struct cli *c, enum pc_program program, const char *usage)
{
	fill_descriptors();
	/* A full quota is an error to report, not a death. */
	signal(SIGXFSZ, SIG_IGN);
	*c = (struct cli){.program = program,
	    .usage = usage,
	    .fail = program == PC_PROGRAM_RUN ? PC_EXIT_RUN : PC_EXIT_FAIL,
	    .began = pc_ticks(),
	    .ttl = -1,
	    .progress = -1,
	    .terminal = -1};
}

static void
message(const struct cli *c, const char *fmt, va_list ap, const char *tail)
{
	char text[4096];

	/* One write a line, so that lines of parallel runs do not mix. */
	vsnprintf(text, sizeof text, fmt, ap);
	terminal_line(text);
	fprintf(stderr, "%s%s: %s%s\n", c->shown ? "\r\033[K" : "",
	    pc_program_name(c->program), text, tail);
}

void
cli_warn(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(c, fmt, ap, "");
	va_end(ap);
}

void
cli_die(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(c, fmt, ap, "");
	va_end(ap);
	exit(c->fail);
}

void
cli_usage(const struct cli *c, const char *fmt, ...)
{
	char tail[64];
	va_list ap;

	snprintf(tail, sizeof tail, "; see '%s --help'",
	    pc_program_name(c->program));
	va_start(ap, fmt);
	message(c, fmt, ap, tail);
	va_end(ap);
	exit(c->fail);
}

int
cli_status(uint64_t failed, uint64_t count)
{
	if (!failed)
		return PC_EXIT_OK;
	return failed < count ? PC_EXIT_SOME : PC_EXIT_FAIL;
}

void
cli_catch_signals(void (*handler)(int), int flags)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	const struct sigaction act = {.sa_handler = handler, .sa_flags = flags};
	struct sigaction was;

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (sigaction(signals[i], NULL, &was) == 0 &&
		    was.sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
}

void
cli_exit(struct cli *c, int status)
{
	if (c->shown)
		fputs("\r\033[K", stderr);
	if (c->store && pc_store_damaged(c->store) && !c->quiet)
		cli_warn(c, "%u damaged record%s in the store: not used",
		    pc_store_damaged(c->store),
		    pc_store_damaged(c->store) > 1 ? "s" : "");
	if (c->store && pc_store_refusal(c->store) && !c->store_failed &&
	    !c->quiet)
		cli_warn(c, "%s", pc_store_refusal(c->store));
	/* Who reads it need not wait for what is done at the end. */
	if (pc_stdout_close() < 0) {
		cli_warn(c, "cannot write standard output: %s",
		    strerror(errno));
		status = c->fail;
	}
	pc_store_close(c->store);
	pc_config_free(c->config);
	pc_spec_clear(&c->spec);
	pc_buf_clear(&c->material);
	exit(status);
}

void
cli_say(const struct cli *c, const char *what, const struct pc_id *key,
    int64_t us)
{
	char hex[PC_ID_HEX];

	if (!c->verbose)
		return;
	pc_id_hex(key, hex);
	cli_warn(c, "%s %s%s%s %.1f ms", what, c->spec.stage,
	    c->spec.stage[0] ? " " : "", hex, (double)us / 1000);
}

void
cli_progress(struct cli *c, uint64_t done, uint64_t total)
{
	enum { FIRST = 1000000, EVERY = 200000 }; /* us */
	int64_t now = pc_ticks();
	double rate;

	if (c->progress < 0)
		c->progress = isatty(2) && !c->quiet;
	if (!c->progress || now - c->began < FIRST || now - c->shown < EVERY)
		return;
	c->shown = now;
	rate = (double)done * 1e6 / (double)(now - c->began);
	if (total)
		fprintf(stderr, "\r\033[K%llu of %llu, %.*f/s, %.0f s left%s%s",
		    (unsigned long long)done, (unsigned long long)total,
		    rate<10, rate, rate> 0 ? (double)(total - done) / rate : 0,
		    c->note[0] ? ", " : "", c->note);
	else
		fprintf(stderr, "\r\033[K%llu, %.0f/s%s%s",
		    (unsigned long long)done, rate, c->note[0] ? ", " : "",
		    c->note);
}

void
cli_progress_off(const struct cli *c)
{
	if (c->shown && isatty(1))
		fputs("\r\033[K", stderr);
}

/* ---- options ---- */

char *const *
cli_command(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++)
		if (strcmp(argv[i], "--") == 0) {
			argv[i] = NULL;
			*argc = i;
			return argv + i + 1;
		}
	return argv + *argc;
}

int64_t
cli_int(struct cli *c, const char *option, const char *arg, int64_t min,
    int64_t max)
{
	int64_t v;

	if (pc_parse_int(arg, min, max, &v) < 0)
		cli_usage(c, "bad %s '%s': %lld to %lld", option, arg,
		    (long long)min, (long long)max);
	return v;
}

int64_t
cli_duration(struct cli *c, const char *option, const char *arg)
{
	int64_t us;

	if (pc_parse_duration(arg, &us) < 0)
		cli_usage(c,
		    "bad %s '%s': give it as 90s, 15m, 24h, 30d or "
		    "never",
		    option, arg);
	return us;
}

void
cli_option(struct cli *c, int opt, const char *arg)
{
	switch (opt) {
	case 'h':
		fputs(c->usage, stdout);
		cli_exit(c, PC_EXIT_OK);
	case 'V':
		printf("%s (pc) %s\n", pc_program_name(c->program), PC_VERSION);
		cli_exit(c, PC_EXIT_OK);
	case 'q':
		c->quiet = 1;
		break;
	case 'v':
		c->verbose = 1;
		break;
	case 's':
		if (pc_spec_stage(&c->spec, arg) < 0)
			cli_usage(c,
			    "bad stage '%s': up to %d of a-z, 0-9, "
			    "'.', '_' and '-', a letter or digit "
			    "first",
			    arg, PC_STAGE_MAX);
		break;
	case 'p':
		if (pc_spec_param(&c->spec, arg) == 0)
			break;
		if (errno == EINVAL)
			cli_usage(c,
			    "bad parameter '%s': give it as "
			    "name=value",
			    arg);
		cli_die(c, "cannot take parameter '%.40s': %s", arg,
		    strerror(errno));
	case 't':
		c->ttl = cli_duration(c, "TTL", arg);
		break;
	case '0':
		c->nul = 1;
		break;
	case 'j':
		if (pc_parse_int(arg, 1, 1024, &c->jobs) < 0)
			cli_usage(c, "bad number of jobs '%s': 1 to 1024", arg);
		break;
	case CLI_STORE:
		if (!*arg)
			cli_usage(c, "--store needs a directory");
		c->store_dir = arg;
		break;
	case CLI_REFRESH:
		c->refresh = 1;
		break;
	case CLI_NO_CACHE:
		c->no_cache = 1;
		break;
	case CLI_READ_ONLY:
		c->read_only = 1;
		break;
	case CLI_FILES_FROM:
		c->files_from = arg;
		break;
	case CLI_JSONL:
		c->jsonl = 1;
		break;
	case CLI_PROGRESS:
		c->progress = 1;
		break;
	case CLI_SYNC:
		c->sync = 1;
		break;
	default: /* getopt_long(3) has said what is wrong */
		fprintf(stderr, "%s: see '%s --help'\n",
		    pc_program_name(c->program), pc_program_name(c->program));
		exit(c->fail);
	}
}

/* ---- configuration and store ---- */

static void
config_warning(void *ctx, const char *text)
{
	const struct cli *c = ctx;

	if (!c->quiet)
		cli_warn(c, "%s", text);
}

void
cli_load_config(struct cli *c)
{
	struct pc_error err;

	c->config = pc_config_load(config_warning, c, &err);
	if (!c->config)
		cli_die(c, "%s", err.text);
}

int
cli_try_store(struct cli *c, struct pc_error *err)
{
	unsigned flags = 0;
	char *dir;
	int e;

	if (c->read_only)
		flags |= PC_STORE_READ_ONLY;
	if (c->sync || pc_config_bool(c->config, "caching.sync"))
		flags |= PC_STORE_SYNC;
	if (!pc_config_bool(c->config, "caching.events"))
		flags |= PC_STORE_NO_EVENTS;
	dir = pc_store_dir(c->config, c->store_dir);
	if (dir)
		c->store = pc_store_open(dir, flags, err);
	else
		pc_error_set(err,
		    "no place for a store: set HOME, "
		    "XDG_CACHE_HOME or PC_STORE");
	e = errno;
	free(dir);
	if (!c->store)
		return dir && e != ENOENT ? -1 : 1;
	pc_store_set_max(c->store,
	    pc_config_int(c->config, "caching.max_bytes"));
	return 0;
}

void
cli_open_store(struct cli *c)
{
	struct pc_error err;
	const int r = cli_try_store(c, &err);

	if (r == 0)
		return;
	if (c->reports
		? r < 0
		: !pc_config_bool(c->config, "features.fallback_on_error"))
		cli_die(c, "%s", err.text);
	c->store_failed = 1;
	if (!c->quiet)
		cli_warn(c, "%s; going on without a cache", err.text);
}

void
cli_open(struct cli *c)
{
	cli_load_config(c);
	if (!pc_config_bool(c->config, "caching.enabled"))
		c->no_cache = 1;
	if (!c->no_cache)
		cli_open_store(c);
}

void
cli_store_fault(const struct cli *c, const char *what, struct pc_error *out)
{
	const char *why = errno == EBADMSG ? "it is damaged, or its disk is"
					   : pc_store_error(c->store, errno);

	if (c->store && pc_store_refusal(c->store))
		pc_error_set(out, "%s", pc_store_refusal(c->store));
	else
		pc_error_set(out, "cannot %s: %s", what, why);
}

void
cli_store_die(struct cli *c, const char *what)
{
	struct pc_error text;

	cli_store_fault(c, what, &text);
	cli_die(c, "%s", text.text);
}

void
cli_store_failed(struct cli *c, const char *what)
{
	struct pc_error text;

	cli_store_fault(c, what, &text);
	if (!pc_config_bool(c->config, "features.fallback_on_error"))
		cli_die(c, "%s", text.text);
	if (!c->quiet && !c->store_failed)
		cli_warn(c, "%s; going on without %s", text.text,
		    c->store && pc_store_refusal(c->store) ? "a cache" : "it");
	c->store_failed = 1;
}

int64_t
cli_expires(const struct cli *c, int64_t ttl, const char *setting)
{
	if (ttl < 0)
		ttl = pc_config_span(c->config, setting);
	return ttl == PC_NEVER ? PC_NEVER : pc_now() + ttl;
}

int
cli_flight(struct cli *c, const struct pc_id *key, int64_t wait)
{
	int taken, waited;

	if (!c->store || pc_store_flags(c->store) & PC_STORE_READ_ONLY)
		return 0;
	if (wait < 0)
		wait = pc_config_span(c->config, "caching.wait");
	taken = pc_flight_take(c->store, key, 0);
	waited = taken == 1 && wait > 0;
	if (waited)
		taken = pc_flight_take(c->store, key, wait);
	if (taken < 0)
		cli_store_failed(c, "lock the key");
	if (taken == 1 && !c->quiet)
		cli_warn(c,
		    "another process still computes this; no longer "
		    "waiting for it");
	return waited;
}

void
cli_event(struct cli *c, enum pc_event_kind kind, struct pc_event e)
{
	if (!c->store)
		return;
	e.kind = kind;
	e.program = c->program;
	e.lock_wait = pc_store_lock_wait(c->store);
	if (!e.stage[0])
		strcpy(e.stage, c->spec.stage);
	/* What cannot be counted still has to be done. */
	(void)pc_event_add(c->store, &e);
}

void
cli_memory(struct cli *c, struct pc_memory m)
{
	if (!c->store)
		return;
	m.program = c->program;
	if (!m.duration)
		m.duration = pc_ticks() - c->began;
	if (!m.stage[0])
		strcpy(m.stage, c->spec.stage);
	/* What helpers say of themselves. */
	if (!m.measured)
		m.measured = PC_MEASURED_RUSAGE;
	(void)pc_memory_add(c->store, &m);
}

/* ---- inputs and keys ---- */

int
cli_ident(struct cli *c, const char *name, unsigned flags, struct pc_id *id)
{
	int r;

	if (strcmp(name, "-") == 0) {
		if (c->stdin_used++) {
			cli_warn(c, "standard input can be read only once");
			return -1;
		}
		r = pc_ident_fd(NULL, 0, 0, id, NULL);
		name = "standard input";
	} else {
		r = pc_ident_file(c->store, name, flags, id, NULL);
	}
	if (r < 0)
		cli_warn(c, "cannot read '%s': %s", name, strerror(errno));
	return r;
}

void
cli_input_id(struct cli *c, const struct pc_id *id)
{
	if (pc_spec_add(&c->spec, PC_FIELD_INPUT, id->b, sizeof id->b) < 0)
		cli_die(c, "cannot take an input: %s", strerror(errno));
}

void
cli_key(struct cli *c, struct pc_id *key)
{
	const char *twice;

	if (!c->spec.stage[0])
		cli_usage(c, "no stage: name it with -s");
	if (pc_spec_key(&c->spec, &c->material, key, &twice) == 0)
		return;
	if (errno == EEXIST)
		cli_usage(c, "parameter '%.*s' is given twice",
		    (int)strcspn(twice, "="), twice);
	if (errno == E2BIG)
		cli_die(c,
		    "parameters, words and inputs come to more than "
		    "%d MiB: put them into a file and make that an "
		    "input",
		    PC_MATERIAL_MAX >> 20);
	cli_die(c, "cannot make a key: %s", strerror(errno));
}

void
cli_key_with(struct cli *c, const struct pc_id *input, struct pc_id *key)
{
	cli_input_id(c, input);
	cli_key(c, key);
	pc_spec_drop_input(&c->spec);
}

void
cli_check_key(const struct cli *c, const char *text, char *const *inputs)
{
	if (text && (c->spec.count || *inputs || cli_many(c)))
		cli_usage(c, "-k is the whole key: no -p, inputs or lists");
	if (c->spec.count && !c->spec.stage[0])
		cli_usage(c, "-p needs a stage: name it with -s");
}

void
cli_find_key(struct cli *c, const char *text, char *const *inputs,
    struct pc_id *key)
{
	struct pc_id id;

	if (text && pc_id_parse(text, key) < 0)
		cli_usage(c, "bad key '%s': a key is 64 lower-case hex digits",
		    text);
	if (!text && !c->spec.stage[0])
		cli_usage(c, "no key: give -k KEY, or -s STAGE and inputs");
	cli_open(c);
	for (; *inputs; inputs++) {
		if (cli_ident(c, *inputs, 0, &id) < 0)
			cli_exit(c, PC_EXIT_FAIL);
		cli_input_id(c, &id);
	}
	if (!text)
		cli_key(c, key);
}

void
cli_explain(struct cli *c, const struct pc_id *key)
{
	struct pc_buf text = {0};

	if (!c->config)
		cli_open(c);
	if (pc_explain(c->store, c->material.data, c->material.len, key,
		&text) < 0)
		cli_store_die(c, "read the store");
	if (cli_write(c, text.data, text.len) < 0)
		cli_die(c, "cannot write standard output: %s", strerror(errno));
	pc_buf_clear(&text);
	cli_exit(c, PC_EXIT_OK);
}

int
cli_many(const struct cli *c)
{
	return c->nul || c->files_from || c->jsonl;
}
