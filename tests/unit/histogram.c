/* Percentiles of histograms are close to exact ones; histograms are merged. */
#include "ledger/histogram.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 20000 };

static uint64_t values[MANY];

static double
uniform(void)
{
	return ((double)random() + 1) / ((double)RAND_MAX + 2);
}

static double
normal(void)
{
	return sqrt(-2 * log(uniform())) *
	    cos(2 * 3.14159265358979 * uniform());
}

static int
ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The largest relative error of many percentiles. */
static double
worst(const struct pc_histogram *h, size_t n)
{
	double most = 0;

	qsort(values, n, sizeof *values, ascending);
	for (size_t k = 1; k <= 1000; k++) {
		size_t rank = (k * n + 999) / 1000;
		double exact = (double)values[rank - 1];
		double got = (double)pc_histogram_percentile(h, (double)k / 10);
		double off = exact > 0 ? fabs(got - exact) / exact : got;

		if (off > most)
			most = off;
	}
	return most;
}

static uint64_t
sample(int kind, size_t i)
{
	switch (kind) {
	case 0: /* a hit, in us */
		return 500 + (uint64_t)(2000 * uniform());
	case 1:
		return (uint64_t)exp(10 + 2 * normal());
	case 2: /* a heavy tail */
		return (uint64_t)(100 / pow(uniform(), 1.2));
	case 3: /* two humps */
		return (uint64_t)(i % 10 ? 1000 + 100 * fabs(normal())
					 : 5e6 + 1e6 * fabs(normal()));
	case 4:
		return (uint64_t)(200 * uniform());
	case 5:
		return 4294967295u;
	case 6:
		return (uint64_t)random() << 32 ^ (uint64_t)random() << 12;
	}
	return 0;
}

static void
test_percentiles(void)
{
	static const char *const names[] = {"uniform", "log-normal", "Pareto",
	    "two humps", "small", "one value", "64 bits", "zeros"};

	for (int kind = 0; kind < 8; kind++) {
		struct pc_histogram h = {0};
		uint64_t max = 0;

		for (size_t i = 0; i < MANY; i++) {
			values[i] = sample(kind, i);
			max = values[i] > max ? values[i] : max;
			pc_histogram_add(&h, values[i], 1);
		}
		OK(worst(&h, MANY) <= 0.01,
		    "%s: within 1 %% of exact percentiles (%.3f %%)",
		    names[kind], 100 * worst(&h, MANY));
		OK(h.max == max && pc_histogram_percentile(&h, 100) <= max,
		    "%s: the maximum is exact", names[kind]);
		pc_histogram_clear(&h);
	}
}

static void
test_merge(void)
{
	struct pc_histogram all = {0}, parts[3] = {{0}}, sum = {0};
	struct pc_histogram again = {0};
	struct pc_buf b = {0};
	const unsigned char *p;
	int same = 1;

	for (size_t i = 0; i < MANY; i++) {
		uint64_t v = sample((int)(i % 5), i);

		pc_histogram_add(&all, v, 1);
		pc_histogram_add(&parts[i % 3], v, 1);
	}
	for (int i = 0; i < 3; i++)
		pc_histogram_merge(&sum, &parts[i]);
	for (double q = 0; q <= 100; q += 0.5)
		same = same &&
		    pc_histogram_percentile(&all, q) ==
			pc_histogram_percentile(&sum, q);
	OK(same && sum.total == MANY && sum.max == all.max,
	    "merged parts equal the whole");
	OK(histogram_write(&all, &b) == 0, "a histogram is written");
	p = b.data;
	OK(histogram_read(&again, &p, b.data + b.len) == 0 &&
		p == b.data + b.len,
	    "a histogram is read");
	for (double q = 0; q <= 100; q += 0.5)
		same = same &&
		    pc_histogram_percentile(&all, q) ==
			pc_histogram_percentile(&again, q);
	OK(same && again.total == MANY,
	    "a histogram that is written and read is the same");
	pc_histogram_clear(&again);
	same = 0;
	for (size_t n = 0; n < b.len; n++) {
		p = b.data;
		same += histogram_read(&again, &p, b.data + n) == 0;
		pc_histogram_clear(&again);
	}
	OK(same == 0, "a histogram truncated anywhere is refused");
	OK(pc_histogram_percentile(&again, 50) == 0,
	    "a percentile of an empty histogram is 0");
	pc_histogram_add(&again, 7, 3);
	pc_histogram_add(&again, 9, 1);
	OK(pc_histogram_percentile(&again, 75) == 7 &&
		pc_histogram_percentile(&again, 75.1) == 9,
	    "a percentile is the nearest rank");
	pc_histogram_clear(&again);
	pc_buf_clear(&b);
	pc_histogram_clear(&all);
	pc_histogram_clear(&sum);
	for (int i = 0; i < 3; i++)
		pc_histogram_clear(&parts[i]);
}

int
main(void)
{
	srandom(7);
	test_percentiles();
	test_merge();
	return tap_done();
}
