/* place.h - files that a run names by a pattern: each is for one thing, and
 * there whole or as it was. */
#ifndef PLACE_H
#define PLACE_H

#include <stddef.h>

/* Write a file's bytes.  -1: errno. */
typedef int place_fill(const void *what, int fd);

/* Make the file, for what the n bytes at id tell from all else, with the mode
 * that umask(2) leaves it.  A device or pipe, and what standard output or error
 * is, stays what it is, and takes what comes, also of many.  -1: errno, EEXIST
 * when this run gave the name to something else. */
int place_file(const char *name, const void *id, size_t n, place_fill *,
    const void *what);

#endif
