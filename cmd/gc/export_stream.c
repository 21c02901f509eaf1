/* export_stream.c - the format in which records move from one store to
 * another. */
#include "export_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char magic[8] = {'p', 'c', '-', 'e', 'x', 'p', '\r',
    '\n'};

enum {
	VERSION = 1,
	HEADER_CHECKED = 16,
	HEADER = HEADER_CHECKED + sizeof(struct pc_id),
	RECORD = 1,
	END = 2,
	AT_FLAGS = 4,
	AT_STATUS = 8,
	AT_PEAK = 12,
	AT_SIZE = 16,
	AT_CREATED = 24,
	AT_EXPIRES = 32,
	AT_COST = 40,
	AT_MATERIAL = 48,
	AT_EXTRA = 52,
	AT_COUNT = 56,
	AT_KEY = 64,
	AT_OUTPUT = 96,
	AT_CHECK = 128,
	HEAD = AT_CHECK + sizeof(struct pc_id),
	KNOWN_FLAGS = PC_RECORD_NEGATIVE | PC_RECORD_STDERR,
	STATUS_MAX = 255,
};

static void
header(unsigned char p[HEADER], struct pc_id *check)
{
	memset(p, 0, HEADER);
	memcpy(p, magic, sizeof magic);
	pc_encode_u32(p + sizeof magic, VERSION);
	pc_sha256(p, HEADER_CHECKED, check);
	memcpy(p + HEADER_CHECKED, check->b, sizeof check->b);
}

/* Extend the chain by a head, fields and extra bytes. */
static void
link_check(struct export_stream *s, const unsigned char *head,
    const void *material, size_t material_len, const void *extra,
    size_t extra_len)
{
	struct pc_sha256 h;

	pc_sha256_init(&h);
	pc_sha256_add(&h, s->chain.b, sizeof s->chain.b);
	pc_sha256_add(&h, head, AT_CHECK);
	pc_sha256_add(&h, material, material_len);
	pc_sha256_add(&h, extra, extra_len);
	pc_sha256_end(&h, &s->chain);
}

/* ---- writing ---- */

int
export_stream_write_begin(struct export_stream *s, int fd)
{
	unsigned char p[HEADER];

	*s = (struct export_stream){.fd = fd};
	header(p, &s->chain);
	return pc_write_full(fd, p, sizeof p);
}

int
export_stream_write_record(struct export_stream *s, const struct pc_record *r)
{
	unsigned char p[HEAD] = {0};

	pc_encode_u32(p, RECORD);
	pc_encode_u32(p + AT_FLAGS, r->flags);
	pc_encode_u32(p + AT_STATUS, (uint32_t)r->status);
	pc_encode_u32(p + AT_PEAK, r->peak_kib);
	pc_encode_u64(p + AT_SIZE, r->size);
	pc_encode_u64(p + AT_CREATED, (uint64_t)r->created);
	pc_encode_u64(p + AT_EXPIRES, (uint64_t)r->expires);
	pc_encode_u64(p + AT_COST, (uint64_t)r->cost);
	pc_encode_u32(p + AT_MATERIAL, (uint32_t)r->material_len);
	pc_encode_u32(p + AT_EXTRA, (uint32_t)r->extra_len);
	pc_encode_u64(p + AT_COUNT, s->count++);
	memcpy(p + AT_KEY, r->key.b, sizeof r->key.b);
	memcpy(p + AT_OUTPUT, r->output.b, sizeof r->output.b);
	link_check(s, p, r->material, r->material_len, r->extra, r->extra_len);
	memcpy(p + AT_CHECK, s->chain.b, sizeof s->chain.b);
	s->buf.len = 0;
	if (pc_buf_add(&s->buf, p, sizeof p) < 0 ||
	    pc_buf_add(&s->buf, r->material, r->material_len) < 0 ||
	    pc_buf_add(&s->buf, r->extra, r->extra_len) < 0)
		return -1;
	return pc_write_full(s->fd, s->buf.data, s->buf.len);
}

int
export_stream_write_end(struct export_stream *s)
{
	unsigned char p[HEAD] = {0};

	pc_encode_u32(p, END);
	pc_encode_u64(p + AT_COUNT, s->count);
	link_check(s, p, NULL, 0, NULL, 0);
	memcpy(p + AT_CHECK, s->chain.b, sizeof s->chain.b);
	return pc_write_full(s->fd, p, sizeof p);
}

/* ---- reading ---- */

/* Read exactly n bytes. */
static int
want(struct export_stream *s, void *p, size_t n, struct pc_error *err)
{
	ssize_t got = pc_read_full(s->fd, p, n);

	if (got == (ssize_t)n)
		return 0;
	if (got < 0)
		pc_error_set(err, "cannot read it: %s", strerror(errno));
	else
		pc_error_set(err,
		    "it is truncated: it ends after %llu records without an end mark",
		    (unsigned long long)s->count);
	return -1;
}

int
export_stream_read_begin(struct export_stream *s, int fd, struct pc_error *err)
{
	unsigned char p[HEADER], good[HEADER];
	struct pc_id check;
	ssize_t n;

	*s = (struct export_stream){.fd = fd};
	header(good, &s->chain);
	n = pc_read_full(fd, p, sizeof p);
	if (n == HEADER && memcmp(p, good, sizeof p) == 0)
		return 0;
	if (n < 0) {
		pc_error_set(err, "%s", strerror(errno));
		return -1;
	}
	pc_sha256(p, HEADER_CHECKED, &check);
	if (n == 0)
		pc_error_set(err, "it is empty");
	else if (memcmp(p, good, (size_t)n) == 0)
		pc_error_set(err,
		    "it is truncated after %d bytes of its header", (int)n);
	else if (n == HEADER && memcmp(p, magic, sizeof magic) == 0 &&
	    memcmp(p + HEADER_CHECKED, check.b, sizeof check.b) == 0)
		pc_error_set(err,
		    "its format version is %lu, but this pc supports only %d; upgrade pc",
		    (unsigned long)pc_decode_u32(p + sizeof magic), VERSION);
	else
		pc_error_set(err, "it is not an export of pc-gc --export");
	return -1;
}

static int
damaged(const struct export_stream *s, struct pc_error *err)
{
	pc_error_set(err, "it is damaged after %llu records",
	    (unsigned long long)s->count);
	return -1;
}

static int
read_end(struct export_stream *s, const unsigned char *p, struct pc_error *err)
{
	char more;

	link_check(s, p, NULL, 0, NULL, 0);
	if (memcmp(s->chain.b, p + AT_CHECK, sizeof s->chain.b) != 0 ||
	    pc_decode_u64(p + AT_COUNT) != s->count)
		return damaged(s, err);
	if (pc_read_full(s->fd, &more, 1) == 0)
		return 1;
	pc_error_set(err, "there is data after its end mark");
	return -1;
}

int
export_stream_read_record(struct export_stream *s, struct pc_record *r,
    struct pc_error *err)
{
	unsigned char p[HEAD];
	size_t material, extra;

	if (want(s, p, sizeof p, err) < 0)
		return -1;
	if (pc_decode_u32(p) == END)
		return read_end(s, p, err);
	material = pc_decode_u32(p + AT_MATERIAL);
	extra = pc_decode_u32(p + AT_EXTRA);
	if (pc_decode_u32(p) != RECORD || material > PC_MATERIAL_MAX ||
	    extra > PC_MATERIAL_MAX || pc_decode_u64(p + AT_COUNT) != s->count)
		return damaged(s, err);
	s->buf.len = 0;
	if (pc_buf_reserve(&s->buf, material + extra + 1) < 0) {
		pc_error_set(err, "%s", strerror(errno));
		return -1;
	}
	if (want(s, s->buf.data, material + extra, err) < 0)
		return -1;
	link_check(s, p, s->buf.data, material, s->buf.data + material, extra);
	if (memcmp(s->chain.b, p + AT_CHECK, sizeof s->chain.b) != 0)
		return damaged(s, err);
	*r = (struct pc_record){.flags = pc_decode_u32(p + AT_FLAGS),
	    .status = (int)pc_decode_u32(p + AT_STATUS),
	    .peak_kib = pc_decode_u32(p + AT_PEAK),
	    .size = pc_decode_u64(p + AT_SIZE),
	    .created = (int64_t)pc_decode_u64(p + AT_CREATED),
	    .expires = (int64_t)pc_decode_u64(p + AT_EXPIRES),
	    .cost = (int64_t)pc_decode_u64(p + AT_COST),
	    .material = s->buf.data,
	    .material_len = material,
	    .extra = s->buf.data + material,
	    .extra_len = extra};
	memcpy(r->key.b, p + AT_KEY, sizeof r->key.b);
	memcpy(r->output.b, p + AT_OUTPUT, sizeof r->output.b);
	s->count++;
	return 0;
}

const char *
export_stream_doubt(const struct pc_record *r)
{
	char stage[PC_STAGE_MAX + 1];
	const unsigned char *bytes;
	enum pc_field kind;
	struct pc_id key;
	size_t at = 0, n;
	int more;

	if (r->flags & ~(unsigned)KNOWN_FLAGS || r->status < 0 ||
	    r->status > STATUS_MAX || r->created < 0 || r->expires < 0 ||
	    r->cost < 0 || r->size > INT64_MAX)
		return "one of its numbers is out of range";
	if (r->material_len == 0)
		return NULL; /* given with --key */
	pc_material_key(r->material, r->material_len, &key);
	if (memcmp(key.b, r->key.b, sizeof key.b) != 0)
		return "its key does not match its fields";
	if (pc_record_stage(r, stage) != 0 || !pc_stage_valid(stage))
		return "it has no stage";
	while ((more = pc_material_next(r->material, r->material_len, &at,
		    &kind, &bytes, &n)) == 0)
		if (!strchr("sipveua", (int)kind) || (int)kind == 0)
			return "it has fields of an unknown kind";
	return more < 0 ? "its fields are malformed" : NULL;
}

int
export_stream_read_value(struct export_stream *s, const struct pc_record *r,
    struct pc_spool *value, struct pc_error *err)
{
	unsigned char *buf = malloc(PC_IO_CHUNK);
	uint64_t left = r->size;
	struct pc_sha256 h;
	struct pc_id id;
	int kept = 0, e = 0;

	if (!buf) {
		pc_error_set(err, "%s", strerror(errno));
		return -1;
	}
	pc_sha256_init(&h);
	while (left > 0) {
		size_t ask = left < PC_IO_CHUNK ? (size_t)left : PC_IO_CHUNK;

		if (want(s, buf, ask, err) < 0) {
			free(buf);
			return -1;
		}
		pc_sha256_add(&h, buf, ask);
		left -= ask;
		if (value && kept == 0 && pc_spool_write(value, buf, ask) < 0) {
			e = errno;
			kept = 1;
		}
	}
	free(buf);
	pc_sha256_end(&h, &id);
	if (memcmp(id.b, r->output.b, sizeof id.b) != 0) {
		pc_error_set(err, "the value of record %llu is damaged",
		    (unsigned long long)s->count);
		return -1;
	}
	errno = e;
	return kept;
}

void
export_stream_clear(struct export_stream *s)
{
	pc_buf_clear(&s->buf);
}
