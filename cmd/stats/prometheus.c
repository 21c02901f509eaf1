/* prometheus.c - figures in Prometheus's text format, for node_exporter's
 * textfile collector or a scrape (prometheus.io/docs/instrumenting/
 * exposition_formats). */
#include "stats.h"

#include <string.h>

static void
add_label(const struct stats *st, struct pc_buf *b, const struct figures *f)
{
	/* No name of a stage, program or time has what would need quoting. */
	pc_buf_addf(b, "{%s=\"%s\"", by_name(st->by), f->name);
}

static void
head(struct pc_buf *b, const char *name, const char *type, const char *help)
{
	pc_buf_addf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
add_rows(const struct stats *st, struct pc_buf *b, const char *name,
    const char *type, const char *help, double (*value)(const struct figures *))
{
	head(b, name, type, help);
	for (size_t i = 0; i < st->count; i++) {
		pc_buf_addf(b, "%s", name);
		add_label(st, b, &st->rows[i]);
		pc_buf_addf(b, "} %.15g\n", value(&st->rows[i]));
	}
}

/* Percentiles, of which the last is the largest value; sum and count; in
 * seconds. */
static void
add_summary(const struct stats *st, struct pc_buf *b, const char *name,
    const char *help,
    const struct pc_histogram *(*of)(const struct figures *, uint64_t *sum))
{
	static const double quantiles[] = {50, 95, 99, 100};

	head(b, name, "summary", help);
	for (size_t i = 0; i < st->count; i++) {
		const struct figures *f = &st->rows[i];
		uint64_t sum;
		const struct pc_histogram *h = of(f, &sum);

		if (!h->total)
			continue;
		for (int q = 0; q < 4; q++) {
			uint64_t us = quantiles[q] < 100
			    ? pc_histogram_percentile(h, quantiles[q])
			    : h->max;

			pc_buf_addf(b, "%s", name);
			add_label(st, b, f);
			pc_buf_addf(b, ",quantile=\"%.2g\"} %.6f\n",
			    quantiles[q] / 100, (double)us / 1e6);
		}
		pc_buf_addf(b, "%s_sum", name);
		add_label(st, b, f);
		pc_buf_addf(b, "} %.6f\n%s_count", (double)sum / 1e6, name);
		add_label(st, b, f);
		pc_buf_addf(b, "} %llu\n", (unsigned long long)h->total);
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
	head(b, "pc_events_total", "counter", "Events by kind.");
	for (size_t i = 0; i < st->count; i++)
		for (int k = 1; k < PC_EVENT_KINDS; k++) {
			pc_buf_addf(b, "pc_events_total");
			add_label(st, b, &st->rows[i]);
			pc_buf_addf(b, ",kind=\"%s\"} %llu\n", pc_event_name(k),
			    (unsigned long long)st->rows[i].count[k]);
		}
}

void
form_prometheus(const struct stats *st, struct pc_buf *b)
{
	head(b, "pc_build_info", "gauge", "The version of pc.");
	pc_buf_addf(b, "pc_build_info{version=\"%s\"} 1\n", PC_VERSION);
	add_rows(st, b, "pc_lookups_total", "counter", "Look-ups.", v_lookups);
	add_rows(st, b, "pc_hits_total", "counter",
	    "Look-ups that found a result, stale or awaited ones too.", v_hits);
	add_rows(st, b, "pc_misses_total", "counter",
	    "Look-ups that found none.", v_misses);
	add_kinds(st, b);
	add_rows(st, b, "pc_saved_seconds_total", "counter",
	    "What computing the results of hits had taken.", v_saved);
	add_rows(st, b, "pc_saved_tokens_total", "counter",
	    "Tokens that the results of hits had cost.", v_tokens);
	add_rows(st, b, "pc_spent_tokens_total", "counter",
	    "Tokens that were spent on computing results.", v_spent);
	add_rows(st, b, "pc_saved_money_total", "counter",
	    "What those had cost, as inference.prices has it.", v_money);
	add_rows(st, b, "pc_served_bytes_total", "counter",
	    "Bytes of values that hits gave.", v_served);
	add_rows(st, b, "pc_put_bytes_total", "counter",
	    "Bytes of values that were stored.", v_put);
	add_summary(st, b, "pc_hit_duration_seconds", "Time of a hit.", of_hit);
	add_summary(st, b, "pc_compute_duration_seconds",
	    "Time of a command or helper.", of_compute);
	add_summary(st, b, "pc_lock_wait_seconds",
	    "Waits for locks, of those that waited.", of_wait);
	add_rows(st, b, "pc_peak_memory_bytes", "gauge",
	    "Largest memory of a command or helper.", v_peak);
	if (st->held && st->by == PC_BY_STAGE) {
		add_rows(st, b, "pc_entries", "gauge", "Results in the store.",
		    v_entries);
		add_rows(st, b, "pc_entry_bytes", "gauge",
		    "Bytes of values in the store.", v_entry_bytes);
	}
	/* Whoever prints it ends the last line. */
	if (b->len && !b->failed)
		b->len--;
}
