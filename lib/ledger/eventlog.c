/* eventlog.c - read the event logs. */
#include "eventlog.h"

#include "disk/disk.h"
#include "disk/file.h"
#include "event/event.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[LOGS] = {EVENT_OLD, EVENT_LIVE};

/* A torn write shifts what follows: look for the next event byte by byte. */
int
event_scan(int fd, uint64_t *from, uint64_t to,
    int (*each)(void *, const struct pc_event *), void *ctx)
{
	enum { WINDOW = 8192 * EVENT_BYTES };
	struct pc_event e;
	unsigned char *p = malloc(WINDOW);
	ssize_t n = 0;
	int r = 0;

	if (!p)
		return -1;
	while (r == 0 && *from < to) {
		size_t ask = WINDOW, at = 0, end;

		if (to - *from < WINDOW - EVENT_BYTES)
			ask = (size_t)(to - *from) + EVENT_BYTES - 1;
		n = pc_pread_full(fd, p, ask, (off_t)*from);
		if (n < EVENT_BYTES)
			break;
		end = (size_t)n - EVENT_BYTES + 1;

		if (end > to - *from)
			end = (size_t)(to - *from);
		while (at < end) {
			if (event_decode(p + at, &e) != 0) {
				const unsigned char *next = memchr(p + at + 1,
				    EVENT_MAGIC, end - at - 1);

				at = next ? (size_t)(next - p) : end;
				continue;
			}
			r = each(ctx, &e);
			if (r != 0)
				break;
			at += EVENT_BYTES;
		}
		*from += at;
	}
	free(p);
	return r != 0 ? r : n < 0 ? -1 : 0;
}

int
event_at(int fd, uint64_t at, struct pc_event *e)
{
	unsigned char p[EVENT_BYTES];

	return pc_pread_full(fd, p, sizeof p, (off_t)at) != sizeof p ||
	    event_decode(p, e) != 0;
}

int
event_open(struct pc_store *s, int logs[LOGS], uint64_t sizes[LOGS])
{
	struct stat st;

	for (int i = 0; i < LOGS; i++)
		logs[i] = -1;
	for (int i = 0; i < LOGS; i++) {
		sizes[i] = 0;
		logs[i] = file_open(s, STORE_TOP, names[i], O_RDONLY);
		/* A directory or a device in its place has no events. */
		if (logs[i] < 0 && (errno == ENOENT || errno == EBADMSG))
			continue;
		if (logs[i] < 0 || fstat(logs[i], &st) < 0) {
			event_close(logs);
			return -1;
		}
		sizes[i] = (uint64_t)st.st_size;
	}
	return 0;
}

void
event_close(int logs[LOGS])
{
	int e = errno;

	for (int i = 0; i < LOGS; i++)
		if (logs[i] >= 0)
			close(logs[i]);
	errno = e;
}

int
pc_event_each(struct pc_store *s,
    int (*each)(void *ctx, const struct pc_event *), void *ctx)
{
	uint64_t sizes[LOGS];
	int logs[LOGS], r = 0;

	if (event_open(s, logs, sizes) < 0)
		return -1;
	for (int i = 0; i < LOGS && r == 0; i++) {
		uint64_t from = 0;

		if (logs[i] >= 0)
			r = event_scan(logs[i], &from, sizes[i], each, ctx);
	}
	event_close(logs);
	return r;
}

int
pc_event_newest(struct pc_store *s, uint64_t max,
    int (*each)(void *ctx, const struct pc_event *), void *ctx)
{
	uint64_t sizes[LOGS], from = 0;
	int logs[LOGS], r = 0;

	if (event_open(s, logs, sizes) < 0)
		return -1;
	if (sizes[LOG_LIVE] > max)
		from = sizes[LOG_LIVE] - (max - max % EVENT_BYTES);
	if (logs[LOG_LIVE] >= 0)
		r = event_scan(logs[LOG_LIVE], &from, sizes[LOG_LIVE], each,
		    ctx);
	event_close(logs);
	return r;
}
