/* print.c - print the result of each URL, in the order of the input. */
#include "fetch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TEXT_MAX = 64 * 1024 * 1024 }; /* bytes of a body in a line of JSON */

static void
write_out(struct cli *c, const void *p, size_t n)
{
	if (cli_write(c, p, n) < 0)
		cli_die(c, "cannot write standard output: %s", strerror(errno));
}

static int
succeeded(const struct item *it)
{
	return !it->error[0] && it->result->how != HOW_FAILED &&
	    it->result->how != HOW_MISSED;
}

static const char *
error_of(const struct item *it)
{
	return it->error[0] ? it->error : it->result->error;
}

/* ---- JSON Lines ---- */

static void
add_about(struct pc_buf *b, const char *name, const struct fetch_result *r,
    const char *header)
{
	size_t n;
	const char *value = result_about(r, header, &n);

	if (value)
		pc_json_add_bytes(b, name, value, n);
}

static void
add_bytes(struct pc_buf *b, const unsigned char *p, size_t n)
{
	if (pc_utf8_valid(p, n))
		pc_json_add_bytes(b, "text", p, n);
	else
		pc_json_add_base64(b, "base64", p, n);
}

/* Add the body as a string.  -1: it cannot be read again. */
static int
add_body(struct pc_buf *b, const struct fetch_result *r)
{
	const size_t size = (size_t)result_size(r);
	const unsigned char *p = result_bytes(r);
	struct pc_buf body = {0};
	int fd, bad;

	if (p) {
		add_bytes(b, p, size);
		return 0;
	}
	fd = memfd_create("body", MFD_CLOEXEC);
	bad = fd < 0 || result_send(r, fd) < 0 || lseek(fd, 0, SEEK_SET) < 0 ||
	    pc_read_all(fd, &body, size) < 0 || body.len != size;
	if (fd >= 0)
		close(fd);
	if (!bad)
		add_bytes(b, body.data, body.len);
	pc_buf_clear(&body);
	return bad ? -1 : 0;
}

static void
add_success(struct fetch *f, struct item *it, struct pc_buf *b,
    const struct pc_buf *file)
{
	const struct fetch_result *r = it->result;
	struct pc_id id;
	size_t n;

	result_id(r, &id);
	pc_json_add_id(b, "id", &id);
	pc_json_add_id(b, "key", &r->entry.key);
	pc_json_add_int(b, "status", r->status);
	pc_json_add_bool(b, "hit", r->how != HOW_FETCHED);
	if (r->how == HOW_STALE)
		pc_json_add_bool(b, "stale", 1);
	add_about(b, "content_type", r, "Content-Type");
	if (result_about(r, "URL", &n))
		add_about(b, "final_url", r, "URL");
	pc_json_add_uint(b, "size", result_size(r));
	pc_json_add_uint(b, "attempts", r->attempts);
	pc_json_add_fixed(b, "seconds", (double)r->took / 1e6, 3);
	if (file->len)
		pc_json_add_bytes(b, "file", file->data, file->len - 1);
	else if (add_body(b, r) < 0)
		cli_die(f->cli, "cannot read an answer again: %s",
		    strerror(errno));
}

static void
add_failure(const struct item *it, struct pc_buf *b)
{
	pc_json_add_text(b, "error", error_of(it));
	if (it->result && it->result->status >= 300)
		pc_json_add_int(b, "status", it->result->status);
	if (it->result && it->result->attempts)
		pc_json_add_uint(b, "attempts", it->result->attempts);
}

static void
print_json(struct fetch *f, struct item *it, const struct pc_buf *file)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	if (it->given)
		pc_json_add_text(&b, "url", it->given);
	else
		pc_json_add_null(&b, "url");
	if (succeeded(it))
		add_success(f, it, &b, file);
	else
		add_failure(it, &b);
	pc_json_end_object(&b);
	if (pc_buf_add(&b, "\n", 1) < 0)
		cli_die(f->cli, "%s", strerror(ENOMEM));
	write_out(f->cli, b.data, b.len);
	pc_buf_clear(&b);
}

/* ---- one item ---- */

static int
send_body(const void *result, int out)
{
	return result_send(result, out);
}

static void
count_failure(struct fetch *f, struct item *it)
{
	const struct fetch_result *r = it->result;

	if (r && !it->error[0] && r->how == HOW_MISSED) {
		f->missed++;
	} else {
		f->failed++;
		f->later += r && !it->error[0] && r->later;
	}
	if (it->given && (!f->cli->quiet || !f->cli->jsonl))
		cli_warn(f->cli, "'%s': %s", it->given, error_of(it));
}

void
print_item(struct fetch *f, struct item *it)
{
	struct cli *c = f->cli;
	struct pc_buf file = {0};

	if (succeeded(it) && f->o->output)
		files_write(f, it, &file);
	else if (succeeded(it) && c->jsonl &&
	    result_size(it->result) > TEXT_MAX)
		snprintf(it->error, sizeof it->error,
		    "%llu bytes are too many for a line: give them a file, "
		    "with -o",
		    (unsigned long long)result_size(it->result));
	if (!succeeded(it))
		count_failure(f, it);
	cli_progress_off(c);
	if (c->jsonl) {
		print_json(f, it, &file);
	} else if (succeeded(it) && f->o->output) {
		pc_buf_addf(&file, "\n");
		file.data[file.len - 2] = '\n';
		write_out(c, file.data, file.len - 1);
	} else if (succeeded(it) && cli_send(c, send_body, it->result) < 0) {
		if (errno == EBADMSG)
			cli_die(c,
			    "the answer changed on the disk while it "
			    "was read; the output is not whole");
		cli_die(c, "cannot write standard output: %s", strerror(errno));
	}
	pc_buf_clear(&file);
	f->done++;
}
