/* gap.h - a gap in a log: a record without a key, whose bytes were given back
 * to the file system; private to lib/care/. */
#ifndef CARE_GAP_H
#define CARE_GAP_H

#include "compact.h"
#include "shard/record.h"

enum { GAP_MIN = RECORD_HEADER + RECORD_TRAILER }; /* bytes */

/* A range of bytes in a log. */
struct range {
	uint64_t from, to;
};

/* The bytes that n bytes from a file's beginning take on the disk. */
uint64_t gap_pages_up(uint64_t n);
/* The whole pages in a gap, which can be freed; an empty range if there are
 * none. */
struct range gap_pages(const struct range *gap);
/* Make the range a gap, unless it is one already; it must have at least GAP_MIN
 * bytes.  The old bytes cannot be read afterwards. */
int gap_write(struct pc_compact *, int log, const struct range *);

#endif
