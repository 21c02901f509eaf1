/* gpu.c - the memory of NVIDIA GPUs, as pc-gpu reports it. */
#include "memory.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum {
	PATIENCE = 5000000, /* us; the driver may have to wake the GPUs */
	TEXT_MAX = 16 * 1024,
};

struct asking {
	struct pc_buf answer, said;
	int64_t end; /* pc_ticks() */
};

static int
take_answer(void *ctx, const void *p, size_t n)
{
	struct asking *a = ctx;

	return pc_buf_add(&a->answer, p, n);
}

/* The time limit also holds for a helper that never stops writing. */
static int
take_said(void *ctx, const void *p, size_t n)
{
	struct asking *a = ctx;

	if (pc_ticks() >= a->end)
		return -1;
	return a->said.len > TEXT_MAX ? 0 : pc_buf_add(&a->said, p, n);
}

/* Parse a number and the blank after it. */
static int
number(char **p, uint64_t most, uint64_t *v)
{
	char *end;

	if (!isdigit((unsigned char)**p))
		return -1;
	errno = 0;
	*v = strtoull(*p, &end, 10);
	if (errno || *v > most || *end != ' ')
		return -1;
	*p = end + 1;
	return 0;
}

/* "0 25769803776 1073741824 NVIDIA L4" */
static int
take_line(char *line, struct gpu *g)
{
	const uint64_t most = UINT64_C(1) << 53; /* larger values are wrong */
	uint64_t index;

	if (number(&line, GPUS_MAX - 1, &index) < 0 ||
	    number(&line, most, &g->total) < 0 || g->total == 0 ||
	    number(&line, g->total, &g->used) < 0)
		return -1;
	g->index = (int)index;
	snprintf(g->name, sizeof g->name, "%s",
	    pc_utf8_valid(line, strlen(line)) ? line : "");
	return 0;
}

static void
take_lines(char *text, struct gpus *all)
{
	char *end;

	for (; (end = strchr(text, '\n')) && all->count < GPUS_MAX;
	     text = end + 1) {
		*end = '\0';
		if (take_line(text, &all->gpu[all->count]) == 0)
			all->count++;
		else
			snprintf(all->fault, sizeof all->fault,
			    "NVML: pc-gpu printed an invalid line");
	}
}

static void
take_fault(const struct pc_child *child, const struct pc_buf *said,
    struct gpus *all)
{
	all->hung = child->timed_out || child->stopped || child->overflowed;
	if (all->hung)
		snprintf(all->fault, sizeof all->fault,
		    "NVML: no answer in %d s", PATIENCE / 1000000);
	else if (WIFSIGNALED(child->status))
		snprintf(all->fault, sizeof all->fault,
		    "NVML: it crashed (signal %d)", WTERMSIG(child->status));
	else if (child->status != 0)
		snprintf(all->fault, sizeof all->fault, "%.*s",
		    (int)strcspn((char *)said->data, "\n"), (char *)said->data);
}

void
gpus_read(struct gpus *all)
{
	struct asking a = {.end = pc_ticks() + PATIENCE};
	char *argv[] = {pc_helper_path("pc-gpu"), NULL};
	struct pc_child child = {.argv = argv,
	    .in = -1,
	    .out = take_answer,
	    .err = take_said,
	    .ctx = &a,
	    .idle_max = PATIENCE,
	    .out_max = TEXT_MAX};

	*all = (struct gpus){.count = 0};
	if (!argv[0])
		return;
	/* pc-gpu may not be installed. */
	if (pc_child_run(&child) < 0) {
		if (errno != ENOENT)
			snprintf(all->fault, sizeof all->fault,
			    "cannot run '%.100s': %s", argv[0],
			    strerror(errno));
	} else if (pc_buf_add(&a.answer, "", 1) == 0 &&
	    pc_buf_add(&a.said, "", 1) == 0) {
		take_lines((char *)a.answer.data, all);
		take_fault(&child, &a.said, all);
	}
	pc_buf_clear(&a.answer);
	pc_buf_clear(&a.said);
	free(argv[0]);
}
