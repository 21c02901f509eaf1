/* cap.c - how long puts take in a store that is at its cap.
 *
 * bench-cap DIR CAP SIZE puts values of SIZE bytes: first CAP bytes, then half
 * of CAP, so that all shards have made room, then half of CAP again with a
 * clock on each put.  Of these it prints the mean, p99 and the longest time in
 * us, the number of puts over 10 ms, and by how many percent the files of the
 * store, as du(1) counts them, were over CAP at most. */
#include <stdio.h>
#include <stdlib.h>

#include "../content.h"
#include "../disk.h"
#include "care.h"
#include "spread.h"

enum {
	VALUE_MAX = 256 * 1024,
	OVERHEAD = 200,          /* of a record */
	SLOW = 10 * 1000 * 1000, /* ns */
	LOOK_EVERY = 1000,
};

static struct pc_store *store;
static struct spread times;
static uint64_t number, longest, slow, most;

static void
measure_disk(const char *dir)
{
	const uint64_t disk = disk_of(dir);

	most = disk > most ? disk : most;
}

/* Put values until they are this many bytes; returns 0 or -1. */
static int
put(const char *dir, int64_t bytes, size_t size, int measure)
{
	static unsigned char value[VALUE_MAX];

	for (; bytes > 0; bytes -= (int64_t)size + OVERHEAD) {
		struct pc_record record = {.created = pc_now(),
		    .expires = PC_NEVER,
		    .cost = 1000};
		uint64_t now, took;

		content_key(number, &record.key);
		content_fill(value, size, number++);
		now = spread_clock();
		if (pc_store_put_bytes(store, &record, value, size) < 0)
			return -1;
		took = spread_clock() - now;
		if (!measure)
			continue;
		spread_add(&times, took);
		longest = took > longest ? took : longest;
		slow += took > SLOW;
		if (number % LOOK_EVERY == 0)
			measure_disk(dir);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct pc_error err;
	int64_t cap, size;

	if (argc != 4 || pc_parse_size(argv[2], &cap) < 0 ||
	    pc_parse_int(argv[3], 1, VALUE_MAX, &size) < 0) {
		fprintf(stderr, "usage: bench-cap DIR CAP SIZE\n");
		return 2;
	}
	store = pc_store_open(argv[1], 0, &err);
	if (!store) {
		fprintf(stderr, "bench-cap: %s\n", err.text);
		return 2;
	}
	if (put(argv[1], cap, (size_t)size, 0) < 0)
		return 2;
	pc_store_set_max(store, cap);
	if (put(argv[1], cap / 2, (size_t)size, 0) < 0 ||
	    put(argv[1], cap / 2, (size_t)size, 1) < 0)
		return 2;
	pc_store_close(store);
	printf("%.1f\t%.1f\t%.0f\t%llu\t%.1f\n",
	    (double)times.sum / 1e3 / (double)times.count,
	    spread_at(&times, 0.99), (double)longest / 1e3,
	    (unsigned long long)slow,
	    most ? 100.0 * ((double)most / (double)cap - 1) : 0.0);
	return 0;
}
