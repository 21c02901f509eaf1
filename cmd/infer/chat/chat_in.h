/* chat_in.h - what the files of chat.h share. */
#ifndef CHAT_IN_H
#define CHAT_IN_H

#include "chat.h"

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
/* Is what is open the file of that name still? */
int chat_file_is_there(const struct chat *);
/* "cannot WHAT 'PATH'" and why (errno).  Returns -1. */
int chat_fail(const struct chat *, struct pc_error *err, const char *what);

#endif
