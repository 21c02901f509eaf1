/* pc-get.c - read a value from the store. */
#include "cli/stage.h"

#include <errno.h>
#include <string.h>

static const char usage[] =
    "usage: pc-get {-k KEY | -s STAGE [-p NAME=VALUE]... [INPUT...]}\n"
    "       pc-get [-s STAGE [-p NAME=VALUE]...] {-0 | --files-from FILE |\n"
    "              --jsonl} [KEY|INPUT...]\n"
    "Print a stored value.  Exit 0: a hit; 1: a miss, nothing is printed.\n"
    "\n"
    "  -k, --key KEY         the record's key, 64 hex digits\n"
    "  -s, --stage STAGE     or the stage that made it,\n"
    "  -p, --param NAME=VALUE  its parameters, and its inputs in order\n"
    "      --meta            print what the record says of itself, as JSON\n"
    "      --touch           give the record a new time to go, see -t\n"
    "  -t, --ttl TTL         90s, 15m, 24h, 30d or never\n"
    "  -0, --null            many: names in a list end with NUL; read it\n"
    "                        from standard input unless --files-from is given\n"
    "      --files-from FILE many: names from FILE; with -s inputs with a\n"
    "                        key each, else keys\n"
    "      --jsonl           many: print a JSON object for each; names as\n"
    "                        objects with \"key\" or \"file\" on standard input\n"
    "                        unless they are given otherwise\n"
    "      --progress        show progress even without a terminal\n"
    "      --refresh         answer no, so that the caller computes anew\n"
    "      --store DIR       the store\n"
    "      --no-cache        answer no, touch nothing\n"
    "      --read-only       write nothing, not even events\n"
    "  -q, --quiet           no warnings\n"
    "  -v, --verbose         say hit or miss, key and time\n"
    "  -h, --help            this text\n"
    "  -V, --version         the version\n";

enum { OPT_META = CLI_OWN, OPT_TOUCH };

static const struct option options[] = {
    CLI_COMMON,
    CLI_KEYED,
    CLI_TTL,
    CLI_REFRESHING,
    CLI_MANY,
    {"key", required_argument, NULL, 'k'},
    {"meta", no_argument, NULL, OPT_META},
    {"touch", no_argument, NULL, OPT_TOUCH},
    {0},
};

static struct cli cli;
static int meta, touch;
static struct stage_entry entry = {.cli = &cli};

/* 0: a hit, 1: a miss. */
static int
lookup(const struct pc_id *key, int64_t began)
{
	entry.key = *key;
	entry.began = began;
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
		    "read; the output is not whole");
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
		found = lookup(&key, began);
	if (cli.jsonl)
		print_jsonl(name, &id, &key, found);
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
	const char *key_text = NULL;
	struct pc_id key;
	int c, found;

	cli_init(&cli, PC_PROGRAM_GET, usage);
	while (
	    (c = getopt_long(argc, argv, "k:s:p:t:0qvhV", options, NULL)) != -1)
		switch (c) {
		case 'k':
			key_text = optarg;
			break;
		case OPT_META:
			meta = 1;
			break;
		case OPT_TOUCH:
			touch = 1;
			break;
		default:
			cli_option(&cli, c, optarg);
		}
	argv += optind;
	if (cli.ttl >= 0 && !touch)
		cli_usage(&cli, "-t needs --touch");
	if (touch && cli.read_only)
		cli_usage(&cli, "--touch and --read-only exclude each other");
	cli_check_key(&cli, key_text, argv);
	if (cli_many(&cli)) {
		cli_open(&cli);
		get_each(argv);
	}
	cli_find_key(&cli, key_text, argv, &key);
	found = lookup(&key, cli.began);
	if (found == 0 && meta)
		print_meta();
	else if (found == 0)
		print_value();
	stage_clear(&entry);
	cli_exit(&cli, found == 0 ? PC_EXIT_OK : PC_EXIT_NO);
}
