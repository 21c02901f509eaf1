/* gap.h - a gap in a log: a record without a key, whose bytes the file system
 * has back; private to lib/care/. */
#ifndef CARE_GAP_H
#define CARE_GAP_H

#include "compact.h"
#include "shard/record.h"

enum { GAP_MIN = RECORD_HEADER + RECORD_TRAILER }; /* bytes */

/* Bytes of a log. */
struct range {
	uint64_t from, to;
};

/* Bytes of the disk that n bytes from a file's beginning take. */
uint64_t gap_pages_up(uint64_t n);
/* The whole pages in a gap, which can be freed; empty if there are none. */
struct range gap_pages(const struct range *gap);
/* Make the range, of at least GAP_MIN bytes, a gap, unless it is one.  What was
 * there cannot be read afterwards. */
int gap_write(struct pc_compact *, int log, const struct range *);

#endif
