/* io.c - whole reads and writes, and the clocks. */
#include "base.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

ssize_t
pc_read_full(int fd, void *p, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t r = read(fd, (char *)p + done, n - done);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		done += (size_t)r;
	}
	return (ssize_t)done;
}

ssize_t
pc_pread_full(int fd, void *p, size_t n, off_t at)
{
	size_t done = 0;

	while (done < n) {
		ssize_t r = pread(fd, (char *)p + done, n - done,
		    at + (off_t)done);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		done += (size_t)r;
	}
	return (ssize_t)done;
}

int
pc_write_full(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t r = write(fd, at, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		at += r;
		n -= (size_t)r;
	}
	return 0;
}

int
pc_pwrite_full(int fd, const void *p, size_t n, off_t to)
{
	const char *at = p;

	while (n > 0) {
		ssize_t r = pwrite(fd, at, n, to);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		at += r;
		to += r;
		n -= (size_t)r;
	}
	return 0;
}

int
pc_read_all(int fd, struct pc_buf *b, size_t max)
{
	size_t start = b->len;

	for (;;) {
		ssize_t r;

		if (pc_buf_reserve(b, PC_IO_CHUNK) < 0)
			return -1;
		r = pc_read_full(fd, b->data + b->len, PC_IO_CHUNK);
		if (r < 0)
			return -1;
		b->len += (size_t)r;
		if (b->len - start > max) {
			errno = EFBIG;
			return -1;
		}
		if (r < PC_IO_CHUNK)
			return 0;
	}
}

int
pc_poll(struct pollfd *p, size_t n, int64_t wait, const volatile int *stop)
{
	const struct timespec t = {.tv_sec = wait / 1000000,
	    .tv_nsec = wait % 1000000 * 1000};
	sigset_t all, before;
	int r = -1, e = EINTR;

	/* Block signals, so that none comes between this check and the wait. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	if (!stop || !*stop) {
		r = ppoll(p, (nfds_t)n, wait < 0 ? NULL : &t, &before);
		e = errno;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = e;
	return r;
}

int
pc_stdout_close(void)
{
	int lost = ferror(stdout);

	if (fclose(stdout) < 0)
		return -1;
	if (lost) {
		errno = EIO;
		return -1;
	}
	return 0;
}

static int64_t
clock_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
pc_now(void)
{
	return clock_us(CLOCK_REALTIME);
}

int64_t
pc_ticks(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

int64_t
pc_deadline(int64_t span)
{
	const int64_t now = pc_ticks();

	return span < PC_NEVER - now ? now + span : PC_NEVER;
}
