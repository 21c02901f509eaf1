/* doctor.h - what the parts of pc-stats --doctor share. */
#ifndef STATS_DOCTOR_H
#define STATS_DOCTOR_H

#include "stats.h"

enum level { FINE, WARN, FAIL };

struct doctor {
	struct stats *st;
	struct pc_buf json;
	int as_json;
	enum level worst;
};

/* Report the result of a check; remedy is printed if it failed. */
void doctor_say(struct doctor *, enum level, const char *what,
    const char *remedy, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

void doctor_store(struct doctor *);   /* undamaged, writable, local, not full */
void doctor_engines(struct doctor *); /* languages, helpers, the server */

#endif
