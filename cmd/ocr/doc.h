/* doc.h - a document on its way from its file to the output. */
#ifndef DOC_H
#define DOC_H

#include "cli/stage.h"
#include "ocr/doc_file.h"
#include "ocr/options.h"
#include "ocr/page/merge.h"

/* A page that needs OCR is known by its pixels. */
struct pixels {
	uint32_t width, height, dpi;
	struct pc_id id; /* of the gray bytes */
};

enum slot_state {
	SLOT_FREE,
	SLOT_AGAIN,   /* a reader died; it has to be asked for again */
	SLOT_READING, /* a reader has it */
	SLOT_PIXELS,  /* it waits for OCR */
	SLOT_RECOGNISING,
	SLOT_READY,
};

/* A page on its way. */
struct page_slot {
	enum slot_state state;
	struct page page;
	unsigned char *gray; /* owned: its pixels, or NULL */
	struct pixels pixels;
	struct page_layer layer; /* until the page is recognised */
	int64_t began;           /* of its OCR: ticks */
	int plain;               /* a reader died that may have used libqpdf */
	int no_words;            /* the store has no words for pixels.id */
	int late;                /* reading its text layer takes too long */
	int scan; /* its reader scans the whole document for damage */
	int laid_out;
};

enum { SLOTS = 64 }; /* pages at once of a document, a power of two */

/* The wanted pages, numbered from 0 in the order of the output; page i is in
 * slot i % SLOTS. */
struct page_queue {
	unsigned pages;       /* in the document; 0: not known yet */
	unsigned wanted;      /* of them, by --pages */
	unsigned asked, done; /* of the wanted; done <= asked */
	unsigned again;       /* slots in SLOT_AGAIN */
	int scanned;          /* a slot was chosen for the scan */
	struct page_slot slots[SLOTS];
};

/* A page's headers and footers are known by so many pages before and after it.
 */
enum { NEAR_PAGES = 2 };

/* What is printed and stored of it. */
struct doc_output {
	struct format_state form;
	struct page past[NEAR_PAGES]; /* printed last; the last one first */
	struct pc_buf text;           /* not printed yet */
	struct pc_buf records;  /* JSON: what is said of each page or image */
	struct pc_buf unread;   /* numbers, unsigned, of the pages that OCR
				 * found no text on, */
	struct pc_buf unsure;   /* and of those that it read badly */
	struct pc_buf warnings; /* a line each, as damage.h describes them */
	size_t written;         /* bytes of the value, printed or not */
	struct pc_spool *layer; /* not NULL: the output so far is this PDF,
				 * which goes over the document at the end */
	struct pc_spool *value; /* NULL: it will not be stored */
};

enum doc_state {
	DOC_WAITING, /* it missed; another process may compute it */
	DOC_HIT,
	DOC_READING,
	DOC_DONE, /* its output is complete, or it failed */
};

struct doc {
	struct doc *next; /* in the order of output */
	struct doc_file file;
	const struct ocr_options *options;
	struct pc_buf reason;     /* --jsonl: why it missed */
	struct stage_entry stage; /* its hit is kept until it is printed */
	enum doc_state state;

	struct page_queue queue;
	struct doc_output out;

	char error[MESSAGE_SIZE];     /* not "": it failed */
	int unidentified;             /* error was printed; it has no key */
	unsigned page_errors, deaths; /* deaths: of readers, before its pages
				       * were known */
	unsigned images;              /* -f images: files written */
	unsigned walls;               /* of the sandbox it was read in */
	unsigned unscaled;            /* pages of images without a resolution */
	unsigned by_vision;           /* pages; pc-infer stores those answers */
	unsigned tools;               /* that ran: qpdf, img2pdf, pdftohtml */
	uint32_t tools_kib;           /* of the largest of them */
	int unsupported;   /* why it failed: files of its type are not read */
	int warned;        /* a line about it was printed */
	int vision_failed; /* a page is as OCR reads it after all */
	int damaged;       /* what is read is not all that there was */
	int finished;      /* it is stored, if it is to be */
	int64_t cost;      /* us */
};

/* How a document ended. */
enum doc_end {
	DOC_END_READ,
	DOC_END_CACHED,
	DOC_END_INCOMPLETE, /* it is damaged, or pages of it failed */
	DOC_END_FAILED,
	DOC_END_SKIPPED, /* as --skip-unsupported says */
	DOC_ENDS
};

/* Set the document's error.  Returns -1. */
int doc_fail(struct doc *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Warn of what the document lost.  With --quiet, one line is enough to find
 * it, so only the first is printed. */
void doc_warn(const struct cli *, struct doc *, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Is it passed over in silence? */
int doc_is_skipped(const struct doc *);
/* Was every page read, as far as it is there? */
int doc_is_read(const struct doc *);
/* The same, and nothing was missing. */
int doc_is_whole(const struct doc *);
/* Set a page's error: it is ready, and has nothing else. */
void slot_fail(struct page_slot *, const char *why);
/* The page was recognised: merge it with its text layer; it is ready. */
void slot_recognised(struct page_slot *);

#endif
