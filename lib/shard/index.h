/* index.h - where in its log each key's record is; private to lib/. */
#ifndef PC_INDEX_H
#define PC_INDEX_H

#include "record.h"

struct index;

struct index_entry {
	uint64_t offset, length;
	int64_t expires;
	int external;
};

/* The index in a file, which it takes.  NULL with errno; EBADMSG: it is
 * damaged. */
struct index *index_open(int fd, int writable);
struct index *index_new(int fd); /* in an empty file */
/* 0, 1: none, -1 EBADMSG: it is damaged.  NULL, here and below, is one that
 * knows nothing and learns nothing. */
int index_get(struct index *, const struct pc_id *, struct index_entry *);
int index_put(struct index *, const struct pc_id *, const struct index_entry *);
int index_remove(struct index *, const struct pc_id *); /* 1: none */
/* Is it sound where key would be, which it does not have? (bucket.c) */
int index_miss_sound(struct index *, const struct pc_id *);
/* Call each for every entry until it returns non-zero, which is returned; -1
 * EBADMSG: an entry is damaged. */
int index_each(struct index *,
    int (*each)(void *ctx, const struct pc_id *, const struct index_entry *),
    void *ctx);
/* Change it as the record says. */
int index_apply(struct index *, const struct record *);
int index_fd(const struct index *);
void index_close(struct index *); /* NULL is taken; errno stays */

#endif
