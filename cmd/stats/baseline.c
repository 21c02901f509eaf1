/* baseline.c - pc-stats --baseline: today's figures against saved ones. */
#include "stats.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct pc_json *
read_baseline(struct cli *c, const char *file)
{
	enum { BASELINE_MAX = 64 * 1024 * 1024 };
	struct pc_buf b = {0};
	struct pc_error err;
	struct pc_json *j;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		cli_die(c, "cannot open '%s': %s", file, strerror(errno));
	if (pc_read_all(fd, &b, BASELINE_MAX) < 0)
		cli_die(c, "cannot read '%s': %s", file, strerror(errno));
	close(fd);
	j = pc_json_parse((char *)b.data, b.len, &err);
	if (!j)
		cli_die(c, "'%s' is not output of pc-stats --json: %s", file,
		    err.text);
	if (!pc_json_get(j, "all") || !pc_json_get(j, "stages"))
		cli_die(c,
		    "'%s' is not output of pc-stats --json: it has no \"stages\" and \"all\"",
		    file);
	pc_buf_clear(&b);
	return j;
}

static const struct pc_json *
old_row(const struct pc_json *base, const char *stage)
{
	const struct pc_json *rows = pc_json_get(base, "stages");

	for (size_t i = 0; i < pc_json_length(rows); i++) {
		const struct pc_json *row = pc_json_at(rows, i);
		size_t n;
		const char *name = pc_json_text(pc_json_get(row, "stage"), &n);

		if (name && strcmp(name, stage) == 0)
			return row;
	}
	return NULL;
}

struct baseline_comparison {
	double tolerance; /* 0.2 */
	unsigned worse;
	struct pc_buf json; /* with --json */
	int as_json;
};

/* 0: not known. */
static double
number(const struct pc_json *o, const char *name, const char *member)
{
	const struct pc_json *v = pc_json_get(o, name);
	double d;

	if (member)
		v = pc_json_get(v, member);
	return pc_json_real(v, &d) == 0 ? d : 0;
}

static void
compare(struct baseline_comparison *c, const char *row, const char *what,
    double was, double is, int more_is_better)
{
	double change = was > 0 ? is / was - 1 : 0;
	const int worse = more_is_better ? change < -c->tolerance
					 : change > c->tolerance;

	if (was <= 0)
		return;
	c->worse += worse;
	if (c->as_json) {
		pc_json_begin_object(&c->json, NULL);
		pc_json_add_text(&c->json, "stage", row);
		pc_json_add_text(&c->json, "what", what);
		pc_json_add_real(&c->json, "was", was, 6);
		pc_json_add_real(&c->json, "is", is, 6);
		pc_json_add_bool(&c->json, "worse", worse);
		pc_json_end_object(&c->json);
		return;
	}
	printf("%-28.28s %-14s %10.4g %10.4g %+7.1f%%  %s\n",
	    row[0] ? row : "-", what, was, is, 100 * change,
	    worse ? "worse" : "ok");
}

static void
compare_row(struct baseline_comparison *c, const struct figures *f,
    const struct pc_json *old)
{
	static const struct {
		const char *name, *member, *what;
		double percent;
		int hit;
	} times[] = {
	    {"hit_ms", "p50", "hit p50 ms", 50, 1},
	    {"hit_ms", "p95", "hit p95 ms", 95, 1},
	    {"compute_ms", "p50", "run p50 ms", 50, 0},
	    {"compute_ms", "p95", "run p95 ms", 95, 0},
	};

	for (int i = 0; i < 4; i++) {
		const struct pc_histogram *h = times[i].hit ? &f->hit
							    : &f->compute;

		if (h->total)
			compare(c, f->name, times[i].what,
			    number(old, times[i].name, times[i].member),
			    (double)pc_histogram_percentile(h,
				times[i].percent) /
				1e3,
			    0);
	}
	if (f->hits + f->misses)
		compare(c, f->name, "hit rate", number(old, "hit_rate", NULL),
		    figures_rate(f), 1);
}

int
baseline_compare(struct stats *st, const char *file, int64_t tolerance,
    int json)
{
	struct baseline_comparison c = {.tolerance = (double)tolerance / 100,
	    .as_json = json};
	struct pc_json *base = read_baseline(st->c, file);

	st->by = PC_BY_STAGE;
	stats_read(st);
	if (json)
		pc_json_begin_array(&c.json, NULL);
	else
		printf("%-28s %-14s %10s %10s %8s\n", "STAGE", "WHAT", "WAS",
		    "IS", "CHANGE");
	for (size_t i = 0; i < st->count; i++) {
		const struct pc_json *old = old_row(base, st->rows[i].name);

		if (old)
			compare_row(&c, &st->rows[i], old);
	}
	compare_row(&c, &st->all, pc_json_get(base, "all"));
	pc_json_free(base);
	if (json) {
		pc_json_end_array(&c.json);
		stats_print(st->c, &c.json);
	}
	return c.worse ? PC_EXIT_NO : PC_EXIT_OK;
}
