/* conversion.h - one run of a converter. */
#ifndef CONVERSION_H
#define CONVERSION_H

#include "reader/converters.h"
#include "reader/reader_protocol.h"

struct conversion {
	/* set by the caller, who owns what they point to */
	const struct converters *all;
	const struct converter *by;
	const char *program;    /* the path of its program */
	int fd;                 /* the document, */
	const struct pc_id *id; /* whose bytes have this id */
	int require_sandbox;
	struct pc_spool *out; /* empty; becomes a PDF, or a text in UTF-8 */

	/* set by conversion_run() */
	int64_t cost;      /* us */
	uint32_t peak_kib; /* peak memory of its largest process */
	char error[MESSAGE_SIZE];
};

/* Run it to its end.  -1: it failed (error). */
int conversion_run(struct conversion *);
/* Is the file at fd a PDF?  Else it is a text. */
int conversion_is_pdf(int fd);

#endif
