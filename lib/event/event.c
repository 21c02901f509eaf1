/* event.c - the event log: one small record for each event. */
#include "event.h"

#include "disk/disk.h"
#include "disk/file.h"
#include "disk/owner.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	MAGIC = EVENT_MAGIC,
	VERSION = 1,
	AT_PROGRAM = 2,
	AT_KIND = 3,
	AT_CHECK = 4,
	AT_WHEN = 8,
	AT_DURATION = 16,
	AT_LOCK_WAIT = 20,
	AT_BYTES = 24,
	AT_PEAK = 32, /* KiB; for a hit, the price of its tokens */
	AT_TOKENS = 36,
	AT_SAVED = 40, /* us; for a put, its time to live */
	AT_KEY = 48,
	KEY_BYTES = 16,
	AT_STAGE = 64,
	EVENT = EVENT_BYTES,
	/* Bytes, about a million events; then a new log is begun, and one old
	 * log is kept.  If the store's cap is small, the limit is the cap
	 * divided by CAP_PART.  That is a large part, because the choice of
	 * what to evict and the advice about a larger cap depend on events. */
	LOG_MAX = 128 * 1024 * 1024,
	LOG_MIN = 16 * 1024,
	CAP_PART = 8,
	PAGE = 4096,
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
	return pc_decode_u32(id.b);
}

/* A result that was served from the store has no peak of memory. */
static int
serves(enum pc_event_kind kind)
{
	return kind == PC_EVENT_HIT || kind == PC_EVENT_STALE ||
	    kind == PC_EVENT_WAIT;
}

void
event_encode(const struct pc_event *e, unsigned char p[EVENT])
{
	memset(p, 0, EVENT);
	p[0] = MAGIC;
	p[1] = VERSION;
	p[AT_PROGRAM] = (unsigned char)e->program;
	p[AT_KIND] = (unsigned char)e->kind;
	pc_encode_u64(p + AT_WHEN, (uint64_t)(e->when ? e->when : pc_now()));
	pc_encode_u32(p + AT_DURATION, clip32(e->duration));
	pc_encode_u32(p + AT_LOCK_WAIT, clip32(e->lock_wait));
	pc_encode_u64(p + AT_BYTES, e->bytes);
	pc_encode_u32(p + AT_PEAK, serves(e->kind) ? e->price : e->peak_kib);
	pc_encode_u32(p + AT_TOKENS, e->tokens);
	pc_encode_u64(p + AT_SAVED,
	    (uint64_t)(e->kind == PC_EVENT_PUT ? e->ttl : e->saved));
	memcpy(p + AT_KEY, e->key.b, KEY_BYTES);
	memcpy(p + AT_STAGE, e->stage, strlen(e->stage));
	pc_encode_u32(p + AT_CHECK, event_check(p));
}

/* The same check as pc_stage_valid, but faster: it runs for a million
 * events. */
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

int
event_decode(const unsigned char p[EVENT], struct pc_event *e)
{
	uint32_t peak;

	if (p[0] != MAGIC || p[1] != VERSION || p[AT_KIND] == 0 ||
	    p[AT_KIND] >= PC_EVENT_KINDS || p[AT_PROGRAM] >= PC_PROGRAMS ||
	    pc_decode_u32(p + AT_CHECK) != event_check(p))
		return 1;
	*e = (struct pc_event){.kind = p[AT_KIND],
	    .program = p[AT_PROGRAM],
	    .when = (int64_t)pc_decode_u64(p + AT_WHEN),
	    .duration = pc_decode_u32(p + AT_DURATION),
	    .lock_wait = pc_decode_u32(p + AT_LOCK_WAIT),
	    .bytes = pc_decode_u64(p + AT_BYTES),
	    .tokens = pc_decode_u32(p + AT_TOKENS),
	    .saved = (int64_t)pc_decode_u64(p + AT_SAVED)};
	peak = pc_decode_u32(p + AT_PEAK);
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

int
event_begin(struct pc_store *s, size_t n, uint64_t *size)
{
	struct stat st;

	if (s->flags & (PC_STORE_NO_EVENTS | PC_STORE_READ_ONLY))
		return 1;
	if (owner_refused(s))
		return -1;
	if (s->events < 0)
		s->events = file_open_stat(s, STORE_TOP, EVENT_LIVE,
		    O_WRONLY | O_APPEND | O_CREAT, &st);
	else if (fstat(s->events, &st) < 0)
		return -1;
	if (s->events < 0)
		return -1;
	*size = (uint64_t)st.st_size;
	/* The log begins a new page. */
	if (*size % PAGE == 0 || *size % PAGE + n > PAGE)
		room_grow(s, (n + PAGE - 1) / PAGE * PAGE);
	return 0;
}

int
event_write(struct pc_store *s, const void *events, size_t n)
{
	return write(s->events, events, n) == (ssize_t)n ? 0 : -1;
}

int
event_append(struct pc_store *s, const void *events, size_t n)
{
	uint64_t size;
	const int r = event_begin(s, n, &size);

	if (r != 0)
		return r < 0 ? -1 : 0;
	s->events_ahead += n;
	return event_write(s, events, n);
}

int
event_add(struct pc_store *s, const struct pc_event *e)
{
	unsigned char p[EVENT];

	event_encode(e, p);
	return event_append(s, p, sizeof p);
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
