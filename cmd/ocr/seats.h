/* seats.h - workers and what they are at.
 *
 * A seat is a worker of one of the two helpers.  Readers (pc-doc) give a page's
 * text, or its pixels if it has no good text; recognisers (pc-tesseract) turn
 * pixels into words. */
#ifndef OCR_SEATS_H
#define OCR_SEATS_H

#include "ocr/doc.h"
#include "reader/team.h"

enum { SEATS_MAX = 2 * 1024 };

struct seat {
	struct worker worker;
	struct team *team;
	struct doc *doc; /* a reader's; a recogniser's only while it is busy */
	struct page_slot *slot; /* NULL: it opens the document */
	struct page_slot *next; /* a reader has been asked for it already, so
				 * that it need not wait between pages */
	int busy;
	int64_t since; /* ticks: when it began with the slot */
};

/* What the files of the batch share. */
struct ocr_batch {
	struct cli *cli;
	const struct ocr_options *o;
	struct cli_names *names;
	struct team *readers, *recognisers;
	struct seat seats[SEATS_MAX]; /* jobs readers, then jobs recognisers */
	unsigned jobs, docs;
	unsigned pixels; /* pages that wait for a recogniser */
	struct doc *first, **last;
	int more;           /* names may follow */
	int admitted;       /* the workers fit into memory */
	uint32_t start_kib; /* in use of the machine before the first worker */
	int refused;        /* not one worker fits */
	uint64_t unnamed;   /* names that could not be taken */
	uint64_t ended[DOC_ENDS]; /* documents that are closed */
	uint64_t printed;         /* pages of these */
};

/* Before the first worker: lower jobs to the workers that fit into memory.
 * -1: none does, which is the document's error. */
int seats_admit(struct ocr_batch *, struct doc *);
/* Dismiss all workers, and record what they were. */
void seats_close(struct ocr_batch *);

/* Start a worker in an empty seat.  d: the document it reads, or NULL. */
void seat_hire(struct ocr_batch *, struct seat *, struct team *, struct doc *d);
/* Send a request to its worker, or to a new one if that died meanwhile. */
void seat_ask(struct ocr_batch *, struct seat *, const struct page_request *,
    const void *pixels);
/* Its worker died or gave an invalid answer: ask for the page again, or make
 * it an error. */
void seat_lost(struct ocr_batch *, struct seat *);
void seat_dismiss(struct seat *);

#endif
