/* pdftohtml.c - extract the images of a PDF with pdftohtml(1). */
#include "pdftohtml.h"
#include "scratch.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum {
	XML_MAX = 256 * 1024 * 1024, /* bytes */
	TIME_MAX = 3600,             /* s */
};

static const uint64_t memory_max = UINT64_C(4) << 30;
static const uint64_t file_max = UINT64_C(1) << 30;

int
pdftohtml_fail_locked(struct pdf_task *t)
{
	return pdf_fail(t,
	    "it is locked, and pdftohtml accepts a password only as an "
	    "argument, which other users can see; unlock it first with 'qpdf "
	    "--decrypt --password-file=FILE'");
}

static int
check_end(struct pdf_task *t, const struct tool_end *end, unsigned seconds)
{
	const int status = end->child.status;

	if (*scratch_signal())
		return pdf_fail(t, "interrupted");
	if (end->child.timed_out ||
	    (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
		return pdf_fail(t,
		    "pdftohtml timed out after %u s; raise ocr.page_timeout",
		    seconds);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return pdf_fail(t,
		    "a file that pdftohtml extracts exceeds the size limit");
	if (!WIFEXITED(status))
		return pdf_fail(t, "pdftohtml crashed");
	if (WEXITSTATUS(status) == 0)
		return 0;
	if (strstr((char *)end->said.data, "Incorrect password"))
		return pdftohtml_fail_locked(t);
	return pdf_fail(t, "pdftohtml failed with status %d",
	    WEXITSTATUS(status));
}

/* Its time limit in seconds. */
static unsigned
time_for(int64_t page_timeout, unsigned pages)
{
	int64_t seconds;

	if (page_timeout == PC_NEVER || page_timeout / 1000000 >= TIME_MAX)
		return TIME_MAX;
	seconds = page_timeout / 1000000 * pages;
	return seconds < 1       ? 1
	    : seconds > TIME_MAX ? TIME_MAX
				 : (unsigned)seconds;
}

/* Run it; it writes to the scratch directory. */
static int
extract(struct pdf_task *t, int64_t page_timeout)
{
	/* In this locale, numbers have a decimal point. */
	static const char *const env[] = {"LC_ALL=C", NULL};
	char from[16], to[16], out[4096 + 2];
	struct lent document = {.fd = -1};
	const char *argv[] = {"pdftohtml", "-xml", "-nodrm", "-zoom", "1",
	    "-noroundcoord", "-f", from, "-l", to, document.name, out, NULL};
	struct tool tool = {.argv = argv,
	    .files = (const struct lent *const[]){&document, NULL},
	    .env = env,
	    .in = -1,
	    .memory_max = memory_max,
	    .file_max = file_max,
	    .directory = scratch_path(),
	    .stop = scratch_signal()};
	struct tool_end end;
	unsigned first, last;
	int r;

	page_ranges_bounds(t->ranges, t->pages, &first, &last);
	tool.cpu_max = time_for(page_timeout, last - first + 1);
	tool.idle_max = ((int64_t)tool.cpu_max + 1) * 1000000;
	snprintf(from, sizeof from, "%u", first);
	snprintf(to, sizeof to, "%u", last);
	snprintf(out, sizeof out, "%s/x", scratch_path());
	if (tool_lend(&document, t->fd) < 0)
		return pdf_fail(t, "%s", strerror(errno));
	r = tool_run(t, &tool, &end);
	if (r == 0)
		r = check_end(t, &end, tool.cpu_max);
	tool_take_back(&document);
	pc_buf_clear(&end.said);
	return r;
}

static int
read_list(struct pdf_task *t, struct embedded_list *images)
{
	struct pc_buf xml = {0};
	int r = 0;

	if (scratch_take("x.xml", &xml, XML_MAX) < 0)
		r = pdf_fail(t, "cannot read pdftohtml's XML output");
	else if (!embedded_xml_whole((char *)xml.data, xml.len))
		r = pdf_fail(t,
		    "pdftohtml's output is incomplete; check the free space "
		    "in $TMPDIR");
	else if (pc_buf_add(&xml, "", 1) < 0 ||
	    embedded_parse((char *)xml.data, images) < 0)
		r = pdf_fail(t, "%s", strerror(ENOMEM));
	pc_buf_clear(&xml);
	return r;
}

int
pdftohtml_run(struct pdf_task *t, int64_t page_timeout,
    struct embedded_list *images)
{
	if (scratch_begin() < 0)
		return pdf_fail(t, "cannot make a temporary directory: %s",
		    strerror(errno));
	return extract(t, page_timeout) < 0 ? -1 : read_list(t, images);
}
