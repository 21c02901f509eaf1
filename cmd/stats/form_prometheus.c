/* form_prometheus.c - figures as Prometheus metrics, for node_exporter's
 * textfile collector or for a scrape. */
#include "cli/prometheus.h"
#include "stats.h"

#include <stdio.h>

/* Begin a sample of a row. */
static void
add_sample(const struct stats *st, struct pc_buf *b, const char *name,
    const struct figures *f)
{
	prometheus_sample(b, name);
	prometheus_label(b, by_name(st->by), f->name);
}

static void
add_rows(const struct stats *st, struct pc_buf *b, const char *name,
    const char *type, const char *help, double (*value)(const struct figures *))
{
	prometheus_metric(b, name, type, help);
	for (size_t i = 0; i < st->count; i++) {
		add_sample(st, b, name, &st->rows[i]);
		prometheus_real(b, value(&st->rows[i]), 15);
	}
}

static void
add_quantiles(const struct stats *st, struct pc_buf *b, const char *name,
    const struct figures *f, const struct pc_histogram *h)
{
	static const struct {
		const char *label;
		double percent;
	} quantiles[] = {{"0.5", 50}, {"0.95", 95}, {"0.99", 99}};
	enum { COUNT = sizeof quantiles / sizeof *quantiles };

	for (int q = 0; q <= COUNT; q++) {
		const uint64_t us = q < COUNT
		    ? pc_histogram_percentile(h, quantiles[q].percent)
		    : h->max;

		add_sample(st, b, name, f);
		prometheus_label(b, "quantile",
		    q < COUNT ? quantiles[q].label : "1");
		prometheus_fixed(b, (double)us / 1e6, 6);
	}
}

/* Add percentiles (1 is the largest value), sum and count, in seconds. */
static void
add_summary(const struct stats *st, struct pc_buf *b, const char *name,
    const char *help,
    const struct pc_histogram *(*of)(const struct figures *, uint64_t *sum))
{
	char sum_name[64], count_name[64];

	snprintf(sum_name, sizeof sum_name, "%s_sum", name);
	snprintf(count_name, sizeof count_name, "%s_count", name);
	prometheus_metric(b, name, "summary", help);
	for (size_t i = 0; i < st->count; i++) {
		const struct figures *f = &st->rows[i];
		uint64_t sum;
		const struct pc_histogram *h = of(f, &sum);

		if (!h->total)
			continue;
		add_quantiles(st, b, name, f, h);
		add_sample(st, b, sum_name, f);
		prometheus_fixed(b, (double)sum / 1e6, 6);
		add_sample(st, b, count_name, f);
		prometheus_uint(b, h->total);
	}
}

static const struct pc_histogram *
of_hit(const struct figures *f, uint64_t *sum)
{
	*sum = f->hit_us;
	return &f->hit;
}

static const struct pc_histogram *
of_compute(const struct figures *f, uint64_t *sum)
{
	*sum = f->compute_us;
	return &f->compute;
}

static const struct pc_histogram *
of_wait(const struct figures *f, uint64_t *sum)
{
	*sum = f->wait_us;
	return &f->wait;
}

static double
v_lookups(const struct figures *f)
{
	return (double)(f->hits + f->misses);
}

static double
v_hits(const struct figures *f)
{
	return (double)f->hits;
}

static double
v_misses(const struct figures *f)
{
	return (double)f->misses;
}

static double
v_saved(const struct figures *f)
{
	return (double)f->saved / 1e6;
}

static double
v_tokens(const struct figures *f)
{
	return (double)f->tokens_saved;
}

static double
v_spent(const struct figures *f)
{
	return (double)f->tokens_spent;
}

static double
v_money(const struct figures *f)
{
	return (double)f->price_saved / 1e6;
}

static double
v_served(const struct figures *f)
{
	return (double)f->served;
}

static double
v_put(const struct figures *f)
{
	return (double)f->put;
}

static double
v_peak(const struct figures *f)
{
	return (double)f->peak.max * 1024;
}

static double
v_entries(const struct figures *f)
{
	return (double)f->held.entries;
}

static double
v_entry_bytes(const struct figures *f)
{
	return (double)f->held.bytes;
}

static void
add_kinds(const struct stats *st, struct pc_buf *b)
{
	static const char name[] = "pc_events_total";

	prometheus_metric(b, name, "counter", "Events by kind.");
	for (size_t i = 0; i < st->count; i++)
		for (int k = 1; k < PC_EVENT_KINDS; k++) {
			add_sample(st, b, name, &st->rows[i]);
			prometheus_label(b, "kind", pc_event_name(k));
			prometheus_uint(b, st->rows[i].count[k]);
		}
}

void
form_prometheus(const struct stats *st, struct pc_buf *b)
{
	prometheus_metric(b, "pc_build_info", "gauge", "The version of pc.");
	prometheus_sample(b, "pc_build_info");
	prometheus_label(b, "version", PC_VERSION);
	prometheus_uint(b, 1);
	add_rows(st, b, "pc_lookups_total", "counter", "Lookups.", v_lookups);
	add_rows(st, b, "pc_hits_total", "counter",
	    "Lookups that found a result, including stale and awaited results.",
	    v_hits);
	add_rows(st, b, "pc_misses_total", "counter",
	    "Lookups that found no result.", v_misses);
	add_kinds(st, b);
	add_rows(st, b, "pc_saved_seconds_total", "counter",
	    "Time that computing the results of hits took.", v_saved);
	add_rows(st, b, "pc_saved_tokens_total", "counter",
	    "Tokens that the results of hits cost.", v_tokens);
	add_rows(st, b, "pc_spent_tokens_total", "counter",
	    "Tokens spent on computing results.", v_spent);
	add_rows(st, b, "pc_saved_money_total", "counter",
	    "Price of those tokens by inference.prices.", v_money);
	add_rows(st, b, "pc_served_bytes_total", "counter",
	    "Bytes of values read by hits.", v_served);
	add_rows(st, b, "pc_put_bytes_total", "counter",
	    "Bytes of values stored.", v_put);
	add_summary(st, b, "pc_hit_duration_seconds", "Time of a hit.", of_hit);
	add_summary(st, b, "pc_compute_duration_seconds",
	    "Time of a command or helper.", of_compute);
	add_summary(st, b, "pc_lock_wait_seconds", "Time of waits for locks.",
	    of_wait);
	add_rows(st, b, "pc_peak_memory_bytes", "gauge",
	    "Largest memory of a command or helper.", v_peak);
	if (st->held && st->by == PC_BY_STAGE) {
		add_rows(st, b, "pc_entries", "gauge", "Results in the store.",
		    v_entries);
		add_rows(st, b, "pc_entry_bytes", "gauge",
		    "Bytes of values in the store.", v_entry_bytes);
	}
	/* The caller ends the last line. */
	if (b->len && !b->failed)
		b->len--;
}
