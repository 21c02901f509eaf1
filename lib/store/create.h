/* create.h - making a store of a directory; private to lib/store/. */
#ifndef PC_CREATE_H
#define PC_CREATE_H

#include "pc.h"

/* 0: the directory is empty, or has what is left of a store (*used).  -1
 * EEXIST: it has files of others. */
int store_survey(struct pc_store *, int *used);
/* May a state file be made here?  Files of others among a store's logs do not
 * matter. */
int store_can_create(struct pc_store *, int *used);
/* Make one; used: of a store that has lost it. */
int store_create(struct pc_store *, int used);
/* Is the open state file of a format that this program knows?  A damaged one is
 * repaired in its place, since the locks are on it, if the directory is a
 * store. */
int store_check_header(struct pc_store *, const char *dir,
    struct pc_error *err);
/* Say to Git that none of it is to be in a repository. */
void store_write_gitignore(struct pc_store *);

#endif
