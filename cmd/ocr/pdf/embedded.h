/* embedded.h - read the images of a PDF's pages, by pc-doc. */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include "asking.h"

struct embedded {
	unsigned page;   /* from 1 */
	unsigned number; /* on its page, from 1; 0: the page's images are
			  * unknown, and error is set */
	double box[4];   /* left, top, right, bottom in points from the upper
			  * left */
	struct pc_buf bytes; /* a JPEG or PNG file; the reader owns them */
	int damaged;         /* some of its pixels are lost */
	const char *error;   /* NULL: none */
};

struct embedded_reader {
	struct pdf_task *task;
	struct pdf_asking asking;
	unsigned seconds; /* limit for one image; 0: none */
	int begun;        /* there is a worker */
	unsigned lost;    /* workers that crashed or timed out */
};

/* page_timeout: us for one image, or PC_NEVER. */
void embedded_begin(struct embedded_reader *, struct pdf_task *,
    int64_t page_timeout);
/* Call each for every image of the page (from 1), in the order in which they
 * are painted.  If no more can be read, task->error is set. */
void embedded_read_page(struct embedded_reader *, unsigned page,
    void (*each)(void *ctx, const struct embedded *), void *ctx);
void embedded_end(struct embedded_reader *);

#endif
