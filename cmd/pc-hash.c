/* pc-hash.c - content ids and stage keys. */
#include "cli/cli.h"
#include "cli/option.h"
#include "reader/text_key.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-hash [-l] [INPUT...]\n"
    "       pc-hash -s STAGE [-p NAME=VALUE]... [--explain] [INPUT...]\n"
    "Print the content id (SHA-256) of each input; with -s, print the key that\n"
    "the stage has for these inputs in this order.  '-' is standard input.\n";

static struct cli cli;
static int long_form, explain, rehash;

static const struct cli_option options[] = {
    OPT_OPERANDS(OPTION_FILE, NULL),
    OPT_FLAG('l', "long", &long_form, "print the file name after each id"),
    OPT_STAGE("print the key of this stage"),
    OPT_PARAM("set a parameter of the stage"),
    OPT_FLAG(0, "explain", &explain,
	"show what the key is made from and why it misses"),
    OPT_FILES_FROM(cli, "hash the files named in FILE, one per line"),
    OPT_JOBS(cli, "hash N files in parallel"),
    OPT_STORE(cli),
    OPT_HELP,

    OPT_SECTION("Many inputs"),
    OPT_NULL(cli,
	"names in the list end with NUL; without --files-from, read the list "
	"from standard input"),
    OPT_JSONL(cli, "print one JSON object per input"),
    OPT_PROGRESS(cli),

    OPT_SECTION("Cache"),
    OPT_FLAG(0, "rehash", &rehash, "read files even if their ids are cached"),
    OPT_NO_CACHE(cli, "do not use the cache"),
    OPT_READ_ONLY(cli, "use cached ids, but store none"),

    OPT_SECTION("Messages"),
    OPT_QUIET(cli),
    OPT_VERBOSE(cli, "print the id and the time for each file"),
    OPT_VERSION('V'),
    OPT_END,
};

/* The store is opened when the first file comes that it can know. */
static int
identify(const char *name, struct pc_id *id)
{
	int64_t began = pc_ticks();
	int r;

	if (!cli.config && !cli.no_cache && pc_ident_remembers(name))
		cli_open(&cli);
	r = cli_ident(&cli, name, rehash ? PC_IDENT_REHASH : 0, id);
	if (r == 0)
		cli_say(&cli, "hashed", id, pc_ticks() - began);
	return r;
}

/* Find pc-ocr's text, as pc-get does, of a document: given, or in the spec.
 * 1: it is stored, and key is its key.  A miss is explained by that key, too:
 * most records of the stage have such keys. */
static int
find_text(const struct pc_id *given, struct pc_id *key)
{
	struct stage_entry e = {.cli = &cli, .get = PC_GET_HEADER, .memo = 1};
	struct text_key text;
	int found;

	if (cli.no_cache || !text_key_begin(&text, &cli, given))
		return 0;
	if (!cli.config)
		cli_open(&cli);
	if (given)
		cli_key_with(&cli, given, &e.key);
	else
		cli_key(&cli, &e.key);
	text_key_also(&e, &text);
	found = stage_find(&e) == STAGE_HIT;
	if (!found && explain)
		found = text_key_make(&text, &e.key) == 0;
	*key = e.key;
	stage_clear(&e);
	return found && text.used;
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
 * cannot be read.  text: the key of pc-ocr's text, or NULL. */
static void
print_one(const char *name, const struct pc_id *id, const struct pc_id *text)
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
	if (text)
		key = *text;
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
	struct pc_id id, text;
	int r = identify(name, &id);
	const int found = r == 0 && find_text(&id, &text);

	print_one(name, r == 0 ? &id : NULL, found ? &text : NULL);
	return r;
}

/* ---- many at a time ---- */

enum { BATCH_EACH = 64 }; /* names that one worker is given at a time */

struct hash_batch {
	char **names;
	struct hash_result {
		struct pc_id id, text;
		int failed, found; /* found: text is the key of pc-ocr's text */
	} * results;               /* shared with the workers */
	size_t count, cap;
};

/* In a worker. */
static void
hash_for(const char *name, struct hash_result *r)
{
	if (identify(name, &r->id) < 0)
		return;
	r->found = find_text(&r->id, &r->text);
	r->failed = 0;
}

/* Have each worker hash every jobs-th name, and print all in order. */
static uint64_t
run_batch(struct hash_batch *b)
{
	uint64_t failed = 0;

	fflush(stdout);
	for (size_t i = 0; i < b->count; i++)
		b->results[i] = (struct hash_result){.failed = 1};
	for (size_t w = 0; w < (size_t)cli.jobs && w < b->count; w++) {
		pid_t pid = fork();

		if (pid < 0)
			cli_die(&cli, "cannot fork: %s", strerror(errno));
		if (pid > 0)
			continue;
		for (size_t i = w; i < b->count; i += (size_t)cli.jobs)
			hash_for(b->names[i], &b->results[i]);
		_exit(0);
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	for (size_t i = 0; i < b->count; i++) {
		const struct hash_result *r = &b->results[i];

		print_one(b->names[i], r->failed ? NULL : &r->id,
		    r->found ? &r->text : NULL);
		failed += r->failed != 0;
		free(b->names[i]);
	}
	b->count = 0;
	return failed;
}

static uint64_t
hash_in_parallel(struct cli_names *names)
{
	struct hash_batch b = {.cap = (size_t)cli.jobs * BATCH_EACH};
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
	if (!find_text(NULL, &key))
		cli_key(&cli, &key);
	if (!explain) {
		pc_id_hex(&key, hex);
		printf("%s\n", hex);
		cli_exit(&cli, PC_EXIT_OK);
	}
	cli_explain(&cli, &key, PC_EXIT_OK);
}

int
main(int argc, char **argv)
{
	static char *const from_stdin[] = {(char *)"-", NULL};
	char *const *names;

	cli_init(&cli, PC_PROGRAM_HASH, usage);
	names = cli_options(&cli, options, argc, argv);
	cli.reports = explain;
	if (!cli.spec.stage[0] && (explain || cli.spec.count))
		cli_usage(&cli, "%s requires -s STAGE",
		    explain ? "--explain" : "-p");
	if (cli.spec.stage[0] && !cli_many(&cli)) {
		if (long_form)
			cli_usage(&cli, "-l cannot be combined with -s");
		hash_key(names);
	}
	if (explain)
		cli_usage(&cli,
		    "--explain cannot be combined with a list of inputs");
	if (!*names && !cli.files_from && !cli.nul)
		names = from_stdin;
	hash_each(names);
}
