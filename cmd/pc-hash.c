/* pc-hash.c - content ids and stage keys. */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-hash [-l] [INPUT...]\n"
    "       pc-hash -s STAGE [-p NAME=VALUE]... [--explain] [INPUT...]\n"
    "Print the content id (SHA-256) of each input, or the one key that a\n"
    "stage has for these inputs in this order.  '-' is standard input.\n"
    "\n"
    "  -l, --long            two spaces and the name after each id\n"
    "  -s, --stage STAGE     print a stage key\n"
    "  -p, --param NAME=VALUE  a parameter of the stage\n"
    "      --explain         what the key is made of, and why it misses\n"
    "      --rehash          read files even when their ids are known\n"
    "  -0, --null            names in a list end with NUL; read it from\n"
    "                        standard input unless --files-from is given\n"
    "      --files-from FILE inputs from FILE, each with a key of its own\n"
    "      --jsonl           a JSON object a line for each input\n"
    "  -j, --jobs N          hash so many files at a time\n"
    "      --progress        show progress even without a terminal\n"
    "      --store DIR       where ids are remembered\n"
    "      --no-cache        remember nothing\n"
    "      --read-only       use what is remembered, add nothing\n"
    "  -q, --quiet           no warnings\n"
    "  -v, --verbose         say what was remembered\n"
    "  -h, --help            this text\n"
    "  -V, --version         the version\n";

enum { OPT_EXPLAIN = CLI_OWN, OPT_REHASH };

static const struct option options[] = {
    CLI_COMMON,
    CLI_KEYED,
    CLI_MANY,
    CLI_JOBS,
    {"long", no_argument, NULL, 'l'},
    {"explain", no_argument, NULL, OPT_EXPLAIN},
    {"rehash", no_argument, NULL, OPT_REHASH},
    {0},
};

static struct cli cli;
static int long_form, explain;
static unsigned ident_flags;

/* The store is opened when the first file comes that it can know. */
static int
identify(const char *name, struct pc_id *id)
{
	int64_t began = pc_ticks();
	int r;

	if (!cli.config && !cli.no_cache && pc_ident_remembers(name))
		cli_open(&cli);
	r = cli_ident(&cli, name, ident_flags, id);
	if (r == 0)
		cli_say(&cli, "hashed", id, pc_ticks() - began);
	return r;
}

/* A line that begins with a backslash has an escaped name, as sha256sum's. */
static void
print_name(const char *hex, const char *name)
{
	struct pc_buf text = {0};
	const int escaped = terminal_escape(&text, name);

	if (escaped < 0)
		cli_die(&cli, "%s", strerror(errno));
	printf("%s%s  %.*s\n", escaped ? "\\" : "", hex, (int)text.len,
	    (char *)text.data);
	pc_buf_clear(&text);
}

static void
print_json(const char *name, const struct pc_id *id, const struct pc_id *key)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_text(&b, "file", name);
	if (id)
		pc_json_add_id(&b, "id", id);
	else
		pc_json_add_text(&b, "error", "cannot be read");
	if (key)
		pc_json_add_id(&b, "key", key);
	pc_json_end_object(&b);
	if (b.failed)
		cli_die(&cli, "%s", strerror(errno));
	printf("%.*s\n", (int)b.len, (char *)b.data);
	pc_buf_clear(&b);
}

/* Print a document's id, or its key when there is a stage; id is NULL when it
 * cannot be read. */
static void
print_one(const char *name, const struct pc_id *id)
{
	int keyed = cli.spec.stage[0] != '\0';
	struct pc_id key;
	char hex[PC_ID_HEX];

	if (!id) {
		if (cli.jsonl)
			print_json(name, NULL, NULL);
		return;
	}
	if (keyed)
		cli_key_with(&cli, id, &key);
	pc_id_hex(keyed ? &key : id, hex);
	if (cli.jsonl)
		print_json(name, id, keyed ? &key : NULL);
	else if (long_form)
		print_name(hex, name);
	else
		printf("%s\n", hex);
}

static int
hash_one(const char *name)
{
	struct pc_id id;
	int r = identify(name, &id);

	print_one(name, r == 0 ? &id : NULL);
	return r;
}

/* ---- many at a time ---- */

enum { BATCH_EACH = 64 }; /* names that one worker is given at a time */

struct batch {
	char **names;
	struct result {
		struct pc_id id;
		int failed;
	} * results; /* shared with the workers */
	size_t count, cap;
};

/* Have each worker hash every jobs-th name, and print all in order. */
static uint64_t
run_batch(struct batch *b)
{
	uint64_t failed = 0;

	fflush(stdout);
	for (size_t i = 0; i < b->count; i++)
		b->results[i].failed = 1; /* unless a worker says otherwise */
	for (size_t w = 0; w < (size_t)cli.jobs && w < b->count; w++) {
		pid_t pid = fork();

		if (pid < 0)
			cli_die(&cli, "cannot fork: %s", strerror(errno));
		if (pid > 0)
			continue;
		for (size_t i = w; i < b->count; i += (size_t)cli.jobs)
			b->results[i].failed = identify(b->names[i],
						   &b->results[i].id) < 0;
		_exit(0);
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	for (size_t i = 0; i < b->count; i++) {
		const struct result *r = &b->results[i];

		print_one(b->names[i], r->failed ? NULL : &r->id);
		failed += r->failed != 0;
		free(b->names[i]);
	}
	b->count = 0;
	return failed;
}

static uint64_t
hash_in_parallel(struct cli_names *names)
{
	struct batch b = {.cap = (size_t)cli.jobs * BATCH_EACH};
	struct cli_name name;
	uint64_t failed = 0;
	int more;

	b.names = calloc(b.cap, sizeof *b.names);
	b.results = mmap(NULL, b.cap * sizeof *b.results,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!b.names || b.results == MAP_FAILED)
		cli_die(&cli, "%s", strerror(errno));
	while ((more = cli_names_next(&cli, names, &name)) != 1) {
		if (more < 0) {
			failed++;
			continue;
		}
		b.names[b.count] = strdup(name.text);
		if (!b.names[b.count++])
			cli_die(&cli, "%s", strerror(errno));
		if (b.count < b.cap)
			continue;
		failed += run_batch(&b);
		cli_progress(&cli, names->count, 0);
	}
	failed += run_batch(&b);
	munmap(b.results, b.cap * sizeof *b.results);
	free(b.names);
	return failed;
}

static _Noreturn void
hash_each(char *const *argv)
{
	struct cli_names names;
	struct cli_name name;
	uint64_t failed = 0;
	int more;

	cli_names_open(&cli, &names, argv);
	if (cli.jobs > 1)
		failed = hash_in_parallel(&names);
	else
		while ((more = cli_names_next(&cli, &names, &name)) != 1) {
			failed += more < 0 || hash_one(name.text) < 0;
			cli_progress(&cli, names.count, 0);
		}
	more = cli_status(failed, names.count);
	cli_names_close(&names);
	cli_exit(&cli, more);
}

/* The one key of all inputs in order. */
static _Noreturn void
hash_key(char *const *argv)
{
	char hex[PC_ID_HEX];
	struct pc_id id, key;

	for (; *argv; argv++) {
		if (identify(*argv, &id) < 0)
			cli_exit(&cli, PC_EXIT_FAIL);
		cli_input_id(&cli, &id);
	}
	cli_key(&cli, &key);
	if (!explain) {
		pc_id_hex(&key, hex);
		printf("%s\n", hex);
		cli_exit(&cli, PC_EXIT_OK);
	}
	cli_explain(&cli, &key);
}

int
main(int argc, char **argv)
{
	static char *const from_stdin[] = {(char *)"-", NULL};
	char *const *names;
	int c;

	cli_init(&cli, PC_PROGRAM_HASH, usage);
	while (
	    (c = getopt_long(argc, argv, "ls:p:0j:qvhV", options, NULL)) != -1)
		switch (c) {
		case 'l':
			long_form = 1;
			break;
		case OPT_EXPLAIN:
			explain = cli.reports = 1;
			break;
		case OPT_REHASH:
			ident_flags = PC_IDENT_REHASH;
			break;
		default:
			cli_option(&cli, c, optarg);
		}
	names = argv + optind;
	if (!cli.spec.stage[0] && (explain || cli.spec.count))
		cli_usage(&cli, "%s needs a stage: name it with -s",
		    explain ? "--explain" : "-p");
	if (cli.spec.stage[0] && !cli_many(&cli)) {
		if (long_form)
			cli_usage(&cli, "-l is for content ids, not for keys");
		hash_key(names);
	}
	if (explain)
		cli_usage(&cli, "--explain takes the inputs of one key");
	if (!*names && !cli.files_from && !cli.nul)
		names = from_stdin;
	hash_each(names);
}
