/* fold.c - old events in sum: the file events.folded (pc-store.5).
 *
 * The file says itself which part of which log it has, and replaces the former
 * one in one rename: an event is in it, or still to be read from its log, and
 * never both, whenever a process dies.  A log is known by its first
 * event, so that neither a new log of the same name nor a copied store is
 * mistaken for another. */
#include "fold.h"

#include "disk/disk.h"
#include "disk/file.h"
#include "disk/lock.h"
#include "event/event.h"
#include "histogram.h"
#include "tally.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char name[] = "events.folded", new_name[] = "tmp.events.folded";
static const char damaged_name[] = "events.folded.damaged";
static const char magic[8] = {'p', 'c', 'f', 'o', 'l', 'd', '\r', '\n'};

enum {
	VERSION = 1,
	AT_VERSION = 8,
	AT_LENGTH = 16,
	AT_CHECK = 32,
	HEADER = 64,
	READ_MAX = 64 * 1024 * 1024,
	/* Bytes; the oldest periods are forgotten if the file would be
	 * larger. */
	WRITE_MAX = 8 * 1024 * 1024,
	NUMBER_MAX = 10, /* bytes of a number in the file */
	DAYS = 60,       /* kept apart; then they are put into their months, */
	MONTHS = 24,     /* which are kept so long */
	COMMIT_WAIT = 5000000, /* us; readers need some 100 us */
};

static const int64_t day = 24 * 3600 * 1000000LL;

/* ---- which log ---- */

static int
log_id(int log, unsigned char id[16])
{
	unsigned char p[EVENT_BYTES];
	struct pc_id sum;

	if (pc_pread_full(log, p, sizeof p, 0) != sizeof p)
		return 1;
	pc_sha256(p, sizeof p, &sum);
	memcpy(id, sum.b, 16);
	return 0;
}

uint64_t
fold_covers(const struct fold *f, int log, uint64_t size)
{
	unsigned char id[16];

	if (log_id(log, id) != 0)
		return 0;
	for (int i = 0; i < LOGS; i++)
		if (f->logs[i].end && memcmp(f->logs[i].id, id, sizeof id) == 0)
			return f->logs[i].end < size ? f->logs[i].end : size;
	return 0;
}

/* ---- reading ---- */

static int
read_sum(const unsigned char **p, const unsigned char *end, struct pc_sum *s)
{
	uint64_t n[13];

	*s = (struct pc_sum){0};
	if (pc_decode_number(p, end, &n[0]) < 0 || n[0] > PC_STAGE_MAX ||
	    n[0] > (uint64_t)(end - *p))
		return -1;
	memcpy(s->stage, *p, (size_t)n[0]);
	*p += n[0];
	for (int i = 0; i < 13; i++)
		if (pc_decode_number(p, end, &n[i]) < 0)
			return -1;
	if ((s->stage[0] && !pc_stage_valid(s->stage)) || n[0] >= PC_PROGRAMS ||
	    n[1] == 0 || n[1] >= PC_EVENT_KINDS || n[2] > INT64_MAX ||
	    n[3] > INT64_MAX || n[5] > INT64_MAX || n[6] > INT64_MAX)
		return -1;
	s->program = (enum pc_program)n[0];
	s->kind = (enum pc_event_kind)n[1];
	s->from = (int64_t)n[2];
	s->to = (int64_t)n[3];
	s->count = n[4];
	s->first = (int64_t)n[5];
	s->last = (int64_t)n[6];
	s->duration = n[7];
	s->lock_wait = n[8];
	s->saved = n[9];
	s->bytes = n[10];
	s->tokens = n[11];
	s->price = n[12];
	if (histogram_read(&s->durations, p, end) < 0 ||
	    histogram_read(&s->waits, p, end) < 0 ||
	    histogram_read(&s->peaks, p, end) < 0)
		return -1;
	return 0;
}

static void
clear_sum(struct pc_sum *s)
{
	pc_histogram_clear(&s->durations);
	pc_histogram_clear(&s->waits);
	pc_histogram_clear(&s->peaks);
}

int
fold_parse(const unsigned char *p, size_t n, struct fold *f)
{
	const unsigned char *end = p + n;
	struct pc_sum s;
	uint64_t many;
	int r = 0;

	*f = (struct fold){
	    .tally = {.by = PC_BY_STAGE | PC_BY_PROGRAM | PC_BY_DAY}};
	for (int i = 0; i < LOGS; i++, p += sizeof f->logs[i].id) {
		if (end - p < (ptrdiff_t)sizeof f->logs[i].id)
			goto bad;
		memcpy(f->logs[i].id, p, sizeof f->logs[i].id);
	}
	for (int i = 0; i < LOGS; i++)
		if (pc_decode_number(&p, end, &f->logs[i].end) < 0)
			goto bad;
	if (pc_decode_number(&p, end, &many) < 0)
		goto bad;
	while (many-- > 0 && r == 0) {
		errno = EBADMSG;
		r = read_sum(&p, end, &s);
		if (r == 0)
			r = tally_add_sum(&f->tally, &s);
		clear_sum(&s);
	}
	if (r == 0 && p == end)
		return 0;
bad:
	if (errno != ENOMEM)
		errno = EBADMSG;
	fold_clear(f);
	return -1;
}

void
fold_clear(struct fold *f)
{
	int e = errno;

	pc_tally_clear(&f->tally);
	*f = (struct fold){.tally = {.by = f->tally.by}};
	errno = e;
}

static void
check_of(const unsigned char *p, size_t n, struct pc_id *id)
{
	struct pc_sha256 h;

	pc_sha256_init(&h);
	pc_sha256_add(&h, p, AT_CHECK);
	pc_sha256_add(&h, p + HEADER, n - HEADER);
	pc_sha256_end(&h, id);
}

static int
verify(const unsigned char *p, size_t n)
{
	struct pc_id id;

	errno = EBADMSG;
	if (n < HEADER || memcmp(p, magic, sizeof magic) != 0 ||
	    pc_decode_u64(p + AT_LENGTH) != n - HEADER)
		return -1;
	check_of(p, n, &id);
	if (memcmp(id.b, p + AT_CHECK, sizeof id.b) != 0)
		return -1;
	if (pc_decode_u32(p + AT_VERSION) != VERSION) {
		errno = EPROTONOSUPPORT;
		return -1;
	}
	return 0;
}

int
fold_read(struct pc_store *s, struct fold *f)
{
	struct pc_buf b = {0};
	int fd, r, e;

	*f = (struct fold){
	    .tally = {.by = PC_BY_STAGE | PC_BY_PROGRAM | PC_BY_DAY}};
	fd = file_open(s, STORE_TOP, name, O_RDONLY);
	if (fd < 0)
		return errno == ENOENT ? 1 : -1;
	r = pc_read_all(fd, &b, READ_MAX);
	if (r == 0)
		r = verify(b.data, b.len);
	if (r == 0)
		r = fold_parse(b.data + HEADER, b.len - HEADER, f);
	e = errno == EFBIG ? EBADMSG : errno;
	close(fd);
	pc_buf_clear(&b);
	errno = e;
	return r;
}

/* ---- writing ---- */

static void
write_sum(struct pc_buf *b, const struct pc_sum *s)
{
	const uint64_t n[13] = {s->program, s->kind, (uint64_t)s->from,
	    (uint64_t)s->to, s->count, (uint64_t)s->first, (uint64_t)s->last,
	    s->duration, s->lock_wait, s->saved, s->bytes, s->tokens, s->price};

	pc_buf_add_number(b, strlen(s->stage));
	pc_buf_add(b, s->stage, strlen(s->stage));
	for (int i = 0; i < 13; i++)
		pc_buf_add_number(b, n[i]);
	histogram_write(&s->durations, b);
	histogram_write(&s->waits, b);
	histogram_write(&s->peaks, b);
}

/* All of it but periods that ended before from. */
static int
encode(const struct fold *f, int64_t from, struct pc_buf *b)
{
	unsigned char header[HEADER] = {0};
	struct pc_id id;
	uint64_t many = 0;

	b->len = 0;
	memcpy(header, magic, sizeof magic);
	pc_encode_u32(header + AT_VERSION, VERSION);
	pc_buf_add(b, header, sizeof header);
	for (int i = 0; i < LOGS; i++)
		pc_buf_add(b, f->logs[i].id, sizeof f->logs[i].id);
	for (int i = 0; i < LOGS; i++)
		pc_buf_add_number(b, f->logs[i].end);
	for (size_t i = 0; i < f->tally.count; i++)
		many += f->tally.sums[i].to == 0 || f->tally.sums[i].to > from;
	pc_buf_add_number(b, many);
	for (size_t i = 0; i < f->tally.count; i++)
		if (f->tally.sums[i].to == 0 || f->tally.sums[i].to > from)
			write_sum(b, &f->tally.sums[i]);
	if (b->failed)
		return -1;
	pc_encode_u64(b->data + AT_LENGTH, b->len - HEADER);
	check_of(b->data, b->len, &id);
	memcpy(b->data + AT_CHECK, id.b, sizeof id.b);
	return 0;
}

/* Replace the former file; write it to the disk first if a log may be removed
 * then. */
static int
commit(struct pc_store *s, const struct pc_buf *b, int sync)
{
	int fd, r, e;

	unlinkat(s->dir, new_name, 0);
	fd = file_open(s, STORE_TOP, new_name, O_WRONLY | O_CREAT | O_EXCL);
	if (fd < 0)
		return -1;
	r = pc_write_full(fd, b->data, b->len);
	if (r == 0 && sync)
		r = fdatasync(fd);
	close(fd);
	if (r == 0) {
		int locked = lock_range(s->state, LOCK_ROTATE, RANGE_EXCLUSIVE,
		    COMMIT_WAIT);

		r = renameat(s->dir, new_name, s->dir, name);
		if (locked == LOCK_TAKEN)
			lock_range(s->state, LOCK_ROTATE, RANGE_FREE, 0);
	}
	e = errno;
	if (r < 0)
		unlinkat(s->dir, new_name, 0);
	errno = e;
	return r;
}

/* ---- days into months ---- */

/* The month that the time is in. */
static void
month_of(int64_t when, int64_t *from, int64_t *to)
{
	time_t t = (time_t)(when / 1000000);
	struct tm tm;

	*from = when - when % day;
	*to = *from + day;
	if (!gmtime_r(&t, &tm))
		return;
	tm = (struct tm){.tm_year = tm.tm_year,
	    .tm_mon = tm.tm_mon,
	    .tm_mday = 1};
	*from = (int64_t)timegm(&tm) * 1000000;
	tm.tm_mon++;
	*to = (int64_t)timegm(&tm) * 1000000;
}

static int
merge_days(struct fold *f, int64_t now)
{
	struct pc_tally old = f->tally;
	int64_t edge, next, gone = now - (int64_t)MONTHS * 31 * day;
	int r = 0;

	/* Whole months, so that no day stands beside its own. */
	month_of(now > DAYS * day ? now - DAYS * day : 0, &edge, &next);
	f->tally = (struct pc_tally){.by = old.by};
	for (size_t i = 0; i < old.count && r == 0; i++) {
		struct pc_sum s = old.sums[i];

		if (s.to && s.to <= gone)
			continue;
		if (s.to && s.to <= edge)
			month_of(s.from, &s.from, &s.to);
		r = tally_add_sum(&f->tally, &s);
	}
	pc_tally_clear(&old);
	return r;
}

static int
write_fold(struct pc_store *s, struct fold *f, int sync)
{
	const uint64_t logs = event_log_max(s) / 8;
	const uint64_t max = logs < WRITE_MAX ? logs : WRITE_MAX;
	struct pc_buf b = {0};
	int64_t now = pc_now(), from = 0;
	int r = merge_days(f, now);

	if (r == 0)
		r = encode(f, 0, &b);
	for (int keep = 4 * DAYS; r == 0 && b.len > max; keep /= 2) {
		from = now - keep * day;
		r = encode(f, from, &b);
		if (keep == 0)
			break;
	}
	if (r == 0)
		r = commit(s, &b, sync);
	pc_buf_clear(&b);
	return r;
}

/* ---- folding ---- */

struct adding {
	struct pc_tally *tally;
	uint64_t events;
};

static int
add_event(void *ctx, const struct pc_event *e)
{
	struct adding *a = ctx;

	a->events++;
	return pc_tally_add(a->tally, e);
}

/* The file as it is, or none when it is damaged: that is put aside. */
static int
read_or_set_aside(struct pc_store *s, struct fold *f)
{
	int r = fold_read(s, f);

	if (r >= 0)
		return 0;
	if (errno != EBADMSG)
		return -1;
	return renameat(s->dir, name, s->dir, damaged_name);
}

/* Sum up the old log, or both, but of each no more than max bytes.  1: some
 * of it remains. */
static int
sum_up(struct pc_store *s, int last, uint64_t max, uint64_t *events)
{
	struct fold f;
	struct adding adding = {.tally = &f.tally};
	uint64_t sizes[LOGS];
	struct fold_log now[LOGS] = {0};
	int logs[LOGS], r, left = 0, moved = 0;

	r = read_or_set_aside(s, &f);
	if (r == 0)
		r = event_open(s, logs, sizes);
	if (r < 0)
		goto out;
	for (int i = 0; i < LOGS && r == 0; i++) {
		uint64_t to;

		if (!sizes[i] || log_id(logs[i], now[i].id) != 0)
			continue;
		now[i].end = fold_covers(&f, logs[i], sizes[i]);
		if (i > last)
			continue;
		to = sizes[i] - now[i].end > max ? now[i].end + max : sizes[i];
		left |= to < sizes[i];
		moved |= to > now[i].end;
		r = event_scan(logs[i], &now[i].end, to, add_event, &adding);
	}
	event_close(logs);
	memcpy(f.logs, now, sizeof now);
	if (r == 0 && moved)
		r = write_fold(s, &f, !left);
	if (r == 0 && events)
		*events = adding.events;
out:
	fold_clear(&f);
	return r == 0 ? left : r;
}

/* Does the file's beginning say that all of the old log is summed up?  It is
 * read without its check: if it is wrong, a step is taken for nothing, or the
 * reading of all of it finds out. */
static int
old_is_done(struct pc_store *s)
{
	unsigned char p[HEADER + LOGS * 16 + LOGS * NUMBER_MAX], id[16];
	const unsigned char *at = p + HEADER + LOGS * 16;
	uint64_t sizes[LOGS], end;
	int logs[LOGS], fd, done = 0;
	ssize_t n;

	if (event_open(s, logs, sizes) < 0)
		return 0;
	if (sizes[LOG_OLD] < EVENT_BYTES) {
		event_close(logs);
		return 1;
	}
	fd = file_open(s, STORE_TOP, name, O_RDONLY);
	n = fd < 0 ? -1 : pc_pread_full(fd, p, sizeof p, 0);
	if (fd >= 0)
		close(fd);
	if (n > at - p && log_id(logs[LOG_OLD], id) == 0 &&
	    memcmp(p + HEADER + LOG_OLD * 16, id, sizeof id) == 0 &&
	    pc_decode_number(&at, p + n, &end) == 0)
		done = sizes[LOG_OLD] - end < EVENT_BYTES ||
		    end >= sizes[LOG_OLD];
	event_close(logs);
	return done;
}

int
fold_step(struct pc_store *s)
{
	if (old_is_done(s))
		return 0;
	return sum_up(s, LOG_OLD, FOLD_STEP, NULL);
}

int
pc_event_fold(struct pc_store *s, uint64_t *events)
{
	int r, e;

	if (events)
		*events = 0;
	if (s->flags & PC_STORE_READ_ONLY) {
		errno = EROFS;
		return -1;
	}
	r = lock_range(s->state, LOCK_FOLD, RANGE_EXCLUSIVE, 0);
	if (r != LOCK_TAKEN)
		return r;
	r = sum_up(s, LOG_LIVE, UINT64_MAX, events);
	e = errno;
	lock_range(s->state, LOCK_FOLD, RANGE_FREE, 0);
	errno = e;
	return r;
}

int
fold_forget(struct pc_store *s)
{
	static const char *const all[] = {name, new_name, damaged_name};

	for (size_t i = 0; i < 3; i++)
		if (unlinkat(s->dir, all[i], 0) < 0 && errno != ENOENT)
			return -1;
	return 0;
}
