/* json.c - figures as one JSON object, which --baseline reads again. */
#include "stats.h"

#include <string.h>

typedef unsigned long long number; /* what %llu wants */

static void
add_spread(struct pc_buf *b, const char *name, const struct pc_histogram *h,
    double sum, double unit)
{
	pc_buf_addf(b,
	    ",\"%s\":{\"count\":%llu,\"mean\":%.4g,\"p50\":%.4g,"
	    "\"p95\":%.4g,\"p99\":%.4g,\"max\":%.4g}",
	    name, (number)h->total,
	    h->total ? sum / unit / (double)h->total : 0,
	    (double)pc_histogram_percentile(h, 50) / unit,
	    (double)pc_histogram_percentile(h, 95) / unit,
	    (double)pc_histogram_percentile(h, 99) / unit,
	    (double)h->max / unit);
}

static double
mean_ms(uint64_t us, uint64_t count)
{
	return count ? (double)us / 1e3 / (double)count : 0;
}

static void
add_times(struct pc_buf *b, const struct figures *f)
{
	uint64_t served = f->count[PC_EVENT_HIT] + f->count[PC_EVENT_STALE];

	pc_buf_addf(b, ",\"hit_mean_ms\":%.3f,\"compute_mean_ms\":%.3f",
	    mean_ms(f->hit_us, served),
	    mean_ms(f->compute_us, f->count[PC_EVENT_COMPUTE]));
	add_spread(b, "hit_ms", &f->hit, (double)f->hit_us, 1e3);
	add_spread(b, "compute_ms", &f->compute, (double)f->compute_us, 1e3);
	add_spread(b, "lock_wait_ms", &f->wait, (double)f->wait_us, 1e3);
	pc_buf_addf(b, ",\"speed_up\":%.4g,\"lookups_per_s\":%.4g",
	    figures_speed_up(f), figures_per_second(f));
}

static void
add_held(struct pc_buf *b, const struct pc_holding *h, int known)
{
	if (!known) {
		pc_buf_addf(b,
		    ",\"entries\":null,\"entry_bytes\":null,"
		    "\"entry_mean_bytes\":null,"
		    "\"entries_expired\":null");
		return;
	}
	pc_buf_addf(b,
	    ",\"entries\":%llu,\"entry_bytes\":%llu,"
	    "\"entry_mean_bytes\":%.1f,\"entries_expired\":%llu",
	    (number)h->entries, (number)h->bytes,
	    h->entries ? (double)h->bytes / (double)h->entries : 0,
	    (number)h->expired);
}

static void
add_figures(const struct stats *st, struct pc_buf *b, const struct figures *f)
{
	pc_buf_addf(b, "{\"%s\":", by_name(st->by));
	pc_json_string(b, f->name, strlen(f->name));
	pc_buf_addf(b,
	    ",\"lookups\":%llu,\"hits\":%llu,\"misses\":%llu,"
	    "\"hit_rate\":%.4f",
	    (number)(f->hits + f->misses), (number)f->hits, (number)f->misses,
	    figures_rate(f));
	for (int k = 1; k < PC_EVENT_KINDS; k++)
		pc_buf_addf(b, ",\"%s\":%llu", pc_event_name(k),
		    (number)f->count[k]);
	add_times(b, f);
	pc_buf_addf(b,
	    ",\"saved_s\":%.3f,\"tokens_saved\":%llu,\"tokens_spent\":%llu,"
	    "\"money_saved\":%.6f,\"served_bytes\":%llu,\"put_bytes\":%llu,"
	    "\"peak_kib\":%llu,\"first\":%.6f,\"last\":%.6f",
	    (double)f->saved / 1e6, (number)f->tokens_saved,
	    (number)f->tokens_spent, (double)f->price_saved / 1e6,
	    (number)f->served, (number)f->put, (number)f->peak.max,
	    (double)f->first / 1e6, (double)f->last / 1e6);
	/* Entries are of a stage, not of a time or a program. */
	add_held(b, &f->held,
	    st->held && (st->by == PC_BY_STAGE || f == &st->all));
	pc_buf_addf(b, "}");
}

void
form_json(const struct stats *st, struct pc_buf *b)
{
	pc_buf_addf(b, "{\"%ss\":[", by_name(st->by));
	for (size_t i = 0; i < st->count; i++) {
		pc_buf_addf(b, i ? "," : "");
		add_figures(st, b, &st->rows[i]);
	}
	pc_buf_addf(b, "],\"all\":");
	add_figures(st, b, &st->all);
	pc_buf_addf(b, "}");
}

/* The memory of commands and helpers, by stage. */
void
form_memory_json(const struct stats *st, struct pc_buf *b)
{
	pc_buf_addf(b, "{\"%ss\":[", by_name(st->by));
	for (size_t i = 0, n = 0; i < st->count; i++) {
		const struct pc_histogram *h = &st->rows[i].peak;

		if (!h->total)
			continue;
		pc_buf_addf(b, "%s{\"%s\":", n++ ? "," : "", by_name(st->by));
		pc_json_string(b, st->rows[i].name, strlen(st->rows[i].name));
		pc_buf_addf(b,
		    ",\"runs\":%llu,\"peak_kib\":{\"p50\":%llu,"
		    "\"p95\":%llu,\"max\":%llu}}",
		    (number)h->total, (number)pc_histogram_percentile(h, 50),
		    (number)pc_histogram_percentile(h, 95), (number)h->max);
	}
	pc_buf_addf(b, "]}");
}
