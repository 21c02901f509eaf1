/* chat.c - what was said in a chat, to go on with.
 *
 * One line is one write to a file that is locked, so that turns of two
 * processes never mix; what has no newline at its end was never said. */
#include "chat_in.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BYTES_MAX = 64 * 1024 * 1024,
	SYSTEM_MAX = 512 * 1024,
	HEAD_MAX = 4 * 1024 * 1024, /* what that comes to as JSON */
	WINDOW = 64 * 1024,         /* what is read first, from the end */
};

/* ---- lines ---- */

static int
read_at(struct chat *c, struct pc_buf *b, int64_t at, int64_t n,
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
line_number(struct chat *c, int64_t at)
{
	struct pc_buf b = {0};
	struct pc_error ignored;
	unsigned line = 1;

	if (read_at(c, &b, 0, at, &ignored) == 0)
		for (size_t i = 0; i < b.len; i++)
			line += b.data[i] == '\n';
	pc_buf_clear(&b);
	return line;
}

static int
malformed(struct chat *c, int64_t at, const char *why, struct pc_error *err)
{
	pc_error_set(err,
	    "'%s', line %u: %.200s; repair it or move the file "
	    "away",
	    c->path, line_number(c, at), why);
	return -1;
}

/* A copy with a NUL at its end. */
static char *
copy(const struct pc_json *j, size_t *n)
{
	const char *text = pc_json_text(j, n);
	char *s = text ? malloc(*n + 1) : NULL;

	if (s)
		memcpy(s, text, *n + 1);
	return s;
}

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
		t->user = copy(pc_json_get(j, "user"), &t->user_len);
		t->answer = copy(pc_json_get(j, "answer"), &t->answer_len);
	}
	pc_json_free(j);
	if (t->user && t->answer)
		return 0;
	free_turn(t);
	return malformed(c, at, why.text, err);
}

static int
parse_head(struct chat *c, const char *line, size_t n, struct pc_error *err)
{
	struct pc_error why;
	struct pc_json *j = pc_json_parse(line, n, &why);
	const struct pc_json *system = pc_json_get(j, "system");
	int64_t version = 0;
	int r = pc_json_int(pc_json_get(j, "pc_chat"), &version);

	if (r == 0 && version == 1)
		c->system = copy(system, &c->system_len);
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

/* Where the last whole line ends. */
static int
find_end(struct chat *c, int64_t size, struct pc_error *err)
{
	struct pc_buf b = {0};
	const unsigned char *last = NULL;
	int64_t n = 0;
	int r = 0;

	for (c->size = 0; r == 0 && !last && size > 0; size -= n) {
		n = size < WINDOW ? size : WINDOW;
		r = read_at(c, &b, size - n, n, err);
		last = r == 0 ? memrchr(b.data, '\n', b.len) : NULL;
		if (last)
			c->size = size - n + (last - b.data) + 1;
	}
	pc_buf_clear(&b);
	return r;
}

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

static int
read_head(struct chat *c, struct pc_error *err)
{
	struct pc_buf b = {0};
	struct stat st;
	const unsigned char *end = NULL;
	size_t n = 0;
	int r;

	if (fstat(c->fd, &st) < 0)
		return chat_fail(c, err, "read");
	if (st.st_size > BYTES_MAX) {
		pc_error_set(err,
		    "'%s' has more than %d MiB: clear it, or "
		    "begin another chat",
		    c->path, BYTES_MAX >> 20);
		return -1;
	}
	r = find_end(c, st.st_size, err);
	for (size_t most = WINDOW; r == 0 && !end && most <= HEAD_MAX;
	     most *= 8) {
		n = (uint64_t)st.st_size < most ? (size_t)st.st_size : most;
		r = read_at(c, &b, 0, (int64_t)n, err);
		end = r == 0 && n > 0 ? memchr(b.data, '\n', n) : NULL;
	}
	if (r == 0 && end) {
		c->head = end - b.data + 1;
		r = parse_head(c, (char *)b.data, (size_t)c->head - 1, err);
	} else if (r == 0 && n > 0) {
		if (c->size > 0 || !begins_as_head(&b))
			r = parse_head(c, "", 0, err);
	}
	pc_buf_clear(&b);
	return r;
}

int
chat_open(struct chat *c, const char *name, int write, int64_t wait,
    struct pc_error *err)
{
	int r;

	*c = (struct chat){.fd = -1, .write = write};
	c->path = chat_path(name, err);
	if (!c->path)
		return -1;
	r = chat_file_open(c, write, wait, err);
	if (r == 1)
		pc_error_set(err, "there is no chat '%s'", name);
	if (r == 0)
		r = read_head(c, err);
	if (r != 0)
		chat_close(c);
	return r;
}

void
chat_close(struct chat *c)
{
	struct stat st;

	/* Nothing was said in it. */
	if (c->fd >= 0 && c->write && fstat(c->fd, &st) == 0 &&
	    st.st_size == 0 && chat_file_is_there(c))
		(void)unlink(c->path);
	if (c->fd >= 0)
		close(c->fd);
	for (size_t i = 0; i < c->count; i++)
		free_turn(&c->turns[i]);
	free(c->turns);
	free(c->system);
	free(c->path);
	*c = (struct chat){.fd = -1};
}

int
chat_set_system(struct chat *c, const char *text, size_t n,
    struct pc_error *err)
{
	if (c->begun) {
		if (c->system && c->system_len == n &&
		    memcmp(c->system, text, n) == 0)
			return 0;
		pc_error_set(err,
		    "chat '%s' began with %s: go on without, "
		    "clear it, or begin another chat",
		    c->path,
		    c->system ? "other instructions" : "no instructions");
		return -1;
	}
	if (n > SYSTEM_MAX) {
		pc_error_set(err,
		    "the instructions of a chat have more than "
		    "%d KiB",
		    SYSTEM_MAX >> 10);
		return -1;
	}
	free(c->system);
	c->system = malloc(n + 1);
	if (!c->system) {
		pc_error_set(err, "%s", strerror(ENOMEM));
		return -1;
	}
	memcpy(c->system, text, n);
	c->system[n] = '\0';
	c->system_len = n;
	return 0;
}

/* ---- which turns ---- */

/* Four bytes are a token, in most languages and models, more or less. */
static int64_t
estimate(size_t bytes)
{
	return bytes < 4 ? 1 : (int64_t)(bytes / 4);
}

static void
drop_turns(struct chat *c)
{
	for (size_t i = 0; i < c->count; i++)
		free_turn(&c->turns[i]);
	free(c->turns);
	c->turns = NULL;
	c->count = c->first = 0;
	c->tokens = c->system ? estimate(c->system_len) : 0;
}

static int
take_turn(struct chat *c, const struct chat_turn *t)
{
	struct chat_turn *more = c->turns;

	/* Powers of two have been filled. */
	if ((c->count & (c->count - 1)) == 0)
		more = realloc(c->turns,
		    (c->count ? c->count * 2 : 1) * sizeof *more);
	if (!more)
		return -1;
	c->turns = more;
	c->turns[c->count++] = *t;
	return 0;
}

/* The turns in b, which begins at byte `at` with a whole line, newest first.
 * 1: the next does not fit in memory. */
static int
take_turns(struct chat *c, const struct pc_buf *b, int64_t at, int64_t memory,
    struct pc_error *err)
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
		if (t.tokens > memory - c->tokens) {
			free_turn(&t);
			return 1;
		}
		if (take_turn(c, &t) < 0) {
			free_turn(&t);
			pc_error_set(err, "%s", strerror(ENOMEM));
			return -1;
		}
		c->tokens += t.tokens;
		end = begin;
	}
	return 0;
}

int
chat_select(struct chat *c, int64_t memory, struct pc_error *err)
{
	struct pc_buf b = {0};
	int64_t window = WINDOW, end = c->size, from;
	const unsigned char *line;
	int r = 0;

	drop_turns(c);
	while (r == 0 && end > c->head) {
		from = end - c->head > window ? end - window : c->head;
		r = read_at(c, &b, from, end - from, err);
		if (r < 0)
			break;
		/* A line that begins before has to be read whole. */
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
		r = take_turns(c, &b, from, memory, err);
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

/* ---- one more ---- */

static int64_t
tokens_of(const struct chat *c, const struct chat_said *s)
{
	int64_t user = s->prompt_tokens - c->tokens;
	int64_t answer = s->answer_tokens;

	if (s->prompt_tokens < 0)
		user = estimate(s->user_len);
	if (answer < 0)
		answer = estimate(s->answer_len);
	if (user < 1)
		user = 1;
	return user + answer < INT32_MAX ? user + answer : INT32_MAX - 1;
}

static void
add_line(struct pc_buf *b, const struct chat *c, const struct chat_said *s)
{
	if (!c->begun) {
		begin_head(b);
		pc_json_add_int(b, NULL, 1);
		if (c->system)
			pc_json_add_bytes(b, "system", c->system,
			    c->system_len);
		else
			pc_json_add_null(b, "system");
		pc_json_end_object(b);
		pc_buf_add(b, "\n", 1);
	}
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
	} else if ((int64_t)b.len > BYTES_MAX - c->size) {
		pc_error_set(err,
		    "'%s' would have more than %d MiB: clear "
		    "it, or begin another chat",
		    c->path, BYTES_MAX >> 20);
	} else if (ftruncate(c->fd, c->size) < 0) {
		/* What a crash has cut would have been in the way. */
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
