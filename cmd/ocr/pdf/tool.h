/* tool.h - programs that work on a PDF: qpdf(1) and img2pdf(1).
 *
 * Each runs in the sandbox of pc-confine(8).  Its files are descriptors that
 * it gets as /proc/self/fd/N.  So no file is left behind however the run ends,
 * and a password is never in an argument or a named file. */
#ifndef TOOL_H
#define TOOL_H

#include "pc.h"
#include "reader/page_ranges.h"
#include "reader/reader_protocol.h"

/* A page of the result that is turned upright. */
struct page_turn {
	unsigned page; /* from 1 */
	int degrees;   /* clockwise: 90, 180 or 270 */
};

/* A document that tools work on, and the outcome. */
struct pdf_task {
	int fd;         /* the document; the caller owns it */
	unsigned pages; /* in the document */
	const struct page_ranges *ranges;
	const char *password; /* NULL or "": none */
	int require_sandbox;
	unsigned max_megapixels; /* of an image; 0: pc-doc's default */
	const unsigned
	    *redone; /* pages, from 1, whose text layer is replaced */
	size_t redone_count;
	const struct page_turn *turns; /* to be made after all else */
	size_t turn_count;

	unsigned tools;           /* number of runs */
	uint32_t peak_kib;        /* of the largest run */
	char error[MESSAGE_SIZE]; /* set when a function returns -1 */
};

/* Set the task's error.  Returns -1. */
int pdf_fail(struct pdf_task *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Is the file a PDF, judged by its first bytes? */
int pdf_detect(int fd);

/* A descriptor that a tool gets, and its name there. */
struct lent {
	int fd; /* -1: none */
	char name[32];
};

/* Pass fd to a tool; the caller still owns it.  -1 with errno. */
int tool_lend(struct lent *, int fd);
void tool_take_back(struct lent *);

/* One run of a tool. */
struct tool {
	const char *const *argv;         /* ended by NULL */
	const struct lent *const *files; /* ended by NULL; a file without a
					  * descriptor is skipped */
	const char *const *env;          /* NAME=value to add to the
					  * environment, or NULL */
	int in;                          /* its standard input; -1: none */
	struct pc_spool *out;            /* its output; NULL: discarded */
	unsigned cpu_max;                /* CPU seconds */
	uint64_t memory_max;             /* bytes of address space */
	int64_t idle_max;                /* longest time without output, us */
};

/* How a run ended. */
struct tool_end {
	struct pc_child child;
	struct pc_buf said; /* its last messages, with a final NUL; the
			     * caller owns it */
};

/* Run the tool to its end.  -1: it could not be run (task->error). */
int tool_run(struct pdf_task *, const struct tool *, struct tool_end *);
/* Run a tool that writes one file, to out.  -1: it failed (task->error). */
int tool_make(struct pdf_task *, const char *const *argv,
    const struct lent *const *files, int in, struct pc_spool *out);
/* Is the program in $PATH? */
int tool_installed(const char *program);
/* Fail because the program of the format's name is not installed. */
int tool_missing(struct pdf_task *, const char *format, const char *program,
    const char *package);

#endif
