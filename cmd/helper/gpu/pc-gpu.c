/* pc-gpu.c - the helper that reports the memory of NVIDIA GPUs, by NVML.
 *
 * The library comes with the driver, and is loaded if it is there.  It may
 * hang or crash, so it has its own process.  The caller limits the time, and
 * checks every number. */
#include "helper/engine.h"

#include "pc.h"

#include <dlfcn.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static const char program[] = "pc-gpu";
static const char usage[] =
    "usage: pc-gpu [-hV]\n"
    "Print a line for each NVIDIA GPU: its number, its memory and the used\n"
    "memory in bytes, and its name.  A helper of pc-memstat(1).\n"
    "\n"
    "  -h, --help     print this help\n"
    "  -V, --version  print the version\n";

/* From the NVML API Reference Guide (docs.nvidia.com/deploy/nvml-api:
 * nvmlReturn_t, nvmlMemory_t, NVML_DEVICE_NAME_V2_BUFFER_SIZE), because Debian
 * main has no header. */
enum {
	SUCCESS = 0,
	DRIVER_NOT_LOADED = 9,
	NAME_SIZE = 96,
};

struct memory {
	unsigned long long total, free, used;
};

static struct {
	int (*nvmlInit_v2)(void);
	int (*nvmlShutdown)(void);
	const char *(*nvmlErrorString)(int);
	int (*nvmlDeviceGetCount_v2)(unsigned *);
	int (*nvmlDeviceGetHandleByIndex_v2)(unsigned, void **);
	int (*nvmlDeviceGetName)(void *, char *, unsigned);
	int (*nvmlDeviceGetMemoryInfo)(void *, struct memory *);
} nvml;

enum { GPUS_MAX = 64, CPU_MAX = 10 /* seconds */ };

/* The first error.  Other GPUs are still reported. */
static int failed;

static void
fail(const char *what, const char *why)
{
	if (!failed)
		fprintf(stderr, "%s: %s\n", what, why ? why : "?");
	failed = 1;
}

/* Load the library.  -1: it is missing, or not NVML. */
static int
load(void)
{
	void *library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return -1;
#define X(name)                                                                \
	*(void **)(&nvml.name) = dlsym(library, #name);                        \
	if (!nvml.name) {                                                      \
		fail("NVML: libnvidia-ml.so.1", "it has no " #name);           \
		return -1;                                                     \
	}
	X(nvmlInit_v2)
	X(nvmlShutdown)
	X(nvmlErrorString)
	X(nvmlDeviceGetCount_v2)
	X(nvmlDeviceGetHandleByIndex_v2)
	X(nvmlDeviceGetName)
	X(nvmlDeviceGetMemoryInfo)
#undef X
	return 0;
}

static void
ask(unsigned i, int out)
{
	struct memory m = {0};
	char name[NAME_SIZE + 1] = "", what[32], line[NAME_SIZE + 80];
	void *device = NULL;
	int r;

	snprintf(what, sizeof what, "NVML: GPU %u", i);
	r = nvml.nvmlDeviceGetHandleByIndex_v2(i, &device);
	if (r == SUCCESS)
		r = nvml.nvmlDeviceGetMemoryInfo(device, &m);
	if (r != SUCCESS) {
		fail(what, nvml.nvmlErrorString(r));
		return;
	}
	if (nvml.nvmlDeviceGetName(device, name, NAME_SIZE) != SUCCESS)
		name[0] = '\0';
	name[NAME_SIZE] = '\0';
	name[strcspn(name, "\n")] = '\0';
	snprintf(line, sizeof line, "%u %llu %llu %s\n", i, m.total, m.used,
	    name);
	/* Write each line at once: NVML may hang at the next GPU. */
	if (pc_write_full(out, line, strlen(line)) < 0)
		failed = 1;
}

static void
ask_all(int out)
{
	unsigned count = 0;
	int r = nvml.nvmlInit_v2();

	/* A library without a GPU is not an error. */
	if (r == DRIVER_NOT_LOADED)
		return;
	if (r == SUCCESS)
		r = nvml.nvmlDeviceGetCount_v2(&count);
	if (r != SUCCESS)
		fail("NVML reports no GPU", nvml.nvmlErrorString(r));
	for (unsigned i = 0; r == SUCCESS && i < count && i < GPUS_MAX; i++)
		ask(i, out);
}

static void
confine(void)
{
	const struct rlimit none = {0, 0}, cpu = {CPU_MAX, CPU_MAX};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_CPU, &cpu);
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'},
	    {0},
	};
	int c, out;

	engine_close_from(3);
	opterr = 0;
	while ((c = getopt_long(argc, argv, "+hV", options, NULL)) != -1)
		engine_option(program, usage, c);
	if (argv[optind])
		engine_usage(program, "unexpected argument");
	confine();
	/* The library may print to standard output, which is not part of the
	 * answer. */
	out = dup(1);
	if (out < 0 || dup2(2, 1) < 0)
		return PC_EXIT_FAIL;
	if (load() == 0) {
		ask_all(out);
		nvml.nvmlShutdown();
	}
	return failed ? PC_EXIT_FAIL : PC_EXIT_OK;
}
