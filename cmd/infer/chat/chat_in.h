/* chat_in.h - what the files of chat.h share. */
#ifndef CHAT_IN_H
#define CHAT_IN_H

#include "chat.h"

enum {
	CHAT_BYTES_MAX = 64 * 1024 * 1024, /* of a chat's file */
	CHAT_SYSTEM_MAX = 512 * 1024,      /* bytes of a system prompt */
	CHAT_WINDOW = 64 * 1024,           /* bytes that are read at first */
};

/* ---- chat_file.c ---- */

extern const char chat_ending[]; /* of a chat's file name */
/* Can a chat have that name? */
int chat_name_valid(const char *name, size_t n);
/* Append the directory of chats, and a '/'. */
int chat_add_directory(struct pc_buf *, struct pc_error *err);
/* The file of the chat of that name, owned; NULL: err. */
char *chat_path(const char *name, struct pc_error *err);
/* Open c->path, and with c->write make and lock it.  1: there is none. */
int chat_file_open(struct chat *, int create, int64_t wait,
    struct pc_error *err);
/* Is the open file still the one of that name? */
int chat_file_is_there(const struct chat *);
/* "cannot WHAT 'PATH'" and why (errno).  Returns -1. */
int chat_fail(const struct chat *, struct pc_error *err, const char *what);

/* ---- chat_line.c ---- */

/* Read n bytes at byte `at` into b. */
int chat_read_at(const struct chat *, struct pc_buf *, int64_t at, int64_t n,
    struct pc_error *err);
/* Say that the line at byte `at` is malformed, and why.  Returns -1. */
int chat_malformed(const struct chat *, int64_t at, const char *why,
    struct pc_error *err);
/* A copy of a JSON string, with a NUL at its end, owned by the caller; NULL: it
 * is not a string, or out of memory. */
char *chat_copy_text(const struct pc_json *, size_t *n);

/* ---- chat_head.c ---- */

/* Read the first line, if there is one, and find the end of the last whole
 * line. */
int chat_head_read(struct chat *, struct pc_error *err);
/* Append the first line. */
void chat_head_add(struct pc_buf *, const struct chat *);

/* ---- chat_select.c ---- */

/* Tokens of that many bytes of text: a guess. */
int64_t chat_estimate_tokens(size_t bytes);
void chat_drop_turns(struct chat *);

#endif
