/* history.h - the memory that recorded runs needed, by stage or by component.
 */
#ifndef MEMORY_HISTORY_H
#define MEMORY_HISTORY_H

#include "memory.h"

enum { HISTORY_BINS = 16 }; /* parts of the time that a table covers */

struct history_row {
	char name[PC_STAGE_MAX + 1];
	uint64_t runs;
	uint64_t peak, least; /* KiB */
	double sum;           /* KiB */
	double took;          /* us */
	uint64_t started, reused, idle;
	int64_t first, later; /* us; see struct pc_run */
	struct pc_run last;   /* the newest in the memory log */
	unsigned
	    measured; /* bits of enum pc_measured: how runs were measured */
	uint32_t
	    bins[HISTORY_BINS]; /* KiB; the peak in each part of the time */
};

struct history_table {
	struct cli *c;
	const struct history *h;
	struct history_row *rows;
	size_t count, cap;
	int64_t from, to;
};

/* Read what was recorded into an empty table whose h is set; its rows are
 * sorted by name.  Ends the program if it cannot be read. */
void history_read(struct cli *, struct history_table *);

#endif
