/* eventlog.h - reading the event logs; private to lib/. */
#ifndef PC_EVENTLOG_H
#define PC_EVENTLOG_H

#include "pc.h"

enum { LOG_OLD, LOG_LIVE, LOGS };

/* Call each for the events that begin in the log's bytes from *from to to,
 * until one call returns non-zero, which is returned.  *from is then the offset
 * of that event, or where to continue when the log has grown. */
int event_scan(int fd, uint64_t *from, uint64_t to,
    int (*each)(void *ctx, const struct pc_event *), void *ctx);
int event_at(int fd, uint64_t at, struct pc_event *); /* 1: there is none */
/* Open both logs (-1: it does not exist), and get their sizes. */
int event_open(struct pc_store *, int logs[LOGS], uint64_t sizes[LOGS]);
void event_close(int logs[LOGS]); /* errno stays */

#endif
