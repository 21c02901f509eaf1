/* seats.h - workers and what they work on.
 *
 * A seat holds one worker of one of two helpers.  Readers (pc-doc) return a
 * page's text, or its pixels if it has no good text.  Recognisers
 * (pc-tesseract) turn pixels into words. */
#ifndef OCR_SEATS_H
#define OCR_SEATS_H

#include "ocr/attachments.h"
#include "ocr/doc.h"
#include "reader/team.h"

enum { SEATS_MAX = 2 * 1024 };

struct seat {
	struct worker worker;
	struct team *team;
	struct doc *doc;        /* of a reader; of a recogniser only while it is
				 * busy */
	struct page_slot *slot; /* NULL: it is opening the document */
	struct page_slot *next; /* already requested too, so that the reader
				 * need not wait between pages */
	int busy;
	int64_t since; /* ticks: when it began to work on the slot */
};

/* What the files of the batch share. */
struct ocr_batch {
	struct cli *cli;
	const struct ocr_options *o;
	struct cli_names *names;
	struct team *readers, *recognisers, converters;
	struct seat *seats;  /* jobs readers, then jobs recognisers; owned */
	struct seat kinds;   /* a reader without a document (small_text.h), */
	unsigned kinds_lost; /* and how often it died */
	unsigned jobs, docs;
	unsigned pixels; /* pages that wait for a recogniser */
	struct doc *first, **last;
	int more;           /* more names may follow */
	int admitted;       /* the workers were checked against free memory */
	uint32_t start_kib; /* the machine's memory in use before the first
			     * worker */
	int refused;        /* not one worker fits */
	uint64_t unnamed;   /* names that could not be read */
	uint64_t ended[DOC_ENDS];       /* closed documents */
	uint64_t printed;               /* their pages */
	struct attachments attachments; /* of the document that was closed
					 * last */
};

/* Before the first worker starts, lower jobs to the number of workers that fit
 * into memory.  -1: not one fits; this is the document's error. */
int seats_admit(struct ocr_batch *, struct doc *);
/* Stop all workers, and record which ones were used. */
void seats_close(struct ocr_batch *);

/* Start a worker in an empty seat.  d: the document that it reads, or NULL. */
void seat_hire(struct ocr_batch *, struct seat *, struct team *, struct doc *d);
/* Send a request to the seat's worker, or to a new one if it has died. */
void seat_ask(struct ocr_batch *, struct seat *, const struct page_request *,
    const void *pixels);
/* The worker died or gave an invalid answer: request the page again, or make
 * this its error. */
void seat_lost(struct ocr_batch *, struct seat *);
void seat_dismiss(struct seat *);

#endif
