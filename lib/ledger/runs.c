/* runs.c - record the memory of runs, and how they used their helpers: one
 * small record for each run, in a log of limited size. */
#include "disk/disk.h"
#include "disk/file.h"
#include "disk/lock.h"
#include "event/event.h"
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char name[] = "memory";
static const char old_name[] = "memory.old";

enum {
	MAGIC = 0x6d,
	VERSION = 1,
	AT_PROGRAM = 2,
	AT_PART = 3,
	AT_CHECK = 4,
	AT_WHEN = 8,
	AT_DURATION = 16,
	AT_START = 24,
	AT_PEAK = 28,
	AT_END = 32,
	AT_STARTED = 36,
	AT_REUSED = 40,
	AT_IDLE = 44,
	AT_FIRST = 48,
	AT_LATER = 56,
	AT_FREED = 56, /* for a command, which has no workers */
	AT_STAGE = 64,
	RECORD = EVENT_BYTES,
	MEASURED =
	    16, /* factor of the way of measuring, which is added to the part */
	/* Bytes; a larger log is replaced by a new one, and one old log is
	 * kept. */
	LOG_MAX = 1024 * 1024,
	/* If the store's cap is small, the limit is the cap divided by this. */
	CAP_PART = 64,
	LOG_MIN = 8 * 1024,
	PAGE = 4096,
};

static void
encode(const struct pc_run *m, unsigned char p[RECORD])
{
	memset(p, 0, RECORD);
	p[0] = MAGIC;
	p[1] = VERSION;
	p[AT_PROGRAM] = (unsigned char)m->program;
	p[AT_PART] = (unsigned char)(m->part + MEASURED * m->measured);
	pc_encode_u64(p + AT_WHEN, (uint64_t)(m->when ? m->when : pc_now()));
	pc_encode_u64(p + AT_DURATION, (uint64_t)m->duration);
	pc_encode_u32(p + AT_START, m->start_kib);
	pc_encode_u32(p + AT_PEAK, m->peak_kib);
	pc_encode_u32(p + AT_END, m->end_kib);
	pc_encode_u32(p + AT_STARTED, m->started);
	pc_encode_u32(p + AT_REUSED, m->reused);
	pc_encode_u32(p + AT_IDLE, m->idle);
	pc_encode_u64(p + AT_FIRST, (uint64_t)m->first);
	if (m->part == PC_RUN_COMMAND)
		pc_encode_u64(p + AT_FREED, m->freed_kib);
	else
		pc_encode_u64(p + AT_LATER, (uint64_t)m->later);
	memcpy(p + AT_STAGE, m->stage, strlen(m->stage));
	pc_encode_u32(p + AT_CHECK, event_check(p));
}

static int
decode(const unsigned char p[RECORD], struct pc_run *m)
{
	const unsigned part = p[AT_PART] % MEASURED;
	const unsigned measured = p[AT_PART] / MEASURED;

	if (p[0] != MAGIC || p[1] != VERSION || part == 0 ||
	    part >= PC_RUN_PARTS || measured >= PC_MEASURES ||
	    p[AT_PROGRAM] >= PC_PROGRAMS ||
	    pc_decode_u32(p + AT_CHECK) != event_check(p))
		return 1;
	*m = (struct pc_run){.program = p[AT_PROGRAM],
	    .part = part,
	    .measured = measured,
	    .when = (int64_t)pc_decode_u64(p + AT_WHEN),
	    .duration = (int64_t)pc_decode_u64(p + AT_DURATION),
	    .start_kib = pc_decode_u32(p + AT_START),
	    .peak_kib = pc_decode_u32(p + AT_PEAK),
	    .end_kib = pc_decode_u32(p + AT_END),
	    .started = pc_decode_u32(p + AT_STARTED),
	    .reused = pc_decode_u32(p + AT_REUSED),
	    .idle = pc_decode_u32(p + AT_IDLE),
	    .first = (int64_t)pc_decode_u64(p + AT_FIRST)};
	if (part == PC_RUN_COMMAND)
		m->freed_kib = (uint32_t)pc_decode_u64(p + AT_FREED);
	else
		m->later = (int64_t)pc_decode_u64(p + AT_LATER);
	memcpy(m->stage, p + AT_STAGE, PC_STAGE_MAX);
	return m->stage[0] && !pc_stage_valid(m->stage);
}

static off_t
log_max(const struct pc_store *s)
{
	const uint64_t part = s->max / CAP_PART;

	if (!s->max || part > LOG_MAX)
		return LOG_MAX;
	return part < LOG_MIN ? LOG_MIN : (off_t)part;
}

/* Begin a new log.  If several processes find the log full, one of them does
 * it. */
static void
rotate(struct pc_store *s)
{
	struct stat st;

	if (lock_range(s->state, LOCK_RUNS, RANGE_EXCLUSIVE, 0) != LOCK_TAKEN)
		return;
	if (fstatat(s->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_size >= log_max(s))
		renameat(s->dir, name, s->dir, old_name);
	lock_range(s->state, LOCK_RUNS, RANGE_FREE, 0);
}

int
pc_run_add(struct pc_store *s, const struct pc_run *m)
{
	const int flags = O_WRONLY | O_APPEND | O_CREAT;
	unsigned char p[RECORD];
	struct stat st;
	int fd, r;

	if (s->flags & (PC_STORE_NO_EVENTS | PC_STORE_READ_ONLY))
		return 0;
	fd = file_open(s, STORE_TOP, name, flags);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size >= log_max(s)) {
		close(fd);
		rotate(s);
		fd = file_open(s, STORE_TOP, name, flags);
	}
	if (fd < 0)
		return -1;
	encode(m, p);
	if (fstat(fd, &st) == 0 && st.st_size % PAGE == 0)
		room_grow(s, PAGE);
	r = write(fd, p, sizeof p) == sizeof p ? 0 : -1;
	close(fd);
	return r;
}

/* Read the rest of one log.  A torn write shifts what follows: look for the
 * next record byte by byte. */
static int
each_in(int fd, int (*each)(void *, const struct pc_run *), void *ctx)
{
	struct pc_buf b = {0};
	struct pc_run m;
	int r = pc_read_all(fd, &b, 2 * LOG_MAX) < 0 ? -1 : 0;

	for (size_t at = 0; r == 0 && b.len - at >= RECORD;) {
		if (decode(b.data + at, &m) != 0) {
			at++;
			continue;
		}
		r = each(ctx, &m);
		at += RECORD;
	}
	pc_buf_clear(&b);
	return r;
}

int
pc_run_each(struct pc_store *s, uint64_t newest,
    int (*each)(void *ctx, const struct pc_run *), void *ctx)
{
	static const char *const names[] = {old_name, name};

	for (size_t i = newest ? 1 : 0; i < 2; i++) {
		int fd = file_open(s, STORE_TOP, names[i], O_RDONLY);
		struct stat st;
		int r, e;

		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0)
			return -1;
		if (newest && fstat(fd, &st) == 0 &&
		    (uint64_t)st.st_size > newest)
			lseek(fd, -(off_t)newest, SEEK_END);
		r = each_in(fd, each, ctx);
		e = errno;
		close(fd);
		errno = e;
		if (r != 0)
			return r;
	}
	return 0;
}

const char *
pc_run_part_name(enum pc_run_part part)
{
	static const char *const names[PC_RUN_PARTS] = {"", "command", "pc-doc",
	    "pc-tesseract", "pc-http", "engine", "tools"};

	return part < PC_RUN_PARTS ? names[part] : "";
}

const char *
pc_measured_name(enum pc_measured measured)
{
	static const char *const names[PC_MEASURES] = {"", "cgroup v2",
	    "cgroup v1", "sampled", "rusage"};

	return measured < PC_MEASURES ? names[measured] : "";
}
