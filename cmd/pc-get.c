/* pc-get.c - read a value from the store. */
#include "cli/option.h"
#include "cli/stage.h"
#include "reader/text_key.h"

#include <errno.h>
#include <string.h>

static const char usage[] =
    "usage: pc-get {-k KEY | -s STAGE [-p NAME=VALUE]... [INPUT...]}\n"
    "       pc-get [-s STAGE [-p NAME=VALUE]...] {-0 | --files-from FILE |\n"
    "              --jsonl} [KEY|INPUT...]\n"
    "Print a value from the store.  Exit status: 0 hit, 1 miss (nothing is\n"
    "printed).\n";

static struct cli cli;
static int meta, touch;
static const char *key_text;

static const struct cli_option options[] = {
    OPT_OPERANDS(OPTION_FILE, NULL),
    OPT_TEXT('k', "key", "KEY", OPTION_TEXT, NULL, &key_text,
	"get the value with this key (64 hex digits)"),
    OPT_STAGE("get the value of this stage"),
    OPT_PARAM("set a parameter of the stage"),
    OPT_FLAG(0, "meta", &meta, "print the record's metadata as JSON instead"),
    OPT_REFRESH(cli, "report a miss even if it is cached"),
    OPT_STORE(cli),
    OPT_HELP,

    OPT_SECTION("Many values"),
    OPT_NULL(cli,
	"names in the list end with NUL; without --files-from, read the list "
	"from standard input"),
    OPT_FILES_FROM(cli,
	"get a value for each name in FILE: an input with -s, else a key"),
    OPT_JSONL(cli,
	"print one JSON object per value; without names, read objects with "
	"\"key\" or \"file\" from standard input"),
    OPT_PROGRESS(cli),

    OPT_SECTION("Cache"),
    OPT_FLAG(0, "touch", &touch, "restart the record's time to live"),
    OPT_TTL(cli, "the time to live that --touch sets"),
    OPT_NO_CACHE(cli, "report a miss and do not use the cache"),
    OPT_READ_ONLY(cli, "write nothing to the store, not even events"),

    OPT_SECTION("Messages"),
    OPT_QUIET(cli),
    OPT_VERBOSE(cli, "print hit or miss, the key and the time"),
    OPT_VERSION('V'),
    OPT_END,
};

static struct stage_entry entry = {.cli = &cli};
static struct text_key text;

/* document: what the key was made of besides cli's spec, or NULL.
 * 0: a hit, 1: a miss; the key is in entry. */
static int
lookup(const struct pc_id *key, const struct pc_id *document, int64_t began)
{
	entry.key = *key;
	entry.began = began;
	if (text_key_begin(&text, &cli, document))
		text_key_also(&entry, &text);
	entry.get = meta ? PC_GET_HEADER : 0;
	if (stage_find(&entry) != STAGE_HIT)
		return 1;
	if (touch)
		entry.hit.record.expires = stage_touch(&entry, cli.ttl, NULL);
	return 0;
}

static void
write_out(const void *p, size_t n)
{
	if (pc_write_full(1, p, n) < 0)
		cli_die(&cli, "cannot write standard output: %s",
		    strerror(errno));
}

static void
print_meta(void)
{
	struct pc_buf b = {0};

	if (pc_record_json(&b, &entry.hit.record) < 0 ||
	    pc_buf_addf(&b, "\n") < 0)
		cli_die(&cli, "%s", strerror(errno));
	write_out(b.data, b.len);
	pc_buf_clear(&b);
}

static void
print_value(void)
{
	if (pc_hit_send(&entry.hit, 1) == 0)
		return;
	if (errno == EBADMSG)
		cli_die(&cli,
		    "the value changed on the disk while it was "
		    "read; the output is incomplete");
	cli_die(&cli, "cannot write standard output: %s", strerror(errno));
}

/* ---- many keys in one process ---- */

static void
add_value(struct pc_buf *b)
{
	enum { VALUE_MAX = 64 * 1024 * 1024 };
	struct pc_buf large = {0};
	const unsigned char *p = entry.hit.value;
	size_t n = (size_t)entry.hit.record.size;

	if (!p) {
		if (pc_hit_read(&entry.hit, &large, VALUE_MAX) < 0) {
			pc_json_add_text(b, "error",
			    "the value is too large for a line: get it by "
			    "its key");
			pc_buf_clear(&large);
			return;
		}
		p = large.data;
	}
	if (pc_utf8_valid(p, n))
		pc_json_add_bytes(b, "value", p, n);
	else
		pc_json_add_base64(b, "value_base64", p, n);
	pc_buf_clear(&large);
}

/* found is what lookup() says, or -1: the name gave no key. */
static void
print_jsonl(const struct cli_name *name, const struct pc_id *id,
    const struct pc_id *key, int found)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	if (name->kind == CLI_NAME_FILE)
		pc_json_add_text(&b, "file", name->text);
	if (found >= 0 && name->kind != CLI_NAME_KEY)
		pc_json_add_id(&b, "id", id);
	if (found < 0) {
		pc_json_add_text(&b, "error", "cannot be read");
	} else {
		pc_json_add_id(&b, "key", key);
		pc_json_add_bool(&b, "hit", found == 0);
	}
	if (found == 0 && meta) {
		pc_json_add_key(&b, "meta", 4);
		pc_record_json(&b, &entry.hit.record);
	} else if (found == 0) {
		pc_json_add_id(&b, "output", &entry.hit.record.output);
		pc_json_add_uint(&b, "size", entry.hit.record.size);
		add_value(&b);
	}
	pc_json_end_object(&b);
	if (pc_buf_add(&b, "\n", 1) < 0)
		cli_die(&cli, "%s", strerror(errno));
	write_out(b.data, b.len);
	pc_buf_clear(&b);
}

static int
get_one(const struct cli_name *name)
{
	int64_t began = pc_ticks();
	struct pc_id id, key;
	int found = cli_name_key(&cli, name, &id, &key);

	if (found == 0)
		found = lookup(&key, name->kind == CLI_NAME_KEY ? NULL : &id,
		    began);
	if (cli.jsonl)
		print_jsonl(name, &id, &entry.key, found);
	else if (found == 0 && meta)
		print_meta();
	else if (found == 0)
		print_value();
	return found;
}

static _Noreturn void
get_each(char *const *argv)
{
	uint64_t failed = 0, missed = 0;
	struct cli_names names;
	struct cli_name name;
	int more;

	cli_names_open(&cli, &names, argv);
	while ((more = cli_names_next(&cli, &names, &name)) != 1) {
		int found = more < 0 ? -1 : get_one(&name);

		failed += found < 0;
		missed += found > 0;
		cli_progress(&cli, names.count, 0);
	}
	more = failed ? cli_status(failed, names.count)
	    : missed  ? PC_EXIT_NO
		      : PC_EXIT_OK;
	cli_names_close(&names);
	stage_clear(&entry);
	cli_exit(&cli, more);
}

int
main(int argc, char **argv)
{
	struct pc_id key;
	int found;

	cli_init(&cli, PC_PROGRAM_GET, usage);
	argv = cli_options(&cli, options, argc, argv);
	if (cli.ttl >= 0 && !touch)
		cli_usage(&cli, "--ttl requires --touch");
	if (touch && cli.read_only)
		cli_usage(&cli, "--touch cannot be combined with --read-only");
	cli_check_key(&cli, key_text, argv);
	if (cli_many(&cli)) {
		cli_open(&cli);
		get_each(argv);
	}
	cli_find_key(&cli, key_text, argv, &key);
	found = lookup(&key, NULL, cli.began);
	if (found == 0 && meta)
		print_meta();
	else if (found == 0)
		print_value();
	stage_clear(&entry);
	cli_exit(&cli, found == 0 ? PC_EXIT_OK : PC_EXIT_NO);
}
