/* machine.h - the memory of this machine, or of this container. */
#ifndef MEMORY_HOST_H
#define MEMORY_HOST_H

#include "cgroup.h"

/* Share of time in which tasks waited for memory (PSI). */
struct pressure {
	double avg10, avg60, avg300; /* per cent */
	uint64_t total;              /* us */
};

/* Sizes are bytes. */
struct machine {
	uint64_t total, available;
	uint64_t swap_total, swap_free;
	/* Of this process's cgroup, or of the one above it that has the least
	 * left; limit 0: none has a limit. */
	uint64_t limit, current, reclaimable;
	char cgroup[CGROUP_MAX];
	int has_pressure;
	struct pressure some, full;
};

/* -1: /proc/meminfo cannot be read, or lacks the numbers (EBADMSG).  All names
 * are below $PC_MEMSTAT_ROOT. */
int host_read(struct machine *);
uint64_t host_total(const struct machine *);     /* the machine's, or the
						  * cgroup's limit */
uint64_t host_available(const struct machine *); /* part of that */
double host_used_percent(const struct machine *);
uint32_t host_used_kib(void); /* in use now; 0: unknown */
/* Read the number behind name at the start of a line, in units of unit
 * bytes. */
int host_field(const char *text, const char *name, uint64_t unit,
    uint64_t *bytes);

#endif
