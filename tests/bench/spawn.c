/* spawn.c - what commands cost from posix_spawn to exit, taken in turns.
 *
 * bench-spawn [-n ROUNDS] ::: LABEL CMD [ARG...] [::: LABEL CMD [ARG...]]...
 * prints a line a command: label, p10, p50 and p90 in ms, the ratio of its
 * p50 to that of the first, its peak memory in KiB, and how many runs failed.
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

enum { COMMANDS_MAX = 32, ROUNDS_MAX = 10000, WARM_UP = 3 };

extern char **environ;

struct command {
	const char *label;
	char **argv;
	uint32_t *us; /* tenths of a microsecond would be noise */
	long peak;
	int failed;
};

static uint64_t
clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

/* -1: it did not start. */
static int
run_once(struct command *c, const posix_spawn_file_actions_t *to_null,
    uint32_t *us)
{
	const uint64_t start = clock_ns();
	struct rusage usage;
	pid_t pid;
	int status;

	errno = posix_spawnp(&pid, c->argv[0], to_null, NULL, c->argv, environ);
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

static int
by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int
parse(int argc, char **argv, struct command *all, int *rounds)
{
	int count = 0, i = 1;

	if (i + 1 < argc && strcmp(argv[i], "-n") == 0) {
		*rounds = atoi(argv[i + 1]);
		i += 2;
	}
	if (*rounds < 1 || *rounds > ROUNDS_MAX)
		return -1;
	for (; i < argc; i++) {
		if (strcmp(argv[i], ":::") != 0)
			continue;
		argv[i] = NULL; /* ends the command before */
		if (i + 2 >= argc || count == COMMANDS_MAX)
			return -1;
		all[count].label = argv[i + 1];
		all[count++].argv = argv + i + 2;
		i += 2;
	}
	return count > 0 ? count : -1;
}

int
main(int argc, char **argv)
{
	static struct command all[COMMANDS_MAX];
	posix_spawn_file_actions_t to_null;
	int rounds = 200, count = parse(argc, argv, all, &rounds);
	double first = 0;

	if (count < 0) {
		fprintf(stderr,
		    "usage: bench-spawn [-n ROUNDS] ::: LABEL CMD [ARG...]"
		    " [::: LABEL CMD [ARG...]]...\n");
		return 2;
	}
	posix_spawn_file_actions_init(&to_null);
	posix_spawn_file_actions_addopen(&to_null, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&to_null, 1, "/dev/null", O_WRONLY, 0);
	for (int c = 0; c < count; c++) {
		all[c].us = calloc((size_t)rounds, sizeof(*all[c].us));
		if (all[c].us == NULL)
			return 2;
	}
	/* What is run once may do something that can be done only once. */
	for (int r = rounds > 1 ? -WARM_UP : 0; r < rounds; r++) {
		for (int c = 0; c < count; c++) {
			if (run_once(&all[c], &to_null,
			        &all[c].us[r < 0 ? 0 : r]) == 0)
				continue;
			fprintf(stderr, "bench-spawn: cannot run '%s': %s\n",
			    all[c].argv[0], strerror(errno));
			return 2;
		}
	}
	for (int c = 0; c < count; c++) {
		uint32_t *us = all[c].us;

		qsort(us, (size_t)rounds, sizeof(*us), by_number);
		if (c == 0)
			first = us[rounds / 2];
		printf("%s\t%.3f\t%.3f\t%.3f\t%.3f\t%ld\t%d\n", all[c].label,
		    us[rounds / 10] / 1e3, us[rounds / 2] / 1e3,
		    us[rounds * 9 / 10] / 1e3, us[rounds / 2] / first,
		    all[c].peak, all[c].failed);
		free(us);
	}
	posix_spawn_file_actions_destroy(&to_null);
	return 0;
}
