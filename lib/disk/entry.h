/* entry.h - the names that a store's own directory has; private to lib/. */
#ifndef PC_ENTRY_H
#define PC_ENTRY_H

#include "pc.h"

#define STATE_NAME "state"
#define IGNORE_NAME ".gitignore"

/* By the names in it a directory without a state file is told from somebody
 * else's. */
enum entry {
	ENTRY_FOREIGN,
	ENTRY_COMMON, /* others may call something so, too */
	ENTRY_LEFT,
	ENTRY_OURS,
	ENTRY_KINDS,
};

enum entry entry_kind(const char *name);
/* Can it be the name of a store's file or directory, at its top? */
int entry_is_ours(const char *name);

#endif
