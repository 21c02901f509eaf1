/* fuzz_import.c - any bytes as a stream of records: it is refused, or the
 * records match their checksums.  Half of the inputs get valid checksums first,
 * so that the code behind the checks is reached. */
#include "gc/export_stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum {
	HEADER = 48,
	HEAD = 160,
	AT_MATERIAL = 48,
	AT_EXTRA = 52,
	AT_SIZE = 16,
	AT_OUTPUT = 96,
	AT_CHECK = 128,
	PART_MAX = 4096
};

/* Make the header and every checksum valid, as an attacker would. */
static void
repair(uint8_t *p, size_t n)
{
	static const uint8_t begin[16] = "pc-exp\r\n\1";
	struct pc_id chain;
	size_t at = HEADER;

	if (n < HEADER)
		return;
	memcpy(p, begin, sizeof begin);
	pc_sha256(p, sizeof begin, &chain);
	memcpy(p + sizeof begin, chain.b, sizeof chain.b);
	for (uint64_t count = 0; n - at >= HEAD; count++) {
		uint8_t *h = p + at;
		const size_t material = pc_decode_u32(h + AT_MATERIAL) %
		    PART_MAX;
		const size_t extra = pc_decode_u32(h + AT_EXTRA) % PART_MAX;
		const size_t size = pc_decode_u64(h + AT_SIZE) % PART_MAX;
		const int end = h[0] % 4 == 0;
		struct pc_sha256 s;
		struct pc_id id;

		pc_encode_u32(h, end ? 2 : 1);
		pc_encode_u64(h + 56, count);
		at += HEAD;
		if (!end) {
			pc_encode_u32(h + AT_MATERIAL, (uint32_t)material);
			pc_encode_u32(h + AT_EXTRA, (uint32_t)extra);
			pc_encode_u64(h + AT_SIZE, size);
			if (material + extra + size > n - at)
				return;
			pc_sha256(h + HEAD + material + extra, size, &id);
			memcpy(h + AT_OUTPUT, id.b, sizeof id.b);
			if (h[1] % 2) {
				pc_material_key(h + HEAD, material, &id);
				memcpy(h + 64, id.b, sizeof id.b);
			}
		}
		pc_sha256_init(&s);
		pc_sha256_add(&s, chain.b, sizeof chain.b);
		pc_sha256_add(&s, h, AT_CHECK);
		if (!end)
			pc_sha256_add(&s, h + HEAD, material + extra);
		pc_sha256_end(&s, &chain);
		memcpy(h + AT_CHECK, chain.b, sizeof chain.b);
		if (end)
			return;
		at += material + extra + size;
	}
}

static void
judge(const struct pc_record *r)
{
	char stage[PC_STAGE_MAX + 1];
	struct pc_id key;

	if (export_stream_doubt(r) || r->material_len == 0)
		return;
	pc_material_key(r->material, r->material_len, &key);
	if (memcmp(key.b, r->key.b, sizeof key.b) != 0 ||
	    pc_record_stage(r, stage) != 0 || r->created < 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct export_stream s;
	struct pc_record r;
	struct pc_error err;
	uint8_t *copy;
	int fd, more;

	if (n < 1)
		return 0;
	copy = malloc(n);
	fd = memfd_create("import", MFD_CLOEXEC);
	if (!copy || fd < 0)
		abort();
	memcpy(copy, p, n);
	if (p[0] % 2)
		repair(copy + 1, n - 1);
	if (pc_write_full(fd, copy + 1, n - 1) < 0 ||
	    lseek(fd, 0, SEEK_SET) < 0)
		abort();
	more = export_stream_read_begin(&s, fd, &err);
	while (more == 0 &&
	    (more = export_stream_read_record(&s, &r, &err)) == 0) {
		struct pc_spool *value = pc_spool_new(NULL);

		judge(&r);
		if (export_stream_read_value(&s, &r, value, &err) == 0) {
			struct pc_id id;

			pc_spool_id(value, &id);
			if (memcmp(id.b, r.output.b, sizeof id.b) != 0 ||
			    pc_spool_size(value) != r.size)
				abort();
		} else {
			more = -1;
		}
		pc_spool_free(value);
	}
	export_stream_clear(&s);
	close(fd);
	free(copy);
	return 0;
}
