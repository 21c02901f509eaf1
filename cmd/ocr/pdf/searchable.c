/* searchable.c - a document with a new text layer.  img2pdf(1) makes an image
 * a PDF, pc-doc adds the text, and qpdf(1) chooses pages and turns them. */
#include "searchable.h"

#include "lay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ARGS_MAX = 16 };

int
searchable_check_tools(struct pdf_task *t)
{
	if (!tool_installed("qpdf"))
		return tool_missing(t, "pdf", "qpdf", "qpdf");
	if (!pdf_detect(t->fd) && !tool_installed("img2pdf"))
		return tool_missing(t, "pdf", "img2pdf", "img2pdf");
	return 0;
}

/* A signature is never in packed data: the bytes that it signs surround it
 * (ISO 32000-1, 12.8.1). */
int
searchable_is_signed(int fd)
{
	static const char word[] = "/ByteRange";
	enum { KEPT = sizeof word - 2 }; /* bytes that may begin the word */
	unsigned char *b = malloc(PC_IO_CHUNK + KEPT);
	size_t kept = 0, all;
	int found = 0;
	off_t at = 0;
	ssize_t n;

	while (b && !found &&
	    (n = pc_pread_full(fd, b + kept, PC_IO_CHUNK, at)) > 0) {
		at += n;
		all = kept + (size_t)n;
		found = memmem(b, all, word, sizeof word - 1) != NULL;
		kept = all < KEPT ? all : KEPT;
		memmove(b, b + all - kept, kept);
	}
	free(b);
	return found;
}

/* ---- the original ---- */

/* Convert an image to a PDF, one page per frame. */
static struct pc_spool *
image_to_pdf(struct pdf_task *t, const struct image_pages *pages, int fd)
{
	char size[32];
	/* Only the internal engine gives the same bytes each time. */
	const char *argv[ARGS_MAX] = {"img2pdf", "--nodate",
	    "--engine=internal", "--rotation=ifvalid"};
	const struct lent *const none[] = {NULL};
	struct pc_spool *out = pc_spool_new(NULL);
	int n = 4;

	if (t->pages == 1)
		argv[n++] = "--first-frame-only";
	snprintf(size, sizeof size, "--imgsize=%udpi", pages->dpi);
	if (pages->unscaled)
		argv[n++] = size;
	if (!out)
		pdf_fail(t, "%s", strerror(errno));
	if (out && tool_make(t, argv, none, fd, out) < 0) {
		pc_spool_free(out);
		out = NULL;
	}
	return out;
}

/* Open the original as a PDF, at its first byte.  Returns a descriptor, or
 * -1. */
static int
open_original(struct pdf_task *t, const struct image_pages *pages)
{
	struct pc_spool *pdf;
	char self[32];
	int fd;

	snprintf(self, sizeof self, "/proc/self/fd/%d", t->fd);
	fd = open(self, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return pdf_fail(t, "%s", strerror(errno));
	if (pdf_detect(fd))
		return fd;
	pdf = image_to_pdf(t, pages, fd);
	close(fd);
	if (!pdf)
		return -1;
	fd = pc_spool_open(pdf);
	if (fd < 0)
		pdf_fail(t, "%s", strerror(errno));
	pc_spool_free(pdf);
	return fd;
}

/* ---- qpdf ---- */

/* The inputs of qpdf. */
struct sources {
	struct lent original, password;
	char option[64]; /* "", or the option that names the password's file */
};

/* Check that poppler and qpdf agree on the pages: they read damaged files in
 * different ways. */
static int
check_pages(struct pdf_task *t, const struct sources *s)
{
	const char *argv[ARGS_MAX] = {"qpdf", "--show-npages", s->original.name,
	    s->option[0] ? s->option : NULL};
	const struct lent *const files[] = {&s->original, &s->password, NULL};
	struct pc_spool *out = pc_spool_new(NULL);
	char text[32] = "";
	int fd, r;

	if (!out)
		return pdf_fail(t, "%s", strerror(errno));
	r = tool_make(t, argv, files, -1, out);
	if (r == 0 && (fd = pc_spool_open(out)) >= 0) {
		(void)pc_read_full(fd, text, sizeof text - 1);
		close(fd);
	}
	pc_spool_free(out);
	if (r == 0 && strtoul(text, NULL, 10) != t->pages)
		r = pdf_fail(t, "damaged: page counts disagree (%u and %lu)",
		    t->pages, strtoul(text, NULL, 10));
	return r;
}

/* The page ranges in qpdf's syntax, without pages beyond the last. */
static int
write_ranges(const struct pdf_task *t, struct pc_buf *b)
{
	for (size_t i = 0; i < t->ranges->count; i++) {
		const struct page_range *r = &t->ranges->list[i];
		const unsigned end = page_range_end(r, t->pages);

		if (r->from <= end)
			pc_buf_addf(b, "%s%u-%u", b->len ? "," : "", r->from,
			    end);
	}
	return pc_buf_add(b, "", 1);
}

enum { TURNS = 3 }; /* by 90, 180 and 270 degrees */

/* Write qpdf's option for each turn that some page needs. */
static void
write_turns(const struct pdf_task *t, struct pc_buf options[TURNS])
{
	for (size_t i = 0; i < t->turn_count; i++) {
		struct pc_buf *b = &options[t->turns[i].degrees / 90 - 1];

		if (b->len == 0)
			pc_buf_addf(b, "--rotate=+%d:", t->turns[i].degrees);
		else
			pc_buf_addf(b, ",");
		pc_buf_addf(b, "%u", t->turns[i].page);
	}
	for (int i = 0; i < TURNS; i++)
		if (options[i].len > 0)
			pc_buf_add(&options[i], "", 1);
}

/* Write the chosen pages of the PDF, turned, to out. */
static int
choose_pages(struct pdf_task *t, const struct lent *pdf, struct pc_spool *out)
{
	const char *argv[ARGS_MAX] = {"qpdf", "--deterministic-id", pdf->name};
	const struct lent *const files[] = {pdf, NULL};
	struct pc_buf ranges = {0}, turns[TURNS] = {{0}};
	int n = 3, r, failed = 0;

	if (t->ranges->count > 0) {
		failed = write_ranges(t, &ranges) < 0;
		argv[n++] = "--pages";
		argv[n++] = ".";
		argv[n++] = (const char *)ranges.data;
		argv[n++] = "--";
	}
	write_turns(t, turns);
	for (int i = 0; i < TURNS; i++) {
		failed |= turns[i].failed;
		if (turns[i].len > 0)
			argv[n++] = (const char *)turns[i].data;
	}
	argv[n++] = "-";
	r = failed ? pdf_fail(t, "%s", strerror(ENOMEM))
		   : tool_make(t, argv, files, -1, out);
	pc_buf_clear(&ranges);
	for (int i = 0; i < TURNS; i++)
		pc_buf_clear(&turns[i]);
	return r;
}

static int
add_text(struct pdf_task *t, int original, struct pc_spool *layer,
    struct pc_spool *out)
{
	struct lent laid = {.fd = -1};
	struct pc_spool *all;
	int fd, r;

	if (t->ranges->count == 0 && t->turn_count == 0)
		return lay_text(t, original, layer, out);
	all = pc_spool_new(NULL);
	if (!all)
		return pdf_fail(t, "%s", strerror(errno));
	r = lay_text(t, original, layer, all);
	fd = r == 0 ? pc_spool_open(all) : -1;
	if (r == 0 && (fd < 0 || tool_lend(&laid, fd) < 0))
		r = pdf_fail(t, "%s", strerror(errno));
	if (r == 0)
		r = choose_pages(t, &laid, out);
	tool_take_back(&laid);
	if (fd >= 0)
		close(fd);
	pc_spool_free(all);
	return r;
}

static int
lend_password(const char *password, struct sources *s)
{
	int fd, r;

	if (!password || !*password)
		return 0;
	fd = memfd_create("password", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	r = pc_write_full(fd, password, strlen(password));
	if (r == 0)
		r = tool_lend(&s->password, fd);
	close(fd);
	snprintf(s->option, sizeof s->option, "--password-file=%s",
	    s->password.name);
	return r;
}

int
searchable_make(struct pdf_task *t, const struct image_pages *pages,
    struct pc_spool *layer, struct pc_spool *out)
{
	struct sources s = {{.fd = -1}, {.fd = -1}, ""};
	int original = open_original(t, pages);
	int r = -1;

	if (original >= 0 &&
	    (tool_lend(&s.original, original) < 0 ||
		lend_password(t->password, &s) < 0))
		pdf_fail(t, "%s", strerror(errno));
	else if (original >= 0 && check_pages(t, &s) == 0)
		r = add_text(t, original, layer, out);
	tool_take_back(&s.original);
	tool_take_back(&s.password);
	if (original >= 0)
		close(original);
	return r;
}
