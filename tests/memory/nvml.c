/* nvml.c - a replacement for NVIDIA's library: $NVML_SAYS tells it what to
 * report and how to fail. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct memory {
	unsigned long long total, free, used;
};

static int begun;

static int
says(const char *word)
{
	const char *s = getenv("NVML_SAYS");

	return s && strcmp(s, word) == 0;
}

#ifndef OTHER
/* Freeze the process by a cgroup: as in a call that no signal interrupts. */
static void
freeze(void)
{
	const char *dir = getenv("NVML_FREEZER");
	char path[300];
	FILE *f;

	snprintf(path, sizeof path, "%s/cgroup.procs", dir ? dir : "");
	if ((f = fopen(path, "w"))) {
		fprintf(f, "%ld\n", (long)getpid());
		fclose(f);
	}
	snprintf(path, sizeof path, "%s/freezer.state", dir ? dir : "");
	if ((f = fopen(path, "w"))) {
		fputs("FROZEN", f);
		fclose(f);
	}
	for (;;)
		pause();
}

int
nvmlInit_v2(void)
{
	if (says("hang"))
		for (;;)
			pause();
	if (says("stubborn")) {
		signal(SIGTERM, SIG_IGN);
		for (;;)
			pause();
	}
	if (says("frozen"))
		freeze();
	if (says("crash"))
		abort();
	if (says("chatter"))
		for (;; usleep(1000))
			fputs("NVRM: again\n", stderr);
	if (says("leave"))
		exit(0);
	if (says("loud"))
		puts("0 1 1 text that is not an answer");
	fflush(stdout);
	begun = 1;
	return says("driver") ? 9
	    : says("rights")  ? 4
	    : says("code")    ? 4711
			      : 0;
}
#endif

int
nvmlShutdown(void)
{
	if (says("late"))
		for (;;)
			pause();
	begun = 0;
	return 0;
}

const char *
nvmlErrorString(int r)
{
	return r == 4   ? "Insufficient Permissions"
	    : r == 15   ? "GPU is lost"
	    : r == 4711 ? NULL
			: "Not Found";
}

int
nvmlDeviceGetCount_v2(unsigned *count)
{
	*count = says("none") ? 0 : says("one") ? 1 : says("many") ? ~0u : 2;
	return begun ? 0 : 1;
}

int
nvmlDeviceGetHandleByIndex_v2(unsigned i, void **device)
{
	static const char gpus[128];

	if (says("crash-1") && i == 1)
		abort();
	if (says("hang-1") && i == 1)
		for (;;)
			pause();
	if (says("lost") && i == 0)
		return 15;
	if (i >= sizeof gpus)
		return 6;
	*device = (void *)(gpus + i);
	return begun ? 0 : 1;
}

int
nvmlDeviceGetName(void *device, char *name, unsigned size)
{
	(void)device;
	if (says("nameless"))
		return 3;
	if (says("unended"))
		memset(name, 'x', size);
	else
		snprintf(name, size, "%s",
		    says("escape") ? "\033[31mNVIDIA \"L4\"\\\n0 7 7 GPU"
				   : "NVIDIA L4");
	return 0;
}

int
nvmlDeviceGetMemoryInfo(void *device, struct memory *m)
{
	(void)device;
	m->total = says("absurd") ? ~0ull
	    : says("nothing")     ? 0
				  : 25769803776ull;
	m->used = says("more") ? m->total + 1 : 1073741824;
	m->free = m->total - m->used;
	return begun ? 0 : 1;
}
