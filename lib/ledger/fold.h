/* fold.h - sums of old events; private to lib/. */
#ifndef PC_FOLD_H
#define PC_FOLD_H

#include "eventlog.h"
#include "ledger.h"

enum { FOLD_STEP = 64 * 1024 }; /* bytes of events that a put may sum up */

/* The sums, and how far each log is summed up. */
struct fold {
	struct fold_log {
		unsigned char id[16]; /* SHA-256 of the log's beginning */
		uint64_t end;         /* bytes that are summed up */
	} logs[LOGS];
	struct pc_tally tally; /* by stage, program and day */
};

/* Read the file.  1: there is none; -1 EBADMSG: it is damaged; EPROTONOSUPPORT:
 * it is newer.  In any case fold_clear it afterwards. */
int fold_read(struct pc_store *, struct fold *);
int fold_parse(const unsigned char *, size_t n, struct fold *);
void fold_clear(struct fold *);
/* How many bytes of that log are summed up. */
uint64_t fold_covers(const struct fold *, int log, uint64_t size);
/* Sum up at most FOLD_STEP bytes more of the old log, under LOCK_FOLD.  0: all
 * of it is summed up, or there is none; 1: some of it remains. */
int fold_step(struct pc_store *);
int fold_forget(struct pc_store *);

#endif
