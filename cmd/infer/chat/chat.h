/* chat.h - conversations that are continued.
 *
 * A chat is a file of JSON Lines,
 * ${XDG_STATE_HOME:-~/.local/state}/pc/chats/NAME.jsonl: {"pc_chat":1,
 * "system":TEXT}, then an object a turn: {"when":US,"model":TEXT,"user":TEXT,
 * "answer":TEXT,"prompt_tokens":N,"answer_tokens":N,"tokens":N,"history":N},
 * where tokens is what the turn adds to a prompt, and history, if there is one,
 * how many turns before it the model's context had room for.  It is not in the
 * store, which can be deleted at any time. */
#ifndef CHAT_H
#define CHAT_H

#include "pc.h"

struct chat_turn {
	char *user, *answer; /* owned; UTF-8, NUL after the length */
	size_t user_len, answer_len;
	int64_t when;
	int64_t tokens;
	int64_t history; /* -1: all that memory allowed were sent */
};

struct chat {
	char *path; /* owned */
	int fd;     /* the lock, too; -1: closed */
	int write;
	int busy;     /* not opened: another process has it */
	int begun;    /* the file has its first line */
	char *system; /* owned; NULL: none */
	size_t system_len;
	struct chat_turn *turns; /* the newest, oldest first */
	size_t count;            /* of those that chat_select read */
	size_t first;            /* those from here on are sent */
	int64_t tokens;          /* of them and of system */
	int64_t head, size;      /* bytes: of the first line, of all whole */
};

/* Open the chat.  With write, create it if needed, and lock it until it is
 * closed; wait up to wait us for another process.  1: there is no such chat.
 * -1 with the reason and the remedy in err.  An incomplete last line, left by a
 * crash, is ignored. */
int chat_open(struct chat *, const char *name, int write, int64_t wait,
    struct pc_error *err);
/* Set the system prompt of a new chat.  -1: it began with another one. */
int chat_set_system(struct chat *, const char *, size_t n,
    struct pc_error *err);
#define CHAT_ALL INT64_MAX /* a memory that takes all turns */

/* Choose the newest turns that, with system, have at most memory tokens, and
 * that fit into the model's context before.  No more of the file is read than
 * needed.  -1: a line is malformed, or cannot be read. */
int chat_select(struct chat *, int64_t memory, struct pc_error *err);

/* The model's context is too short for them: leave out the older half.  The
 * number of those left out, 0: there is none to leave out. */
size_t chat_shorten(struct chat *);

/* A new turn, made with the history that chat_select chose. */
struct chat_said {
	const char *model, *user, *answer;
	size_t user_len, answer_len;
	int64_t prompt_tokens, answer_tokens; /* -1: the server did not say */
};

/* Append it in one write, so that a crash leaves all of it or nothing.  The
 * next chat_select can choose it. */
int chat_add(struct chat *, const struct chat_said *, struct pc_error *err);
void chat_close(struct chat *);

struct chat_info {
	const char *name;
	uint64_t turns;
	int64_t tokens, last; /* us, of the last turn; 0: there is none */
	const char *error;    /* why it cannot be read, or NULL */
};

/* Call each for all chats, sorted by name, until it returns non-zero, which is
 * returned.  -1: the directory cannot be read. */
int chat_list(int (*each)(void *ctx, const struct chat_info *), void *ctx,
    struct pc_error *err);
/* Delete a chat.  1: there is none. */
int chat_clear(const char *name, int64_t wait, struct pc_error *err);

#endif
