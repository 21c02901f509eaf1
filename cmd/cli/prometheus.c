/* prometheus.c - metrics in Prometheus's text format. */
#include "prometheus.h"

#include <math.h>
#include <string.h>

void
prometheus_metric(struct pc_buf *b, const char *name, const char *type,
    const char *help)
{
	pc_buf_addf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void
prometheus_sample(struct pc_buf *b, const char *name)
{
	pc_buf_addf(b, "%s", name);
}

/* After a label comes its closing quote, which no metric's name ends with. */
static int
has_label(const struct pc_buf *b)
{
	return b->len > 0 && b->data[b->len - 1] == '"';
}

void
prometheus_label(struct pc_buf *b, const char *name, const char *value)
{
	pc_buf_addf(b, "%c%s=\"", has_label(b) ? ',' : '{', name);
	if (!pc_utf8_valid(value, strlen(value)))
		value = "?";
	for (; *value; value++)
		if (*value == '\n')
			pc_buf_addf(b, "\\n");
		else
			pc_buf_addf(b, "%s%c",
			    *value == '"' || *value == '\\' ? "\\" : "",
			    *value);
	pc_buf_addf(b, "\"");
}

static void
end_labels(struct pc_buf *b)
{
	pc_buf_addf(b, has_label(b) ? "} " : " ");
}

void
prometheus_uint(struct pc_buf *b, uint64_t v)
{
	end_labels(b);
	pc_buf_addf(b, "%llu\n", (unsigned long long)v);
}

static void
add_double(struct pc_buf *b, const char *format, int precision, double v)
{
	end_labels(b);
	if (isinf(v))
		pc_buf_addf(b, "%cInf\n", v > 0 ? '+' : '-');
	else if (isnan(v))
		pc_buf_addf(b, "NaN\n");
	else
		pc_buf_addf(b, format, precision, v);
}

void
prometheus_fixed(struct pc_buf *b, double v, int decimals)
{
	add_double(b, "%.*f\n", decimals, v);
}

void
prometheus_real(struct pc_buf *b, double v, int digits)
{
	add_double(b, "%.*g\n", digits, v);
}
