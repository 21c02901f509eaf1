/* fold_format.h - the bytes of events.folded; private to lib/ledger/. */
#ifndef PC_FOLD_FORMAT_H
#define PC_FOLD_FORMAT_H

#include "fold.h"

enum {
	FOLD_HEADER = 64, /* bytes */
	/* The most bytes before the sums: a header, and for each log an id and
	 * a number. */
	FOLD_LOGS_END = FOLD_HEADER + LOGS * (16 + 10),
};

/* Parse a whole file.  -1 with errno: EBADMSG, it is damaged; EPROTONOSUPPORT,
 * it is newer; ENOMEM. */
int fold_decode(const unsigned char *, size_t n, struct fold *);
/* Parse only the logs, from the file's first bytes and without its check. -1:
 * there are too few bytes. */
int fold_decode_logs(const unsigned char *, size_t n,
    struct fold_log logs[LOGS]);
/* Encode the whole file, without periods that ended before from.  -1:
 * ENOMEM. */
int fold_encode(const struct fold *, int64_t from, struct pc_buf *);

#endif
