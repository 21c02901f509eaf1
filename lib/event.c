/* event.c - the event log: one small record for all that happens. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char name[] = "events";
static const char old_name[] = "events.old";

enum {
	MAGIC = 0x70,
	VERSION = 1,
	AT_PROGRAM = 2,
	AT_KIND = 3,
	AT_CHECK = 4,
	AT_WHEN = 8,
	AT_DURATION = 16,
	AT_LOCK_WAIT = 20,
	AT_BYTES = 24,
	AT_PEAK = 32,
	AT_SAVED = 40,
	AT_KEY = 48,
	KEY_BYTES = 16,
	AT_STAGE = 64,
	EVENT = 128,
	/* A million events; then a new log is begun and one old one kept. */
	LOG_MAX = 128 * 1024 * 1024,
	/* Past all shards' locks, below the flights'. */
	LOCK_ROTATE = 4096,
};

static uint32_t
clip32(int64_t v)
{
	return v < 0 ? 0 : v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

static uint32_t
check_of(const unsigned char p[EVENT])
{
	struct pc_sha256 h;
	struct pc_id id;

	pc_sha256_init(&h);
	pc_sha256_add(&h, p, AT_CHECK);
	pc_sha256_add(&h, p + AT_WHEN, EVENT - AT_WHEN);
	pc_sha256_end(&h, &id);
	return pc_load_u32(id.b);
}

static void
encode(const struct pc_event *e, unsigned char p[EVENT])
{
	memset(p, 0, EVENT);
	p[0] = MAGIC;
	p[1] = VERSION;
	p[AT_PROGRAM] = (unsigned char)e->program;
	p[AT_KIND] = (unsigned char)e->kind;
	pc_store_u64(p + AT_WHEN, (uint64_t)(e->when ? e->when : pc_now()));
	pc_store_u32(p + AT_DURATION, clip32(e->duration));
	pc_store_u32(p + AT_LOCK_WAIT, clip32(e->lock_wait));
	pc_store_u64(p + AT_BYTES, e->bytes);
	pc_store_u32(p + AT_PEAK, e->peak_kib);
	pc_store_u64(p + AT_SAVED, (uint64_t)e->saved);
	memcpy(p + AT_KEY, e->key.b, KEY_BYTES);
	memcpy(p + AT_STAGE, e->stage, strlen(e->stage));
	pc_store_u32(p + AT_CHECK, check_of(p));
}

static int
decode(const unsigned char p[EVENT], struct pc_event *e)
{
	if (p[0] != MAGIC || p[1] != VERSION || p[AT_KIND] == 0 ||
	    p[AT_KIND] >= PC_EVENT_KINDS || p[AT_PROGRAM] >= PC_PROGRAMS ||
	    pc_load_u32(p + AT_CHECK) != check_of(p))
		return 1;
	*e = (struct pc_event){.kind = p[AT_KIND], .program = p[AT_PROGRAM],
	    .when = (int64_t)pc_load_u64(p + AT_WHEN),
	    .duration = pc_load_u32(p + AT_DURATION),
	    .lock_wait = pc_load_u32(p + AT_LOCK_WAIT),
	    .bytes = pc_load_u64(p + AT_BYTES),
	    .peak_kib = pc_load_u32(p + AT_PEAK),
	    .saved = (int64_t)pc_load_u64(p + AT_SAVED)};
	memcpy(e->key.b, p + AT_KEY, KEY_BYTES);
	memcpy(e->stage, p + AT_STAGE, PC_STAGE_MAX);
	return e->stage[0] && !pc_stage_valid(e->stage);
}

/* Begin a new log, once, whoever else sees that it is time. */
static void
rotate(struct pc_store *s)
{
	struct stat st;

	if (lock_range(s->state, LOCK_ROTATE, RANGE_EXCLUSIVE, 0) != 0)
		return;
	if (fstatat(s->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_size >= LOG_MAX)
		renameat(s->dir, name, s->dir, old_name);
	lock_range(s->state, LOCK_ROTATE, RANGE_FREE, 0);
}

int
pc_event_add(struct pc_store *s, const struct pc_event *e)
{
	unsigned char p[EVENT];
	struct stat st;

	if (s->flags & (PC_STORE_NO_EVENTS | PC_STORE_READ_ONLY))
		return 0;
	if (s->events >= 0 && fstat(s->events, &st) == 0 &&
	    st.st_size >= LOG_MAX) {
		rotate(s);
		close(s->events);
		s->events = -1;
	}
	if (s->events < 0)
		s->events = openat(s->dir, name,
		    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0600);
	if (s->events < 0)
		return -1;
	encode(e, p);
	return write(s->events, p, sizeof p) == sizeof p ? 0 : -1;
}

/* Go through one log.  A torn write shifts what follows: look for the next
 * event byte by byte. */
static int
each_in(int fd, int (*each)(void *, const struct pc_event *), void *ctx)
{
	enum { MANY = 1024 };
	size_t have = 0, at;
	struct pc_event e;
	unsigned char *p = malloc(MANY * EVENT);
	ssize_t n;
	int r = 0;

	if (!p)
		return -1;
	while (r == 0 &&
	    (n = pc_read_full(fd, p + have, MANY * EVENT - have)) > 0) {
		have += (size_t)n;
		for (at = 0; r == 0 && have - at >= EVENT;) {
			if (decode(p + at, &e) != 0) {
				at++;
				continue;
			}
			r = each(ctx, &e);
			at += EVENT;
		}
		memmove(p, p + at, have - at);
		have -= at;
	}
	free(p);
	return r != 0 ? r : n < 0 ? -1 : 0;
}

int
pc_event_each(struct pc_store *s,
    int (*each)(void *ctx, const struct pc_event *), void *ctx)
{
	static const char *const names[] = {old_name, name};

	for (size_t i = 0; i < 2; i++) {
		int fd = openat(
		    s->dir, names[i], O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		int r, e;

		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0)
			return -1;
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
pc_event_name(enum pc_event_kind kind)
{
	static const char *const names[PC_EVENT_KINDS] = {"", "hit", "miss",
	    "put", "error", "stale", "wait", "compute", "remove", "damage",
	    "rebuild"};

	return kind < PC_EVENT_KINDS ? names[kind] : "";
}

const char *
pc_program_name(enum pc_program program)
{
	static const char *const names[PC_PROGRAMS] = {"libpc", "pc-hash",
	    "pc-get", "pc-put", "pc-run", "pc-ocr", "pc-infer", "pc-fetch",
	    "pc-gc", "pc-stats", "pc-memstat"};

	return program < PC_PROGRAMS ? names[program] : "";
}
