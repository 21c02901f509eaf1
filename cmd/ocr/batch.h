/* batch.h - workers and what they are at: what batch.c shares with seats.c,
 * reading.c and recognising.c.
 *
 * A seat is a worker of one of the two helpers.  Readers give a page's text,
 * or its pixels when it has none that is any good; recognisers turn pixels
 * into words. */
#ifndef BATCH_H
#define BATCH_H

#include "ocr.h"

enum { SEATS_MAX = 2 * 1024 };

struct seat {
	struct worker worker;
	struct team *team;
	struct doc *doc;   /* a reader's; of a recogniser only while busy */
	struct slot *slot; /* NULL: it opens the document */
	struct slot *next; /* a reader is asked for it already, so that it
			    * need not wait for us between pages */
	int busy;
	int64_t since;
};

struct batch {
	struct cli *cli;
	const struct ocr_options *o;
	struct cli_names *names;
	struct team *readers, *recognisers;
	struct seat seats[SEATS_MAX]; /* readers first, then recognisers */
	unsigned jobs, docs;
	unsigned pixels; /* pages that wait for a recogniser */
	struct doc *first, **last;
	int more;           /* names */
	int admitted;       /* into memory, or nobody asks whether */
	uint32_t start_kib; /* in use of the machine before the first worker */
	int refused;        /* not one worker fits */
	uint64_t failed, partly;
	uint64_t printed; /* pages of documents that are gone */
};

/* ---- seats.c ---- */

/* Have a worker made and seated.  d is whose pages it reads, or NULL. */
void seat_hire(struct batch *, struct seat *, struct team *, struct doc *d);
/* Before the first worker: how many fit into memory?  jobs is lowered.  -1:
 * not one does, which is the document's error. */
int seats_admit(struct batch *, struct doc *);
/* Send all away, and record what they were. */
void seats_close(struct batch *);
/* Ask it, and another in its place if it died meanwhile. */
void seat_ask(struct batch *, struct seat *, const struct ask *,
    const void *pixels);
/* It is dead, or its answer is none: the page it was at is an error. */
void seat_died(struct batch *, struct seat *);
void seat_dismiss(struct seat *);
/* The page is done, and there is nothing of it but this. */
void slot_failed(struct slot *, const char *why);

/* ---- reading.c ---- */

/* Ask for one more page of d.  1: nothing can be asked now. */
int reading_ask(struct batch *, struct doc *d);
void reading_take(struct batch *, struct seat *); /* its answer is whole */

/* ---- recognising.c ---- */

/* Give a page to a recogniser.  1: there is none, or no page. */
int recognising_ask(struct batch *);
void recognising_take(struct batch *, struct seat *);

#endif
