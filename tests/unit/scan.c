/* scan.c - stepping through a log that holds what was made to look like
 * records. */
#include "shard/scan.h"
#include "disk/state.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	HOSTILE = 256 * 1024, /* bytes of a value full of false records */
	STEP = 64,            /* from one to the next */
	FIELDS_LONG = 200 * 1024,
	/* What may be hashed for nothing: the 16 MiB and 16 times the bytes
	 * gone through of record.c, and one record more. */
	WASTED_MAX = 32 * 1024 * 1024,
};

static const unsigned char log_id[LOG_ID] = "a log's own id";
static struct pc_buf bytes;            /* of the log */
static unsigned lost_keys, found_keys; /* a bit for each number that was met */
static uint64_t wasted;                /* bytes hashed for nothing, at most */

static struct pc_id
key_number(unsigned n)
{
	return (struct pc_id){{0, (unsigned char)n}};
}

/* Append record n, with so many bytes of fields; returns where it begins. */
static size_t
add(unsigned n, size_t extra, const void *value, size_t len)
{
	unsigned char *more = calloc(1, extra + 1);
	struct record r = {.type = RECORD_PUT,
	    .pub = {.key = key_number(n),
		.created = 1,
		.expires = PC_NEVER,
		.size = len,
		.extra = more,
		.extra_len = extra}};
	const size_t at = bytes.len;

	if (!more || record_encode(&r, log_id, &bytes) < 0 ||
	    pc_buf_add(&bytes, value, len) < 0 ||
	    pc_buf_add(&bytes, r.trailer, RECORD_TRAILER) < 0)
		abort();
	free(more);
	return at;
}

/* Step through the log, to its end. */
static void
scan(void)
{
	const int fd = memfd_create("log", MFD_CLOEXEC);
	struct record r;
	struct scan s;
	int more;

	if (fd < 0 || pc_pwrite_full(fd, bytes.data, bytes.len, 0) < 0)
		abort();
	lost_keys = found_keys = 0;
	wasted = 0;
	scan_init(&s, fd, log_id, 0, bytes.len);
	while ((more = scan_next(&s, &r)) == 0) {
		const unsigned n = r.pub.key.b[0] == 0 ? r.pub.key.b[1] : 31u;

		*(r.type == RECORD_LOST ? &lost_keys : &found_keys) |= 1u
		    << (n & 31);
		if (s.wasted > wasted)
			wasted = s.wasted;
	}
	if (s.wasted > wasted)
		wasted = s.wasted;
	if (more < 0)
		abort();
	scan_clear(&s);
	close(fd);
}

/* A value of beginnings of records, whose fields all end where a trailer for
 * each of them begins, `to` bytes behind the value's beginning. */
static void
make_hostile(unsigned char p[HOSTILE], size_t to)
{
	static const unsigned char magic[] = "pcrec\xa5\r\n\1\1";

	memset(p, 0, HOSTILE);
	for (size_t at = 0; at + RECORD_HEADER <= HOSTILE; at += STEP) {
		memcpy(p + at, magic, 10);
		if (to > at + RECORD_HEADER)
			pc_encode_u32(p + at + 52,
			    (uint32_t)(to - at - RECORD_HEADER));
	}
}

/* The trailer of them all: what they have for a check, and for a key. */
static void
make_trailer(const unsigned char *hostile, unsigned char t[RECORD_TRAILER])
{
	memcpy(t, hostile + 128, 8);
	memcpy(t + 8, hostile + 64, 32);
}

static void
test_sizes(void)
{
	static const struct {
		uint64_t size;
		int external, good;
	} all[] = {{PC_INLINE_MAX, 0, 1}, {PC_INLINE_MAX + 1, 0, 0},
	    {UINT64_MAX, 0, 0}, {UINT64_MAX - RECORD_TRAILER, 0, 0},
	    {UINT64_MAX - RECORD_HEADER - RECORD_TRAILER + 1, 0, 0},
	    {(uint64_t)INT64_MAX + 1, 0, 0}, {UINT64_C(1) << 48, 1, 1},
	    {INT64_MAX, 1, 0}, {UINT64_MAX, 1, 0}};
	int good = 1;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct record r = {.type = RECORD_PUT,
				  .external = all[i].external,
				  .pub.size = all[i].size},
			      back;

		bytes.len = 0;
		if (record_encode(&r, log_id, &bytes) < 0)
			abort();
		good &= (record_decode(bytes.data, bytes.len, log_id, 0,
			     &back) == 0) == all[i].good;
	}
	OK(good,
	    "a size that is invalid for the value's place does not begin a record");
	for (int i = 0; i < 3; i++) {
		struct record r = {.type = RECORD_PUT}, back;

		*(i == 0         ? &r.pub.created
			: i == 1 ? &r.pub.expires
				 : &r.pub.cost) = INT64_MIN;
		bytes.len = 0;
		if (record_encode(&r, log_id, &bytes) < 0)
			abort();
		good &= record_decode(bytes.data, bytes.len, log_id, 0,
			    &back) == 1;
	}
	OK(good,
	    "a time before 1970 or a negative cost does not begin a record");
	for (int type = 0; type < 256; type++) {
		struct record r = {.type = (enum record_type)type}, back;

		bytes.len = 0;
		if (record_encode(&r, log_id, &bytes) < 0)
			abort();
		good &= (record_decode(bytes.data, bytes.len, log_id, 0,
			     &back) == 0) ==
		    ((type >= RECORD_PUT && type <= RECORD_TOUCH) ||
			type == RECORD_GAP);
	}
	OK(good, "an unknown type does not begin a record");
}

/* A record whose length wraps to less than its beginning, with the trailer
 * where that leads. */
static void
test_wrapped(void)
{
	unsigned char fields[9] = "";
	struct record r = {.type = RECORD_PUT,
	    .pub = {.key = key_number(1),
		.size = UINT64_MAX,
		.material = fields,
		.material_len = sizeof fields}};
	uint64_t n = 0;

	/* The trailer begins with the last byte of the fields. */
	do {
		pc_encode_u64(fields, n++);
		bytes.len = 0;
		if (record_encode(&r, log_id, &bytes) < 0)
			abort();
	} while (bytes.data[128] != fields[8]);
	if (pc_buf_add(&bytes, r.trailer + 1, RECORD_TRAILER - 1) < 0)
		abort();
	add(2, 0, "good", 4);
	scan();
	OK(found_keys == 1 << 2,
	    "a record behind one with a length that overflows "
	    "is found");
}

static void
test_without_trailers(void)
{
	static unsigned char hostile[HOSTILE];

	bytes.len = 0;
	make_hostile(hostile, 8 * 1024 * 1024);
	add(1, 0, hostile, sizeof hostile);
	bytes.len -= RECORD_TRAILER; /* its writer was killed */
	add(2, 0, "good", 4);
	for (int i = 0; i < 64; i++)
		add(3, 0, hostile, sizeof hostile);
	add(4, FIELDS_LONG, "good", 4);
	scan();
	OK(found_keys == (1 << 2 | 1 << 3 | 1 << 4) && wasted == 0,
	    "false records without trailers are not hashed");
}

static void
test_own_trailer(void)
{
	static unsigned char hostile[HOSTILE];
	unsigned char trailer[RECORD_TRAILER];

	bytes.len = 0;
	make_hostile(hostile, HOSTILE - RECORD_TRAILER);
	make_trailer(hostile, trailer);
	memcpy(hostile + HOSTILE - RECORD_TRAILER, trailer, RECORD_TRAILER);
	add(1, 0, hostile, sizeof hostile);
	bytes.len -= RECORD_TRAILER;
	add(2, FIELDS_LONG, "good", 4);
	add(3, 0, "good", 4);
	scan();
	OK((found_keys & (1 << 2 | 1 << 3)) == (1 << 2 | 1 << 3) &&
		!(lost_keys & (1 << 2 | 1 << 3)),
	    "a record is found behind a torn value that contains "
	    "false records with a trailer");
	OK(wasted > 0 && wasted < WASTED_MAX,
	    "a trailer inside the torn value: %.1f MiB are hashed in vain, "
	    "within the limit",
	    (double)wasted / 1048576);
}

/* What the false records' trailer is in comes later: until then all of them
 * may be records, for all that can be seen. */
static void
test_later_trailer(int torn)
{
	static unsigned char hostile[HOSTILE];
	unsigned char trailer[RECORD_TRAILER];
	size_t value, to;

	bytes.len = 0;
	value = add(1, 0, hostile, sizeof hostile) + RECORD_HEADER;
	bytes.len -= RECORD_TRAILER;
	add(2, FIELDS_LONG, "good", 4);
	add(3, FIELDS_LONG, "good", 4);
	if (torn) {
		add(4, FIELDS_LONG, "torn", 4);
		bytes.len -= FIELDS_LONG;
	}
	to = bytes.len + RECORD_HEADER - value;
	make_hostile(hostile, to);
	make_trailer(hostile, trailer);
	add(5, 0, trailer, sizeof trailer);
	memcpy(bytes.data + value, hostile, sizeof hostile);
	scan();
	OK(found_keys & 1 << 5 && !(lost_keys & 1 << 5),
	    "a record with short fields is found at once");
	OK(wasted > 0 && wasted < WASTED_MAX,
	    "a trailer behind the torn value: %.1f MiB are hashed in vain, "
	    "within the limit",
	    (double)wasted / 1048576);
	if (torn)
		OK((found_keys | lost_keys) & 1 << 2 &&
			(found_keys | lost_keys) & 1 << 3,
		    "records that look like false ones are found or "
		    "reported as lost");
	else
		OK((found_keys & 0xc) == 0xc && !(lost_keys & 0xc),
		    "the records with long fields before it are found");
}

int
main(void)
{
	test_sizes();
	test_wrapped();
	test_without_trailers();
	test_own_trailer();
	test_later_trailer(0);
	test_later_trailer(1);
	pc_buf_clear(&bytes);
	return tap_done();
}
