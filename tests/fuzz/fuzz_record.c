/* fuzz_record.c - any bytes as a log: stepping through it ends, every record
 * found lies within it, and its material can be read. */
#include "disk/state.h"
#include "shard/scan.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const unsigned char log_id[LOG_ID];
	static int fd = -1;
	struct pc_buf json = {0};
	struct record r;
	struct scan scan;

	if (fd < 0)
		fd = memfd_create("log", MFD_CLOEXEC);
	if (ftruncate(fd, 0) < 0 || pc_pwrite_full(fd, p, n, 0) < 0)
		abort();
	scan_init(&scan, fd, log_id, 0, n);
	while (scan_next(&scan, &r) == 0) {
		if (r.offset + r.length > n)
			abort();
		pc_record_json(&json, &r.pub);
	}
	scan_clear(&scan);
	/* As if its checksum were valid, which mutations do not achieve. */
	if (n >= RECORD_HEADER) {
		struct pc_record rec = {.material = p + RECORD_HEADER,
		    .material_len = n - RECORD_HEADER};
		struct pc_id key = {{0}};
		struct pc_buf text = {0};

		pc_record_json(&json, &rec);
		pc_explain(NULL, rec.material, rec.material_len, &key, &text);
		pc_buf_clear(&text);
	}
	pc_buf_clear(&json);
	return 0;
}
