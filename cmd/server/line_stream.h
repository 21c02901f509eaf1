/* line_stream.h - cut a stream that arrives in chunks of any size into pieces:
 * lines of NDJSON, or data of server-sent events. */
#ifndef SERVER_LINE_STREAM_H
#define SERVER_LINE_STREAM_H

#include "pc.h"

enum { LINE_MAX_BYTES = 16 * 1024 * 1024 }; /* bytes of a line */

/* All zero is the start of an NDJSON stream. */
struct line_stream {
	int sse;
	struct pc_buf line;  /* not ended yet */
	struct pc_buf datum; /* SSE: the data lines of an event */
	int done;            /* SSE: [DONE] came */
};

/* Call piece for each piece that n more bytes complete.  -1: a line is longer
 * than LINE_MAX_BYTES (EMSGSIZE), or out of memory. */
int line_stream_feed(struct line_stream *, const void *, size_t n,
    void (*piece)(void *ctx, const char *, size_t), void *ctx);
/* The stream has ended: a last line needs no newline. */
int line_stream_end(struct line_stream *,
    void (*piece)(void *ctx, const char *, size_t), void *ctx);
void line_stream_clear(struct line_stream *);

#endif
