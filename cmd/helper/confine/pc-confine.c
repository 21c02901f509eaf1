/* pc-confine.c - the helper that confines itself, then becomes one of Debian's
 * programs, which parses a document. */
#include "helper/engine.h"
#include "helper/places.h"
#include "helper/sandbox/sandbox.h"

#include "pc.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char program[] = "pc-confine";
static const char usage[] =
    "usage: pc-confine [option]... PROGRAM [ARG]...\n"
    "       pc-confine --check\n"
    "Run a program in a sandbox: it reads fonts, libraries and lent files,\n"
    "starts no process or thread, and has no network.  A helper of\n"
    "pc-ocr(1).\n"
    "\n"
    "      --cpu SECONDS      limit the time on processors\n"
    "      --memory BYTES     limit the address space\n"
    "      --file-size BYTES  limit each file that it writes\n"
    "      --write DIR        let it make files in this directory\n"
    "      --lend N           keep this descriptor open, and let it be opened as\n"
    "                         /proc/self/fd/N\n"
    "      --require-sandbox  fail if a part of the sandbox is not available\n"
    "      --check            print which parts are available, and end\n"
    "  -h, --help             print this help\n"
    "  -V, --version          print the version\n";

enum {
	OPT_CPU = 256,
	OPT_MEMORY,
	OPT_FILE,
	OPT_WRITE,
	OPT_LEND,
	OPT_REQUIRE,
	OPT_CHECK,
	LENT_MAX = 8,
	RUNNABLE_MAX = 8,
	READABLE_MAX = PLACES_MAX + 3 * RUNNABLE_MAX,
	FILES_MAX = 64,
	LANDLOCK_VERSION = 1,
	NO_SANDBOX = 125,
	CANNOT_RUN = 126,
	NOT_FOUND = 127, /* as env(1) */
};

static const struct option long_options[] = {
    {"cpu", required_argument, NULL, OPT_CPU},
    {"memory", required_argument, NULL, OPT_MEMORY},
    {"file-size", required_argument, NULL, OPT_FILE},
    {"write", required_argument, NULL, OPT_WRITE},
    {"lend", required_argument, NULL, OPT_LEND},
    {"require-sandbox", no_argument, NULL, OPT_REQUIRE},
    {"check", no_argument, NULL, OPT_CHECK},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static const char *readable[READABLE_MAX + 1];
static const char *runnable[RUNNABLE_MAX + 1];
static size_t readables, runnables;

/* ---- what a program needs ---- */

/* For X/bin/name: add X/lib, and the file that makes X a Python virtual
 * environment. */
static void
add_prefix(const char *path)
{
	static const char *const parts[] = {"lib", "lib64", "pyvenv.cfg"};
	const char *slash = strrchr(path, '/');
	const int n = (int)(slash - path) - 4;
	struct pc_buf b = {0};

	if (n <= 0 || strncmp(slash - 4, "/bin", 4) != 0 ||
	    (n == 4 && strncmp(path, "/usr", 4) == 0))
		return;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		b = (struct pc_buf){0};
		if (readables < READABLE_MAX &&
		    pc_buf_addf(&b, "%.*s/%s", n, path, parts[i]) == 0)
			readable[readables++] = (char *)b.data;
	}
}

/* Add a path, which must stay valid. */
static void
add_runnable(const char *path)
{
	if (runnables == RUNNABLE_MAX)
		return;
	runnable[runnables++] = path;
	add_prefix(path);
}

/* Add the interpreters that a script's first line names, including the one
 * that env(1) finds. */
static void
add_interpreters(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char line[256], *word, *at = NULL, *found;
	ssize_t n = fd < 0 ? -1 : pc_read_full(fd, line, sizeof line - 1);

	if (fd >= 0)
		close(fd);
	if (n < 3 || memcmp(line, "#!", 2) != 0)
		return;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	for (word = strtok_r(line + 2, " \t", &at); word;
	     word = strtok_r(NULL, " \t", &at)) {
		const char *slash = strrchr(word, '/');

		found = *word == '-' ? NULL : pc_program_path(word);
		if (found)
			add_runnable(found);
		if (!slash || strcmp(slash, "/env") != 0)
			break;
	}
}

/* Add the loader of shared programs, which also loaded this one. */
static int
add_loader(struct dl_phdr_info *info, size_t size, void *ctx)
{
	(void)size;
	(void)ctx;
	for (unsigned i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_INTERP)
			add_runnable((const char *)(info->dlpi_addr +
			    info->dlpi_phdr[i].p_vaddr));
	return 1; /* the first object is this program */
}

static void
add_all(const char *path)
{
	readables = places_of_system(readable);
	add_runnable(path);
	add_interpreters(path);
	dl_iterate_phdr(add_loader, NULL);
}

/* ---- descriptors ---- */

static int
compare_numbers(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Close all descriptors except the standard ones and those for the program,
 * which stay open when it starts. */
static void
keep_lent(int *lent, size_t n)
{
	int next = 3;

	qsort(lent, n, sizeof *lent, compare_numbers);
	for (size_t i = 0; i < n; i++) {
		if (fcntl(lent[i], F_SETFD, 0) < 0)
			engine_usage(program, "--lend: it is not open");
		if (lent[i] > next)
			syscall(SYS_close_range, next, lent[i] - 1, 0);
		next = lent[i] + 1;
	}
	engine_close_from(next);
}

/* ---- what is available ---- */

static int
check(void)
{
	const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_VERSION);
	struct sandbox s = {.role = SANDBOX_PARSER,
	    .cpu_max = 3600,
	    .files_max = FILES_MAX};
	unsigned walls;

	sandbox_prepare(&s);
	walls = sandbox_try(&s);
	printf("walls\t%u\n", walls);
	printf("seccomp\t%s\n", walls & SANDBOX_SECCOMP ? "yes" : "no");
	printf("landlock\t%ld\n", walls & SANDBOX_LANDLOCK ? abi : 0);
	printf("limits\t%s\n", walls & SANDBOX_LIMITS ? "yes" : "no");
	printf("namespaces\t%s\n", walls & SANDBOX_ROOT ? "yes" : "no");
	/* Both refuse network access to a parser: no sockets, or no TCP. */
	printf("network\t%s\n",
	    walls & SANDBOX_SECCOMP ? "no sockets"
		: abi >= 4          ? "no TCP"
				    : "open");
	return engine_end(program,
	    walls == SANDBOX_ALL ? PC_EXIT_OK : PC_EXIT_NO);
}

static uint64_t
number(const char *arg)
{
	int64_t v;

	if (pc_parse_int(arg, 0, INT64_MAX, &v) < 0)
		engine_usage(program, "a number is out of range");
	return (uint64_t)v;
}

static _Noreturn void
run(struct sandbox *s, int require, char **argv)
{
	char *path = pc_program_path(argv[0]);
	unsigned walls;

	if (!path) {
		fprintf(stderr, "%s: cannot find '%s'\n", program, argv[0]);
		exit(NOT_FOUND);
	}
	add_all(path);
	sandbox_prepare(s);
	/* Check it before limits are set, which could cut the message. */
	walls = require ? sandbox_try(s) : SANDBOX_ALL;
	if (walls != SANDBOX_ALL) {
		fprintf(stderr,
		    "%s: --require-sandbox: not available here: "
		    "%s\n",
		    program, walls_missing(walls));
		exit(NO_SANDBOX);
	}
	walls = sandbox_enter(s);
	if (require && walls != SANDBOX_ALL)
		exit(NO_SANDBOX);
	execv(path, argv);
	signal(SIGXFSZ, SIG_IGN); /* so that a file size limit does not kill
				   * it at the message */
	fprintf(stderr, "%s: cannot run '%s': %s\n", program, path,
	    strerror(errno));
	exit(CANNOT_RUN);
}

int
main(int argc, char **argv)
{
	int lent[LENT_MAX + 1], require = 0, c;
	size_t n = 0;
	struct sandbox s = {.role = SANDBOX_TOOL,
	    .readable = readable,
	    .runnable = runnable,
	    .files_max = FILES_MAX};

	while ((c = getopt_long(argc, argv, "+hV", long_options, NULL)) != -1)
		switch (c) {
		case OPT_CPU:
			s.cpu_max = engine_number(program, optarg, 1, 86400);
			break;
		case OPT_MEMORY:
			s.memory_max = number(optarg);
			break;
		case OPT_FILE:
			s.file_max = number(optarg);
			break;
		case OPT_WRITE:
			s.role = SANDBOX_WRITER;
			s.writable = optarg;
			break;
		case OPT_LEND:
			if (n == LENT_MAX)
				engine_usage(program, "too many descriptors");
			lent[n++] = (int)engine_number(program, optarg, 3,
			    1 << 20);
			break;
		case OPT_REQUIRE:
			require = 1;
			break;
		case OPT_CHECK:
			return check();
		default:
			engine_option(program, usage, c);
		}
	if (!argv[optind])
		engine_usage(program, "no program given");
	keep_lent(lent, n);
	lent[n] = -1;
	s.lent = lent;
	run(&s, require, argv + optind);
}
