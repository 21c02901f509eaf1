/* human.c - spans, sizes and numbers that fit a column. */
#include "stats.h"

enum { RING = 32, ROOM = 24 };

static char *
room(void)
{
	static char ring[RING][ROOM];
	static unsigned at;

	return ring[at++ % RING];
}

/* Three digits that say something, and the unit. */
static const char *
three(double v, const char *unit)
{
	char *s = room();

	snprintf(s, ROOM, v < 9.995 ? "%.2f%s" : v < 99.95 ? "%.1f%s"
	                                                   : "%.0f%s",
	    v, unit);
	return s;
}

const char *
human_span(uint64_t us)
{
	static const struct {
		double us, below;
		const char *unit;
	} units[] = {{1e3, 1e6, "ms"}, {1e6, 120e6, "s"},
	    {60e6, 7200e6, "m"}, {3600e6, 48 * 3600e6, "h"}};
	double v = (double)us;

	if (us < 1000) {
		char *s = room();

		snprintf(s, ROOM, "%uus", (unsigned)us);
		return s;
	}
	for (size_t i = 0; i < 4; i++)
		if (v < units[i].below)
			return three(v / units[i].us, units[i].unit);
	return three(v / 86400e6, "d");
}

static const char *
scaled(uint64_t n, double step, const char *const units[7])
{
	double v = (double)n;
	int i = 0;

	if (n < 10000) {
		char *s = room();

		snprintf(s, ROOM, "%u%s", (unsigned)n, units[0]);
		return s;
	}
	for (; v >= step && i < 6; i++)
		v /= step;
	return three(v, units[i]);
}

const char *
human_bytes(uint64_t n)
{
	static const char *const units[7] = {
	    "B", "K", "M", "G", "T", "P", "E"};

	return scaled(n, 1024, units);
}

const char *
human_count(uint64_t n)
{
	static const char *const units[7] = {"", "k", "M", "G", "T", "P", "E"};

	return scaled(n, 1000, units);
}
