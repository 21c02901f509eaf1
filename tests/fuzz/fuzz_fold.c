/* fuzz_fold.c - any bytes as summed events: accepted sums can be merged,
 * queried and written again; and any bytes as an event log: reading it in parts
 * finds the same events as reading it at once. */
#include "ledger/fold.h"
#include "ledger/histogram.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static int
count(void *ctx, const struct pc_event *e)
{
	(void)e;
	++*(unsigned *)ctx;
	return 0;
}

static void
as_log(const uint8_t *p, size_t n)
{
	static int fd = -1;
	unsigned whole = 0, parts = 0;
	uint64_t at = 0;

	if (fd < 0)
		fd = memfd_create("log", MFD_CLOEXEC);
	if (ftruncate(fd, 0) < 0 || pc_pwrite_full(fd, p, n, 0) < 0)
		abort();
	event_scan(fd, &at, n, count, &whole);
	if (at > n)
		abort();
	at = 0;
	event_scan(fd, &at, n / 2, count, &parts);
	event_scan(fd, &at, n, count, &parts);
	if (whole != parts)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct pc_tally all = {.by = PC_BY_STAGE};
	struct fold f;

	as_log(p, n);
	if (fold_parse(p, n, &f) < 0)
		return 0;
	if (pc_tally_merge(&all, &f.tally) < 0)
		abort();
	for (size_t i = 0; i < all.count; i++) {
		const struct pc_sum *s = &all.sums[i];
		struct pc_histogram again = {0};
		struct pc_buf b = {0};
		const unsigned char *at;

		if (pc_histogram_percentile(&s->durations, 50) >
			s->durations.max ||
		    histogram_write(&s->durations, &b) < 0)
			abort();
		at = b.data;
		if (histogram_read(&again, &at, b.data + b.len) < 0 ||
		    again.total != s->durations.total)
			abort();
		pc_histogram_clear(&again);
		pc_buf_clear(&b);
	}
	pc_tally_clear(&all);
	fold_clear(&f);
	return 0;
}
