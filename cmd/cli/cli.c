/* cli.c - start and end of a program, and its signals. */
#include "cli.h"

#include "care.h"
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- beginning, messages, the end ---- */

/* A store file must never be opened as descriptor 0, 1 or 2, so a closed one is
 * replaced by one that fails in the same way. */
static void
fill_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
			_exit(PC_EXIT_FAIL);
}

void
cli_init(struct cli *c, enum pc_program program, const char *usage)
{
	fill_descriptors();
	/* Exceeding the file size limit is an error to report, not a death. */
	signal(SIGXFSZ, SIG_IGN);
	*c = (struct cli){.program = program,
	    .usage = usage,
	    .fail = program == PC_PROGRAM_RUN ? PC_EXIT_RUN : PC_EXIT_FAIL,
	    .began = pc_ticks(),
	    .started = pc_now(),
	    .ttl = -1,
	    .negative = -1,
	    .progress = -1,
	    .terminal = -1};
}

int
cli_status(uint64_t failed, uint64_t count)
{
	if (!failed)
		return PC_EXIT_OK;
	return failed < count ? PC_EXIT_SOME : PC_EXIT_FAIL;
}

void
cli_catch_signals(void (*handler)(int), int flags)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	const struct sigaction act = {.sa_handler = handler, .sa_flags = flags};
	struct sigaction was;

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (sigaction(signals[i], NULL, &was) == 0 &&
		    was.sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
}

void
cli_exit(struct cli *c, int status)
{
	if (c->shown)
		fputs("\r\033[K", stderr);
	if (c->store && pc_store_damaged(c->store) && !c->quiet)
		cli_warn(c, "%u damaged record%s in the store: not used",
		    pc_store_damaged(c->store),
		    pc_store_damaged(c->store) > 1 ? "s" : "");
	if (c->store && pc_store_refusal(c->store) && !c->store_failed &&
	    !c->quiet)
		cli_warn(c, "%s", pc_store_refusal(c->store));
	/* A reader of the output need not wait for the work at the end. */
	if (pc_stdout_close() < 0) {
		cli_warn(c, "cannot write standard output: %s",
		    strerror(errno));
		status = c->fail;
	}
	pc_store_close(c->store);
	pc_config_free(c->config);
	pc_spec_clear(&c->spec);
	pc_buf_clear(&c->material);
	exit(status);
}

/* ---- options ---- */

char *const *
cli_command(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++)
		if (strcmp(argv[i], "--") == 0) {
			argv[i] = NULL;
			*argc = i;
			return argv + i + 1;
		}
	return argv + *argc;
}

int
cli_many(const struct cli *c)
{
	return c->nul || c->files_from || c->jsonl;
}
