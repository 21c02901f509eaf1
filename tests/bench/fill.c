/* fill.c - a store with many records in it, for the measurements.
 *
 * bench-fill DIR RECORDS SIZE [EVERY] puts RECORDS values of SIZE bytes, and
 * prints the seconds that this took and the key of one record.  Each EVERYth
 * record has already expired. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../content.h"
#include "spread.h"

enum { RECORDS_MAX = 100 * 1000 * 1000, SIZE_MAX_BYTES = 1024 * 1024 };

static int
fill(struct pc_store *store, int64_t records, int64_t size, int64_t every,
    struct pc_id *key)
{
	unsigned char *value = malloc((size_t)size + 1);
	struct pc_id middle;

	if (value == NULL)
		return -1;
	content_key((uint64_t)records / 2, &middle);
	for (int64_t i = 0; i < records; i++) {
		struct pc_record record = {
		    .created = pc_now(),
		    .expires = PC_NEVER,
		    .cost = 1000,
		};

		if (every && i % every == 0)
			record.expires = record.created;
		content_key((uint64_t)i, &record.key);
		content_fill(value, (size_t)size, (uint64_t)i);
		if (pc_store_put_bytes(store, &record, value, (size_t)size) <
		    0) {
			free(value);
			return -1;
		}
	}
	free(value);
	*key = middle;
	return 0;
}

int
main(int argc, char **argv)
{
	int64_t records, size, every = 0;
	struct pc_error err;
	struct pc_store *store;
	struct pc_id key;
	char hex[PC_ID_HEX];
	uint64_t start;

	if (argc < 4 || argc > 5 ||
	    pc_parse_int(argv[2], 1, RECORDS_MAX, &records) < 0 ||
	    pc_parse_int(argv[3], 0, SIZE_MAX_BYTES, &size) < 0 ||
	    (argc == 5 && pc_parse_int(argv[4], 1, RECORDS_MAX, &every) < 0)) {
		fprintf(stderr, "usage: bench-fill DIR RECORDS SIZE [EVERY]\n");
		return 2;
	}
	start = spread_clock();
	store = pc_store_open(argv[1], 0, &err);
	if (store == NULL) {
		fprintf(stderr, "bench-fill: %s\n", err.text);
		return 2;
	}
	if (fill(store, records, size, every, &key) < 0) {
		fprintf(stderr, "bench-fill: cannot put: %s\n",
		    strerror(errno));
		pc_store_close(store);
		return 2;
	}
	pc_store_close(store);
	pc_id_hex(&key, hex);
	printf("%.1f\n%s\n", (double)(spread_clock() - start) / 1e9, hex);
	return 0;
}
