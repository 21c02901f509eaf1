/* entry.c - the names in a store's own directory. */
#include "entry.h"

#include <stdlib.h>
#include <string.h>

enum entry
entry_kind(const char *name)
{
	static const char hex[] = "0123456789abcdef";

	if (strcmp(name, STATE_NAME) == 0 ||
	    strcmp(name, "CACHEDIR.TAG") == 0 ||
	    (strlen(name) == 2 && strspn(name, hex) == 2))
		return ENTRY_OURS;
	/* Other programs use such names too. */
	if (strcmp(name, "ids") == 0 || strncmp(name, "events", 6) == 0 ||
	    strcmp(name, "memory") == 0 || strcmp(name, "memory.old") == 0 ||
	    strcmp(name, IGNORE_NAME) == 0)
		return ENTRY_COMMON;
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		strncmp(name, "tmp.", 4) == 0
	    ? ENTRY_LEFT
	    : ENTRY_FOREIGN;
}

int
entry_is_ours(const char *name)
{
	const size_t n = strlen(name);

	return entry_kind(name) != ENTRY_FOREIGN &&
	    (n != 2 || strcmp(name, "..") == 0 ||
		strtoul(name, NULL, 16) < PC_SHARDS);
}
