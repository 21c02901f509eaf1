/* machine.h - how much memory this machine, or this container, has to give. */
#ifndef MEMORY_HOST_H
#define MEMORY_HOST_H

#include "cgroup.h"

/* Part of the time that tasks stood still for want of memory (PSI). */
struct pressure {
	double avg10, avg60, avg300; /* per cent */
	uint64_t total;              /* us */
};

/* Sizes are bytes. */
struct machine {
	uint64_t total, available;
	uint64_t swap_total, swap_free;
	/* Of the cgroup that this process is in, or the one above it, that has
	 * the least left; limit 0: none has one. */
	uint64_t limit, current, reclaimable;
	char cgroup[CGROUP_MAX];
	int has_pressure;
	struct pressure some, full;
};

/* -1: /proc/meminfo cannot be read or says nothing (EBADMSG).  All names are
 * below $PC_MEMSTAT_ROOT. */
int host_read(struct machine *);
uint64_t host_total(const struct machine *); /* the machine's, or the limit */
uint64_t host_available(const struct machine *); /* of that */
double host_used_percent(const struct machine *);
uint32_t host_used_kib(void); /* now; 0: not known */
/* What follows name at the beginning of a line, as a number of units. */
int host_field(const char *text, const char *name, uint64_t unit,
    uint64_t *bytes);

#endif
