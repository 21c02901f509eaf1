/* chat_head.c - the first line of a chat, which names the format and has the
 * system prompt. */
#include "chat_in.h"

#include <string.h>
#include <sys/stat.h>

enum { HEAD_MAX = 4 * 1024 * 1024 }; /* bytes, with all escapes of JSON */

static int
parse_head(struct chat *c, const char *line, size_t n, struct pc_error *err)
{
	struct pc_error why;
	struct pc_json *j = pc_json_parse(line, n, &why);
	const struct pc_json *system = pc_json_get(j, "system");
	int64_t version = 0;
	int r = pc_json_int(pc_json_get(j, "pc_chat"), &version);

	if (r == 0 && version == 1)
		c->system = chat_copy_text(system, &c->system_len);
	if (r == 0 && version > 1)
		pc_error_set(err,
		    "'%s' is of a newer version of pc, which "
		    "has to read it",
		    c->path);
	else if (r < 0 || version < 1 || (system && !c->system))
		pc_error_set(err,
		    "'%s', line 1: this is not a chat of pc-infer; "
		    "move the file away or name another chat",
		    c->path);
	else
		c->begun = 1;
	pc_json_free(j);
	return c->begun ? 0 : -1;
}

/* Find where the last whole line ends. */
static int
find_end(struct chat *c, int64_t size, struct pc_error *err)
{
	struct pc_buf b = {0};
	const unsigned char *last = NULL;
	int64_t n = 0;
	int r = 0;

	for (c->size = 0; r == 0 && !last && size > 0; size -= n) {
		n = size < CHAT_WINDOW ? size : CHAT_WINDOW;
		r = chat_read_at(c, &b, size - n, n, err);
		last = r == 0 ? memrchr(b.data, '\n', b.len) : NULL;
		if (last)
			c->size = size - n + (last - b.data) + 1;
	}
	pc_buf_clear(&b);
	return r;
}

/* Append what each first line begins with. */
static void
begin_head(struct pc_buf *b)
{
	static const char name[] = "pc_chat";

	pc_json_begin_object(b, NULL);
	pc_json_add_key(b, name, sizeof name - 1);
}

/* Can this be what a crash left of the first line? */
static int
begins_as_head(const struct pc_buf *left)
{
	struct pc_buf head = {0};
	size_t n;
	int same;

	begin_head(&head);
	n = left->len < head.len ? left->len : head.len;
	same = !head.failed && memcmp(left->data, head.data, n) == 0;
	pc_buf_clear(&head);
	return same;
}

int
chat_head_read(struct chat *c, struct pc_error *err)
{
	struct pc_buf b = {0};
	struct stat st;
	const unsigned char *end = NULL;
	size_t n = 0;
	int r;

	if (fstat(c->fd, &st) < 0)
		return chat_fail(c, err, "read");
	if (st.st_size > CHAT_BYTES_MAX) {
		pc_error_set(err,
		    "'%s' has more than %d MiB: clear it, or "
		    "begin another chat",
		    c->path, CHAT_BYTES_MAX >> 20);
		return -1;
	}
	r = find_end(c, st.st_size, err);
	for (size_t most = CHAT_WINDOW; r == 0 && !end && most <= HEAD_MAX;
	     most *= 8) {
		n = (uint64_t)st.st_size < most ? (size_t)st.st_size : most;
		r = chat_read_at(c, &b, 0, (int64_t)n, err);
		end = r == 0 && n > 0 ? memchr(b.data, '\n', n) : NULL;
	}
	if (r == 0 && end) {
		c->head = end - b.data + 1;
		r = parse_head(c, (char *)b.data, (size_t)c->head - 1, err);
	} else if (r == 0 && n > 0 && (c->size > 0 || !begins_as_head(&b))) {
		r = parse_head(c, "", 0, err);
	}
	pc_buf_clear(&b);
	return r;
}

void
chat_head_add(struct pc_buf *b, const struct chat *c)
{
	begin_head(b);
	pc_json_add_int(b, NULL, 1);
	if (c->system)
		pc_json_add_bytes(b, "system", c->system, c->system_len);
	else
		pc_json_add_null(b, "system");
	pc_json_end_object(b);
	pc_buf_add(b, "\n", 1);
}
