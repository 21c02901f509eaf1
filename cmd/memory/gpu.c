/* gpu.c - memory of NVIDIA's GPUs, if there are any.
 *
 * NVML is asked through nvidia-smi, which comes with it: a program that is
 * linked statically cannot load a library, and one that hangs in a driver is
 * better another process. */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum {
	PATIENCE = 2000000, /* us without a byte */
	TEXT_MAX = 8192,
};

static int
collect(void *ctx, const void *p, size_t n)
{
	return pc_buf_add(ctx, p, n);
}

static int
ignore(void *ctx, const void *p, size_t n)
{
	(void)ctx;
	(void)p;
	(void)n;
	return 0;
}

/* "81559, 1024" in MiB */
static int
take_line(const char *line, struct gpu *g)
{
	char *end;
	unsigned long long total = strtoull(line, &end, 10), used;

	if (end == line || *end != ',' || total > (1ULL << 33))
		return -1;
	line = end + 1 + strspn(end + 1, " ");
	used = strtoull(line, &end, 10);
	if (end == line || (*end && *end != '\n' && *end != '\r') ||
	    used > total)
		return -1;
	g->total = total << 20;
	g->used = used << 20;
	return 0;
}

int
gpu_read(struct gpu g[GPUS_MAX])
{
	static char *const argv[] = {(char *)"nvidia-smi",
	    (char *)"--query-gpu=memory.total,memory.used",
	    (char *)"--format=csv,noheader,nounits", NULL};
	struct pc_buf text = {0};
	struct pc_child child = {.argv = argv, .path = 1, .in = -1,
	    .out = collect, .err = ignore, .ctx = &text,
	    .idle_max = PATIENCE, .out_max = TEXT_MAX};
	int n = 0;

	if (pc_child_run(&child) < 0 || child.status != 0 ||
	    child.timed_out || child.overflowed ||
	    pc_buf_add(&text, "", 1) < 0)
		goto end;
	for (const char *p = (char *)text.data; p && *p && n < GPUS_MAX;) {
		n += take_line(p + strspn(p, " "), &g[n]) == 0;
		p = strchr(p, '\n');
		p = p ? p + 1 : NULL;
	}
end:
	pc_buf_clear(&text);
	return n;
}
