/* stage_files.h - a value of several files: a record for each file, and a list
 *of them in a record of its own.
 *
 * The list has a line for each file, in the program's own form; the key of the
 * file can be made from it.  Each file is stored before the list is.  A file
 * can expire or be evicted alone, so a program that needs the files takes the
 * list as a hit only if it finds each of them:
 *
 *	entry.usable = take_all;         finds the list: stage_files_take() in
 *	                                 take_all passes each line to take_one
 *	stage_file_begin(&file, ...);    take_one finds a file
 *	stage_file_find(&file);
 *	stage_file_end(&file);
 *
 * So the value is found whole or not at all. */
#ifndef CLI_STAGE_FILES_H
#define CLI_STAGE_FILES_H

#include "stage.h"

/* One file in the store. */
struct stage_file {
	struct stage_entry entry;
	struct pc_buf material; /* of its key; owned */
	int has_key;            /* else it is never found and never stored */

	/* set by the caller between begin and find */
	const struct pc_id *id; /* SHA-256 of the bytes it must have; NULL: any
				 */
	struct pc_buf *bytes;   /* the bytes are appended here; NULL: only the
				 * header of its record is read */
	/* Is it what the caller wants?  NULL: each one is. */
	int (*wanted)(void *ctx, const struct pc_record *,
	    const struct pc_buf *bytes);
	void *ctx;
};

/* Begin a file of an inner stage.  Its key is made from the spec: see
 * stage_make_key(). */
void stage_file_begin(struct stage_file *, struct cli *, const char *stage,
    struct pc_spec *, int whole);
/* Find it: 0, and the hit is in its entry; or 1, and nothing is appended. */
int stage_file_find(struct stage_file *);
/* Store it: 0; 1: it is not stored. */
int stage_file_store(struct stage_file *, const struct stage_result *);
/* Unlock and free it. */
void stage_file_end(struct stage_file *);

/* Pass each line of a list, without its newline, to take(), which returns 0 if
 * the file was found.  0: all were; 1: one was not, or the list is empty or
 * malformed, and the caller drops what it took. */
int stage_files_take(const struct pc_hit *list,
    int (*take)(void *ctx, const char *line), void *ctx);

#endif
