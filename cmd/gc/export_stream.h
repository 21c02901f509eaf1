/* export_stream.h - records on their way from one store to another.
 *
 * Numbers are little-endian.  48 bytes of header: "pc-exp" CR LF, version 1
 * in 4 bytes, zeros in 4, the SHA-256 of these.  Then a head of 160 bytes for
 * each record, its fields, its extra bytes and its value, and at the end one
 * more head:
 *
 *   0-3    1 a record, 2 the end
 *   4-7    the record's flags
 *   8-11   exit status
 *   12-15  peak memory, KiB
 *   16-23  size of the value
 *   24-31  when it was made, microseconds since the epoch
 *   32-39  when it goes; 2^63-1 never
 *   40-47  microseconds that computing took
 *   48-51  size of the fields
 *   52-55  size of the extra bytes
 *   56-63  how many records came before
 *   64-95  key
 *   96-127 SHA-256 of the value
 *   128-   SHA-256 of the last one of these (at first the header's), bytes 0
 *          to 127, fields and extra
 *
 * So nothing can be missing, added or in another order unnoticed. */
#ifndef EXPORT_STREAM_H
#define EXPORT_STREAM_H

#include "pc.h"

struct export_stream {
	int fd;
	uint64_t count;     /* records so far */
	struct pc_id chain; /* the check of the record before */
	struct pc_buf buf;  /* the fields and extra of the record */
};

int export_stream_write_begin(struct export_stream *, int fd);
/* Append the head, the fields and the extra bytes; the caller writes the
 * value. */
int export_stream_write_record(struct export_stream *,
    const struct pc_record *);
int export_stream_write_end(struct export_stream *);

/* Read the header.  -1 with the reason in err: it is not an export, or it is
 * truncated. */
int export_stream_read_begin(struct export_stream *, int fd, struct pc_error *);
/* Read the next head.  0: a record, whose pointers are valid until the next
 * call, and whose value must be read; 1: the end, with nothing after it; -1:
 * the stream is damaged, truncated or cannot be read. */
int export_stream_read_record(struct export_stream *, struct pc_record *,
    struct pc_error *);
/* Why the record's fields cannot be true; NULL: they can. */
const char *export_stream_doubt(const struct pc_record *);
/* Read the value of r into value, which may be NULL.  1: value cannot hold it
 * (errno), but it was read. */
int export_stream_read_value(struct export_stream *, const struct pc_record *r,
    struct pc_spool *value, struct pc_error *);
void export_stream_clear(struct export_stream *);

#endif
