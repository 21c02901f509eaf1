/* attachments.h - the files attached to a document, which are read after it as
 * documents of their own (--attachments).
 *
 * Each is stored as it was attached, in the stage ocr.attachment, so that the
 * store knows from which document it came.  Its text has the key of a document
 * with these bytes. */
#ifndef ATTACHMENTS_H
#define ATTACHMENTS_H

#include "ocr/doc.h"
#include "ocr/pdf/asking.h"

struct attachments {
	struct doc_file of;  /* the document, */
	struct pc_id id;     /* and what is read of it: */
	int fd;              /* owned: its bytes; -1: those of the file */
	struct pc_json *all; /* owned: its declaration; NULL: it has none */
	size_t count, next;
	char *nested;  /* owned: the name of one that has some of its own,
			* which are not read; or NULL */
	uint64_t room; /* bytes left for the following ones */
	struct pdf_task task;
	struct pdf_asking asking;
	int asked; /* asking has begun */
};

/* Take the list of a document that is to be closed.  It may be one of them. */
void attachments_take(struct attachments *, struct cli *,
    const struct ocr_options *, struct doc *);
/* Open the next one.  If it cannot be had, the document has failed.  NULL:
 * there are no more. */
struct doc *attachments_next(struct attachments *, struct cli *,
    const struct ocr_options *);

#endif
