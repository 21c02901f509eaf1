/* scan.h - step through the records of a log; private to lib/. */
#ifndef PC_SCAN_H
#define PC_SCAN_H

#include "record.h"

/* Step through a log. */
struct scan {
	int log;
	const unsigned char *log_id;
	uint64_t at;        /* where the next record would begin */
	uint64_t end;       /* end of the part to scan */
	uint64_t valid_end; /* of the last whole record */
	unsigned lost;      /* damaged records found */
	struct pc_id other; /* second key of a lost record, reported next, */
	int has_other;      /* if this is set */
	uint64_t gap;       /* offset where bytes begin that are not a record */
	uint64_t wasted;    /* bytes behind it that were hashed in vain */
	struct pc_buf deferred; /* deferred candidates there (scan.c) */
	size_t reported;        /* how many of these were looked at since */
	struct pc_buf window;
	uint64_t window_at;
	size_t step; /* bytes to read at a time: more while records are short,
		      * else only their beginnings */
};

void scan_init(struct scan *, int log, const unsigned char *log_id,
    uint64_t from, uint64_t to);
/* 0: record is the next one, its pointers are good until the next call;
 * 1: the end; -1: the log could not be read. */
int scan_next(struct scan *, struct record *);
void scan_clear(struct scan *);

#endif
