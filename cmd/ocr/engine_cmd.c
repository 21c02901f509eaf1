/* engine_cmd.c - see engine_cmd.h. */
#include "engine_cmd.h"

#include "engine_answer.h"
#include "png_gray.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_MAX = 64 * 1024 * 1024 /* bytes */ };

/* ---- the command ---- */

void
engine_cmd_split(struct cli *c, struct engine_cmd *cmd)
{
	const char *s = cmd->text;
	int n = 0;

	while (*(s += strspn(s, " \t"))) {
		const size_t len = strcspn(s, " \t");

		if (n == ENGINE_WORDS_MAX)
			cli_usage(c, "--engine-cmd has more than %d words",
			    ENGINE_WORDS_MAX);
		cmd->argv[n] = strndup(s, len);
		if (!cmd->argv[n++])
			cli_die(c, "%s", strerror(errno));
		s += len;
	}
	if (n == 0)
		cli_usage(c, "--engine-cmd requires a command");
}

static void
add_file(struct cli *c, int number, const char *path)
{
	char hex[PC_ID_HEX];
	struct pc_id id;

	if (pc_ident_file(c->store, path, 0, &id, NULL) < 0)
		cli_die(c, "cannot read '%s': %s", path, strerror(errno));
	pc_id_hex(&id, hex);
	if (pc_spec_addf(&c->spec, PC_FIELD_ENGINE, "engine_cmd.%d=%s", number,
		hex) < 0)
		cli_die(c, "%s", strerror(errno));
}

void
engine_cmd_add_key(struct cli *c, const struct engine_cmd *cmd)
{
	char *path = pc_program_path(cmd->argv[0]);
	struct stat st;

	if (!path || access(path, X_OK) < 0)
		cli_die(c, "--engine-cmd: cannot run '%s': %s", cmd->argv[0],
		    strerror(errno));
	add_file(c, 0, path);
	free(path);
	for (int i = 1; cmd->argv[i]; i++)
		if (stat(cmd->argv[i], &st) == 0 && S_ISREG(st.st_mode))
			add_file(c, i, cmd->argv[i]);
	if (pc_spec_addf(&c->spec, PC_FIELD_ENGINE, "engine_cmd=%s",
		cmd->text) < 0)
		cli_die(c, "%s", strerror(errno));
}

/* ---- one page ---- */

static volatile int late; /* the page's time is over: a signal for the command
			   */

static void
on_alarm(int signal)
{
	(void)signal;
	late = SIGTERM;
}

static int
take(void *ctx, const void *p, size_t n)
{
	return pc_buf_add(ctx, p, n);
}

/* An unnamed file: unlike a pipe, it never blocks if the program does not read
 * it.  -1 with errno. */
static int
png_file(const struct page_request *ask, const unsigned char *gray)
{
	struct pc_buf png = {0};
	int fd = memfd_create("page.png", MFD_CLOEXEC);

	png_gray_write(&png, gray, ask->width, ask->height, ask->dpi);
	if (fd >= 0 &&
	    (png.failed || pc_write_full(fd, png.data, png.len) < 0 ||
		lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		fd = -1;
	}
	pc_buf_clear(&png);
	return fd;
}

/* Why it failed, or "". */
static void
judge(const struct engine_cmd *cmd, const struct pc_child *child,
    char why[MESSAGE_SIZE])
{
	const int status = child->status;

	why[0] = '\0';
	if (late || child->timed_out)
		snprintf(why, MESSAGE_SIZE,
		    "'%.100s' timed out; raise ocr.page_timeout", cmd->text);
	else if (child->overflowed)
		snprintf(why, MESSAGE_SIZE,
		    "the output of '%.100s' is larger than %d MiB", cmd->text,
		    OUTPUT_MAX >> 20);
	else if (WIFSIGNALED(status))
		snprintf(why, MESSAGE_SIZE, "'%.100s' was killed by signal %d",
		    cmd->text, WTERMSIG(status));
	else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		snprintf(why, MESSAGE_SIZE, "'%.100s' exited with status %d",
		    cmd->text, WEXITSTATUS(status));
}

/* Run the command; what it prints goes to text. */
static void
run(const struct engine_cmd *cmd, const struct page_request *ask,
    const unsigned char *gray, struct pc_buf *text, char why[MESSAGE_SIZE])
{
	const int limited = cmd->page_timeout != PC_NEVER;
	char lang[128], dpi[32];
	const char *const env[] = {lang, dpi, NULL};
	struct pc_child child = {.argv = cmd->argv,
	    .path = 1,
	    .in = png_file(ask, gray),
	    .env = env,
	    .out = take,
	    .ctx = text,
	    .out_max = OUTPUT_MAX,
	    .stop = &late};

	snprintf(lang, sizeof lang, "PC_OCR_LANG=%s", cmd->lang);
	snprintf(dpi, sizeof dpi, "PC_OCR_DPI=%u", ask->dpi);
	late = 0;
	alarm(limited ? (unsigned)(cmd->page_timeout / 1000000) + 1 : 0);
	if (child.in < 0 || pc_child_run(&child) < 0)
		snprintf(why, MESSAGE_SIZE, "cannot run '%.100s': %s",
		    cmd->text, strerror(errno));
	else
		judge(cmd, &child, why);
	alarm(0);
	if (child.in >= 0)
		close(child.in);
}

static void
answer(const struct engine_cmd *cmd, const struct page_request *ask,
    const unsigned char *gray, struct page_answer *a, struct pc_buf *out)
{
	const struct engine_picture picture = {ask->width, ask->height,
	    ask->dpi};
	struct pc_buf text = {0};

	run(cmd, ask, gray, &text, a->message);
	if (!a->message[0] && pc_buf_add(&text, "", 1) < 0)
		snprintf(a->message, MESSAGE_SIZE, "%s", strerror(ENOMEM));
	if (!a->message[0] &&
	    engine_answer_parse((char *)text.data, text.len - 1, &picture, out,
		&a->confidence) < 0)
		snprintf(a->message, MESSAGE_SIZE,
		    "'%.100s' printed neither TSV nor hOCR", cmd->text);
	a->kind = a->message[0] ? ANSWER_ERROR : ANSWER_WORDS;
	a->length = a->message[0] ? 0 : out->len;
	pc_buf_clear(&text);
}

/* Read the pixels behind the request, and answer.  -1: the other side ended. */
static int
serve_page(const struct engine_cmd *cmd, const struct page_request *ask,
    int channel)
{
	const size_t n = (size_t)ask->width * ask->height;
	struct page_answer a = {.magic = ANSWER_MAGIC,
	    .page = ask->page,
	    .confidence = -1};
	unsigned char *gray = malloc(n ? n : 1);
	struct pc_buf out = {0};
	int r = -1;

	if (gray && ask->dpi > 0 &&
	    pc_read_full(channel, gray, n) == (ssize_t)n) {
		answer(cmd, ask, gray, &a, &out);
		r = pc_write_full(channel, &a, sizeof a);
		if (r == 0 && a.length > 0)
			r = pc_write_full(channel, out.data, (size_t)a.length);
	}
	free(gray);
	pc_buf_clear(&out);
	return r;
}

void
engine_cmd_serve(const void *ctx, int channel, int document)
{
	const struct engine_cmd *cmd = ctx;
	struct page_request ask;
	int r = 0;

	(void)document;
	signal(SIGALRM, on_alarm);
	while (r == 0 && pc_read_full(channel, &ask, sizeof ask) == sizeof ask)
		r = serve_page(cmd, &ask, channel);
}
