/* Sizes for people, near the next digit and the next unit. */
#include "cli/size.h"
#include "tap.h"

#include <string.h>

static void
test(uint64_t bytes, const char *want)
{
	char text[HUMAN_SIZE];

	OK(strcmp(human(bytes, text), want) == 0,
	    "%llu bytes are printed as %s: %s", (unsigned long long)bytes, want,
	    text);
}

int
main(void)
{
	const uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;

	test(0, "0 bytes");
	test(1023, "1023 bytes");
	test(kib, "1.0 KiB");
	test(kib + kib / 2, "1.5 KiB");
	test(10 * kib - 1, "10.0 KiB");
	test(100 * kib - 52, "99.9 KiB");
	test(100 * kib - 51, "100 KiB");
	test(mib - kib, "1023 KiB");
	test(mib - 1, "1.0 MiB");
	test(100 * mib - 1, "100 MiB");
	test(gib - 1, "1.0 GiB");
	test(UINT64_MAX, "16.0 EiB");
	return tap_done();
}
