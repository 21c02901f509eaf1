/* limits.c - is there enough memory?  For cron (--warn), for a script that
 * waits
 * (--wait), and for the workers of a stage (admit). */
#include "admit/admission.h"
#include "memory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_AGAIN = 200000 }; /* us */

static void
look(struct cli *c, struct machine *h)
{
	if (host_read(h) < 0)
		cli_die(c, "cannot read /proc/meminfo: %s",
		    errno == EBADMSG ? "it has no memory figures"
				     : strerror(errno));
}

int
limits_check(struct cli *c, int64_t warn, int64_t critical)
{
	char left[HUMAN_SIZE], all[HUMAN_SIZE];
	struct machine h;
	double used;
	int is_critical;

	look(c, &h);
	used = host_used_percent(&h);
	is_critical = critical > 0 && used >= (double)critical;
	if (!is_critical && (warn <= 0 || used < (double)warn))
		return PC_EXIT_OK;
	cli_warn(c,
	    "memory is %s: %.1f %% used (limit %lld %%); %s of %s available",
	    is_critical ? "critical" : "low", used,
	    (long long)(is_critical ? critical : warn),
	    human(host_available(&h), left), human(host_total(&h), all));
	return PC_EXIT_NO;
}

int
wait_for(struct cli *c, uint64_t bytes, int64_t wait)
{
	const int64_t end = pc_deadline(wait);
	char left[HUMAN_SIZE], wanted[HUMAN_SIZE];
	struct machine h;

	for (;;) {
		int64_t now = pc_ticks();

		look(c, &h);
		if (host_available(&h) >= bytes)
			return PC_EXIT_OK;
		if (host_total(&h) < bytes)
			cli_die(c, "cannot wait for %s: this machine has %s",
			    human(bytes, wanted), human(host_total(&h), left));
		if (now >= end)
			break;
		usleep(end - now < LOOK_AGAIN ? (useconds_t)(end - now)
					      : LOOK_AGAIN);
	}
	if (!c->quiet)
		cli_warn(c, "timed out after %.0f s: %s available, %s required",
		    (double)wait / 1e6, human(host_available(&h), left),
		    human(bytes, wanted));
	return PC_EXIT_LATER;
}

static double
seconds(const struct admission *a, int64_t pages)
{
	return a->each * (double)pages / a->workers / 1e6;
}

static void
print_admission(struct cli *c, const struct admission *a, const char *stage,
    int64_t pages)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_text(&b, "stage", stage);
	pc_json_add_bool(&b, "known", a->known);
	pc_json_add_bool(&b, "fits", a->workers != 0);
	pc_json_add_uint(&b, "workers", a->workers);
	pc_json_add_uint(&b, "worker_bytes", a->worker);
	pc_json_add_uint(&b, "fixed_bytes", a->fixed);
	pc_json_add_uint(&b, "available_bytes", a->available);
	if (pages)
		pc_json_add_int(&b, "pages", pages);
	if (pages && a->workers && a->each > 0)
		pc_json_add_fixed(&b, "estimated_s", seconds(a, pages), 3);
	pc_json_end_object(&b);
	pc_buf_add(&b, "\n", 1);
	memstat_print(c, &b);
}

/* Where the number comes from. */
static void
explain(const struct cli *c, const struct admission *a, const char *stage,
    int64_t pages)
{
	char worker[HUMAN_SIZE], fixed[HUMAN_SIZE], left[HUMAN_SIZE];
	char time[64] = "";

	if (pages && a->each > 0)
		snprintf(time, sizeof time, "; about %.0f s for %lld pages",
		    seconds(a, pages), (long long)pages);
	cli_warn(c, "%s: room for %u workers (%s each plus %s; %s available)%s",
	    stage, a->workers, human(a->worker, worker), human(a->fixed, fixed),
	    human(a->available, left), time);
}

int
admit(struct cli *c, const char *stage, unsigned most, int64_t pages, int json)
{
	struct admission a;
	struct pc_error err;

	if (pages > 0 && pages < most)
		most = (unsigned)pages;
	admission_ask(c, stage, most, &a);
	/* For stages of other programs only events are known. */
	if (!a.known)
		admission_of(c, history_peak(c, stage), most, &a);
	if (json)
		print_admission(c, &a, stage, pages);
	else
		printf("%u\n", a.workers);
	if (a.workers == 0) {
		admission_refusal(c, stage, &a, &err);
		cli_warn(c, "%s", err.text);
	} else if (!a.known && !c->quiet) {
		cli_warn(c, "no memory figures of '%s' are known yet", stage);
	} else if (a.known && c->verbose) {
		explain(c, &a, stage, pages);
	}
	return a.workers ? PC_EXIT_OK : PC_EXIT_NO;
}
