/* conversion.c - run a converter in pc-confine(8)'s sandbox.
 *
 * It gets a copy of the document, whose name says only its type: a result must
 * not depend on what the user called the file. */
#include "conversion.h"

#include "ocr/convert/files.h"
#include "ocr/pdf/scratch.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	CPU_MAX = 3600,  /* s, of each process */
	SAID_MAX = 4096, /* bytes that are kept of its messages */
	GRACE = 30,      /* s after its time limit, until pc-confine is
			  * ended */
	OPTIONS_MAX = 12,
	NO_SANDBOX = 125, /* exit status of pc-confine */
};

static const uint64_t memory_max = UINT64_C(8) << 30, /* bytes, a process */
    output_max = UINT64_C(256) << 20;

static int fail(struct conversion *v, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Set the error.  Returns -1. */
static int
fail(struct conversion *v, const char *fmt, ...)
{
	char why[MESSAGE_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	snprintf(v->error, sizeof v->error, "cannot convert it: %.40s %.180s",
	    v->by->argv[0], why);
	for (char *p = v->error; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
	return -1;
}

/* ---- its words ---- */

struct places {
	const char *in, *out; /* what {} and {out} stand for */
	int uses_in, uses_out;
};

/* A word with its placeholders replaced; owned by the caller.  NULL: out of
 * memory. */
static char *
expand(const char *word, struct places *p)
{
	struct pc_buf b = {0};

	while (*word) {
		const size_t n = strcspn(word, "{");

		pc_buf_add(&b, word, n);
		word += n;
		if (strncmp(word, "{}", 2) == 0) {
			pc_buf_add(&b, p->in, strlen(p->in));
			p->uses_in = 1;
			word += 2;
		} else if (strncmp(word, "{out}", 5) == 0) {
			pc_buf_add(&b, p->out, strlen(p->out));
			p->uses_out = 1;
			word += 5;
		} else if (*word) {
			pc_buf_add(&b, word++, 1);
		}
	}
	if (pc_buf_add(&b, "", 1) == 0)
		return (char *)b.data;
	pc_buf_clear(&b);
	return NULL;
}

static void
free_words(char **words)
{
	for (char **w = words; w && *w; w++)
		free(*w);
	free(words);
}

/* The command: pc-confine, its options, the program and its words; all are
 * owned by the caller. */
static char **
make_command(const struct conversion *v, struct places *p)
{
	char options[OPTIONS_MAX][64], *helper = pc_helper_path("pc-confine");
	size_t n = 0, at = 0, words = 0;
	char **argv;
	int whole;

	while (v->by->argv[words])
		words++;
	snprintf(options[n++], 64, "--cpu=%d", CPU_MAX);
	snprintf(options[n++], 64, "--memory=%llu",
	    (unsigned long long)memory_max);
	snprintf(options[n++], 64, "--file-size=%llu",
	    (unsigned long long)output_max);
	if (v->all->seconds)
		snprintf(options[n++], 64, "--time=%u", v->all->seconds);
	if (v->all->unconfined)
		snprintf(options[n++], 64, "--unconfined");
	snprintf(options[n++], 64, "--convert");
	argv = calloc(n + words + 4, sizeof *argv);
	if (!argv)
		return NULL;
	argv[at++] = helper;
	whole = helper != NULL;
	for (size_t i = 0; i < n && whole; i++)
		whole = (argv[at++] = strdup(options[i])) != NULL;
	if (whole)
		whole = (argv[at++] = strdup(scratch_path())) != NULL;
	if (whole)
		whole = (argv[at++] = strdup("--")) != NULL;
	if (whole)
		whole = (argv[at++] = strdup(v->program)) != NULL;
	for (size_t i = 1; i < words && whole; i++)
		whole = (argv[at++] = expand(v->by->argv[i], p)) != NULL;
	if (whole)
		return argv;
	free_words(argv);
	return NULL;
}

/* ---- its end ---- */

struct run {
	struct pc_spool *out;
	struct pc_buf said;
};

static int
take_output(void *ctx, const void *p, size_t n)
{
	struct run *r = ctx;

	return pc_spool_write(r->out, p, n);
}

/* If there are many messages, keep the last. */
static int
take_message(void *ctx, const void *p, size_t n)
{
	struct run *r = ctx;

	if (r->said.len + n > SAID_MAX)
		r->said.len = 0;
	if (n > SAID_MAX) {
		p = (const char *)p + n - SAID_MAX;
		n = SAID_MAX;
	}
	return pc_buf_add(&r->said, p, n);
}

/* The last line of its messages that is not empty. */
static const char *
last_line(struct pc_buf *said)
{
	char *s = said->data ? (char *)said->data : NULL, *line;
	size_t n = said->len;

	while (n > 0 && (unsigned char)s[n - 1] <= ' ')
		n--;
	if (n == 0 || pc_buf_add(said, "", 1) < 0)
		return "";
	s = (char *)said->data;
	s[n] = '\0';
	line = strrchr(s, '\n');
	return line ? line + 1 : s;
}

/* Report the failure of pc-confine itself, which begins with its name. */
static int
fail_confine(struct conversion *v, const char *line)
{
	if (strstr(line, "whole sandbox"))
		return fail(v,
		    "needs the whole sandbox, and part of it is not available "
		    "here; see 'pc-stats --doctor' and "
		    "ocr.convert_unconfined");
	return fail(v, "could not be run: %s", line);
}

static int
fail_large(struct conversion *v)
{
	return fail(v,
	    "made more than %llu MiB; split the document, or convert it to PDF",
	    (unsigned long long)(output_max >> 20));
}

static int
check_end(struct conversion *v, const struct pc_child *child,
    struct pc_buf *said)
{
	const char *line = last_line(said);
	const char *colon = *line ? ": " : "";
	const int status = child->status;

	if (child->overflowed)
		return fail_large(v);
	if (child->stopped)
		return fail(v, "was stopped: %s", strerror(errno));
	if (child->timed_out ||
	    (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM))
		return fail(v,
		    "timed out after %u s; raise "
		    "ocr.convert_timeout",
		    v->all->seconds);
	/* A shell reports a program's signal so. */
	if ((WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ) ||
	    (WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGXFSZ))
		return fail_large(v);
	if (WIFSIGNALED(status))
		return fail(v, "was killed by signal %d%s%s", WTERMSIG(status),
		    colon, line);
	if (WEXITSTATUS(status) >= NO_SANDBOX &&
	    strncmp(line, "pc-confine: ", 12) == 0)
		return fail_confine(v, line);
	if (WEXITSTATUS(status) != 0)
		return fail(v, "exited with status %d%s%s", WEXITSTATUS(status),
		    colon, line);
	return 0;
}

/* ---- its result ---- */

int
conversion_is_pdf(int fd)
{
	char head[5];

	return pc_pread_full(fd, head, sizeof head, 0) == sizeof head &&
	    memcmp(head, "%PDF-", sizeof head) == 0;
}

static int
has_letters(const struct pc_buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if (b->data[i] > ' ')
			return 1;
	return 0;
}

/* An empty result cannot be told from a converter that did not work. */
static int
check_text(struct conversion *v, int fd)
{
	struct pc_buf text = {0};
	int r = 0;

	if (pc_read_all(fd, &text, (size_t)output_max) < 0)
		r = fail(v, "left a result that cannot be read: %s",
		    strerror(errno));
	else if (!has_letters(&text))
		r = fail(v, "gave an empty result");
	else if (!pc_utf8_valid((char *)text.data, text.len) ||
	    memchr(text.data, '\0', text.len))
		r = fail(v, "gave neither a PDF nor a text in UTF-8");
	pc_buf_clear(&text);
	return r;
}

static int
check_result(struct conversion *v)
{
	const int fd = pc_spool_open(v->out);
	int r = 0;

	if (fd < 0)
		return fail(v, "left a result that cannot be read: %s",
		    strerror(errno));
	if (!conversion_is_pdf(fd))
		r = check_text(v, fd);
	close(fd);
	return r;
}

/* Take the file that it made as its result. */
static int
take_file(struct conversion *v)
{
	const int fd = files_open_only(scratch_path());
	int r;

	if (fd < 0)
		return fail(v,
		    errno == EEXIST ? "made several files in {out}"
				    : "made no file in {out}");
	r = pc_spool_fill(v->out, fd, output_max);
	close(fd);
	return r == 0
	    ? 0
	    : fail(v, "left a result that cannot be read: %s", strerror(errno));
}

/* ---- the run ---- */

static int
run(struct conversion *v, struct places *p, int in)
{
	struct run r = {.out = v->out};
	struct pc_spool *ignored = NULL;
	struct pc_child child = {.argv = make_command(v, p),
	    .in = -1,
	    .out = take_output,
	    .err = take_message,
	    .ctx = &r,
	    .out_max = output_max,
	    .idle_max = v->all->seconds
		? (v->all->seconds + (int64_t)GRACE) * 1000000
		: 0,
	    .stop = scratch_signal()};
	int result;

	if (!p->uses_in)
		child.in = in;
	if (p->uses_out)
		r.out = ignored = pc_spool_new(NULL);
	if (!child.argv || !r.out || pc_child_run(&child) < 0)
		result = fail(v, "could not be run: %s", strerror(errno));
	else
		result = check_end(v, &child, &r.said);
	if (result == 0 && p->uses_out)
		result = take_file(v);
	v->cost = child.wall;
	v->peak_kib = child.peak_kib;
	pc_spool_free(ignored);
	free_words((char **)(uintptr_t)child.argv);
	pc_buf_clear(&r.said);
	return result;
}

int
conversion_run(struct conversion *v)
{
	struct files f;
	int r = -1;

	if (v->all->unconfined && v->require_sandbox)
		return fail(v,
		    "may run without a sandbox (ocr.convert_unconfined), which "
		    "--require-sandbox forbids");
	if (scratch_begin() < 0 ||
	    files_make(&f, scratch_path(), v->by->type, v->all->unconfined) < 0)
		r = fail(v, "has no directory for its files: %s",
		    strerror(errno));
	else if (files_copy(&f, v->fd, v->id) < 0)
		r = fail(v, "was not run: %s",
		    errno == ESTALE ? "the document changed while it was read"
				    : strerror(errno));
	else
		r = run(v, &(struct places){.in = f.in, .out = f.out},
		    f.document);
	files_close(&f);
	scratch_end();
	return r < 0 ? -1 : check_result(v);
}
