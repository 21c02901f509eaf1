/* pdftohtml.h - pdftohtml(1) takes the images out of a PDF. */
#ifndef PDFTOHTML_H
#define PDFTOHTML_H

#include "embedded.h"
#include "tool.h"

/* Write the images of the task's chosen pages to files in the scratch
 * directory, and list them in *images, which is the caller's.  page_timeout:
 * us a page, or PC_NEVER.  -1: t->error.  In both cases scratch_end() must
 * follow. */
int pdftohtml_run(struct pdf_task *, int64_t page_timeout,
    struct embedded_list *images);
/* Fail because it takes no password of a locked PDF. */
int pdftohtml_fail_locked(struct pdf_task *);

#endif
