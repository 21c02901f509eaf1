/* index.h - the place of each key's record in its log; private to lib/. */
#ifndef PC_INDEX_H
#define PC_INDEX_H

#include "record.h"

struct index;

struct index_entry {
	uint64_t offset, length;
	int64_t expires;
	int external;
};

/* Open the index in a file, and own its descriptor.  NULL with errno; EBADMSG:
 * it is damaged. */
struct index *index_open(int fd, int writable);
struct index *index_new(int fd); /* in an empty file */
/* 0; 1: there is no entry; -1 EBADMSG: the index is damaged.  A NULL index,
 * here and below, is empty and stays empty. */
int index_get(struct index *, const struct pc_id *, struct index_entry *);
int index_put(struct index *, const struct pc_id *, const struct index_entry *);
int index_remove(struct index *, const struct pc_id *); /* 1: none */
/* Is the bucket sound that would hold key, which was not found? (bucket.c) */
int index_miss_sound(struct index *, const struct pc_id *);
/* Call each for every entry until it returns non-zero, which is returned; -1
 * EBADMSG: an entry is damaged. */
int index_each(struct index *,
    int (*each)(void *ctx, const struct pc_id *, const struct index_entry *),
    void *ctx);
/* Change the index as the record says. */
int index_apply(struct index *, const struct record *);
int index_fd(const struct index *);
void index_close(struct index *); /* may be NULL; errno stays */

#endif
