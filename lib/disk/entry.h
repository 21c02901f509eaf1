/* entry.h - the names that a store's own directory has; private to lib/. */
#ifndef PC_ENTRY_H
#define PC_ENTRY_H

#include "pc.h"

#define STATE_NAME "state"
#define IGNORE_NAME ".gitignore"

/* The names in a directory without a state file show whether it was a store. */
enum entry {
	ENTRY_FOREIGN,
	ENTRY_COMMON, /* other programs use such names too */
	ENTRY_LEFT,
	ENTRY_OURS,
	ENTRY_KINDS,
};

enum entry entry_kind(const char *name);
/* Can it be the name of a store's file or directory, at its top? */
int entry_is_ours(const char *name);

#endif
