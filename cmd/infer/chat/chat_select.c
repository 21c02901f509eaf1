/* chat_select.c - the turns of a chat that are sent again: the newest ones that
 * fit.  The file is read from its end, so a long chat costs no more than a
 * short one. */
#include "chat_in.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void
free_turn(struct chat_turn *t)
{
	free(t->user);
	free(t->answer);
}

static int
parse_turn(struct chat *c, const char *line, size_t n, int64_t at,
    struct chat_turn *t, struct pc_error *err)
{
	struct pc_error why = {"no turn of a chat"};
	struct pc_json *j = pc_json_parse(line, n, &why);

	*t = (struct chat_turn){0};
	if (j && pc_json_int(pc_json_get(j, "tokens"), &t->tokens) == 0 &&
	    pc_json_int(pc_json_get(j, "when"), &t->when) == 0 &&
	    t->tokens > 0 && t->tokens < INT32_MAX) {
		if (pc_json_int(pc_json_get(j, "history"), &t->history) < 0 ||
		    t->history < 0)
			t->history = -1;
		t->user = chat_copy_text(pc_json_get(j, "user"), &t->user_len);
		t->answer = chat_copy_text(pc_json_get(j, "answer"),
		    &t->answer_len);
	}
	pc_json_free(j);
	if (t->user && t->answer)
		return 0;
	free_turn(t);
	return chat_malformed(c, at, why.text, err);
}

/* In most languages and models a token has about four bytes. */
int64_t
chat_estimate_tokens(size_t bytes)
{
	return bytes < 4 ? 1 : (int64_t)(bytes / 4);
}

void
chat_drop_turns(struct chat *c)
{
	for (size_t i = 0; i < c->count; i++)
		free_turn(&c->turns[i]);
	free(c->turns);
	c->turns = NULL;
	c->count = c->first = 0;
	c->tokens = c->system ? chat_estimate_tokens(c->system_len) : 0;
}

static int
take_turn(struct chat *c, const struct chat_turn *t)
{
	struct chat_turn *more = c->turns;

	/* The capacity is a power of two. */
	if ((c->count & (c->count - 1)) == 0)
		more = realloc(c->turns,
		    (c->count ? c->count * 2 : 1) * sizeof *more);
	if (!more)
		return -1;
	c->turns = more;
	c->turns[c->count++] = *t;
	c->tokens += t->tokens;
	return 0;
}

/* The turns in b, which begins at byte `at` with a whole line, newest first, at
 * most *left.  1: the next does not fit. */
static int
take_turns(struct chat *c, const struct pc_buf *b, int64_t at, int64_t memory,
    int64_t *left, struct pc_error *err)
{
	const char *text = (const char *)b->data;
	size_t end = b->len, begin;
	struct chat_turn t;

	while (end > 0) {
		const char *before = memrchr(text, '\n', end - 1);

		begin = before ? (size_t)(before - text) + 1 : 0;
		if (parse_turn(c, text + begin, end - 1 - begin,
			at + (int64_t)begin, &t, err) < 0)
			return -1;
		if (*left == 0 || t.tokens > memory - c->tokens) {
			free_turn(&t);
			return 1;
		}
		if (take_turn(c, &t) < 0) {
			free_turn(&t);
			pc_error_set(err, "%s", strerror(ENOMEM));
			return -1;
		}
		if (memory != CHAT_ALL && t.history >= 0 && t.history < *left)
			*left = t.history;
		else
			--*left;
		end = begin;
	}
	return 0;
}

int
chat_select(struct chat *c, int64_t memory, struct pc_error *err)
{
	struct pc_buf b = {0};
	int64_t window = CHAT_WINDOW, end = c->size, left = INT64_MAX, from;
	const unsigned char *line;
	int r = 0;

	chat_drop_turns(c);
	while (r == 0 && end > c->head) {
		from = end - c->head > window ? end - window : c->head;
		r = chat_read_at(c, &b, from, end - from, err);
		if (r < 0)
			break;
		/* Skip the end of a line that began before the window. */
		line = from > c->head ? memchr(b.data, '\n', b.len - 1) : NULL;
		if (from > c->head && !line) {
			window *= 4;
			continue;
		}
		if (line) {
			const size_t cut = (size_t)(line - b.data) + 1;

			memmove(b.data, b.data + cut, b.len - cut);
			b.len -= cut;
			from += (int64_t)cut;
		}
		r = take_turns(c, &b, from, memory, &left, err);
		end = from;
	}
	pc_buf_clear(&b);
	for (size_t i = 0; i < c->count / 2; i++) {
		const struct chat_turn t = c->turns[i];

		c->turns[i] = c->turns[c->count - 1 - i];
		c->turns[c->count - 1 - i] = t;
	}
	return r < 0 ? -1 : 0;
}

size_t
chat_shorten(struct chat *c)
{
	const size_t n = (c->count - c->first + 1) / 2;

	for (size_t i = 0; i < n; i++)
		c->tokens -= c->turns[c->first++].tokens;
	return n;
}
