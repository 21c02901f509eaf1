/* event.h - encode events and append them to the log; private to lib/. */
#ifndef PC_EVENT_H
#define PC_EVENT_H

#include "pc.h"

#define EVENT_LIVE "events"
#define EVENT_OLD "events.old"

enum {
	EVENT_BYTES = 128,
	EVENT_MAGIC = 0x70, /* the first byte of each event */
};

/* The check of the EVENT_BYTES at p, except the 4 bytes at offset 4 that hold
 * it.  Events and records of runs have it. */
uint32_t event_check(const unsigned char *);
void event_encode(const struct pc_event *, unsigned char p[EVENT_BYTES]);
/* 1: it is not an event. */
int event_decode(const unsigned char p[EVENT_BYTES], struct pc_event *);

/* Append one event, or many in one write.  Summing up and renaming are left to
 * pc_event_add and to closing the store (ledger/rotate.c). */
int event_add(struct pc_store *, const struct pc_event *);
int event_append(struct pc_store *, const void *events, size_t n);
/* The same in two steps.  event_begin opens the log, counts the room for n
 * bytes, and gives the log's size; 1: this store takes no events. */
int event_begin(struct pc_store *, size_t n, uint64_t *size);
int event_write(struct pc_store *, const void *events, size_t n);
/* The size in bytes at which a new log is begun; smaller if the store's cap is
 * small. */
uint64_t event_log_max(const struct pc_store *);

#endif
