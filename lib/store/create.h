/* create.h - make a directory a store; private to lib/store/. */
#ifndef PC_CREATE_H
#define PC_CREATE_H

#include "pc.h"

/* 0: the directory is empty, or holds only remains of a store (*used).  -1
 * EEXIST: it has other files. */
int store_survey(struct pc_store *, int *used);
/* May a state file be created here?  If there are logs of a store, other files
 * do not matter. */
int store_can_create(struct pc_store *, int *used);
/* Create the state file; used: for a store that has lost it. */
int store_create(struct pc_store *, int used);
/* Does the open state file have a format that this program knows?  If it is
 * damaged and the directory is a store, it is repaired in place, because locks
 * are held on this file. */
int store_check_header(struct pc_store *, const char *dir,
    struct pc_error *err);
/* Write a .gitignore, so that Git ignores the store. */
void store_write_gitignore(struct pc_store *);

#endif
