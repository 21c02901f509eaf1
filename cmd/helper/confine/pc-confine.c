/* pc-confine.c - the helper that confines itself, then becomes one of Debian's
 * programs, which parses a document. */
#include "confine.h"
#include "helper/engine.h"

#include "pc.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

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
    "      --lend N           keep this descriptor open, and let it be opened as\n"
    "                         /proc/self/fd/N\n"
    "      --convert DIR      run a converter: it may start programs, has DIR as\n"
    "                         /tmp, no network, and must have a whole sandbox\n"
    "      --unconfined       with --convert: no sandbox, only limits\n"
    "      --time SECONDS     with --convert: limit the time\n"
    "      --require-sandbox  fail if a part of the sandbox is not available\n"
    "      --check            print which parts are available, and end\n"
    "  -h, --help             print this help\n"
    "  -V, --version          print the version\n";

enum {
	OPT_CPU = 256,
	OPT_MEMORY,
	OPT_FILE,
	OPT_LEND,
	OPT_CONVERT,
	OPT_UNCONFINED,
	OPT_TIME,
	OPT_REQUIRE,
	OPT_CHECK,
	LENT_MAX = 8,
	FILES_MAX = 64,
	LANDLOCK_VERSION = 1,
};

static const struct option long_options[] = {
    {"cpu", required_argument, NULL, OPT_CPU},
    {"memory", required_argument, NULL, OPT_MEMORY},
    {"file-size", required_argument, NULL, OPT_FILE},
    {"lend", required_argument, NULL, OPT_LEND},
    {"convert", required_argument, NULL, OPT_CONVERT},
    {"unconfined", no_argument, NULL, OPT_UNCONFINED},
    {"time", required_argument, NULL, OPT_TIME},
    {"require-sandbox", no_argument, NULL, OPT_REQUIRE},
    {"check", no_argument, NULL, OPT_CHECK},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

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
			engine_usage(confine_name, "--lend: it is not open");
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
	return engine_end(confine_name,
	    walls == SANDBOX_ALL ? PC_EXIT_OK : PC_EXIT_NO);
}

static uint64_t
number(const char *arg)
{
	int64_t v;

	if (pc_parse_int(arg, 0, INT64_MAX, &v) < 0)
		engine_usage(confine_name, "a number is out of range");
	return (uint64_t)v;
}

static _Noreturn void
run(struct sandbox *s, const struct converter_options *converter, int require,
    char **argv)
{
	char *path = pc_program_path(argv[0]);
	unsigned walls;

	if (!path) {
		fprintf(stderr, "%s: cannot find '%s'\n", confine_name,
		    argv[0]);
		exit(NOT_FOUND);
	}
	if (converter->directory)
		converter_run(s, converter, path, argv);
	needs_of_tool(s, path);
	sandbox_prepare(s);
	/* Check it before limits are set, which could cut the message. */
	walls = require ? sandbox_try(s) : SANDBOX_ALL;
	if (walls != SANDBOX_ALL) {
		fprintf(stderr,
		    "%s: --require-sandbox: not available here: "
		    "%s\n",
		    confine_name, walls_missing(walls));
		exit(NO_SANDBOX);
	}
	walls = sandbox_enter(s);
	if (require && walls != SANDBOX_ALL)
		exit(NO_SANDBOX);
	execv(path, argv);
	confine_not_run(path);
}

int
main(int argc, char **argv)
{
	int lent[LENT_MAX + 1], require = 0, c;
	size_t n = 0;
	struct converter_options converter = {0};
	struct sandbox s = {.role = SANDBOX_TOOL, .files_max = FILES_MAX};

	while ((c = getopt_long(argc, argv, "+hV", long_options, NULL)) != -1)
		switch (c) {
		case OPT_CPU:
			s.cpu_max = engine_number(confine_name, optarg, 1,
			    86400);
			break;
		case OPT_MEMORY:
			s.memory_max = number(optarg);
			break;
		case OPT_FILE:
			s.file_max = number(optarg);
			break;
		case OPT_LEND:
			if (n == LENT_MAX)
				engine_usage(confine_name,
				    "too many descriptors");
			lent[n++] = (int)engine_number(confine_name, optarg, 3,
			    1 << 20);
			break;
		case OPT_CONVERT:
			converter.directory = optarg;
			break;
		case OPT_UNCONFINED:
			converter.unconfined = 1;
			break;
		case OPT_TIME:
			converter.seconds = engine_number(confine_name, optarg,
			    1, 86400);
			break;
		case OPT_REQUIRE:
			require = 1;
			break;
		case OPT_CHECK:
			return check();
		default:
			engine_option(confine_name, usage, c);
		}
	if (!argv[optind])
		engine_usage(confine_name, "no program given");
	if (!converter.directory && (converter.unconfined || converter.seconds))
		engine_usage(confine_name,
		    "--unconfined and --time require --convert");
	if (converter.directory && n)
		engine_usage(confine_name,
		    "--convert cannot be combined with --lend");
	keep_lent(lent, n);
	lent[n] = -1;
	s.lent = lent;
	run(&s, &converter, require, argv + optind);
}
