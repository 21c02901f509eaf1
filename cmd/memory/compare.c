/* compare.c - pc-memstat compare: run two commands in turn, and compare their
 * memory, time and output. */
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TIMES_MAX = 1000 };

struct side {
	char *const *argv;
	double peak[TIMES_MAX]; /* MiB */
	double took[TIMES_MAX]; /* s */
	int status;             /* of the last run that failed, else 0 */
	enum pc_measured how;   /* how the last run was measured */
};

/* A hash of the outputs of all runs so far. */
struct said {
	struct pc_id id;
	int status;
	int known, differs;
};

static void
take_output(struct cli *c, int fd, int status, struct said *said)
{
	struct pc_sha256 h;
	struct pc_id id;
	char buf[64 * 1024];
	ssize_t n;

	pc_sha256_init(&h);
	if (lseek(fd, 0, SEEK_SET) < 0)
		cli_die(c, "cannot read the command's output: %s",
		    strerror(errno));
	while ((n = pc_read_full(fd, buf, sizeof buf)) > 0)
		pc_sha256_add(&h, buf, (size_t)n);
	if (n < 0)
		cli_die(c, "cannot read the command's output: %s",
		    strerror(errno));
	pc_sha256_end(&h, &id);
	said->differs |= said->known &&
	    (memcmp(id.b, said->id.b, sizeof id.b) != 0 ||
		status != said->status);
	said->id = id;
	said->status = status;
	said->known = 1;
}

/* Create a file without a name. */
static int
scratch(struct cli *c)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof path, "%s/pc-memstat.XXXXXX",
	    dir && *dir ? dir : "/tmp");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		cli_die(c, "cannot store output in '%s': %s", path,
		    strerror(errno));
	unlink(path);
	return fd;
}

static void
run_once(struct cli *c, struct side *s, unsigned i, struct said *said)
{
	static struct measure m;
	const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const int out = scratch(c);

	m = (struct measure){.argv = s->argv, .in = in, .out = out};
	measure_run(&m);
	if (m.error)
		cli_die(c, "cannot run '%s': %s", s->argv[0],
		    strerror(m.error));
	take_output(c, out, m.status, said);
	close(in);
	close(out);
	s->peak[i] = (double)m.peak_kib / 1024;
	s->took[i] = (double)m.wall / 1e6;
	s->how = m.how;
	if (m.status)
		s->status = m.status;
}

static int
by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* A median is not affected by one run that was disturbed. */
static double
median(double *v, unsigned n)
{
	qsort(v, n, sizeof *v, by_size);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* The figures of a comparison. */
struct run_comparison {
	double old_mb, new_mb, improvement; /* MiB; % that new needs less */
	double old_s, new_s, factor; /* s; new is that many times faster */
	int equal; /* the outputs and exit statuses are equal */
	unsigned runs;
};

static void
print_json(struct cli *c, const struct run_comparison *v,
    const struct side *old, const struct side *new)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_fixed(&b, "old_memory_mb", v->old_mb, 3);
	pc_json_add_fixed(&b, "new_memory_mb", v->new_mb, 3);
	pc_json_add_fixed(&b, "memory_improvement_pct", v->improvement, 2);
	pc_json_add_fixed(&b, "old_duration_s", v->old_s, 6);
	pc_json_add_fixed(&b, "new_duration_s", v->new_s, 6);
	pc_json_add_fixed(&b, "speed_improvement_factor", v->factor, 3);
	pc_json_add_bool(&b, "outputs_equal", v->equal);
	pc_json_add_int(&b, "old_status", old->status);
	pc_json_add_int(&b, "new_status", new->status);
	pc_json_add_text(&b, "old_measured", pc_measured_name(old->how));
	pc_json_add_text(&b, "new_measured", pc_measured_name(new->how));
	pc_json_add_uint(&b, "runs", v->runs);
	pc_json_end_object(&b);
	pc_buf_add(&b, "\n", 1);
	memstat_print(c, &b);
}

static void
print_text(const struct run_comparison *v, const struct side *old,
    const struct side *new)
{
	printf("old_memory_mb %.3f\nnew_memory_mb %.3f\n", v->old_mb,
	    v->new_mb);
	printf("memory_improvement_pct %.2f\n", v->improvement);
	printf("old_duration_s %.6f\nnew_duration_s %.6f\n", v->old_s,
	    v->new_s);
	printf("speed_improvement_factor %.3f\n", v->factor);
	printf("outputs_equal %s\n", v->equal ? "true" : "false");
	printf("old_status %d\nnew_status %d\n", old->status, new->status);
	printf("old_measured %s\nnew_measured %s\n", pc_measured_name(old->how),
	    pc_measured_name(new->how));
	printf("runs %u\n", v->runs);
}

int
compare_commands(struct cli *c, char *const *a, char *const *b, unsigned times,
    int json)
{
	static struct side old, new;
	struct said said = {.known = 0};
	struct run_comparison v = {.runs = times};

	old = (struct side){.argv = a};
	new = (struct side){.argv = b};
	for (unsigned i = 0; i < times; i++) {
		run_once(c, &old, i, &said);
		run_once(c, &new, i, &said);
	}
	v.old_mb = median(old.peak, times);
	v.new_mb = median(new.peak, times);
	v.old_s = median(old.took, times);
	v.new_s = median(new.took, times);
	if (v.old_mb > 0)
		v.improvement = 100 * (v.old_mb - v.new_mb) / v.old_mb;
	if (v.new_s > 0)
		v.factor = v.old_s / v.new_s;
	v.equal = !said.differs;
	if (json)
		print_json(c, &v, &old, &new);
	else
		print_text(&v, &old, &new);
	return v.equal ? PC_EXIT_OK : PC_EXIT_NO;
}
