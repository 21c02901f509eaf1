/* doc.h - a document on its way from its file to the output. */
#ifndef DOC_H
#define DOC_H

#include "cli/stage.h"
#include "ocr/doc_file.h"
#include "ocr/layout/layout.h"
#include "ocr/options.h"
#include "ocr/page/merge.h"

/* The pixels of a page that needs OCR; their id is part of its key. */
struct pixels {
	uint32_t width, height, dpi;
	struct pc_id id; /* of the gray bytes */
};

enum slot_state {
	SLOT_FREE,
	SLOT_AGAIN,   /* a reader died; the page has to be requested again */
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
	int64_t began;           /* ticks: when its OCR began */
	int plain;               /* read it without libqpdf, which may have
				  * killed a reader */
	int no_words;            /* the store has no words for pixels.id */
	int late;                /* reading its text layer takes too long:
				  * skip it */
	/* Not "": OCR cannot read it, for this reason; only its text layer is
	 * requested. */
	char unread[MESSAGE_SIZE];
	int laid_out;
};

enum { SLOTS = 64 }; /* pages at once of a document, a power of two */

/* The wanted pages, numbered from 0 in the order of the output.  Page i is in
 * slot i % SLOTS. */
struct page_queue {
	unsigned pages;       /* in the document; 0: not known yet */
	unsigned wanted;      /* of these pages, by --pages */
	unsigned asked, done; /* of the wanted pages; done <= asked */
	unsigned again;       /* slots in SLOT_AGAIN */
	struct page_slot slots[SLOTS];
};

/* The number of pages before and after a page that are compared with it to
 * find its headers and footers. */
enum { NEAR_PAGES = 2 };

/* What is printed and stored of a document. */
struct doc_output {
	struct declared declared; /* what the document declares, */
	struct pc_buf declares;   /* of which these JSON members are not about
				   * a page */
	struct format_state form;
	struct heading_levels levels;
	struct page past[NEAR_PAGES]; /* the last ones printed, the latest
				       * first */
	struct pc_buf text;           /* not printed yet */
	struct pc_buf records;  /* JSON: a record for each page or image */
	struct pc_buf unread;   /* numbers, unsigned: pages on which OCR
				 * found no text, */
	struct pc_buf unsure;   /* pages that it read badly, */
	struct pc_buf cells;    /* and pages with ink in tables that it could
				 * not read */
	struct pc_buf warnings; /* one per line, in the form of damage.h */
	size_t written;         /* bytes of the value, printed or not */
	struct pc_spool *layer; /* not NULL: the output is so far this PDF,
				 * an overlay for the document */
	struct pc_spool *value; /* NULL: it will not be stored */
	struct pc_buf redone;   /* -f pdf: numbers, unsigned: pages of the
				 * document whose old text layer goes */
	struct pc_buf turns;    /* struct page_turn: pages to be turned */
	struct pc_buf file;     /* the name of the PDF's file, with a NUL;
				 * empty: it has none */
};

/* What a converter made of a document; it is read in place of the file. */
struct converted {
	int made;          /* id is set */
	struct pc_id id;   /* of its bytes */
	struct pc_hit hit; /* its bytes in the store; empty once loaded */
	int fd;            /* owned: its bytes; -1: not loaded */
};

struct doc_converting;

enum doc_state {
	DOC_WAITING, /* it missed; another process may compute it */
	DOC_HIT,
	DOC_READING,
	DOC_DONE, /* its output is complete, or it failed */
};

struct doc {
	struct doc *next; /* in the order of output */
	struct doc_file file;
	char *attachment; /* owned: its name, if it is attached to another
			   * document; else NULL */
	const struct ocr_options *options;
	struct pc_buf reason; /* --jsonl: why it missed */
	struct converted converted;
	struct pc_buf text; /* what is read, if that needs no reader; until it
			     * is the page */
	struct doc_converting *converting; /* owned: a converter runs */
	int kind_asked;           /* whether the file is a small text */
	struct stage_entry stage; /* its hit is kept until it is printed */
	enum doc_state state;

	struct page_queue queue;
	struct doc_output out;

	char error[MESSAGE_SIZE];     /* not "": it failed */
	int unidentified;             /* error was printed; the document has
				       * no key */
	unsigned page_errors, deaths; /* deaths: of readers, before the
				       * number of pages was known */
	unsigned images;              /* -f images: files written */
	unsigned walls;               /* the parts of the sandbox in which it
				       * was read */
	unsigned unscaled;            /* pages: images without a resolution */
	unsigned by_vision;           /* pages; pc-infer stores these answers
				       * itself */
	unsigned tools;               /* runs of qpdf, img2pdf and pc-doc */
	uint32_t tools_kib;           /* peak memory of the largest of them */
	int unsupported;              /* it failed because its file type is not
				       * supported */
	int headed;        /* the name of the attachment was printed */
	int warned;        /* a line about it was printed */
	int vision_failed; /* at least one page has OCR's text instead of the
			    * model's */
	int damaged;       /* part of the content could not be read */
	int ocr_failed;    /* at least one page has only its text layer, because
			    * OCR failed; another run may succeed */
	int finished;      /* it is stored, if it is to be stored at all */
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
/* What is read of the document: the file, or what a converter made of it. */
const struct pc_id *doc_content_id(const struct doc *);
int doc_content_fd(const struct doc *);
/* Warn that part of the document is lost.  With --quiet only its first warning
 * is printed, which is enough to find it. */
void doc_warn(const struct cli *, struct doc *, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Is it skipped without a message? */
int doc_is_skipped(const struct doc *);
/* Was every page read, as far as its data exist? */
int doc_is_read(const struct doc *);
/* Was every page read, and is nothing missing? */
int doc_is_whole(const struct doc *);
/* Set a page's error: the page is ready, without content. */
void slot_fail(struct page_slot *, const char *why);
/* The page cannot be rendered: request its text layer again, if that is an
 * answer; else this is the page's error. */
void slot_ask_layer(const struct ocr_options *, struct doc *,
    struct page_slot *, const char *why);
/* OCR cannot read the page: if it has a text layer, that is its content, else
 * this is its error.  It is ready then. */
void slot_use_layer(struct page_slot *, const char *why);
/* The page was recognised: merge it with its text layer.  It is ready then. */
void slot_recognised(struct page_slot *);

#endif
