/* command.c - a program that answers, instead of a server. */
#include "exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IDLE_MAX = 900 * 1000000 }; /* us; it can load a model first */

static int
take(void *ctx, const void *p, size_t n)
{
	struct exchange *a = ctx;

	const size_t had = a->answer.text.len;

	answer_add_text(&a->answer, p, n);
	exchange_show(a, had);
	return a->answer.verdict >= VERDICT_BAD ? -1 : 0;
}

/* The prompt as a file without a name: unlike a pipe, it never blocks if the
 * program does not read it. */
static int
prompt_file(const char *system, const struct pc_buf *prompt)
{
	int fd = memfd_create("prompt", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if ((!system ||
		(pc_write_full(fd, system, strlen(system)) == 0 &&
		    pc_write_full(fd, "\n\n", 2) == 0)) &&
	    pc_write_full(fd, prompt->data, prompt->len) == 0 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

void
command_ask(struct exchange *a, struct input *input,
    const struct pc_buf *prompt)
{
	const struct infer *in = a->in;
	struct pc_buf system = {0};
	struct pc_error err;
	size_t had;
	struct pc_child child = {.argv = in->backend.command,
	    .path = 1,
	    .out = take,
	    .ctx = a,
	    .idle_max = IDLE_MAX,
	    .out_max = ANSWER_TEXT_MAX,
	    .stop = in->stop};

	answer_clear(&a->answer);
	if (input->images.count) {
		answer_fail(&a->answer, VERDICT_BAD,
		    "--engine-cmd does not support images");
		return;
	}
	if (question_system(&in->question, input, &system, &err) < 0) {
		answer_fail(&a->answer, VERDICT_BAD, "%s", err.text);
		pc_buf_clear(&system);
		return;
	}
	child.in = prompt_file(system.len > 1 ? (char *)system.data : NULL,
	    prompt);
	if (child.in < 0 || pc_child_run(&child) < 0)
		answer_fail(&a->answer, VERDICT_BAD, "cannot run '%s': %s",
		    in->backend.command[0], strerror(errno));
	else if (child.timed_out)
		answer_fail(&a->answer, VERDICT_LATER,
		    "timed out: '%s' printed nothing for %d s",
		    in->backend.command[0], IDLE_MAX / 1000000);
	else if (child.overflowed)
		answer_fail(&a->answer, VERDICT_BAD,
		    "the output of '%s' is larger than %d MiB",
		    in->backend.command[0], ANSWER_TEXT_MAX >> 20);
	else if (WIFSIGNALED(child.status))
		answer_fail(&a->answer, VERDICT_BAD,
		    "'%s' was killed by signal "
		    "%d",
		    in->backend.command[0], WTERMSIG(child.status));
	else if (WEXITSTATUS(child.status) == PC_EXIT_LATER)
		answer_fail(&a->answer, VERDICT_LATER,
		    "'%s' exited with status 75: try again later",
		    in->backend.command[0]);
	else if (WEXITSTATUS(child.status) != 0)
		answer_fail(&a->answer, VERDICT_BAD,
		    "'%s' exited with status %d", in->backend.command[0],
		    WEXITSTATUS(child.status));
	else
		a->answer.verdict = VERDICT_WHOLE;
	had = a->answer.text.len;
	answer_close(&a->answer);
	exchange_show(a, had);
	if (child.in >= 0)
		close(child.in);
	pc_buf_clear(&system);
	a->wall = child.wall;
	a->attempts = 1;
	a->peak_kib = child.peak_kib;
	a->in->use.engine_runs++;
	if (child.peak_kib > a->in->use.engine_kib)
		a->in->use.engine_kib = child.peak_kib;
}
