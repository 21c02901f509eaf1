/* events.c - fill the event log of a store: bench-events DIR COUNT [fold].  The
 * events look like a month of use; with "fold" they are also summed up.  Prints
 * the seconds that appending and summing up took, and the milliseconds of the
 * slowest append. */
#include "ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
main(int argc, char **argv)
{
	static const char *const stages[] = {"ocr", "ocr.pixels", "summary",
	    "vision", "embed", "fetch"};
	const int64_t count = argc > 2 ? atoll(argv[2]) : 0;
	const int64_t now = pc_now(), month = 30 * 86400 * 1000000LL;
	struct pc_error err;
	struct pc_store *s;
	uint64_t folded;
	int64_t began = pc_ticks(), took, longest = 0;

	if (argc < 3 || !(s = pc_store_open(argv[1], 0, &err))) {
		fprintf(stderr, "usage: bench-events DIR COUNT [fold]\n");
		return 2;
	}
	srandom(1);
	for (int64_t i = 0; i < count; i++) {
		int hit = random() % 4 != 0;
		struct pc_event e = {.when = now - month + i * (month / count),
		    .kind = hit ? PC_EVENT_HIT : PC_EVENT_MISS,
		    .program = PC_PROGRAM_OCR + random() % 3,
		    .duration = 500 + random() % 2000,
		    .bytes = 4096};

		strcpy(e.stage, stages[random() % 6]);
		pc_encode_u64(e.key.b, (uint64_t)random() % 100000);
		if (hit)
			e.saved = 1000000 + random() % 1000000;
		else if (random() % 2) {
			e.kind = PC_EVENT_COMPUTE;
			e.duration = 1000000 + random() % 1000000;
			e.peak_kib = 100000 + (uint32_t)random() % 100000;
		}
		took = pc_ticks();
		if (pc_event_add(s, &e) < 0) {
			perror("bench-events");
			return 2;
		}
		took = pc_ticks() - took;
		longest = took > longest ? took : longest;
	}
	printf("%.3f", (double)(pc_ticks() - began) / 1e6);
	began = pc_ticks();
	if (argc > 3 && pc_event_fold(s, &folded) == 0)
		printf("\t%.3f", (double)(pc_ticks() - began) / 1e6);
	printf("\t%.1f\n", (double)longest / 1e3);
	pc_store_close(s);
	return 0;
}
