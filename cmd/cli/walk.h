/* walk.h - the files below a directory, sorted by name. */
#ifndef CLI_WALK_H
#define CLI_WALK_H

#include <fts.h>
#include <stdint.h>
#include <sys/stat.h>

struct cli;

/* All zero, but for skips, is a good beginning. */
struct walk {
	/* set by the caller: is this file to be left out?  NULL: none is */
	int (*skips)(const void *ctx, const char *path);
	const void *ctx;

	FTS *fts;           /* NULL: no directory is gone through */
	uint64_t skipped;   /* files that skips() named, of all directories */
	struct stat own[2]; /* standard output and standard error */
};

/* Begin with the directory.  Left out are names that begin with a dot, symbolic
 * links, directories that are marked as a cache (CACHEDIR.TAG), and the files
 * that this program writes its output and messages to.  Ends the program if
 * there is no memory. */
void walk_begin(struct cli *, struct walk *, const char *directory);
/* 0: *path is a file, good until the next; 1: there are no more; -1 after a
 * warning: a file or directory cannot be read; others may follow. */
int walk_next(struct cli *, struct walk *, const char **path);
void walk_end(struct walk *);

#endif
