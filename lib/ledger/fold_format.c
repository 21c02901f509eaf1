/* fold_format.c - the bytes of the file events.folded (pc-store.5): a header,
 * the logs and how far each is summed up, and the sums. */
#include "fold_format.h"

#include "disk/disk.h"
#include "histogram.h"
#include "tally.h"

#include <errno.h>
#include <string.h>

static const char magic[8] = {'p', 'c', 'f', 'o', 'l', 'd', '\r', '\n'};

enum {
	VERSION = 1,
	AT_VERSION = 8,
	AT_LENGTH = 16,
	AT_CHECK = 32,
};

static void
check_of(const unsigned char *p, size_t n, struct pc_id *id)
{
	struct pc_sha256 h;

	pc_sha256_init(&h);
	pc_sha256_add(&h, p, AT_CHECK);
	pc_sha256_add(&h, p + FOLD_HEADER, n - FOLD_HEADER);
	pc_sha256_end(&h, id);
}

/* ---- reading ---- */

/* Which part of which log is summed up: the ids, then the ends. */
static int
read_logs(const unsigned char **p, const unsigned char *end,
    struct fold_log logs[LOGS])
{
	for (int i = 0; i < LOGS; i++, *p += sizeof logs[i].id) {
		if (end - *p < (ptrdiff_t)sizeof logs[i].id)
			return -1;
		memcpy(logs[i].id, *p, sizeof logs[i].id);
	}
	for (int i = 0; i < LOGS; i++)
		if (pc_decode_number(p, end, &logs[i].end) < 0)
			return -1;
	return 0;
}

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
	if (read_logs(&p, end, f->logs) < 0 ||
	    pc_decode_number(&p, end, &many) < 0)
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

static int
verify(const unsigned char *p, size_t n)
{
	struct pc_id id;

	errno = EBADMSG;
	if (n < FOLD_HEADER || memcmp(p, magic, sizeof magic) != 0 ||
	    pc_decode_u64(p + AT_LENGTH) != n - FOLD_HEADER)
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
fold_decode(const unsigned char *p, size_t n, struct fold *f)
{
	if (verify(p, n) < 0)
		return -1;
	return fold_parse(p + FOLD_HEADER, n - FOLD_HEADER, f);
}

int
fold_decode_logs(const unsigned char *p, size_t n, struct fold_log logs[LOGS])
{
	const unsigned char *at = p + FOLD_HEADER;

	return n < FOLD_HEADER ? -1 : read_logs(&at, p + n, logs);
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

int
fold_encode(const struct fold *f, int64_t from, struct pc_buf *b)
{
	unsigned char header[FOLD_HEADER] = {0};
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
	pc_encode_u64(b->data + AT_LENGTH, b->len - FOLD_HEADER);
	check_of(b->data, b->len, &id);
	memcpy(b->data + AT_CHECK, id.b, sizeof id.b);
	return 0;
}
