/* chat_add.c - a new turn of a chat.
 *
 * A turn is one line and one write to a locked file, so turns of two processes
 * never mix.  A last line without a newline is what a crash left; the next
 * write replaces it. */
#include "chat_in.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int64_t
tokens_of(const struct chat *c, const struct chat_said *s)
{
	int64_t user = s->prompt_tokens - c->tokens;
	int64_t answer = s->answer_tokens;

	if (s->prompt_tokens < 0)
		user = chat_estimate_tokens(s->user_len);
	if (answer < 0)
		answer = chat_estimate_tokens(s->answer_len);
	if (user < 1)
		user = 1;
	return user + answer < INT32_MAX ? user + answer : INT32_MAX - 1;
}

static void
add_line(struct pc_buf *b, const struct chat *c, const struct chat_said *s)
{
	if (!c->begun)
		chat_head_add(b, c);
	pc_json_begin_object(b, NULL);
	pc_json_add_int(b, "when", pc_now());
	pc_json_add_text(b, "model", s->model);
	pc_json_add_bytes(b, "user", s->user, s->user_len);
	pc_json_add_bytes(b, "answer", s->answer, s->answer_len);
	if (s->prompt_tokens >= 0)
		pc_json_add_int(b, "prompt_tokens", s->prompt_tokens);
	if (s->answer_tokens >= 0)
		pc_json_add_int(b, "answer_tokens", s->answer_tokens);
	pc_json_add_int(b, "tokens", tokens_of(c, s));
	if (c->first)
		pc_json_add_uint(b, "history", c->count - c->first);
	pc_json_end_object(b);
	pc_buf_add(b, "\n", 1);
}

int
chat_add(struct chat *c, const struct chat_said *s, struct pc_error *err)
{
	struct pc_buf b = {0};
	int r = -1, e;

	add_line(&b, c, s);
	if (b.failed) {
		errno = ENOMEM;
		(void)chat_fail(c, err, "write");
	} else if ((int64_t)b.len > CHAT_BYTES_MAX - c->size) {
		pc_error_set(err,
		    "'%s' would have more than %d MiB: clear "
		    "it, or begin another chat",
		    c->path, CHAT_BYTES_MAX >> 20);
	} else if (ftruncate(c->fd, c->size) < 0) {
		/* An incomplete line that a crash left has to go first. */
		(void)chat_fail(c, err, "write");
	} else if (pc_write_full(c->fd, b.data, b.len) < 0) {
		e = errno;
		if (ftruncate(c->fd, c->size) == 0)
			errno = e;
		(void)chat_fail(c, err, "write");
	} else {
		c->size += (int64_t)b.len;
		if (!c->begun)
			c->head = (unsigned char *)memchr(b.data, '\n', b.len) +
			    1 - b.data;
		c->begun = 1;
		r = 0;
	}
	pc_buf_clear(&b);
	return r;
}
