/* tap.h - Test Anything Protocol for the C unit tests. */
#ifndef TAP_H
#define TAP_H

#include <stdio.h>

static int tap_count, tap_failed;

#define OK(test, ...)                                                          \
	do {                                                                   \
		int good_ = (test);                                            \
		tap_failed += !good_;                                          \
		printf("%sok %d - ", good_ ? "" : "not ", ++tap_count);        \
		printf(__VA_ARGS__);                                           \
		printf("\n");                                                  \
		if (!good_)                                                    \
			fprintf(stderr, "# %s:%d: %s\n", __FILE__, __LINE__,   \
			    #test);                                            \
		fflush(stdout);                                                \
	} while (0)

static inline int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
