/* place.h - output files that a run names by a pattern: each name is used for
 * one output only, and a file is replaced whole or not at all. */
#ifndef PLACE_H
#define PLACE_H

#include <stddef.h>

/* Write a file's bytes.  -1: errno. */
typedef int place_fill(const void *what, int fd);

/* Reserve the name for the output that the n bytes at id identify.  -1: errno,
 * EEXIST when this run used the name for another output. */
int place_claim(const char *name, const void *id, size_t n);
/* Create or replace the file, with the mode that umask(2) leaves.  The n bytes
 * at id identify the output.  A device, a pipe, standard output and standard
 * error are written to instead, also for several outputs.  -1: errno, EEXIST
 * when this run used the name for another output. */
int place_file(const char *name, const void *id, size_t n, place_fill *,
    const void *what);

#endif
