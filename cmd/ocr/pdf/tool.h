/* tool.h - programs that work on a PDF: qpdf(1), img2pdf(1), pdftohtml(1).
 *
 * Each runs in the sandbox of pc-confine(8).  Its files are descriptors lent to
 * it as /proc/self/fd/N, so that nothing is left behind however this ends, and
 * a password is neither in an argument nor in a file that has a name. */
#ifndef TOOL_H
#define TOOL_H

#include "pc.h"
#include "reader/page_ranges.h"
#include "reader/reader_protocol.h"

/* A document that tools work on, and what came of it. */
struct pdf_task {
	int fd;         /* the document; the caller's */
	unsigned pages; /* in it */
	const struct page_ranges *ranges;
	const char *password; /* NULL or "": none */
	int require_sandbox;

	unsigned tools;           /* that ran */
	uint32_t peak_kib;        /* of the largest of them */
	char error[MESSAGE_SIZE]; /* why a function returned -1 */
};

/* Set the task's error.  Returns -1. */
int pdf_fail(struct pdf_task *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Is the file a PDF, by its first bytes? */
int pdf_detect(int fd);

/* A descriptor that a tool is lent, and its name there. */
struct lent {
	int fd; /* -1: none */
	char name[32];
};

/* Lend fd, which stays the caller's.  -1 with errno. */
int tool_lend(struct lent *, int fd);
void tool_take_back(struct lent *);

/* A run of a tool. */
struct tool {
	const char *const *argv;         /* ended by NULL */
	const struct lent *const *files; /* the same; without a descriptor a
					  * file is passed over */
	const char *const *env;          /* NAME=value to add, or NULL */
	int in;                          /* its standard input; -1: none */
	struct pc_spool *out;            /* its output; NULL: discarded */
	unsigned cpu_max;                /* s */
	uint64_t memory_max;             /* bytes of address space */
	uint64_t file_max;               /* bytes of each file; 0: any */
	const char *directory;           /* where it may make files, or NULL */
	int64_t idle_max;                /* us without output */
	const volatile int *stop;        /* as pc_child has it, or NULL */
};

/* How it ended. */
struct tool_end {
	struct pc_child child;
	struct pc_buf said; /* its last messages, ended by NUL; the caller's */
};

/* Run the tool to its end.  -1: it could not be run (task->error). */
int tool_run(struct pdf_task *, const struct tool *, struct tool_end *);
/* Run a tool that makes one file, to out.  -1: it failed (task->error). */
int tool_make(struct pdf_task *, const char *const *argv,
    const struct lent *const *files, int in, struct pc_spool *out);
/* Is the program in $PATH? */
int tool_installed(const char *program);
/* Fail because the program of the format's name is not installed. */
int tool_missing(struct pdf_task *, const char *format, const char *program,
    const char *package);

#endif
