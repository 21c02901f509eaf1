/* form_json.c - figures as one JSON object, which --baseline reads again. */
#include "stats.h"

#include <stdio.h>

static void
add_spread(struct pc_buf *b, const char *name, const struct pc_histogram *h,
    double sum, double unit)
{
	pc_json_begin_object(b, name);
	pc_json_add_uint(b, "count", h->total);
	pc_json_add_real(b, "mean",
	    h->total ? sum / unit / (double)h->total : 0, 4);
	pc_json_add_real(b, "p50",
	    (double)pc_histogram_percentile(h, 50) / unit, 4);
	pc_json_add_real(b, "p95",
	    (double)pc_histogram_percentile(h, 95) / unit, 4);
	pc_json_add_real(b, "p99",
	    (double)pc_histogram_percentile(h, 99) / unit, 4);
	pc_json_add_real(b, "max", (double)h->max / unit, 4);
	pc_json_end_object(b);
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

	pc_json_add_fixed(b, "hit_mean_ms", mean_ms(f->hit_us, served), 3);
	pc_json_add_fixed(b, "compute_mean_ms",
	    mean_ms(f->compute_us, f->count[PC_EVENT_COMPUTE]), 3);
	add_spread(b, "hit_ms", &f->hit, (double)f->hit_us, 1e3);
	add_spread(b, "compute_ms", &f->compute, (double)f->compute_us, 1e3);
	add_spread(b, "lock_wait_ms", &f->wait, (double)f->wait_us, 1e3);
	pc_json_add_real(b, "speed_up", figures_speed_up(f), 4);
	pc_json_add_real(b, "lookups_per_s", figures_per_second(f), 4);
}

static void
add_held(struct pc_buf *b, const struct pc_holding *h, int known)
{
	if (!known) {
		pc_json_add_null(b, "entries");
		pc_json_add_null(b, "entry_bytes");
		pc_json_add_null(b, "entry_mean_bytes");
		pc_json_add_null(b, "entries_expired");
		return;
	}
	pc_json_add_uint(b, "entries", h->entries);
	pc_json_add_uint(b, "entry_bytes", h->bytes);
	pc_json_add_fixed(b, "entry_mean_bytes",
	    h->entries ? (double)h->bytes / (double)h->entries : 0, 1);
	pc_json_add_uint(b, "entries_expired", h->expired);
}

static void
add_savings(struct pc_buf *b, const struct figures *f)
{
	pc_json_add_fixed(b, "saved_s", (double)f->saved / 1e6, 3);
	pc_json_add_uint(b, "tokens_saved", f->tokens_saved);
	pc_json_add_uint(b, "tokens_spent", f->tokens_spent);
	pc_json_add_fixed(b, "money_saved", (double)f->price_saved / 1e6, 6);
	pc_json_add_uint(b, "served_bytes", f->served);
	pc_json_add_uint(b, "put_bytes", f->put);
}

static void
add_figures(const struct stats *st, struct pc_buf *b, const char *key,
    const struct figures *f)
{
	pc_json_begin_object(b, key);
	pc_json_add_text(b, by_name(st->by), f->name);
	pc_json_add_uint(b, "lookups", f->hits + f->misses);
	pc_json_add_uint(b, "hits", f->hits);
	pc_json_add_uint(b, "misses", f->misses);
	pc_json_add_fixed(b, "hit_rate", figures_rate(f), 4);
	for (int k = 1; k < PC_EVENT_KINDS; k++)
		pc_json_add_uint(b, pc_event_name(k), f->count[k]);
	add_times(b, f);
	add_savings(b, f);
	pc_json_add_uint(b, "peak_kib", f->peak.max);
	pc_json_add_fixed(b, "first", (double)f->first / 1e6, 6);
	pc_json_add_fixed(b, "last", (double)f->last / 1e6, 6);
	/* Entries are known by stage, not by time or program. */
	add_held(b, &f->held,
	    st->held && (st->by == PC_BY_STAGE || f == &st->all));
	pc_json_end_object(b);
}

static void
begin_rows(const struct stats *st, struct pc_buf *b)
{
	char plural[32];

	snprintf(plural, sizeof plural, "%ss", by_name(st->by));
	pc_json_begin_array(b, plural);
}

void
form_json(const struct stats *st, struct pc_buf *b)
{
	pc_json_begin_object(b, NULL);
	begin_rows(st, b);
	for (size_t i = 0; i < st->count; i++)
		add_figures(st, b, NULL, &st->rows[i]);
	pc_json_end_array(b);
	add_figures(st, b, "all", &st->all);
	pc_json_end_object(b);
}

/* Add the memory that commands and helpers needed, by stage. */
void
form_memory_json(const struct stats *st, struct pc_buf *b)
{
	pc_json_begin_object(b, NULL);
	begin_rows(st, b);
	for (size_t i = 0; i < st->count; i++) {
		const struct pc_histogram *h = &st->rows[i].peak;

		if (!h->total)
			continue;
		pc_json_begin_object(b, NULL);
		pc_json_add_text(b, by_name(st->by), st->rows[i].name);
		pc_json_add_uint(b, "runs", h->total);
		pc_json_begin_object(b, "peak_kib");
		pc_json_add_uint(b, "p50", pc_histogram_percentile(h, 50));
		pc_json_add_uint(b, "p95", pc_histogram_percentile(h, 95));
		pc_json_add_uint(b, "max", h->max);
		pc_json_end_object(b);
		pc_json_end_object(b);
	}
	pc_json_end_array(b);
	pc_json_end_object(b);
}
