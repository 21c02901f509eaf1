/* record.c - encode and decode a record in a log.
 *
 * A record's check covers its log's random id, so bytes that merely look like a
 * record (another log stored as a value) are never taken for one. */
#include "record.h"

#include "disk/disk.h"

#include <string.h>

const unsigned char record_magic[8] = {'p', 'c', 'r', 'e', 'c', 0xa5, '\r',
    '\n'};

enum {
	VERSION = 1,
	AT_VERSION = 8,
	AT_TYPE = 9,
	AT_FLAGS = 10,
	AT_STATUS = 12,
	AT_SIZE = 16,
	AT_CREATED = 24,
	AT_EXPIRES = 32,
	AT_COST = 40,
	AT_PEAK = 48,
	AT_MATERIAL = 52,
	AT_EXTRA = 56,
	AT_SERIAL = 60,
	AT_KEY = RECORD_KEY,
	AT_OUTPUT = 96,
	AT_CHECK = 128,
	TRAILER_CHECK = 8, /* bytes of it in the trailer */
};

static void
checksum(const unsigned char *p, size_t rest, const unsigned char *log_id,
    struct pc_id *out)
{
	struct pc_sha256 h;

	pc_sha256_init(&h);
	pc_sha256_add(&h, log_id, LOG_ID);
	pc_sha256_add(&h, p, AT_CHECK);
	pc_sha256_add(&h, p + RECORD_HEADER, rest);
	pc_sha256_end(&h, out);
}

static void
set_trailer(struct record *r, const struct pc_id *check)
{
	memcpy(r->trailer, check->b, TRAILER_CHECK);
	memcpy(r->trailer + TRAILER_CHECK, r->pub.key.b, sizeof r->pub.key.b);
}

int
record_encode(struct record *r, const unsigned char *log_id, struct pc_buf *out)
{
	unsigned char h[RECORD_HEADER] = {0};
	const struct pc_record *p = &r->pub;
	size_t start = out->len;
	struct pc_id check;

	memcpy(h, record_magic, sizeof record_magic);
	h[AT_VERSION] = VERSION;
	h[AT_TYPE] = (unsigned char)r->type;
	pc_encode_u32(h + AT_FLAGS, /* two bytes; status overwrites the rest */
	    p->flags | (r->external ? RECORD_EXTERNAL : 0));
	pc_encode_u32(h + AT_STATUS, (uint32_t)p->status);
	pc_encode_u64(h + AT_SIZE, p->size);
	pc_encode_u64(h + AT_CREATED, (uint64_t)p->created);
	pc_encode_u64(h + AT_EXPIRES, (uint64_t)p->expires);
	pc_encode_u64(h + AT_COST, (uint64_t)p->cost);
	pc_encode_u32(h + AT_PEAK, p->peak_kib);
	pc_encode_u32(h + AT_MATERIAL, (uint32_t)p->material_len);
	pc_encode_u32(h + AT_EXTRA, (uint32_t)p->extra_len);
	pc_encode_u32(h + AT_SERIAL, r->serial);
	memcpy(h + AT_KEY, p->key.b, sizeof p->key.b);
	memcpy(h + AT_OUTPUT, p->output.b, sizeof p->output.b);
	if (pc_buf_add(out, h, sizeof h) < 0 ||
	    pc_buf_add(out, p->material, p->material_len) < 0 ||
	    pc_buf_add(out, p->extra, p->extra_len) < 0)
		return -1;
	checksum(out->data + start, p->material_len + p->extra_len, log_id,
	    &check);
	memcpy(out->data + start + AT_CHECK, check.b, sizeof check.b);
	set_trailer(r, &check);
	r->length = out->len - start + (r->external ? 0 : p->size) +
	    RECORD_TRAILER;
	return 0;
}

static unsigned
flags_of(const unsigned char *p)
{
	return p[AT_FLAGS] | (unsigned)p[AT_FLAGS + 1] << 8;
}

/* Larger than any file, but sums of such sizes do not overflow. */
#define VALUE_MAX (UINT64_C(1) << 48)

size_t
record_lead(const unsigned char *p)
{
	const uint32_t material = pc_decode_u32(p + AT_MATERIAL);
	const uint32_t extra = pc_decode_u32(p + AT_EXTRA);
	const int gap = p[AT_TYPE] == RECORD_GAP;
	const uint64_t most = gap || flags_of(p) & RECORD_EXTERNAL
	    ? VALUE_MAX
	    : PC_INLINE_MAX;

	if (memcmp(p, record_magic, sizeof record_magic) != 0 ||
	    p[AT_VERSION] != VERSION || p[AT_TYPE] < RECORD_PUT ||
	    (p[AT_TYPE] > RECORD_TOUCH && !gap) || material > PC_MATERIAL_MAX ||
	    extra > PC_MATERIAL_MAX || pc_decode_u64(p + AT_SIZE) > most ||
	    pc_decode_u64(p + AT_CREATED) > INT64_MAX ||
	    pc_decode_u64(p + AT_EXPIRES) > INT64_MAX ||
	    pc_decode_u64(p + AT_COST) > INT64_MAX)
		return 0;
	return RECORD_HEADER + (size_t)material + extra;
}

uint64_t
record_whole(const unsigned char *p, size_t lead)
{
	const int external = (flags_of(p) & RECORD_EXTERNAL) != 0;

	return lead + (external ? 0 : pc_decode_u64(p + AT_SIZE)) +
	    RECORD_TRAILER;
}

int
record_decode(const unsigned char *p, size_t n, const unsigned char *log_id,
    uint64_t offset, struct record *r)
{
	struct pc_record *pub = &r->pub;
	struct pc_id check;
	unsigned flags;
	size_t lead;

	if (n < RECORD_HEADER)
		return 1;
	lead = record_lead(p);
	if (lead == 0 || lead > n)
		return 1;
	checksum(p, lead - RECORD_HEADER, log_id, &check);
	if (memcmp(check.b, p + AT_CHECK, sizeof check.b) != 0)
		return 1;
	flags = flags_of(p);
	r->type = p[AT_TYPE];
	r->external = (flags & RECORD_EXTERNAL) != 0;
	r->serial = pc_decode_u32(p + AT_SERIAL);
	r->offset = offset;
	pub->flags = flags & ~(unsigned)RECORD_EXTERNAL;
	pub->status = (int)pc_decode_u32(p + AT_STATUS);
	pub->size = pc_decode_u64(p + AT_SIZE);
	pub->created = (int64_t)pc_decode_u64(p + AT_CREATED);
	pub->expires = (int64_t)pc_decode_u64(p + AT_EXPIRES);
	pub->cost = (int64_t)pc_decode_u64(p + AT_COST);
	pub->peak_kib = pc_decode_u32(p + AT_PEAK);
	pub->material = p + RECORD_HEADER;
	pub->material_len = pc_decode_u32(p + AT_MATERIAL);
	pub->extra = pub->material + pub->material_len;
	pub->extra_len = pc_decode_u32(p + AT_EXTRA);
	memcpy(pub->key.b, p + AT_KEY, sizeof pub->key.b);
	memcpy(pub->output.b, p + AT_OUTPUT, sizeof pub->output.b);
	r->length = record_whole(p, lead);
	set_trailer(r, &check);
	return 0;
}

int
record_is_whole(const unsigned char *p, const unsigned char *trailer)
{
	return memcmp(trailer, p + AT_CHECK, TRAILER_CHECK) == 0 &&
	    memcmp(trailer + TRAILER_CHECK, p + AT_KEY, sizeof(struct pc_id)) ==
	    0;
}

int
record_read(int log, const unsigned char *log_id, int with_value,
    struct pc_buf *b, struct record *r)
{
	const uint64_t offset = r->offset, length = r->length;
	const struct pc_id key = r->pub.key;
	uint64_t ask = length;
	int again;
	ssize_t n;

	if (!with_value && ask > RECORD_FIRST)
		ask = RECORD_FIRST;
	do {
		b->len = 0;
		if (pc_buf_reserve(b, (size_t)ask) < 0)
			return -1;
		n = pc_pread_full(log, b->data, (size_t)ask, (off_t)offset);
		if (n < 0)
			return -1;
		b->len = (size_t)n;
		if (record_decode(b->data, b->len, log_id, offset, r) == 0)
			return r->type != RECORD_PUT || r->length != length ||
			    (with_value && b->len != length) ||
			    memcmp(r->pub.key.b, key.b, sizeof key.b) != 0;
		again = ask < length;
		ask = length;
	} while (again);
	return 1;
}

int64_t
pc_record_ttl(const struct pc_record *r)
{
	if (r->expires == PC_NEVER)
		return PC_NEVER;
	return r->expires > r->created ? r->expires - r->created : 1;
}

/* A record from the far future was made while a clock was ahead: its age is
 * unknown, and it would stay too long. */
int
record_expired(const struct pc_record *r, int64_t now)
{
	const int64_t ttl = pc_record_ttl(r);

	if (r->expires <= now)
		return 1;
	return ttl != PC_NEVER && r->expires > r->created && r->created > now &&
	    r->created - now > (ttl > CLOCK_AHEAD ? ttl : CLOCK_AHEAD);
}
