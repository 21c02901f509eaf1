/* owner.h - use only what belongs to the user; private to lib/. */
#ifndef PC_OWNER_H
#define PC_OWNER_H

#include "care.h"

#include <sys/stat.h>

enum { OWNER_NAME = 64 }; /* room for a user's name */

enum pc_fault owner_fault(uid_t owner, const struct stat *);
/* Get the user's name from /etc/passwd.  1: it has none, so name is the
 * number. */
int owner_name(uid_t, char name[OWNER_NAME]);
/* Does the part with the status st belong to the store's owner, and can no
 * other user write to it?  -1 EPERM: no, or the store was refused before;
 * pc_store_refusal explains why, and what to do.  The name "" is the directory
 * itself. */
int owner_verify(struct pc_store *, unsigned shard, const char *name,
    const struct stat *st);
int owner_refused(const struct pc_store *); /* 1 with errno EPERM */

#endif
