/* size.c - sizes for people: three digits or four, and the unit. */
#include "size.h"

#include <stdio.h>

const char *
human(uint64_t bytes, char text[HUMAN_SIZE])
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB",
	    "PiB", "EiB"};
	double v = (double)bytes;
	int u = 0;

	/* Round as it will be printed. */
	while (v >= (u ? 1023.5 : 1024)) {
		v /= 1024;
		u++;
	}
	snprintf(text, HUMAN_SIZE, "%.*f %s", u > 0 && v < 99.95, v, units[u]);
	return text;
}
