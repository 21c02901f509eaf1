/* spawn.c - what commands cost from posix_spawn to exit, in interleaved pairs.
 *
 * bench-spawn [-n PAIRS] [-k RUNS] ::: LABEL [NAME=VALUE...] CMD [ARG...]
 *             [::: LABEL ...]...
 *
 * Each of PAIRS rounds (21) runs every command RUNS times (10), in turns.
 * Unless PAIRS is 1, it runs the first command twice, to compare it with
 * itself.  The figure of a command in a round is the median of its RUNS; its
 * ratio is that figure over the first command's figure of the same round.  So a
 * short load on the machine slows down both sides of a pair.
 *
 * Prints a line for each command, separated by tabs: label, p10, p50 and p90
 * of all runs in ms, the median of the rounds' ratios, its peak memory in KiB,
 * and how many runs failed.  The first command's ratio is that of itself to
 * itself; its distance from 1 shows the error of the other ratios.
 *
 * The peak is never below this process's own, which is why it stays small. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { COMMANDS_MAX = 32, RUNS_MAX = 10000, WARM_UP = 3, ENV_MAX = 512 };

extern char **environ;

struct command {
	const char *label;
	char **argv;
	char **env;
	uint32_t *us; /* of all runs, one round after the other; tenths of a
		       * microsecond would be noise */
	long peak;    /* KiB */
	int failed;
};

struct plan {
	struct command all[COMMANDS_MAX + 1]; /* and the first one again */
	int count;                            /* without the second copy */
	int pairs, runs;
};

static uint64_t
clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

/* Returns -1 if it did not start. */
static int
run_once(struct command *c, const posix_spawn_file_actions_t *to_null,
    uint32_t *us)
{
	const uint64_t start = clock_ns();
	struct rusage usage;
	pid_t pid;
	int status;

	errno = posix_spawnp(&pid, c->argv[0], to_null, NULL, c->argv, c->env);
	if (errno != 0)
		return -1;
	while (wait4(pid, &status, 0, &usage) < 0)
		if (errno != EINTR)
			return -1;
	*us = (uint32_t)((clock_ns() - start) / 1000);
	if (usage.ru_maxrss > c->peak)
		c->peak = usage.ru_maxrss;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		c->failed++;
	return 0;
}

/* Run every command once, in reverse order in every second turn, so that no
 * command always profits from its neighbour.  The time of each command goes to
 * its own array, at index. */
static int
run_turn(struct plan *p, const posix_spawn_file_actions_t *to_null, int index)
{
	/* A single pair may be work that can be done only once. */
	const int last = p->pairs > 1 ? p->count : p->count - 1;

	for (int i = 0; i <= last; i++) {
		struct command *c = &p->all[index % 2 ? last - i : i];

		if (run_once(c, to_null, &c->us[index < 0 ? 0 : index]) == 0)
			continue;
		fprintf(stderr, "bench-spawn: cannot run '%s': %s\n",
		    c->argv[0], strerror(errno));
		return -1;
	}
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int
by_ratio(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median of the rounds' ratios of c to base.  Sorts each round's times. */
static double
ratio(const struct plan *p, struct command *c, struct command *base)
{
	double r[RUNS_MAX];

	for (int i = 0; i < p->pairs; i++) {
		uint32_t *mine = c->us + i * p->runs;
		uint32_t *theirs = base->us + i * p->runs;

		qsort(mine, (size_t)p->runs, sizeof *mine, by_number);
		qsort(theirs, (size_t)p->runs, sizeof *theirs, by_number);
		r[i] = (double)mine[p->runs / 2] / theirs[p->runs / 2];
	}
	qsort(r, (size_t)p->pairs, sizeof *r, by_ratio);
	return r[p->pairs / 2];
}

static void
report(struct plan *p)
{
	const int n = p->pairs * p->runs;
	double ratios[COMMANDS_MAX];

	for (int i = 0; i < p->count; i++)
		ratios[i] = ratio(p, &p->all[i || p->pairs == 1 ? i : p->count],
		    &p->all[0]);
	for (int i = 0; i < p->count; i++) {
		struct command *c = &p->all[i];

		qsort(c->us, (size_t)n, sizeof *c->us, by_number);
		printf("%s\t%.3f\t%.3f\t%.3f\t%.3f\t%ld\t%d\n", c->label,
		    c->us[n / 10] / 1e3, c->us[n / 2] / 1e3,
		    c->us[n * 9 / 10] / 1e3, ratios[i], c->peak, c->failed);
	}
}

/* The variables NAME=VALUE before the command, then our environment. */
static char **
environment(char ***argv)
{
	char **env = calloc(ENV_MAX, sizeof *env), **e = environ;
	int n = 0;

	if (!env)
		return NULL;
	for (; **argv && strchr(**argv, '=') && n < ENV_MAX - 1; ++*argv)
		env[n++] = **argv;
	for (; *e && n < ENV_MAX - 1; e++) {
		const size_t name = strcspn(*e, "=") + 1;
		int i = 0;

		while (i < n && strncmp(env[i], *e, name) != 0)
			i++;
		if (i == n)
			env[n++] = *e;
	}
	return env;
}

static int
parse_commands(int argc, char **argv, int i, struct plan *p)
{
	for (; i < argc; i++) {
		if (strcmp(argv[i], ":::") != 0)
			continue;
		argv[i] = NULL; /* ends the command before */
		if (i + 2 >= argc || p->count == COMMANDS_MAX)
			return -1;
		p->all[p->count].label = argv[i + 1];
		p->all[p->count++].argv = argv + i + 2;
		i += 2;
	}
	if (p->count == 0)
		return -1;
	p->all[p->count] = p->all[0];
	for (i = 0; i <= p->count; i++) {
		struct command *c = &p->all[i];

		c->env = environment(&c->argv);
		c->us = calloc((size_t)p->pairs * (size_t)p->runs,
		    sizeof *c->us);
		if (!c->env || !c->us || !c->argv[0])
			return -1;
	}
	return 0;
}

static int
parse(int argc, char **argv, struct plan *p)
{
	int i = 1;

	for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
		if (strcmp(argv[i], "-n") == 0)
			p->pairs = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "-k") == 0)
			p->runs = atoi(argv[i + 1]);
		else
			return -1;
	}
	if (p->pairs < 1 || p->runs < 1 || p->pairs > RUNS_MAX / p->runs)
		return -1;
	return parse_commands(argc, argv, i, p);
}

int
main(int argc, char **argv)
{
	static struct plan p = {.pairs = 21, .runs = 10};
	posix_spawn_file_actions_t to_null;

	if (parse(argc, argv, &p) < 0) {
		fprintf(stderr,
		    "usage: bench-spawn [-n PAIRS] [-k RUNS] ::: LABEL"
		    " [NAME=VALUE...] CMD [ARG...] [::: LABEL ...]...\n");
		return 2;
	}
	posix_spawn_file_actions_init(&to_null);
	posix_spawn_file_actions_addopen(&to_null, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&to_null, 1, "/dev/null", O_WRONLY, 0);
	for (int t = p.runs > 1 ? -WARM_UP : 0; t < p.pairs * p.runs; t++)
		if (run_turn(&p, &to_null, t) < 0)
			return 2;
	report(&p);
	posix_spawn_file_actions_destroy(&to_null);
	return 0;
}
