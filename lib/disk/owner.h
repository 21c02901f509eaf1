/* owner.h - only what belongs to the user is used; private to lib/. */
#ifndef PC_OWNER_H
#define PC_OWNER_H

#include "care.h"

#include <sys/stat.h>

enum { OWNER_NAME = 64 }; /* room for a user's name */

enum pc_fault owner_fault(uid_t owner, const struct stat *);
/* The user's name as /etc/passwd has it, else the number: 1. */
int owner_name(uid_t, char name[OWNER_NAME]);
/* Is that part, of which st tells, the owner's, and can no other user write to
 * it?  -1 EPERM: no, or the store was refused before; pc_store_refusal tells
 * why, and what to do.  The name "" is the directory itself. */
int owner_verify(struct pc_store *, unsigned shard, const char *name,
    const struct stat *st);
int owner_refused(const struct pc_store *); /* 1 with EPERM */

#endif
