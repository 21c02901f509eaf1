/* overlay.c - searchable PDFs: qpdf(1) lays the text over the document, which
 * img2pdf(1) has made a PDF if it was an image.
 *
 * Both are given descriptors of files without names, as /proc/self/fd/N, so
 * that nothing is left behind however this ends, and a password is neither in
 * an argument nor in a file that has a name. */
#include "ocr/ocr.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	HEADER_WITHIN = 1024, /* as pc-doc takes it */
	FD_MIN = 10,
	WORDS_MAX = 4096,         /* bytes that are kept of what one says */
	IDLE_MAX = 600 * 1000000, /* us */
	QPDF_WARNED = 3,          /* its status: done, with warnings */
	NOT_FOUND = 127,          /* of pc-confine: there is no such program */
	ARGS = 16,
};

/* What the programs may use, as pc-confine takes it. */
#define CPU_MAX "3600"          /* s */
#define MEMORY_MAX "8589934592" /* bytes of address space */

struct run {
	struct pc_spool *out;
	struct pc_buf words; /* of stderr */
};

/* A descriptor that a program will have too, and its name there. */
struct lent {
	int fd;
	char name[32];
};

/* 0, or -1 with errno; fd is still the caller's. */
static int
lend(struct lent *l, int fd)
{
	l->fd = fcntl(fd, F_DUPFD, FD_MIN);
	snprintf(l->name, sizeof l->name, "/proc/self/fd/%d", l->fd);
	return l->fd < 0 ? -1 : 0;
}

static void
give_back(struct lent *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

int
overlay_is_pdf(int fd)
{
	char head[HEADER_WITHIN];
	ssize_t n = pc_pread_full(fd, head, sizeof head, 0);

	return n > 0 && memmem(head, (size_t)n, "%PDF-", 5) != NULL;
}

/* ---- programs ---- */

static int
take(void *ctx, const void *p, size_t n)
{
	struct run *r = ctx;

	return pc_spool_write(r->out, p, n);
}

static int
take_words(void *ctx, const void *p, size_t n)
{
	struct run *r = ctx;

	/* The last words count. */
	if (r->words.len + n > WORDS_MAX)
		r->words.len = 0;
	return pc_buf_add(&r->words, p, n < WORDS_MAX ? n : WORDS_MAX);
}

static int
missing(struct doc *d, const char *program)
{
	return doc_fail(d,
	    "-f pdf needs %s, which is not there: install the "
	    "package %s",
	    program, program);
}

/* What a program said last, without the name that it knew the file by. */
static int
failed(struct doc *d, const char *program, struct pc_buf *words)
{
	static const char file[] = "/proc/self/fd/";
	char *s, *end, *cut;

	while (words->len > 0 && words->data[words->len - 1] <= ' ')
		words->len--;
	if (pc_buf_add(words, "", 1) < 0 || words->len == 1)
		return doc_fail(d, "%s failed and did not say why", program);
	s = strrchr((char *)words->data, '\n');
	s = s ? s + 1 : (char *)words->data;
	if (strncmp(s, program, strlen(program)) == 0 &&
	    s[strlen(program)] == ':')
		s += strlen(program) + 1;
	cut = strstr(s, file);
	if (cut) {
		end = cut + sizeof file - 1;
		end += strspn(end, "0123456789");
		end += strspn(end, ": ");
		memmove(cut, end, strlen(end) + 1);
	}
	doc_fail(d, "%s: %s", program, s + strspn(s, " "));
	for (char *p = d->error; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
	return -1;
}

/* The arguments that run a program in the sandbox of pc-confine(8), which ends
 * with what the program ends with. */
static void
confine(const struct ocr_options *o, const char **all, char *helper,
    const char *const *lent, const char *const *argv)
{
	size_t n = 0;

	all[n++] = helper;
	if (o->require_sandbox)
		all[n++] = "--require-sandbox";
	all[n++] = "--cpu=" CPU_MAX;
	all[n++] = "--memory=" MEMORY_MAX;
	for (; *lent; lent++) {
		all[n++] = "--lend";
		all[n++] = *lent + sizeof "/proc/self/fd/" - 1;
	}
	all[n++] = "--";
	while (*argv)
		all[n++] = *argv++;
	all[n] = NULL;
}

/* Run it; its stdout goes to out.  lent: the names of files that it opens. */
static int
run(const struct ocr_options *o, struct doc *d, const char **argv,
    const char *const *lent, int in, struct pc_spool *out)
{
	char *helper = pc_helper_path("pc-confine");
	const char *all[2 * ARGS];
	struct run r = {.out = out};
	struct pc_child child = {.argv = (char *const *)(uintptr_t)all,
	    .in = in,
	    .out = take,
	    .err = take_words,
	    .ctx = &r,
	    .idle_max = IDLE_MAX};
	int result = 0;

	confine(o, all, helper, lent, argv);
	if (pc_child_run(&child) < 0)
		result = doc_fail(d, "cannot run '%s': %s%s", helper,
		    strerror(errno), pc_helper_remedy(errno));
	else if (child.stopped)
		result = doc_fail(d, "cannot keep what %s makes: %s", argv[0],
		    strerror(errno));
	else if (child.timed_out)
		result = doc_fail(d, "%s did nothing for %d s", argv[0],
		    IDLE_MAX / 1000000);
	else if (!WIFEXITED(child.status))
		result = doc_fail(d, "%s crashed", argv[0]);
	else if (WEXITSTATUS(child.status) == NOT_FOUND)
		result = missing(d, argv[0]);
	else if (WEXITSTATUS(child.status) != 0 &&
	    (WEXITSTATUS(child.status) != QPDF_WARNED ||
		strcmp(argv[0], "qpdf") != 0))
		result = failed(d, argv[0], &r.words);
	doc_tool(d, &child);
	pc_buf_clear(&r.words);
	free(helper);
	return result;
}

int
overlay_in_path(const char *program)
{
	char *path = pc_program_path(program);
	const int there = path != NULL;

	free(path);
	return there;
}

int
overlay_ready(struct doc *d)
{
	if (!overlay_in_path("qpdf"))
		return missing(d, "qpdf");
	if (!overlay_is_pdf(d->fd) && !overlay_in_path("img2pdf"))
		return missing(d, "img2pdf");
	return 0;
}

/* ---- the original ---- */

/* An image as a PDF, a page a frame.  What says no dots an inch has those that
 * it was read with. */
static struct pc_spool *
pdf_of_image(const struct ocr_options *o, struct doc *d, int fd)
{
	char size[32];
	/* No engine but its own gives the same bytes each time. */
	const char *argv[ARGS] = {"img2pdf", "--nodate", "--engine=internal",
	    "--rotation=ifvalid"};
	const char *const none[] = {NULL};
	struct pc_spool *out = pc_spool_new(NULL);
	int n = 4;

	if (d->pages == 1)
		argv[n++] = "--first-frame-only";
	snprintf(size, sizeof size, "--imgsize=%udpi", o->dpi);
	if (d->assumed == d->wanted)
		argv[n++] = size;
	if (!out)
		doc_fail(d, "%s", strerror(errno));
	if (out && run(o, d, argv, none, fd, out) < 0) {
		pc_spool_free(out);
		out = NULL;
	}
	return out;
}

/* A descriptor of the original as a PDF, at its first byte, or -1. */
static int
open_original(const struct ocr_options *o, struct doc *d)
{
	struct pc_spool *pdf;
	char self[32];
	int fd;

	snprintf(self, sizeof self, "/proc/self/fd/%d", d->fd);
	fd = open(self, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return doc_fail(d, "%s", strerror(errno));
	if (overlay_is_pdf(fd))
		return fd;
	pdf = pdf_of_image(o, d, fd);
	close(fd);
	if (!pdf)
		return -1;
	fd = pc_spool_open(pdf);
	if (fd < 0)
		doc_fail(d, "%s", strerror(errno));
	pc_spool_free(pdf);
	return fd;
}

/* ---- qpdf ---- */

/* What qpdf reads. */
struct files {
	struct lent original, layer, password;
	char option[64]; /* "" or the one that names the password's file */
};

/* The name of its file, or NULL. */
static const char *
password_of(const struct files *f)
{
	return f->option[0] ? f->password.name : NULL;
}

/* Page k of poppler's must be page k of qpdf's, whose ways with a damaged
 * file are others. */
static int
check_pages(const struct ocr_options *o, struct doc *d, const struct files *f)
{
	const char *argv[ARGS] = {"qpdf", "--show-npages", f->original.name,
	    f->option[0] ? f->option : NULL};
	struct pc_spool *out = pc_spool_new(NULL);
	char text[32] = "";
	int fd, r;

	if (!out)
		return doc_fail(d, "%s", strerror(errno));
	r = run(o, d, argv,
	    (const char *[]){f->original.name, password_of(f), NULL}, -1, out);
	if (r == 0 && (fd = pc_spool_open(out)) >= 0) {
		(void)pc_read_full(fd, text, sizeof text - 1);
		close(fd);
	}
	pc_spool_free(out);
	if (r == 0 && strtoul(text, NULL, 10) != d->pages)
		r = doc_fail(d,
		    "it is damaged: it has %u pages or %lu, as one "
		    "takes it",
		    d->pages, strtoul(text, NULL, 10));
	return r;
}

/* The ranges as qpdf writes them, none beyond the last page. */
static int
page_list(const struct ocr_options *o, const struct doc *d, struct pc_buf *b)
{
	for (size_t i = 0; i < o->range_count; i++) {
		const struct range *r = &o->ranges[i];
		unsigned to = r->to == 0 || r->to > d->pages ? d->pages : r->to;

		if (r->from <= to)
			pc_buf_addf(b, "%s%u-%u", b->len ? "," : "", r->from,
			    to);
	}
	return pc_buf_add(b, "", 1);
}

static int
lay_over(const struct ocr_options *o, struct doc *d, const struct files *f,
    struct pc_spool *out)
{
	/* What is encrypted differs each time; the result is not. */
	const char *argv[ARGS] = {"qpdf", "--deterministic-id", "--decrypt"};
	struct pc_buf pages = {0};
	int n = 3, r;

	if (f->option[0])
		argv[n++] = f->option;
	argv[n++] = f->original.name;
	if (o->range_count > 0) {
		if (page_list(o, d, &pages) < 0)
			return doc_fail(d, "%s", strerror(ENOMEM));
		argv[n++] = "--pages";
		argv[n++] = ".";
		argv[n++] = (const char *)pages.data;
		argv[n++] = "--";
	}
	argv[n++] = "--overlay";
	argv[n++] = f->layer.name;
	argv[n++] = "--";
	argv[n++] = "-";
	r = run(o, d, argv,
	    (const char *[]){f->original.name, f->layer.name, password_of(f),
		NULL},
	    -1, out);
	pc_buf_clear(&pages);
	return r;
}

static int
lend_password(const struct ocr_options *o, struct files *f)
{
	int fd, r;

	if (!o->password || !*o->password)
		return 0;
	fd = memfd_create("password", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	r = pc_write_full(fd, o->password, strlen(o->password));
	if (r == 0)
		r = lend(&f->password, fd);
	close(fd);
	snprintf(f->option, sizeof f->option, "--password-file=%s",
	    f->password.name);
	return r;
}

int
overlay_make(const struct ocr_options *o, struct doc *d, struct pc_spool *out)
{
	struct files f = {{.fd = -1}, {.fd = -1}, {.fd = -1}, ""};
	int original = open_original(o, d);
	int layer = original < 0 ? -1 : pc_spool_open(d->layer);
	int r = -1;

	if (original >= 0 &&
	    (layer < 0 || lend(&f.original, original) < 0 ||
		lend(&f.layer, layer) < 0 || lend_password(o, &f) < 0))
		doc_fail(d, "%s", strerror(errno));
	else if (original >= 0 && check_pages(o, d, &f) == 0)
		r = lay_over(o, d, &f, out);
	give_back(&f.original);
	give_back(&f.layer);
	give_back(&f.password);
	if (original >= 0)
		close(original);
	if (layer >= 0)
		close(layer);
	return r;
}
