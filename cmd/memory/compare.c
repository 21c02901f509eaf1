/* compare.c - pc-memstat compare: two commands in turn, their memory, their
 * time, and whether they say the same. */
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
	int status;             /* of the last run that was not 0 */
	enum pc_measured how;   /* the last run */
};

/* What was said, by all of them so far. */
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
		cli_die(c, "cannot read what it said: %s", strerror(errno));
	while ((n = pc_read_full(fd, buf, sizeof buf)) > 0)
		pc_sha256_add(&h, buf, (size_t)n);
	if (n < 0)
		cli_die(c, "cannot read what it said: %s", strerror(errno));
	pc_sha256_end(&h, &id);
	said->differs |= said->known &&
	    (memcmp(id.b, said->id.b, sizeof id.b) != 0 ||
		status != said->status);
	said->id = id;
	said->status = status;
	said->known = 1;
}

/* A file without a name. */
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
		cli_die(c, "cannot keep output in '%s': %s", path,
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

/* One run that something else disturbed does not count. */
static double
median(double *v, unsigned n)
{
	qsort(v, n, sizeof *v, by_size);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

int
compare_commands(struct cli *c, char *const *a, char *const *b, unsigned times,
    int json)
{
	static struct side old, new;
	struct said said = {.known = 0};
	double old_mb, new_mb, old_s, new_s, improvement, factor;

	old = (struct side){.argv = a};
	new = (struct side){.argv = b};
	for (unsigned i = 0; i < times; i++) {
		run_once(c, &old, i, &said);
		run_once(c, &new, i, &said);
	}
	old_mb = median(old.peak, times);
	new_mb = median(new.peak, times);
	old_s = median(old.took, times);
	new_s = median(new.took, times);
	improvement = old_mb > 0 ? 100 * (old_mb - new_mb) / old_mb : 0;
	factor = new_s > 0 ? old_s / new_s : 0;
	printf(json ? "{\"old_memory_mb\":%.3f,\"new_memory_mb\":%.3f,"
		      "\"memory_improvement_pct\":%.2f,"
		      "\"old_duration_s\":%.6f,\"new_duration_s\":%.6f,"
		      "\"speed_improvement_factor\":%.3f,"
		      "\"outputs_equal\":%s,\"old_status\":%d,"
		      "\"new_status\":%d,\"old_measured\":\"%s\","
		      "\"new_measured\":\"%s\",\"runs\":%u}\n"
		    : "old_memory_mb %.3f\nnew_memory_mb %.3f\n"
		      "memory_improvement_pct %.2f\n"
		      "old_duration_s %.6f\nnew_duration_s %.6f\n"
		      "speed_improvement_factor %.3f\n"
		      "outputs_equal %s\nold_status %d\nnew_status %d\n"
		      "old_measured %s\nnew_measured %s\nruns %u\n",
	    old_mb, new_mb, improvement, old_s, new_s, factor,
	    said.differs ? "false" : "true", old.status, new.status,
	    pc_measured_name(old.how), pc_measured_name(new.how), times);
	return said.differs ? PC_EXIT_NO : PC_EXIT_OK;
}
