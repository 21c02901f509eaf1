/* doc_stage.h - one document: found in the store, or read page by page. */
#ifndef DOC_STAGE_H
#define DOC_STAGE_H

#include "ocr/doc.h"

/* Identify the document and look it up.  If that fails (unidentified), the
 * only call left is doc_close. */
struct doc *doc_open(struct cli *, const struct ocr_options *,
    const char *name);
/* An attachment. */
struct doc_source {
	const char *name;       /* with that of the document it comes from */
	const char *attachment; /* its own; NULL: it stands for several */
	struct pc_id id;        /* of its bytes, */
	int fd;                 /* which the document takes; -1: they may not be
				 * needed */
};

/* The same for an attachment, whose file does not change. */
struct doc *doc_open_attached(struct cli *, const struct ocr_options *,
    const struct doc_source *);
/* An attachment that cannot be read, after a warning.  The only call left is
 * doc_close. */
struct doc *doc_open_failed(struct cli *, const struct ocr_options *,
    const struct doc_source *, const char *error);
/* For a document in DOC_WAITING: look it up again, lock its key, or begin to
 * read it. */
void doc_retry(struct cli *, const struct ocr_options *, struct doc *);
/* Its conversion ended: read the result in place of the document, unless it
 * failed.  No reader may have it. */
void doc_use_conversion(struct cli *, struct doc *);
/* Note its number of pages, and select the wanted ones. */
void doc_set_pages(const struct ocr_options *, struct doc *, unsigned pages);
/* For a document in DOC_DONE: store it and unlock its key; it may be printed
 * later.  peak_kib: memory of the largest worker so far. */
void doc_finish(struct cli *, const struct ocr_options *, struct doc *,
    uint32_t peak_kib);
/* Print what is left and free it. */
enum doc_end doc_close(struct cli *, const struct ocr_options *, struct doc *);

#endif
