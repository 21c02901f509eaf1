/* tool.c - programs that work on a PDF, run in pc-confine(8)'s sandbox. */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	HEADER_WITHIN = 1024, /* bytes; pc-doc has the same limit */
	FD_MIN = 10,
	SAID_MAX = 4096,          /* bytes that are kept of a tool's messages */
	CPU_MAX = 3600,           /* s */
	IDLE_MAX = 600 * 1000000, /* us */
	QPDF_WARNED = 3,          /* exit status: success with warnings */
	NOT_FOUND = 127,          /* exit status of pc-confine: the program
				   * is missing */
	ARGS_MAX = 64,
};

static const uint64_t memory_max = UINT64_C(8) << 30; /* bytes */
static const char fd_path[] = "/proc/self/fd/";

int
pdf_fail(struct pdf_task *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->error, sizeof t->error, fmt, ap);
	va_end(ap);
	return -1;
}

int
pdf_detect(int fd)
{
	char head[HEADER_WITHIN];
	ssize_t n = pc_pread_full(fd, head, sizeof head, 0);

	return n > 0 && memmem(head, (size_t)n, "%PDF-", 5) != NULL;
}

int
tool_lend(struct lent *l, int fd)
{
	l->fd = fcntl(fd, F_DUPFD, FD_MIN);
	snprintf(l->name, sizeof l->name, "%s%d", fd_path, l->fd);
	return l->fd < 0 ? -1 : 0;
}

void
tool_take_back(struct lent *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

int
tool_installed(const char *program)
{
	char *path = pc_program_path(program);
	const int installed = path != NULL;

	free(path);
	return installed;
}

int
tool_missing(struct pdf_task *t, const char *format, const char *program,
    const char *package)
{
	return pdf_fail(t,
	    "-f %s requires %s, which is not installed; install the package %s",
	    format, program, package);
}

/* ---- a run ---- */

struct tool_run {
	struct pc_spool *out;
	struct pc_buf *said;
};

static int
take_output(void *ctx, const void *p, size_t n)
{
	struct tool_run *r = ctx;

	return r->out ? pc_spool_write(r->out, p, n) : 0;
}

/* If there are many messages, keep the last. */
static int
take_message(void *ctx, const void *p, size_t n)
{
	struct tool_run *r = ctx;

	if (r->said->len + n > SAID_MAX)
		r->said->len = 0;
	return pc_buf_add(r->said, p, n < SAID_MAX ? n : SAID_MAX);
}

/* The arguments of pc-confine. */
struct command {
	const char *argv[ARGS_MAX];
	char cpu[32], memory[40];
};

/* pc-confine exits with the tool's status. */
static void
confine(struct command *c, const char *helper, const struct pdf_task *t,
    const struct tool *tool)
{
	const char **at = c->argv;

	*at++ = helper;
	if (t->require_sandbox)
		*at++ = "--require-sandbox";
	snprintf(c->cpu, sizeof c->cpu, "--cpu=%u", tool->cpu_max);
	*at++ = c->cpu;
	snprintf(c->memory, sizeof c->memory, "--memory=%llu",
	    (unsigned long long)tool->memory_max);
	*at++ = c->memory;
	for (const struct lent *const *f = tool->files; *f; f++)
		if ((*f)->fd >= 0) {
			*at++ = "--lend";
			*at++ = (*f)->name + sizeof fd_path - 1;
		}
	*at++ = "--";
	for (const char *const *arg = tool->argv; *arg; arg++)
		*at++ = *arg;
	*at = NULL;
}

static void
note_use(struct pdf_task *t, const struct pc_child *child)
{
	t->tools += child->peak_kib > 0;
	if (child->peak_kib > t->peak_kib)
		t->peak_kib = child->peak_kib;
}

int
tool_run(struct pdf_task *t, const struct tool *tool, struct tool_end *end)
{
	char *helper = pc_helper_path("pc-confine");
	struct tool_run r = {.out = tool->out, .said = &end->said};
	struct command command;
	int result = 0;

	*end = (struct tool_end){
	    .child = {.argv = (char *const *)(uintptr_t)command.argv,
		.env = tool->env,
		.in = tool->in,
		.out = take_output,
		.err = take_message,
		.ctx = &r,
		.idle_max = tool->idle_max}};
	confine(&command, helper, t, tool);
	if (pc_child_run(&end->child) < 0)
		result = pdf_fail(t, "cannot run '%s': %s%s", helper,
		    strerror(errno), pc_helper_remedy(errno));
	else if (pc_buf_add(&end->said, "", 1) < 0)
		result = pdf_fail(t, "%s", strerror(ENOMEM));
	note_use(t, &end->child);
	free(helper);
	return result;
}

/* ---- a tool that produces a file ---- */

/* Fail with the tool's last message, without the name under which it had the
 * file. */
static int
fail_as_said(struct pdf_task *t, const char *program, char *said)
{
	size_t len = strlen(said);
	char *s, *cut;

	while (len > 0 && (unsigned char)said[len - 1] <= ' ')
		said[--len] = '\0';
	if (len == 0)
		return pdf_fail(t, "%s failed without a message", program);
	s = strrchr(said, '\n');
	s = s ? s + 1 : said;
	if (strncmp(s, program, strlen(program)) == 0 &&
	    s[strlen(program)] == ':')
		s += strlen(program) + 1;
	cut = strstr(s, fd_path);
	if (cut) {
		char *rest = cut + sizeof fd_path - 1;

		rest += strspn(rest, "0123456789");
		rest += strspn(rest, ": ");
		memmove(cut, rest, strlen(rest) + 1);
	}
	pdf_fail(t, "%s: %s", program, s + strspn(s, " "));
	for (char *p = t->error; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
	return -1;
}

static int
check_end(struct pdf_task *t, const char *program, const struct tool_end *end)
{
	const int status = end->child.status;

	if (end->child.stopped)
		return pdf_fail(t, "cannot keep what %s makes: %s", program,
		    strerror(errno));
	if (end->child.timed_out)
		return pdf_fail(t, "%s printed nothing for %d s", program,
		    IDLE_MAX / 1000000);
	if (!WIFEXITED(status))
		return pdf_fail(t, "%s crashed", program);
	if (WEXITSTATUS(status) == NOT_FOUND)
		return tool_missing(t, "pdf", program, program);
	if (WEXITSTATUS(status) == 0 ||
	    (WEXITSTATUS(status) == QPDF_WARNED &&
		strcmp(program, "qpdf") == 0))
		return 0;
	return fail_as_said(t, program, (char *)end->said.data);
}

int
tool_make(struct pdf_task *t, const char *const *argv,
    const struct lent *const *files, int in, struct pc_spool *out)
{
	const struct tool tool = {.argv = argv,
	    .files = files,
	    .in = in,
	    .out = out,
	    .cpu_max = CPU_MAX,
	    .memory_max = memory_max,
	    .idle_max = IDLE_MAX};
	struct tool_end end;
	int r = tool_run(t, &tool, &end);

	if (r == 0)
		r = check_end(t, argv[0], &end);
	pc_buf_clear(&end.said);
	return r;
}
