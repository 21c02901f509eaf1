/* chat_line.c - reading parts of a chat's file, and the fault of a line. */
#include "chat_in.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
chat_read_at(const struct chat *c, struct pc_buf *b, int64_t at, int64_t n,
    struct pc_error *err)
{
	ssize_t r;

	b->len = 0;
	if (pc_buf_reserve(b, (size_t)n) < 0) {
		errno = ENOMEM;
		return chat_fail(c, err, "read");
	}
	r = pc_pread_full(c->fd, b->data, (size_t)n, at);
	if (r < n) {
		errno = r < 0 ? errno : EIO;
		return chat_fail(c, err, "read");
	}
	b->len = (size_t)n;
	return 0;
}

/* The number of the line at byte `at`. */
static unsigned
line_number(const struct chat *c, int64_t at)
{
	struct pc_buf b = {0};
	struct pc_error ignored;
	unsigned line = 1;

	if (chat_read_at(c, &b, 0, at, &ignored) == 0)
		for (size_t i = 0; i < b.len; i++)
			line += b.data[i] == '\n';
	pc_buf_clear(&b);
	return line;
}

int
chat_malformed(const struct chat *c, int64_t at, const char *why,
    struct pc_error *err)
{
	pc_error_set(err,
	    "'%s', line %u: %.200s; repair it or move the file "
	    "away",
	    c->path, line_number(c, at), why);
	return -1;
}

char *
chat_copy_text(const struct pc_json *j, size_t *n)
{
	const char *text = pc_json_text(j, n);
	char *s = text ? malloc(*n + 1) : NULL;

	if (s)
		memcpy(s, text, *n + 1);
	return s;
}
