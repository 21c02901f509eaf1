/* event.h - an event's bytes, and their way into the log; private to lib/. */
#ifndef PC_EVENT_H
#define PC_EVENT_H

#include "pc.h"

#define EVENT_LIVE "events"
#define EVENT_OLD "events.old"

enum {
	EVENT_BYTES = 128,
	EVENT_MAGIC = 0x70, /* each one's first byte */
};

/* The check of an entry of EVENT_BYTES, of all but the 4 bytes at 4 where it
 * stands: of events and of records of memory. */
uint32_t event_check(const unsigned char *);
void event_encode(const struct pc_event *, unsigned char p[EVENT_BYTES]);
/* 1: it is none. */
int event_decode(const unsigned char p[EVENT_BYTES], struct pc_event *);

/* Add one event, or many by one write.  Nothing is summed up or renamed: that
 * waits for pc_event_add or the store's end (ledger/rotate.c). */
int event_add(struct pc_store *, const struct pc_event *);
int event_append(struct pc_store *, const void *events, size_t n);
/* The same in two steps: have the log open and room for n bytes, and tell how
 * long it is (1: this store takes no events); then write. */
int event_begin(struct pc_store *, size_t n, uint64_t *size);
int event_write(struct pc_store *, const void *events, size_t n);
/* Bytes at which a new log is begun: fewer if the store's cap is small. */
uint64_t event_log_max(const struct pc_store *);

#endif
