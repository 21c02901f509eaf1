/* human.c - times, sizes and numbers in a few characters. */
#include "stats.h"

#include <string.h>

enum { RING = 32, ROOM = 24 };

static char *
room(void)
{
	static char ring[RING][ROOM];
	static unsigned at;

	return ring[at++ % RING];
}

/* Print three significant digits and the unit. */
static const char *
three(double v, const char *unit)
{
	char *s = room();

	snprintf(s, ROOM,
	    v < 9.995       ? "%.2f%s"
		: v < 99.95 ? "%.1f%s"
			    : "%.0f%s",
	    v, unit);
	return s;
}

const char *
human_span(uint64_t us)
{
	static const double day = 86400e6, year = 365.2425 * 86400e6;
	static const struct {
		double us, below;
		const char *unit;
	} units[] = {{1e3, 1e6, "ms"}, {1e6, 120e6, "s"}, {60e6, 7200e6, "m"},
	    {3600e6, 48 * 3600e6, "h"}, {day, 1000 * day, "d"},
	    {year, 1000 * year, "y"}, {1000 * year, 1e30, "ky"}};
	double v = (double)us;
	size_t i = 0;

	if (us < 1000) {
		char *s = room();

		snprintf(s, ROOM, "%uus", (unsigned)us);
		return s;
	}
	while (v >= units[i].below)
		i++;
	return three(v / units[i].us, units[i].unit);
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
	static const char *const units[7] = {"B", "K", "M", "G", "T", "P", "E"};

	return scaled(n, 1024, units);
}

const char *
human_count(uint64_t n)
{
	static const char *const units[7] = {"", "k", "M", "G", "T", "P", "E"};

	return scaled(n, 1000, units);
}

const char *
human_money(uint64_t millionths)
{
	char *s;

	if (millionths >= 10000000000)
		return human_count(millionths / 1000000);
	s = room();
	if (millionths && millionths < 10000)
		strcpy(s, "<0.01");
	else
		snprintf(s, ROOM, "%.2f", (double)millionths / 1e6);
	return s;
}

const char *
human_rate(double per_second)
{
	static const struct {
		double seconds;
		const char *unit;
	} units[] = {{1, "/s"}, {60, "/min"}, {3600, "/h"}, {86400, "/d"}};
	static const char *const a_second[7] = {"/s", "k/s", "M/s", "G/s",
	    "T/s", "P/s", "E/s"};
	size_t i = 0;

	if (per_second >= 1000)
		return scaled((uint64_t)per_second, 1000, a_second);
	while (i < 3 && per_second * units[i].seconds < 1)
		i++;
	return three(per_second * units[i].seconds, units[i].unit);
}
