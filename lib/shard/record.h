/* record.h - a record as it lies in a log; private to lib/. */
#ifndef PC_RECORD_H
#define PC_RECORD_H

#include "pc.h"

enum {
	RECORD_HEADER = 160, /* fixed part of a record */
	RECORD_TRAILER = 40, /* after its value: eight bytes of its check, and
			      * its key again */
	RECORD_KEY = 64,     /* where in the header its key is */
	RECORD_FIRST =
	    4096, /* bytes; enough for most records without their values */
};

extern const unsigned char record_magic[8]; /* a record begins with it */

enum record_type {
	RECORD_PUT = 1,
	RECORD_REMOVE = 2,
	RECORD_TOUCH = 3,
	RECORD_LOST = 4, /* never in a log: a scan met a damaged record, most
			  * probably of this key */
	RECORD_GAP = 5,  /* bytes that were freed (punch.c); it has no key */
};

/* Set in a record's flags on the disk beside enum pc_record_flags. */
enum { RECORD_EXTERNAL = 0x8000 };

/* One record as it lies in a log. */
struct record {
	enum record_type type;
	int external;    /* the value has its own file, */
	uint32_t serial; /* and this makes its name unique */
	int newer;       /* it replaces only an older record */
	int written;     /* all of it is in a log, even if the put failed */
	uint64_t offset; /* in the log */
	uint64_t length; /* bytes of it in the log */
	unsigned char trailer[RECORD_TRAILER];
	struct pc_record pub;
};

/* Append the record's bytes up to its value to out, for the log of that id.
 * Sets length and trailer. */
int record_encode(struct record *, const unsigned char *log_id,
    struct pc_buf *out);
/* Read the n bytes at p, which lie at offset of the log with that id.
 * 1: this is not a record, or its check is wrong, or it needs more than n bytes
 * before its value. */
int record_decode(const unsigned char *p, size_t n, const unsigned char *log_id,
    uint64_t offset, struct record *);
/* Read the put whose offset, length and key the record has, into the buffer:
 * all of it, or without its value.  1: damaged. */
int record_read(int log, const unsigned char *log_id, int with_value,
    struct pc_buf *, struct record *);

/* How many bytes come before the value; 0: no record begins at p, or a number
 * in it is too large.  So no sum or difference of its numbers wraps. */
size_t record_lead(const unsigned char *p);
/* How many bytes of the log the record takes that begins at p. */
uint64_t record_whole(const unsigned char *p, size_t lead);
/* Does the trailer belong to the record that begins at p? */
int record_is_whole(const unsigned char *p, const unsigned char *trailer);

/* Has it expired? */
int record_expired(const struct pc_record *, int64_t now);

#endif
