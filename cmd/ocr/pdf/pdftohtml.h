/* pdftohtml.h - extract the images of a PDF with pdftohtml(1). */
#ifndef PDFTOHTML_H
#define PDFTOHTML_H

#include "embedded.h"
#include "tool.h"

/* Write the images of the task's chosen pages to files in the scratch
 * directory, and list them in *images, which the caller owns.  page_timeout:
 * us per page, or PC_NEVER.  -1: t->error.  Call scratch_end() in any case. */
int pdftohtml_run(struct pdf_task *, int64_t page_timeout,
    struct embedded_list *images);
/* Fail because pdftohtml accepts no password for a locked PDF. */
int pdftohtml_fail_locked(struct pdf_task *);

#endif
