/* line_stream.c - see line_stream.h. */
#include "line_stream.h"

#include <errno.h>
#include <string.h>

typedef void take(void *ctx, const char *, size_t);

/* A line of an event stream, as the HTML standard has them ("Server-sent
 * events"): a blank one ends an event, of whose fields only data counts. */
static int
sse_line(struct line_stream *s, const char *line, size_t n, take *piece,
    void *ctx)
{
	static const char end[] = "[DONE]";

	if (n == 0) {
		if (s->datum.len == 0)
			return 0;
		if (s->datum.len == sizeof end - 1 &&
		    memcmp(s->datum.data, end, sizeof end - 1) == 0)
			s->done = 1;
		else
			piece(ctx, (char *)s->datum.data, s->datum.len);
		s->datum.len = 0;
		return 0;
	}
	if (n < 5 || memcmp(line, "data:", 5) != 0)
		return 0;
	line += 5;
	n -= 5;
	if (n > 0 && *line == ' ') {
		line++;
		n--;
	}
	if (s->datum.len + n > LINE_MAX_BYTES) {
		errno = EMSGSIZE;
		return -1;
	}
	if (s->datum.len > 0 && pc_buf_add(&s->datum, "\n", 1) < 0)
		return -1;
	return pc_buf_add(&s->datum, line, n);
}

static int
end_line(struct line_stream *s, take *piece, void *ctx)
{
	const char *line = (const char *)s->line.data;
	size_t n = s->line.len;
	int r = 0;

	if (n > 0 && line[n - 1] == '\r')
		n--;
	if (s->form == STREAM_EVENTS)
		r = sse_line(s, line, n, piece, ctx);
	else if (n > 0)
		piece(ctx, line, n);
	s->line.len = 0;
	return r;
}

static void
detect_object(struct line_stream *s, const char *p, size_t n)
{
	for (size_t i = 0; i < n && !s->begun; i++)
		if (!strchr(" \t\r\n", p[i])) {
			s->begun = 1;
			if (p[i] == '{')
				s->form = STREAM_WHOLE;
		}
}

static int
add_line(struct line_stream *s, const char *p, size_t n)
{
	if (s->line.len + n > LINE_MAX_BYTES) {
		errno = EMSGSIZE;
		return -1;
	}
	return pc_buf_add(&s->line, p, n);
}

int
line_stream_feed(struct line_stream *s, const void *bytes, size_t n,
    take *piece, void *ctx)
{
	const char *p = bytes;

	if (s->form == STREAM_EVENTS)
		detect_object(s, p, n);
	if (s->form == STREAM_WHOLE)
		return add_line(s, p, n);
	while (n > 0) {
		const char *nl = memchr(p, '\n', n);
		size_t len = nl ? (size_t)(nl - p) : n;

		if (add_line(s, p, len) < 0)
			return -1;
		if (!nl)
			return 0;
		if (end_line(s, piece, ctx) < 0)
			return -1;
		p = nl + 1;
		n -= len + 1;
	}
	return 0;
}

int
line_stream_end(struct line_stream *s, take *piece, void *ctx)
{
	if (s->form == STREAM_WHOLE)
		s->done = 1;
	if (s->line.len > 0 && end_line(s, piece, ctx) < 0)
		return -1;
	return s->form == STREAM_EVENTS ? sse_line(s, "", 0, piece, ctx) : 0;
}

void
line_stream_clear(struct line_stream *s)
{
	pc_buf_clear(&s->line);
	pc_buf_clear(&s->datum);
	s->begun = s->done = 0;
}
