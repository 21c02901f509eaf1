/* entry.h - the names in a store's own directory; private to lib/. */
#ifndef PC_ENTRY_H
#define PC_ENTRY_H

#include "pc.h"

#define STATE_NAME "state"
#define IGNORE_NAME ".gitignore"

/* If a directory has no state file, its names show whether it was a store. */
enum entry {
	ENTRY_FOREIGN,
	ENTRY_COMMON, /* other programs use such names too */
	ENTRY_LEFT,
	ENTRY_OURS,
	ENTRY_KINDS,
};

enum entry entry_kind(const char *name);
/* Can a store have a file or directory of this name in its own directory? */
int entry_is_ours(const char *name);

#endif
