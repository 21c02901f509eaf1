/* pdftohtml.c - pdftohtml(1) taking images out of a PDF: the sandbox that it
 * runs in, a directory of its own, which is gone when this ends, also by a
 * signal or cli_die, and what its XML says of them. */
#include "images.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FD_MIN = 10,
	WORDS_MAX = 4096, /* bytes kept of what it says */
	XML_MAX = 256 * 1024 * 1024,
	TIME_MAX = 3600, /* s */
};

/* What it may use, as pc-confine takes it. */
#define MEMORY_MAX "4294967296"    /* bytes of address space */
#define FILE_SIZE_MAX "1073741824" /* bytes of a file */

/* ---- the XML ---- */

/* The value of an attribute within a tag, or NULL.  n: its length. */
static const char *
attribute(const char *tag, const char *end, const char *name, size_t *n)
{
	const size_t len = strlen(name);
	const char *s, *close;

	for (s = tag; s < end; s++) {
		if (*s == '"') { /* a value: not looked into */
			s = memchr(s + 1, '"', (size_t)(end - s - 1));
			if (!s)
				return NULL;
			continue;
		}
		if (s[-1] != ' ' || (size_t)(end - s) < len + 3 ||
		    memcmp(s, name, len) != 0 || s[len] != '=' ||
		    s[len + 1] != '"')
			continue;
		s += len + 2;
		close = memchr(s, '"', (size_t)(end - s));
		*n = close ? (size_t)(close - s) : 0;
		return close ? s : NULL;
	}
	return NULL;
}

static int
number(const char *tag, const char *end, const char *name, double *v)
{
	size_t n;
	const char *s = attribute(tag, end, name, &n);
	char text[64], *rest;

	if (!s || n == 0 || n >= sizeof text)
		return -1;
	memcpy(text, s, n);
	text[n] = '\0';
	*v = strtod(text, &rest);
	/* Nor is it NaN then. */
	return *rest == '\0' && *v > -1e7 && *v < 1e7 ? 0 : -1;
}

/* The last part of src, and only where that is a name in the directory. */
static void
take_name(const char *tag, const char *end, char name[NAME_SIZE])
{
	size_t n;
	const char *s = attribute(tag, end, "src", &n);
	const char *slash = s ? memrchr(s, '/', n) : NULL;

	if (slash) {
		n -= (size_t)(slash + 1 - s);
		s = slash + 1;
	}
	name[0] = '\0';
	/* As pdftohtml names them. */
	if (!s || n < 3 || n >= NAME_SIZE || memcmp(s, "x-", 2) != 0)
		return;
	memcpy(name, s, n);
	name[n] = '\0';
}

/* An <image> tag's box; -1: it says none. */
static int
take_box(const char *tag, const char *end, double box[4])
{
	double left, top, width, height;

	if (number(tag, end, "left", &left) < 0 ||
	    number(tag, end, "top", &top) < 0 ||
	    number(tag, end, "width", &width) < 0 ||
	    number(tag, end, "height", &height) < 0)
		return -1;
	box[0] = width < 0 ? left + width : left;
	box[1] = height < 0 ? top + height : top;
	box[2] = width < 0 ? left : left + width;
	box[3] = height < 0 ? top : top + height;
	for (int i = 0; i < 4; i++)
		if (box[i] > -0.005 && box[i] < 0.005)
			box[i] = 0; /* not "-0.00" */
	return 0;
}

static struct place *
add_place(struct places *all)
{
	if (all->count == all->cap) {
		size_t cap = all->cap ? 2 * all->cap : 64;
		struct place *more = realloc(all->list, cap * sizeof *more);

		if (!more)
			return NULL;
		all->list = more;
		all->cap = cap;
	}
	all->list[all->count] = (struct place){.taken = 0};
	return &all->list[all->count++];
}

/* Is all of it there?  pdftohtml does not mind a disk that is full. */
static int
whole(const struct pc_buf *xml)
{
	static const char last[] = "</pdf2xml>\n";
	const size_t n = sizeof last - 1;

	return xml->len >= n && memcmp(xml->data + xml->len - n, last, n) == 0;
}

/* Images of pages that do not ascend are not pdftohtml's. */
static int
scan(const char *s, struct places *all)
{
	unsigned page = 0, count = 0;
	const char *end;

	while ((s = strchr(s, '<')) && (end = strchr(s, '>'))) {
		double v;

		if (strncmp(s, "<page ", 6) == 0 &&
		    number(s + 6, end, "number", &v) == 0 && v > page) {
			page = (unsigned)v;
			count = 0;
		} else if (strncmp(s, "<image ", 7) == 0 && page > 0) {
			struct place *p = add_place(all);

			if (!p)
				return -1;
			p->image.page = page;
			p->image.number = ++count;
			if (take_box(s + 7, end, p->image.box) == 0)
				take_name(s + 7, end, p->name);
		}
		s = end;
	}
	return 0;
}

/* ---- the directory ---- */

static char directory[4096]; /* "": there is none */
static int inside = -1;      /* it, opened */
static volatile int caught;  /* a signal to end by */

static void
remove_directory(void)
{
	const char *name = directory;
	struct dirent *e;
	DIR *dir;

	if (!*name)
		return;
	dir = opendir(name);
	while (dir && (e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(name);
	directory[0] = '\0';
}

static int
make_directory(void)
{
	static int registered;
	const char *tmp = getenv("TMPDIR");
	char name[sizeof directory];
	int n = snprintf(name, sizeof name, "%s/pc-XXXXXX",
	    tmp && *tmp ? tmp : "/tmp");

	if (n >= (int)sizeof name - NAME_SIZE) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (!registered && atexit(remove_directory) != 0)
		return -1;
	registered = 1;
	if (!mkdtemp(name))
		return -1;
	strcpy(directory, name);
	inside = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return inside < 0 ? -1 : 0;
}

/* ---- signals ---- */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

enum { SIGNALS = sizeof signals / sizeof signals[0] };

static void
on_signal(int sig)
{
	caught = sig;
}

static struct sigaction old[SIGNALS]; /* what they did before */

static void
hold_signals(void)
{
	const struct sigaction act = {.sa_handler = on_signal};

	caught = 0;
	for (int i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &old[i]);
		if (old[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
	}
}

/* Ends the program if one came. */
static void
release_signals(void)
{
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &old[i], NULL);
	if (caught)
		raise(caught);
}

/* ---- the program ---- */

static int
drop(void *ctx, const void *p, size_t n)
{
	(void)ctx;
	(void)p;
	(void)n;
	return 0;
}

static int
take_words(void *ctx, const void *p, size_t n)
{
	struct pc_buf *b = ctx;

	/* The last words count. */
	if (b->len + n > WORDS_MAX)
		b->len = 0;
	return pc_buf_add(b, p, n < WORDS_MAX ? n : WORDS_MAX);
}

/* Pages from first to last are enough. */
static void
outer_pages(const struct ocr_options *o, const struct doc *d, unsigned *first,
    unsigned *last)
{
	*first = o->range_count ? d->pages : 1;
	*last = o->range_count ? 1 : d->pages;
	for (size_t i = 0; i < o->range_count; i++) {
		const struct range *r = &o->ranges[i];
		unsigned to = r->to == 0 || r->to > d->pages ? d->pages : r->to;

		if (r->from > to)
			continue;
		if (r->from < *first)
			*first = r->from;
		if (to > *last)
			*last = to;
	}
}

int
pdftohtml_locked(struct doc *d)
{
	return doc_fail(d,
	    "it is locked, and pdftohtml takes a password only as "
	    "an argument, which others can see: unlock it with "
	    "'qpdf --decrypt --password-file=FILE' first");
}

/* How it ended.  0: well. */
static int
judge(struct doc *d, const struct pc_child *child, long long seconds,
    struct pc_buf *words)
{
	const int status = child->status;

	if (pc_buf_add(words, "", 1) < 0)
		return doc_fail(d, "%s", strerror(ENOMEM));
	if (caught)
		return doc_fail(d, "interrupted");
	if (child->timed_out ||
	    (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)) {
		snprintf(d->error, sizeof d->error,
		    "pdftohtml took more than %lld s; ocr.page_timeout allows "
		    "more",
		    seconds);
		return -1;
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return doc_fail(d,
		    "pdftohtml would write a file larger than the "
		    "limit");
	if (!WIFEXITED(status))
		return doc_fail(d, "pdftohtml crashed");
	if (WEXITSTATUS(status) == 0)
		return 0;
	if (strstr((char *)words->data, "Incorrect password"))
		return pdftohtml_locked(d);
	snprintf(d->error, sizeof d->error, "pdftohtml failed with status %d",
	    WEXITSTATUS(status));
	return -1;
}

/* Let it fill the directory. */
static int
extract(const struct ocr_options *o, struct doc *d)
{
	char *helper = pc_helper_path("pc-confine");
	char cpu[32], lent[32], from[16], to[16], in[32];
	char out[sizeof directory + 2];
	const char *argv[] = {helper, "--require-sandbox", cpu,
	    "--memory=" MEMORY_MAX, "--file-size=" FILE_SIZE_MAX, "--write",
	    directory, lent, "--", "pdftohtml", "-xml", "-nodrm", "-zoom", "1",
	    "-noroundcoord", "-f", from, "-l", to, in, out, NULL};
	/* Points are points. */
	const char *const env[] = {"LC_ALL=C", NULL};
	const int64_t page = o->page_timeout;
	struct pc_buf words = {0};
	const char **start = o->require_sandbox ? argv : argv + 1;
	struct pc_child child = {.argv = (char *const *)(uintptr_t)start,
	    .in = -1,
	    .env = env,
	    .out = drop,
	    .err = take_words,
	    .ctx = &words,
	    .stop = &caught};
	unsigned first, last;
	long long seconds = TIME_MAX;
	int fd = fcntl(d->fd, F_DUPFD, FD_MIN), r = -1;

	start[0] = helper;
	outer_pages(o, d, &first, &last);
	if (page != PC_NEVER && page / 1000000 < TIME_MAX) {
		seconds = page / 1000000 * (last - first + 1);
		seconds = seconds < 1    ? 1
		    : seconds > TIME_MAX ? TIME_MAX
					 : seconds;
	}
	child.idle_max = (seconds + 1) * 1000000;
	snprintf(from, sizeof from, "%u", first);
	snprintf(to, sizeof to, "%u", last);
	snprintf(in, sizeof in, "/proc/self/fd/%d", fd);
	snprintf(out, sizeof out, "%s/x", directory);
	snprintf(cpu, sizeof cpu, "--cpu=%lld", seconds);
	snprintf(lent, sizeof lent, "--lend=%d", fd);
	if (fd < 0 || pc_child_run(&child) < 0)
		snprintf(d->error, sizeof d->error, "cannot run '%s': %s%s",
		    helper, strerror(errno), pc_helper_remedy(errno));
	else
		r = judge(d, &child, seconds, &words);
	doc_tool(d, &child);
	if (fd >= 0)
		close(fd);
	pc_buf_clear(&words);
	free(helper);
	return r;
}

int
pdftohtml_take(const char *name, struct pc_buf *b, size_t max)
{
	const int fd = *name
	    ? openat(inside, name,
		  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
	    : -1;
	struct stat st;
	int r = -1, e;

	if (!*name)
		errno = EINVAL;
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		errno = EINVAL;
	else
		r = pc_read_all(fd, b, max);
	e = errno;
	close(fd);
	unlinkat(inside, name, 0);
	errno = e;
	return r;
}

int
pdftohtml_begin(const struct ocr_options *o, struct doc *d, struct places *all)
{
	struct pc_buf xml = {0};
	int r;

	hold_signals();
	if (make_directory() < 0) {
		snprintf(d->error, sizeof d->error,
		    "cannot make a temporary directory: %s", strerror(errno));
		return -1;
	}
	r = extract(o, d);
	if (r == 0 && pdftohtml_take("x.xml", &xml, XML_MAX) < 0)
		r = doc_fail(d, "pdftohtml left no XML that can be read");
	if (r == 0 && !whole(&xml))
		r = doc_fail(d,
		    "what pdftohtml wrote is cut: is there room in "
		    "the directory of TMPDIR?");
	if (r == 0 && pc_buf_add(&xml, "", 1) < 0)
		r = doc_fail(d, "%s", strerror(ENOMEM));
	if (r == 0 && scan((char *)xml.data, all) < 0)
		r = doc_fail(d, "%s", strerror(ENOMEM));
	pc_buf_clear(&xml);
	return r;
}

int
pdftohtml_stopped(void)
{
	return caught != 0;
}

void
pdftohtml_end(void)
{
	if (inside >= 0)
		close(inside);
	inside = -1;
	remove_directory();
	release_signals();
}
