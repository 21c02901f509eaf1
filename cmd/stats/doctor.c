/* doctor.c - pc-stats --doctor: check the installation and suggest repairs. */
#include "doctor.h"

#include <string.h>

static void
check_switches(struct doctor *d)
{
	const struct pc_config *c = d->st->c->config;

	if (pc_config_bool(c, "caching.enabled"))
		doctor_say(d, FINE, "cache", "", "on");
	else
		doctor_say(d, FAIL, "cache",
		    "unset PC_CACHE, or set "
		    "caching.enabled to true",
		    "off: everything is computed every time");
	if (pc_config_bool(c, "caching.events"))
		doctor_say(d, FINE, "events", "", "on");
	else
		doctor_say(d, WARN, "events",
		    "unset PC_EVENTS, or set "
		    "caching.events to true",
		    "off: pc-stats has nothing to count");
}

static void
check_times(struct doctor *d)
{
	enum { SLOW = 1000000, LONG_WAIT = 100000, MANY = 100 };
	const struct figures *all = &d->st->all;
	unsigned slow = 0;

	for (size_t i = 0; i < d->st->count; i++) {
		const struct figures *f = &d->st->rows[i];
		uint64_t p95 = pc_histogram_percentile(&f->hit, 95);

		if (f->hit.total < 20 || p95 < SLOW)
			continue;
		slow++;
		doctor_say(d, WARN, "times",
		    "check whether the disk is slow or busy; pc-stats --by hour shows when",
		    "stage %s: p95 of a hit is %s", f->name[0] ? f->name : "-",
		    human_span(p95));
	}
	if (all->wait.total > MANY &&
	    pc_histogram_percentile(&all->wait, 95) > LONG_WAIT &&
	    all->count[PC_EVENT_WAIT] == 0)
		doctor_say(d, WARN, "locks",
		    "use fewer jobs (-j) or a faster disk",
		    "p95 of a lock wait is %s",
		    human_span(pc_histogram_percentile(&all->wait, 95)));
	if (!slow)
		doctor_say(d, FINE, "times", "", "p95 of a hit is %s",
		    all->hit.total
			? human_span(pc_histogram_percentile(&all->hit, 95))
			: "not known yet");
	if (all->hits + all->misses >= MANY && figures_rate(all) < 0.1)
		doctor_say(d, WARN, "hit rate",
		    "pc-hash --explain shows why a key misses; pc-stats --ghost shows what a larger store would do",
		    "%.1f %%", 100 * figures_rate(all));
}

int
doctor_run(struct stats *st, int json)
{
	struct doctor d = {.st = st, .as_json = json};
	struct pc_error err;
	int r;

	/* doctor_store reports why the store cannot be opened. */
	(void)cli_try_store(st->c, &err);
	r = stats_try(st, &err);
	if (json)
		pc_json_begin_array(&d.json, NULL);
	check_switches(&d);
	if (r < 0)
		doctor_say(&d, FAIL, "account", "run pc-gc --check", "%s",
		    err.text);
	doctor_store(&d);
	doctor_engines(&d);
	check_times(&d);
	if (json) {
		pc_json_end_array(&d.json);
		stats_print(st->c, &d.json);
	}
	return d.worst == FAIL ? PC_EXIT_NO : PC_EXIT_OK;
}
