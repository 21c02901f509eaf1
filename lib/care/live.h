/* live.h - the live records of a log; private to lib/. */
#ifndef PC_LIVE_H
#define PC_LIVE_H

#include "shard/record.h"

/* The newest record of a key. */
struct live_entry {
	struct pc_id key;
	uint64_t offset;
	uint64_t to; /* its offset in the new log */
	int64_t created, expires;
	uint64_t touch;  /* offset of the last touch, if touched */
	uint64_t bytes;  /* bytes that it takes, with its value */
	uint32_t length; /* bytes in the log */
	uint32_t serial; /* of the value's file, if external */
	uint8_t external;
	uint8_t touched; /* its expiry differs from the record's own */
	uint8_t chosen;  /* to be dropped */
	uint8_t gone;    /* replaced, removed or dropped */
};

/* The entries are in the order of the log. */
struct live {
	struct live_entry *all; /* owned */
	size_t count, cap;
	struct pc_set keys; /* indexes in all */
	uint64_t dead; /* entries that are gone, plus removals and touches */
};

/* Apply a record to the entries.  EFBIG: there are too many. */
int live_apply(struct live *, const struct record *);
/* The entry of that key, or NULL. */
struct live_entry *live_find(struct live *, const struct pc_id *);
/* Read the record of e, with or without its value.  1: it is damaged. */
int live_read(int log, const unsigned char *log_id, const struct live_entry *e,
    int with_value, struct pc_buf *, struct record *);
void live_clear(struct live *);

#endif
