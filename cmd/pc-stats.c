/* pc-stats.c - what the cache did: by stage, from the event log. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: pc-stats [--since DURATION] [--json]\n"
    "       pc-stats --config [--json]\n"
    "       pc-stats --stages\n"
    "       pc-stats --params STAGE\n"
    "Print what each stage's cache did: lookups, hits, misses, hit rate, errors,\n"
    "mean times of a hit and of computing, the time that hits saved.\n"
    "\n"
    "      --since DURATION  only what happened since: 90s, 15m, 24h, 7d\n"
    "      --config          every setting, its value and where it is from\n"
    "      --stages          the names of the stages, one a line\n"
    "      --params STAGE    parameters seen in the stage's newest records\n"
    "      --json            as JSON\n"
    "      --store DIR       the store\n"
    "  -q, --quiet           no warnings\n"
    "  -h, --help            this text\n"
    "  -V, --version         the version\n";

enum {
	OPT_SINCE = CLI_OWN,
	OPT_CONFIG,
	OPT_STAGES,
	OPT_PARAMS,
	OPT_JSON,
	/* How much of each log is looked at for parameters. */
	SAMPLE = 64 * 1024,
};

static const struct option options[] = {
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {"quiet", no_argument, NULL, 'q'},
    {"store", required_argument, NULL, CLI_STORE},
    {"since", required_argument, NULL, OPT_SINCE},
    {"config", no_argument, NULL, OPT_CONFIG},
    {"stages", no_argument, NULL, OPT_STAGES},
    {"params", required_argument, NULL, OPT_PARAMS},
    {"json", no_argument, NULL, OPT_JSON},
    {0},
};

static struct cli cli;
static int json;

/* ---- figures by stage ---- */

struct figures {
	char stage[PC_STAGE_MAX + 1];
	uint64_t count[PC_EVENT_KINDS];
	int64_t duration[PC_EVENT_KINDS]; /* us, in sum */
	int64_t saved;
	uint64_t put_bytes;
	uint32_t peak_kib;
};

static struct {
	struct figures *all; /* sorted by stage once all events are read */
	size_t count, cap;
	int64_t from;
} table;

static struct figures *
figures_of(const char *stage)
{
	struct figures *f;

	for (size_t i = 0; i < table.count; i++)
		if (strcmp(table.all[i].stage, stage) == 0)
			return &table.all[i];
	if (table.count == table.cap) {
		size_t cap = table.cap ? 2 * table.cap : 16;

		f = realloc(table.all, cap * sizeof *f);
		if (!f)
			return NULL;
		table.all = f;
		table.cap = cap;
	}
	f = &table.all[table.count++];
	*f = (struct figures){0};
	strcpy(f->stage, stage);
	return f;
}

static void
add_figures(struct figures *f, const struct pc_event *e)
{
	f->count[e->kind]++;
	f->duration[e->kind] += e->duration;
	f->saved += e->saved;
	if (e->kind == PC_EVENT_PUT)
		f->put_bytes += e->bytes;
	if (e->peak_kib > f->peak_kib)
		f->peak_kib = e->peak_kib;
}

static int
count_event(void *ctx, const struct pc_event *e)
{
	struct figures *f;

	(void)ctx;
	if (e->when < table.from)
		return 0;
	f = figures_of(e->stage);
	if (!f) {
		errno = ENOMEM;
		return -1;
	}
	add_figures(f, e);
	return 0;
}

static int
by_stage(const void *a, const void *b)
{
	return strcmp(((const struct figures *)a)->stage,
	    ((const struct figures *)b)->stage);
}

static void
read_events(void)
{
	if (cli.store && pc_event_each(cli.store, count_event, NULL) < 0)
		cli_die(&cli, "cannot read the event log: %s",
		    strerror(errno));
	if (table.count)
		qsort(table.all, table.count, sizeof *table.all, by_stage);
}

/* ---- forms ---- */

/* A result that was waited for, or served stale, saved its computing. */
static uint64_t
hits(const struct figures *f)
{
	return f->count[PC_EVENT_HIT] + f->count[PC_EVENT_STALE] +
	    f->count[PC_EVENT_WAIT];
}

/* A look-up that missed and then took another's result is one look-up. */
static uint64_t
misses(const struct figures *f)
{
	uint64_t all = f->count[PC_EVENT_MISS];
	uint64_t waited = f->count[PC_EVENT_WAIT];

	return all > waited ? all - waited : 0;
}

static double
rate(const struct figures *f)
{
	uint64_t all = hits(f) + misses(f);

	return all ? 100.0 * (double)hits(f) / (double)all : 0;
}

static double
mean_ms(const struct figures *f, enum pc_event_kind kind)
{
	return f->count[kind] ? (double)f->duration[kind] / 1000 /
	        (double)f->count[kind]
	                      : 0;
}

static void
print_row(const char *name, const struct figures *f)
{
	uint64_t bad = f->count[PC_EVENT_ERROR] + f->count[PC_EVENT_DAMAGE];

	printf("%-16.16s %8llu %8llu %8llu %6.1f%% %6llu %9.2f %9.1f\n",
	    name[0] ? name : "-",
	    (unsigned long long)(hits(f) + misses(f)),
	    (unsigned long long)hits(f), (unsigned long long)misses(f),
	    rate(f), (unsigned long long)bad, mean_ms(f, PC_EVENT_HIT),
	    (double)f->saved / 1e6);
}

static void
print_table(const struct figures *sum)
{
	printf("%-16s %8s %8s %8s %7s %6s %9s %9s\n", "STAGE", "LOOKUPS",
	    "HITS", "MISSES", "RATE", "ERRORS", "HIT ms", "SAVED s");
	for (size_t i = 0; i < table.count; i++)
		print_row(table.all[i].stage, &table.all[i]);
	print_row("all", sum);
}

static void
add_json(struct pc_buf *b, const struct figures *f)
{
	pc_buf_addf(b,
	    "{\"stage\":\"%s\",\"lookups\":%llu,\"hits\":%llu,"
	    "\"misses\":%llu,\"hit_rate\":%.4f",
	    f->stage, (unsigned long long)(hits(f) + misses(f)),
	    (unsigned long long)hits(f), (unsigned long long)misses(f),
	    rate(f) / 100);
	for (int k = 1; k < PC_EVENT_KINDS; k++)
		pc_buf_addf(b, ",\"%s\":%llu", pc_event_name(k),
		    (unsigned long long)f->count[k]);
	pc_buf_addf(b,
	    ",\"hit_mean_ms\":%.3f,\"compute_mean_ms\":%.3f,"
	    "\"saved_s\":%.3f,\"put_bytes\":%llu,\"peak_kib\":%lu}",
	    mean_ms(f, PC_EVENT_HIT), mean_ms(f, PC_EVENT_COMPUTE),
	    (double)f->saved / 1e6, (unsigned long long)f->put_bytes,
	    (unsigned long)f->peak_kib);
}

static void
print_buf(struct pc_buf *b)
{
	if (pc_buf_addf(b, "\n") < 0)
		cli_die(&cli, "%s", strerror(errno));
	fwrite(b->data, 1, b->len, stdout);
	pc_buf_clear(b);
}

static void
print_figures(void)
{
	struct figures sum = {.stage = "all"};
	struct pc_buf b = {0};

	for (size_t i = 0; i < table.count; i++) {
		const struct figures *f = &table.all[i];

		for (int k = 0; k < PC_EVENT_KINDS; k++) {
			sum.count[k] += f->count[k];
			sum.duration[k] += f->duration[k];
		}
		sum.saved += f->saved;
		sum.put_bytes += f->put_bytes;
		if (f->peak_kib > sum.peak_kib)
			sum.peak_kib = f->peak_kib;
	}
	if (!json) {
		print_table(&sum);
		return;
	}
	pc_buf_addf(&b, "{\"stages\":[");
	for (size_t i = 0; i < table.count; i++) {
		if (i)
			pc_buf_addf(&b, ",");
		add_json(&b, &table.all[i]);
	}
	pc_buf_addf(&b, "],\"all\":");
	add_json(&b, &sum);
	pc_buf_addf(&b, "}");
	print_buf(&b);
}

/* ---- what the completions ask for ---- */

static void
print_stages(void)
{
	for (size_t i = 0; i < table.count; i++)
		if (table.all[i].stage[0])
			printf("%s\n", table.all[i].stage);
}

struct params {
	const char *stage;
	struct pc_buf seen; /* each ends with NUL */
};

static int
is_seen(const struct pc_buf *seen, const unsigned char *p, size_t n)
{
	const unsigned char *at = seen->data, *end = at + seen->len;

	for (; at < end; at += strlen((const char *)at) + 1)
		if (strlen((const char *)at) == n && memcmp(at, p, n) == 0)
			return 1;
	return 0;
}

static int
note_params(void *ctx, const struct pc_record *r)
{
	enum { SEEN_MAX = 256 * 1024 };
	struct params *params = ctx;
	char stage[PC_STAGE_MAX + 1];
	const unsigned char *p;
	enum pc_field kind;
	size_t at = 0, n;

	if (pc_record_stage(r, stage) != 0 ||
	    strcmp(stage, params->stage) != 0)
		return 0;
	while (pc_material_next(
	           r->material, r->material_len, &at, &kind, &p, &n) == 0) {
		/* One a line: a value with a line end is no help here. */
		if (kind != PC_FIELD_PARAM || memchr(p, '\n', n) ||
		    memchr(p, '\0', n) || is_seen(&params->seen, p, n))
			continue;
		if (pc_buf_add(&params->seen, p, n) < 0 ||
		    pc_buf_add(&params->seen, "", 1) < 0)
			return -1;
		printf("%.*s\n", (int)n, (const char *)p);
		if (params->seen.len > SEEN_MAX)
			return 1;
	}
	return 0;
}

static void
print_params(const char *stage)
{
	struct params params = {.stage = stage};

	if (cli.store &&
	    pc_store_each(cli.store, SAMPLE, note_params, &params) < 0)
		cli_die(&cli, "cannot read the store: %s", strerror(errno));
	pc_buf_clear(&params.seen);
}

/* ---- configuration ---- */

static void
print_setting(void *ctx, const char *name, const char *value,
    const char *origin, const char *what)
{
	(void)ctx;
	(void)what;
	printf("%-36s %-20s %s\n", name, value, origin);
}

static void
add_setting(void *ctx, const char *name, const char *value,
    const char *origin, const char *what)
{
	struct pc_buf *b = ctx;

	pc_buf_addf(b, "%s\"%s\":{\"value\":", b->len > 1 ? "," : "", name);
	pc_json_string(b, value, strlen(value));
	pc_buf_addf(b, ",\"origin\":");
	pc_json_string(b, origin, strlen(origin));
	pc_buf_addf(b, ",\"meaning\":");
	pc_json_string(b, what, strlen(what));
	pc_buf_addf(b, "}");
}

static void
print_config(void)
{
	struct pc_buf b = {0};

	if (!json) {
		pc_config_each(cli.config, print_setting, NULL);
		return;
	}
	pc_buf_addf(&b, "{");
	pc_config_each(cli.config, add_setting, &b);
	pc_buf_addf(&b, "}");
	print_buf(&b);
}

int
main(int argc, char **argv)
{
	enum { FIGURES, CONFIG, STAGES, PARAMS } form = FIGURES;
	const char *stage = NULL;
	int64_t since = PC_NEVER;
	int c;

	cli_init(&cli, PC_PROGRAM_STATS, usage);
	while ((c = getopt_long(argc, argv, "qhV", options, NULL)) != -1)
		switch (c) {
		case OPT_SINCE:
			since = cli_duration(&cli, "duration", optarg);
			break;
		case OPT_CONFIG:
			form = CONFIG;
			break;
		case OPT_STAGES:
			form = STAGES;
			break;
		case OPT_PARAMS:
			form = PARAMS;
			stage = optarg;
			break;
		case OPT_JSON:
			json = 1;
			break;
		default:
			cli_option(&cli, c, optarg);
		}
	if (argv[optind])
		cli_usage(&cli, "unexpected argument '%s'", argv[optind]);
	if (form == CONFIG) {
		cli_load_config(&cli);
		print_config();
		cli_exit(&cli, PC_EXIT_OK);
	}
	/* PC_CACHE=off stops the cache, not the account of it. */
	cli_load_config(&cli);
	cli.read_only = 1;
	cli_open_store(&cli);
	if (form == PARAMS) {
		print_params(stage);
		cli_exit(&cli, PC_EXIT_OK);
	}
	if (since != PC_NEVER)
		table.from = pc_now() - since;
	read_events();
	if (form == STAGES)
		print_stages();
	else
		print_figures();
	free(table.all);
	cli_exit(&cli, PC_EXIT_OK);
}
