/* event.c - the event log: one small record for all that happens. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[LOGS] = {"events.old", "events"};

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
	AT_PEAK = 32, /* of what computed; what a hit saved in money */
	AT_TOKENS = 36,
	AT_SAVED = 40, /* of what was put, its time to live */
	AT_KEY = 48,
	KEY_BYTES = 16,
	AT_STAGE = 64,
	EVENT = EVENT_BYTES,
	/* A million events; then a new log is begun and one old one kept.
	 * If the store's cap is small, it is one of CAP_PART of the cap: what
	 * is evicted is chosen, and what more room would do is told, by them.
	 */
	LOG_MAX = 128 * 1024 * 1024,
	LOG_MIN = 16 * 1024,
	CAP_PART = 8,
	/* While a log grows to its end, the old one is summed up in so many
	 * steps at least. */
	STEPS_MIN = 4,
	PAGE = 4096,
	ROTATE_WAIT = 1000000, /* us; readers need some 100 us */
};

static uint32_t
clip32(int64_t v)
{
	return v < 0 ? 0 : v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

uint32_t
event_check(const unsigned char *p)
{
	struct pc_sha256 h;
	struct pc_id id;

	pc_sha256_init(&h);
	pc_sha256_add(&h, p, AT_CHECK);
	pc_sha256_add(&h, p + AT_WHEN, EVENT - AT_WHEN);
	pc_sha256_end(&h, &id);
	return pc_load_u32(id.b);
}

/* What served a result has no memory of its own to speak of. */
static int
serves(enum pc_event_kind kind)
{
	return kind == PC_EVENT_HIT || kind == PC_EVENT_STALE ||
	    kind == PC_EVENT_WAIT;
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
	pc_store_u32(p + AT_PEAK, serves(e->kind) ? e->price : e->peak_kib);
	pc_store_u32(p + AT_TOKENS, e->tokens);
	pc_store_u64(p + AT_SAVED,
	    (uint64_t)(e->kind == PC_EVENT_PUT ? e->ttl : e->saved));
	memcpy(p + AT_KEY, e->key.b, KEY_BYTES);
	memcpy(p + AT_STAGE, e->stage, strlen(e->stage));
	pc_store_u32(p + AT_CHECK, event_check(p));
}

/* As pc_stage_valid, and quick: a million times. */
static int
is_stage(const char *s)
{
	size_t i;

	for (i = 0; i < PC_STAGE_MAX && s[i]; i++) {
		char c = s[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			(i > 0 && (c == '.' || c == '_' || c == '-'))))
			return 0;
	}
	return 1;
}

static int
decode(const unsigned char p[EVENT], struct pc_event *e)
{
	uint32_t peak;

	if (p[0] != MAGIC || p[1] != VERSION || p[AT_KIND] == 0 ||
	    p[AT_KIND] >= PC_EVENT_KINDS || p[AT_PROGRAM] >= PC_PROGRAMS ||
	    pc_load_u32(p + AT_CHECK) != event_check(p))
		return 1;
	*e = (struct pc_event){.kind = p[AT_KIND],
	    .program = p[AT_PROGRAM],
	    .when = (int64_t)pc_load_u64(p + AT_WHEN),
	    .duration = pc_load_u32(p + AT_DURATION),
	    .lock_wait = pc_load_u32(p + AT_LOCK_WAIT),
	    .bytes = pc_load_u64(p + AT_BYTES),
	    .tokens = pc_load_u32(p + AT_TOKENS),
	    .saved = (int64_t)pc_load_u64(p + AT_SAVED)};
	peak = pc_load_u32(p + AT_PEAK);
	if (serves(e->kind))
		e->price = peak;
	else
		e->peak_kib = peak;
	if (e->saved < 0)
		e->saved = 0;
	if (e->kind == PC_EVENT_PUT) {
		e->ttl = e->saved;
		e->saved = 0;
	}
	memcpy(e->key.b, p + AT_KEY, KEY_BYTES);
	memcpy(e->stage, p + AT_STAGE, PC_STAGE_MAX);
	return !is_stage(e->stage);
}

uint64_t
event_log_max(const struct pc_store *s)
{
	const uint64_t part = s->max / CAP_PART;

	if (!s->max || part > LOG_MAX)
		return LOG_MAX;
	return part < LOG_MIN ? LOG_MIN : part;
}

/* Sum up a step of the old log, if there is one and no other process does.
 * Begin a new log when this one is full and all of the old one is summed up:
 * it then takes the old one's name. */
static void
take_step(struct pc_store *s)
{
	const off_t max = (off_t)event_log_max(s);
	struct stat st;
	int left;

	if (lock_range(s->state, LOCK_FOLD, RANGE_EXCLUSIVE, 0) != 0)
		return;
	left = fold_step(s);
	if (fstatat(s->dir, names[LOG_LIVE], &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_size >= max &&
	    /* Better to lose count than to fill the disk. */
	    (left == 0 || st.st_size >= 2 * max)) {
		lock_range(s->state, LOCK_ROTATE, RANGE_EXCLUSIVE, ROTATE_WAIT);
		renameat(s->dir, names[LOG_LIVE], s->dir, names[LOG_OLD]);
		lock_range(s->state, LOCK_ROTATE, RANGE_FREE, 0);
	}
	lock_range(s->state, LOCK_FOLD, RANGE_FREE, 0);
}

/* Is it time for a step?  The log has size bytes, and n more are appended. */
static int
step_is_due(const struct pc_store *s, uint64_t size, size_t n)
{
	const uint64_t max = event_log_max(s);
	const uint64_t step = max / STEPS_MIN < FOLD_STEP ? max / STEPS_MIN
							  : FOLD_STEP;

	return size >= max || size / step != (size + n) / step;
}

static int
open_live(struct pc_store *s, struct stat *st)
{
	return file_open_stat(s, STORE_TOP, names[LOG_LIVE],
	    O_WRONLY | O_APPEND | O_CREAT, st);
}

int
event_encode(const struct pc_event *e, struct pc_buf *out)
{
	unsigned char p[EVENT];

	encode(e, p);
	return pc_buf_add(out, p, sizeof p);
}

static int
append(struct pc_store *s, const void *p, size_t n)
{
	uint64_t size;
	struct stat st;

	if (s->flags & (PC_STORE_NO_EVENTS | PC_STORE_READ_ONLY))
		return 0;
	if (owner_refused(s))
		return -1;
	if (s->events >= 0 ? fstat(s->events, &st) < 0
			   : (s->events = open_live(s, &st)) < 0)
		return -1;
	size = (uint64_t)st.st_size;
	/* A page more, now and then. */
	if (size % PAGE == 0 || size % PAGE + n > PAGE)
		room_grow(s, (n + PAGE - 1) / PAGE * PAGE);
	if (step_is_due(s, size, n)) {
		take_step(s);
		close(s->events);
		s->events = open_live(s, &st);
		if (s->events < 0)
			return -1;
	}
	return write(s->events, p, n) == (ssize_t)n ? 0 : -1;
}

int
event_append(struct pc_store *s, const struct pc_buf *events)
{
	return append(s, events->data, events->len);
}

int
pc_event_add(struct pc_store *s, const struct pc_event *e)
{
	unsigned char p[EVENT];

	encode(e, p);
	return append(s, p, sizeof p);
}

/* ---- reading ---- */

/* A torn write shifts what follows: look for the next event byte by byte. */
int
event_scan(int fd, uint64_t *from, uint64_t to,
    int (*each)(void *, const struct pc_event *), void *ctx)
{
	enum { WINDOW = 8192 * EVENT };
	struct pc_event e;
	unsigned char *p = malloc(WINDOW);
	ssize_t n = 0;
	int r = 0;

	if (!p)
		return -1;
	while (r == 0 && *from < to) {
		size_t ask = WINDOW, at = 0, end;

		if (to - *from < WINDOW - EVENT)
			ask = (size_t)(to - *from) + EVENT - 1;
		n = pc_pread_full(fd, p, ask, (off_t)*from);
		if (n < EVENT)
			break;
		end = (size_t)n - EVENT + 1;

		if (end > to - *from)
			end = (size_t)(to - *from);
		while (at < end) {
			if (decode(p + at, &e) != 0) {
				const unsigned char *next = memchr(p + at + 1,
				    MAGIC, end - at - 1);

				at = next ? (size_t)(next - p) : end;
				continue;
			}
			r = each(ctx, &e);
			if (r != 0)
				break;
			at += EVENT;
		}
		*from += at;
	}
	free(p);
	return r != 0 ? r : n < 0 ? -1 : 0;
}

int
event_at(int fd, uint64_t at, struct pc_event *e)
{
	unsigned char p[EVENT];

	return pc_pread_full(fd, p, sizeof p, (off_t)at) != sizeof p ||
	    decode(p, e) != 0;
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
		/* What is no file has no events. */
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
pc_event_reset(struct pc_store *s)
{
	enum { WAIT = 10000000 };
	int r = 0;

	if (s->flags & PC_STORE_READ_ONLY) {
		errno = EROFS;
		return -1;
	}
	if (lock_wait(s, LOCK_FOLD, RANGE_EXCLUSIVE, WAIT) < 0)
		return -1;
	lock_range(s->state, LOCK_ROTATE, RANGE_EXCLUSIVE, ROTATE_WAIT);
	if (fold_forget(s) < 0 ||
	    (unlinkat(s->dir, names[LOG_OLD], 0) < 0 && errno != ENOENT))
		r = -1;
	/* Cut, not removed: programs have it open. */
	if (r == 0) {
		int fd = file_open(s, STORE_TOP, names[LOG_LIVE], O_WRONLY);

		if (fd < 0 ? errno != ENOENT : ftruncate(fd, 0) < 0)
			r = -1;
		if (fd >= 0)
			close(fd);
	}
	lock_range(s->state, LOCK_ROTATE, RANGE_FREE, 0);
	lock_range(s->state, LOCK_FOLD, RANGE_FREE, 0);
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
		from = sizes[LOG_LIVE] - (max - max % EVENT);
	if (logs[LOG_LIVE] >= 0)
		r = event_scan(logs[LOG_LIVE], &from, sizes[LOG_LIVE], each,
		    ctx);
	event_close(logs);
	return r;
}

const char *
pc_event_name(enum pc_event_kind kind)
{
	static const char *const kinds[PC_EVENT_KINDS] = {"", "hit", "miss",
	    "put", "error", "stale", "wait", "compute", "remove", "damage",
	    "rebuild", "evict"};

	return kind < PC_EVENT_KINDS ? kinds[kind] : "";
}

const char *
pc_program_name(enum pc_program program)
{
	static const char *const programs[PC_PROGRAMS] = {"libpc", "pc-hash",
	    "pc-get", "pc-put", "pc-run", "pc-ocr", "pc-infer", "pc-fetch",
	    "pc-gc", "pc-stats", "pc-memstat"};

	return program < PC_PROGRAMS ? programs[program] : "";
}
