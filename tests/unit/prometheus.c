/* prometheus.c - metrics in Prometheus's text format: labels and values. */
#include "cli/prometheus.h"
#include "tap.h"

#include <math.h>
#include <string.h>

static int
is(struct pc_buf *b, const char *want)
{
	const int same = !b->failed && b->len == strlen(want) &&
	    memcmp(b->data, want, b->len) == 0;

	if (!same)
		printf("# got  %.*s\n# want %s\n", (int)b->len,
		    b->data ? (char *)b->data : "", want);
	pc_buf_clear(b);
	return same;
}

static void
add_value(struct pc_buf *b, double v)
{
	prometheus_sample(b, "m");
	prometheus_real(b, v, 4);
}

int
main(void)
{
	struct pc_buf b = {0};

	prometheus_metric(&b, "m", "gauge", "Some text.");
	OK(is(&b, "# HELP m Some text.\n# TYPE m gauge\n"),
	    "the head of a metric has its help and its type");
	prometheus_sample(&b, "m");
	prometheus_uint(&b, UINT64_MAX);
	OK(is(&b, "m 18446744073709551615\n"), "a sample without labels");
	prometheus_sample(&b, "m");
	prometheus_label(&b, "a", "1");
	prometheus_label(&b, "b", "");
	prometheus_fixed(&b, 0.125, 2);
	OK(is(&b, "m{a=\"1\",b=\"\"} 0.12\n"), "a sample with two labels");
	prometheus_sample(&b, "m");
	prometheus_label(&b, "a", "x\"y\\z\n\xc3\xa9");
	prometheus_label(&b, "b", "\xff");
	prometheus_uint(&b, 0);
	OK(is(&b, "m{a=\"x\\\"y\\\\z\\n\xc3\xa9\",b=\"?\"} 0\n"),
	    "labels are escaped, and one that is not UTF-8 is a \"?\"");
	add_value(&b, INFINITY);
	add_value(&b, -INFINITY);
	add_value(&b, NAN);
	add_value(&b, 12345.678);
	OK(is(&b, "m +Inf\nm -Inf\nm NaN\nm 1.235e+04\n"),
	    "infinity, what is not a number, and four digits");
	return tap_done();
}
