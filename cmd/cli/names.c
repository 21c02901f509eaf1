/* names.c - many documents or keys, from arguments, lists or JSON Lines. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A record can hold a whole document's text. */
enum { LINE_MAX_BYTES = 256 * 1024 * 1024 };

static void
open_list(struct cli *c, struct cli_names *n, const char *from)
{
	if (strcmp(from, "-") == 0) {
		c->stdin_used++;
		n->from = fcntl(0, F_DUPFD_CLOEXEC, 3);
	} else {
		n->from = open(from, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (n->from < 0)
		cli_die(c, "cannot open '%s': %s", from, strerror(errno));
	n->from_list = 1;
}

void
cli_names_open(struct cli *c, struct cli_names *n, char *const *argv)
{
	*n = (struct cli_names){.argv = argv,
	    .from = -1,
	    .delimiter = c->nul ? '\0' : '\n'};
	if (c->files_from) {
		open_list(c, n, c->files_from);
	} else if (!*argv && (c->nul || c->jsonl)) {
		n->records = !c->nul;
		open_list(c, n, "-");
	}
}

static void
close_list(struct cli_names *n)
{
	if (n->from >= 0)
		close(n->from);
	n->from = -1;
}

enum { END = -1, BAD = -2, NOT_YET = -3 };

/* Read the next byte, or one of the above; NOT_YET only without wait. */
static int
next_byte(struct cli *c, struct cli_names *n, int wait)
{
	struct pollfd p = {.fd = n->from, .events = POLLIN};
	ssize_t r;

	if (n->at < n->read.len)
		return n->read.data[n->at++];
	/* A signal that interrupts poll() also means: not yet. */
	if (!wait && poll(&p, 1, 0) <= 0)
		return NOT_YET;
	n->at = n->read.len = 0;
	if (pc_buf_reserve(&n->read, PC_IO_CHUNK) < 0)
		cli_die(c, "%s", strerror(errno));
	do
		r = read(n->from, n->read.data, PC_IO_CHUNK);
	while (r < 0 && errno == EINTR);
	if (r <= 0)
		return r < 0 ? BAD : END;
	n->read.len = (size_t)r;
	return n->read.data[n->at++];
}

/* Read up to the delimiter.  1: the end; 2: the line is not complete yet; -1
 * after a warning.  A line that is too long is skipped. */
static int
read_line(struct cli *c, struct cli_names *n, int wait)
{
	int ch;

	if (!n->begun) {
		n->line.len = 0;
		n->too_long = 0;
	}
	n->begun = 1;
	if (pc_buf_reserve(&n->line, 1) < 0)
		cli_die(c, "%s", strerror(errno));
	while ((ch = next_byte(c, n, wait)) >= 0) {
		/* URLs do not end with CR, but the lines of some lists do. */
		if (ch == n->delimiter && n->urls && n->line.len > 0 &&
		    n->line.data[n->line.len - 1] == '\r')
			n->line.len--;
		if (ch == n->delimiter && n->line.len == 0 && !n->blank)
			continue;
		if (ch == n->delimiter)
			break;
		if (n->line.len >= LINE_MAX_BYTES) {
			n->too_long = 1;
			continue;
		}
		if (n->line.len + 1 >= n->line.cap &&
		    pc_buf_reserve(&n->line, n->line.len + 2) < 0)
			cli_die(c, "%s", strerror(errno));
		n->line.data[n->line.len++] = (unsigned char)ch;
	}
	if (ch == NOT_YET)
		return 2;
	n->begun = 0;
	if (ch == BAD) {
		cli_warn(c, "cannot read the list: %s", strerror(errno));
		close_list(n);
		return -1;
	}
	if (ch == END && n->line.len == 0)
		return 1;
	n->line.data[n->line.len] = '\0';
	if (n->too_long) {
		cli_warn(c, "line %llu of the list is longer than %d MiB",
		    (unsigned long long)n->count + 1, LINE_MAX_BYTES >> 20);
		return -1;
	}
	return 0;
}

/* The line that cli_names_ready() has read, or else the next one. */
static int
next_line(struct cli *c, struct cli_names *n)
{
	if (!n->ready)
		return n->from >= 0 ? read_line(c, n, 1) : 1;
	n->ready = 0;
	return n->came;
}

static const char *
member(const struct pc_json *record, const char *name, size_t *len)
{
	const struct pc_json *v = pc_json_get(record, name);

	return v ? pc_json_text(v, len) : NULL;
}

/* Parse the URL that a record is, or has as "url". */
static int
url_record(struct cli *c, const struct cli_names *n, struct cli_name *name)
{
	size_t len;

	name->kind = CLI_NAME_URL;
	name->text = pc_json_type(n->record) == PC_JSON_TEXT
	    ? pc_json_text(n->record, &len)
	    : member(n->record, "url", &len);
	if (name->text && strlen(name->text) == len)
		return 0;
	cli_warn(c, "record %llu is not a URL and has no \"url\"",
	    (unsigned long long)n->count);
	return -1;
}

/* Parse the name and the value of one JSON object. */
static int
parse_record(struct cli *c, struct cli_names *n, struct cli_name *name)
{
	static const struct {
		const char *member;
		enum cli_name_kind kind;
	} kinds[] = {{"key", CLI_NAME_KEY}, {"id", CLI_NAME_ID},
	    {"file", CLI_NAME_FILE}};
	struct pc_error err;
	const char *coded;
	size_t n_text;

	pc_json_free(n->record);
	n->record = pc_json_parse((char *)n->line.data, n->line.len, &err);
	if (!n->record) {
		cli_warn(c, "record %llu: %s", (unsigned long long)n->count,
		    err.text);
		return -1;
	}
	*name = (struct cli_name){0};
	if (n->urls)
		return url_record(c, n, name);
	for (size_t i = 0; i < 3 && !name->text; i++) {
		name->kind = kinds[i].kind;
		name->text = member(n->record, kinds[i].member, &n_text);
	}
	if (!name->text || strlen(name->text) != n_text) {
		cli_warn(c, "record %llu has no \"key\", \"id\" or \"file\"",
		    (unsigned long long)n->count);
		return -1;
	}
	name->value = (const unsigned char *)member(n->record, "value",
	    &name->value_len);
	coded = member(n->record, "value_base64", &n_text);
	if (!name->value && coded) {
		n->value.len = 0;
		if (pc_base64_decode(&n->value, coded, n_text) < 0) {
			cli_warn(c, "record %llu has a bad \"value_base64\"",
			    (unsigned long long)n->count);
			return -1;
		}
		name->value = n->value.data;
		name->value_len = n->value.len;
	}
	return 0;
}

int
cli_names_line(struct cli *c, struct cli_names *n)
{
	int r = next_line(c, n);

	n->count += r != 1;
	return r;
}

static int
next_given(struct cli *c, struct cli_names *n, struct cli_name *name)
{
	int r;

	*name = (struct cli_name){.kind = n->urls ? CLI_NAME_URL
		: c->spec.stage[0]                ? CLI_NAME_FILE
						  : CLI_NAME_KEY};
	if (*n->argv) {
		name->text = *n->argv++;
		n->count++;
		return 0;
	}
	r = next_line(c, n);
	if (r == 1)
		return 1;
	n->count++;
	if (r < 0)
		return -1;
	if (n->records)
		return parse_record(c, n, name);
	name->text = (char *)n->line.data;
	return 0;
}

int
cli_names_next(struct cli *c, struct cli_names *n, struct cli_name *name)
{
	const char *path;
	struct stat st;
	int r = 1;

	while (r == 1) {
		if (n->walk.fts && (r = walk_next(c, &n->walk, &path)) != 1) {
			*name = (struct cli_name){.kind = CLI_NAME_FILE,
			    .text = path};
			n->count++;
			return r;
		}
		r = next_given(c, n, name);
		if (r != 0 || !n->recursive || name->kind != CLI_NAME_FILE ||
		    stat(name->text, &st) < 0 || !S_ISDIR(st.st_mode))
			return r;
		n->count--; /* only its files count */
		walk_begin(c, &n->walk, name->text);
		r = 1;
	}
	return r;
}

int
cli_names_ready(struct cli *c, struct cli_names *n)
{
	if (*n->argv || n->walk.fts || n->from < 0 || n->ready)
		return 1;
	/* The writer may pause in the middle of a line. */
	n->came = read_line(c, n, 0);
	n->ready = n->came != 2;
	return n->ready;
}

void
cli_names_close(struct cli_names *n)
{
	close_list(n);
	pc_buf_clear(&n->read);
	walk_end(&n->walk);
	pc_buf_clear(&n->line);
	pc_json_free(n->record);
	pc_buf_clear(&n->value);
	*n = (struct cli_names){.from = -1};
}

int
cli_name_key(struct cli *c, const struct cli_name *name, struct pc_id *id,
    struct pc_id *key)
{
	struct pc_id own;

	if (name->kind == CLI_NAME_KEY || name->kind == CLI_NAME_ID) {
		if (pc_id_parse(name->text, &own) < 0) {
			cli_warn(c,
			    "bad key or id '%.80s': it is 64 "
			    "lower-case hex digits",
			    name->text);
			return -1;
		}
	} else if (cli_ident(c, name->text, 0, &own) < 0) {
		return -1;
	}
	if (name->kind == CLI_NAME_KEY) {
		*key = own;
		return 0;
	}
	cli_key_with(c, &own, key);
	if (id)
		*id = own;
	return 0;
}
