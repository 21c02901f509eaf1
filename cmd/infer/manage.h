/* manage.h - models of the server and stored chats: list, fetch, delete. */
#ifndef INFER_MANAGE_H
#define INFER_MANAGE_H

#include "infer.h"

int manage_list(struct infer *);
int manage_pull(struct infer *, const char *model);
/* List all chats, or print or delete one (manage_chats.c). */
int manage_chats(struct infer *, const char *show, const char *clear);

#endif
