/* line_stream.h - cut a stream that arrives in chunks of any size into pieces:
 * lines of NDJSON, data of server-sent events, or one object. */
#ifndef SERVER_LINE_STREAM_H
#define SERVER_LINE_STREAM_H

#include "pc.h"

enum { LINE_MAX_BYTES = 16 * 1024 * 1024 }; /* bytes of a line */

/* STREAM_EVENTS becomes STREAM_WHOLE if the first byte is '{', with which no
 * line of an event stream begins: some servers ignore that a stream was
 * requested, and errors come so. */
enum stream_form {
	STREAM_LINES,  /* NDJSON */
	STREAM_EVENTS, /* server-sent events */
	STREAM_WHOLE,  /* one JSON object, over any number of lines */
};

/* All zero is the start of an NDJSON stream. */
struct line_stream {
	enum stream_form form;
	struct pc_buf line;  /* not ended yet */
	struct pc_buf datum; /* STREAM_EVENTS: the data lines of an event */
	int begun;           /* a byte other than a blank came */
	int done;            /* [DONE] came, or the whole object */
};

/* Call piece for each piece that n more bytes complete.  -1: a line or an
 * object is longer than LINE_MAX_BYTES (EMSGSIZE), or out of memory. */
int line_stream_feed(struct line_stream *, const void *, size_t n,
    void (*piece)(void *ctx, const char *, size_t), void *ctx);
/* The stream has ended: a last line needs no newline. */
int line_stream_end(struct line_stream *,
    void (*piece)(void *ctx, const char *, size_t), void *ctx);
void line_stream_clear(struct line_stream *);

#endif
