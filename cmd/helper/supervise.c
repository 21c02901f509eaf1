/* supervise.c - pages made by a worker that may crash, hang or eat memory.
 *
 * The worker opens the document and sends each page through a pipe, whole.
 * When it dies or takes too long, the page it was at becomes a page error and
 * a new worker goes on behind it: one bad page never loses a document. */
#include "helper.h"

#include "pc.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MEMORY_MAX_MIB = 4096, /* of address space */
	FILES_MAX = 64,
	SECOND = 1000000,
};

/* What goes through the pipe, then length bytes of text.  page 0: the
 * document was opened, or could not be. */
struct frame {
	unsigned page, pages;
	double confidence;
	size_t length;
	char source[16];
	char error[256];
};

/* ---- the worker ---- */

static void
limit(int what, rlim_t most)
{
	struct rlimit r = {.rlim_cur = most, .rlim_max = most};

	setrlimit(what, &r);
}

static void
confine(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NOFILE, FILES_MAX);
#ifndef __SANITIZE_ADDRESS__
	limit(RLIMIT_AS, (rlim_t)MEMORY_MAX_MIB << 20);
#endif
}

static void
send_frame(int to, const struct frame *f, const char *text)
{
	if (pc_write_full(to, f, sizeof *f) < 0 ||
	    pc_write_full(to, text, f->length) < 0)
		_exit(PC_EXIT_FAIL);
}

static _Noreturn void
work(const char *path, const struct options *o, unsigned from, int to)
{
	struct frame f = {0};
	struct document *d;

	confine();
	d = document_open(path, o, f.error);
	if (d)
		f.pages = document_pages(d);
	if (d && f.pages > o->max_pages)
		snprintf(f.error, sizeof f.error,
		    "it has %u pages, more than %u", f.pages, o->max_pages);
	send_frame(to, &f, NULL);
	for (unsigned n = from; d && !f.error[0] && n <= f.pages; n++) {
		struct frame page = {.page = n, .pages = f.pages};
		struct page p;

		document_page(d, n, &p);
		page.confidence = p.confidence;
		snprintf(page.error, sizeof page.error, "%s", p.error);
		snprintf(page.source, sizeof page.source, "%s",
		    p.source ? p.source : "");
		page.length = p.error[0] ? 0 : p.length;
		send_frame(to, &page, p.text);
		free(p.text);
	}
	/* Nothing is to be gained by tidying up before the end. */
	_exit(0);
}

/* ---- the supervisor ---- */

struct watch {
	const char *path;
	const struct options *options;
	unsigned next;   /* the page to come */
	unsigned pages;  /* 0: not known yet */
	unsigned errors;
	pid_t pid;
	int from;        /* the pipe */
};

static void
print_page(const struct frame *f, const char *text)
{
	struct pc_buf b = {0};
	int r;

	r = pc_buf_addf(&b, "{\"page\":%u,\"pages\":%u,", f->page, f->pages);
	if (f->error[0]) {
		r |= pc_buf_addf(&b, "\"error\":") |
		    pc_json_string(&b, f->error, strlen(f->error));
	} else {
		r |= pc_buf_addf(&b, "\"source\":\"%s\",\"bytes\":%zu",
		    f->source, f->length);
		if (f->confidence >= 0)
			r |= pc_buf_addf(
			    &b, ",\"confidence\":%.1f", f->confidence);
	}
	r |= pc_buf_addf(&b, "}\n");
	if (r != 0 || fwrite(b.data, 1, b.len, stdout) != b.len ||
	    fwrite(text, 1, f->length, stdout) != f->length ||
	    fflush(stdout) != 0) {
		perror("pc-doc: cannot write the answer");
		exit(PC_EXIT_FAIL);
	}
	pc_buf_clear(&b);
}

static void
start_worker(struct watch *w)
{
	int fd[2];

	if (pipe(fd) < 0 || (w->pid = fork()) < 0) {
		perror("pc-doc: cannot start a worker");
		exit(PC_EXIT_FAIL);
	}
	if (w->pid == 0) {
		close(fd[0]);
		work(w->path, w->options, w->next, fd[1]);
	}
	close(fd[1]);
	w->from = fd[0];
}

/* How the worker ended. */
static int
end_worker(struct watch *w, int by_force)
{
	int status = 0;

	if (by_force)
		kill(w->pid, SIGKILL);
	close(w->from);
	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Read n bytes by the deadline.  1: the end; 2: too late. */
static int
read_by(struct watch *w, void *p, size_t n, int64_t deadline)
{
	char *at = p;

	while (n > 0) {
		struct pollfd fd = {.fd = w->from, .events = POLLIN};
		int64_t left = deadline - pc_ticks();
		ssize_t r;

		if (deadline && left <= 0)
			return 2;
		r = poll(&fd, 1, deadline ? (int)(left / 1000) + 1 : -1);
		if (r == 0 || (r < 0 && errno == EINTR))
			continue;
		r = read(w->from, at, n);
		if (r <= 0)
			return 1;
		at += r;
		n -= (size_t)r;
	}
	return 0;
}

/* Read a frame and its text, owned. */
static int
read_frame(struct watch *w, struct frame *f, char **text)
{
	int64_t deadline = w->options->page_timeout
	    ? pc_ticks() + (int64_t)w->options->page_timeout * SECOND
	    : 0;
	int r = read_by(w, f, sizeof *f, deadline);

	*text = NULL;
	if (r != 0)
		return r;
	*text = malloc(f->length + 1);
	if (!*text)
		return 1;
	return read_by(w, *text, f->length, deadline);
}

/* Pass on what the worker sends until it ends.  0: it did all; 1: it died;
 * 2: it took too long; 3: the document cannot be used. */
static int
relay(struct watch *w)
{
	for (;;) {
		struct frame f;
		char *text;
		int r = read_frame(w, &f, &text);

		if (r == 0 && f.page == 0 && f.error[0]) {
			fprintf(stderr, "pc-doc: '%s': %s\n", w->path,
			    f.error);
			r = 3;
		} else if (r == 0 && f.page == 0) {
			w->pages = f.pages;
		} else if (r == 0) {
			print_page(&f, text);
			w->errors += f.error[0] != '\0';
			w->next = f.page + 1;
		}
		free(text);
		if (r == 1 && w->pages && w->next > w->pages)
			return 0;
		if (r != 0)
			return r;
	}
}

/* The page that the worker was at is lost; say why. */
static void
lose_page(struct watch *w, int how, int status)
{
	struct frame f = {.page = w->next, .pages = w->pages};

	if (how == 2)
		snprintf(f.error, sizeof f.error,
		    "it took more than %u s; ocr.page_timeout allows more",
		    w->options->page_timeout);
	else if (WIFSIGNALED(status))
		snprintf(f.error, sizeof f.error,
		    "its worker crashed (signal %d)", WTERMSIG(status));
	else
		snprintf(f.error, sizeof f.error,
		    "its worker ended (status %d)", WEXITSTATUS(status));
	print_page(&f, "");
	w->errors++;
	w->next++;
}

int
supervise(const char *path, const struct options *o)
{
	struct watch w = {.path = path, .options = o, .next = 1};
	int how, status;

	do {
		start_worker(&w);
		how = relay(&w);
		status = end_worker(&w, how == 2);
		if (how == 3)
			return PC_EXIT_FAIL;
		if (how != 0 && !w.pages) {
			fprintf(stderr, "pc-doc: '%s': it cannot be opened: "
			                "the worker %s\n", path,
			    how == 2 ? "took too long" : "crashed");
			return PC_EXIT_FAIL;
		}
		if (how != 0)
			lose_page(&w, how, status);
	} while (w.next <= w.pages);
	printf("{\"end\":true,\"pages\":%u,\"errors\":%u}\n", w.pages,
	    w.errors);
	return w.errors ? PC_EXIT_SOME : PC_EXIT_OK;
}
