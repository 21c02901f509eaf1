/* ocr.h - what the parts of pc-ocr share: its options, a document on its way,
 * and who does what to it. */
#ifndef OCR_H
#define OCR_H

#include "cli/cli.h"
#include "ocr/format/format.h"
#include "ocr/page/page.h"
#include "reader/team.h"

#include <time.h>

/* Pages from..to, to 0: the last. */
struct range {
	unsigned from, to;
};

struct ocr_options {
	const char *lang, *ocr; /* as given to the helpers */
	unsigned dpi, psm;
	int own_dpi;          /* scans have their own, if it will do */
	int clean;            /* pixels, before they are recognised */
	int32_t vision_below; /* 1/100 %; pages of less confidence go to a
			       * vision model; 0: none */
	struct format_options form;
	struct range *ranges;   /* sorted by nothing: in the order given */
	size_t range_count;     /* 0: all pages */
	const char *output;     /* of PNG files; NULL: standard output */
	const char *password;   /* NULL: none was given */
	int strict;             /* a page error is the document's */
	int require_sandbox;    /* nothing is opened outside of all of it */
	int64_t negative;       /* us; -1: empty texts are not stored */
	int64_t page_timeout;   /* us; PC_NEVER: none */
	unsigned jobs;          /* workers of a kind, and documents at once */
	struct pc_spec engines; /* only its engine fields: what a recognised
				 * page depends on */
};

/* ---- parameters of keys (param.c); -1 with errno ---- */

int param_text(struct pc_spec *, const char *name, const char *value);
int param_number(struct pc_spec *, const char *name, unsigned value);
/* At what dots an inch pages are rendered. */
int param_dpi(struct pc_spec *, const struct ocr_options *);

/* ---- what is remembered of pages (pages.c) ---- */

/* A page that needs OCR is known by what it looks like, in two steps: the
 * document and the page's number lead to a description of its pixels ("gray
 * WIDTH HEIGHT DPI SHA-256"), which is the input of what was recognised. */
struct pixels {
	uint32_t width, height, dpi;
	struct pc_id id;
};

/* What a page looks like, if it was rendered before.  Sets the page's size,
 * source and dpi.  1: not known. */
int pages_find_pixels(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, struct page *, struct pixels *);
void pages_keep_pixels(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, const struct page *, const struct pixels *);
/* The words that were recognised there.  1: not known. */
int pages_find_words(struct cli *, const struct ocr_options *,
    const struct pixels *, struct page *);
void pages_keep_words(struct cli *, const struct ocr_options *,
    const struct pixels *, const struct page *, int64_t cost);

/* A page as a PNG file is known by its document and number; pixels say its
 * size and dots an inch, and have no id.  1: not known. */
int pages_find_png(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, struct page *, struct pixels *);
void pages_keep_png(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, const struct page *, const struct pixels *,
    int64_t cost);

/* The file of an image in a document; id is of its bytes.  1: not known. */
int pages_find_image(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_id *id, struct pc_buf *);
void pages_keep_image(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_buf *);

/* ---- one document (document.c) ---- */

enum doc_state {
	DOC_WAITING, /* it missed; somebody else may compute it */
	DOC_HIT,
	DOC_READING,
	DOC_DONE, /* all that there is of it is in its output */
};

enum slot_state {
	SLOT_FREE,
	SLOT_AGAIN,   /* it was asked of a reader that died */
	SLOT_READING, /* a reader is at it */
	SLOT_PIXELS,  /* it waits for OCR */
	SLOT_RECOGNISING,
	SLOT_READY,
};

enum {
	SLOTS = 64, /* pages at once of a document, a power of two */
};

/* A page on its way. */
struct slot {
	enum slot_state state;
	struct page page;
	unsigned char *bytes; /* owned: pixels */
	struct pixels pixels;
	int64_t began; /* of its OCR */
	int plain;     /* a reader died that may have used libqpdf */
};

struct doc {
	struct doc *next; /* in the order of output */
	char *name;
	int fd;     /* what helpers read; -1: not opened yet */
	int unread; /* error was said: it was not even identified */
	int kept;   /* it was a pipe, and fd is all there is */
	struct pc_id id, key;
	enum doc_state state;
	int flying; /* this process is the one that computes it */
	int waited;
	int64_t began, give_up; /* ticks; when to stop waiting for others */
	struct pc_hit hit;

	unsigned pages;       /* in the document; 0: not known yet */
	unsigned wanted;      /* of them, by the ranges */
	unsigned asked, done; /* of those wanted */
	struct slot slots[SLOTS];
	unsigned again; /* slots that are SLOT_AGAIN */
	unsigned errors, deaths;
	unsigned images; /* of FORMAT_IMAGES: placed */
	unsigned walls;
	unsigned assumed;     /* pages of images that say no dots an inch */
	unsigned by_vision;   /* pages; pc-infer remembers, not we */
	unsigned tools;       /* that ran: qpdf, img2pdf, pdftohtml */
	uint32_t tools_kib;   /* and the most that one had */
	int fell_back;        /* one of them is as OCR reads it after all */
	int damaged;          /* what is read is not all that there was */
	int changed;          /* the file is not what id says any more */
	struct timespec seen; /* when the file had changed last */
	int finished;         /* it is stored, if it is to be */
	int64_t cost;
	char error[MESSAGE_SIZE]; /* not "": it cannot be used */

	struct format_state form;
	struct pc_buf out;      /* not printed yet */
	size_t written;         /* bytes of output, printed or not */
	struct pc_spool *layer; /* not NULL: the output so far is this PDF,
				 * which goes over the document at the end */
	struct pc_spool *value; /* NULL: it will not be stored */
	struct pc_buf says;     /* JSON: what is said of each page */
};

/* A tool was run for it, or was to be. */
void doc_tool(struct doc *, const struct pc_child *);
/* Say why it cannot be used.  Returns -1. */
int doc_fail(struct doc *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Identify it and look it up.  If it is unread there is nothing to do but to
 * close it. */
struct doc *doc_open(struct cli *, const struct ocr_options *,
    const char *name);
/* DOC_WAITING: has somebody else made it, or is it free now? */
void doc_retry(struct cli *, const struct ocr_options *, struct doc *);
/* The number of the i-th wanted page. */
unsigned doc_page(const struct ocr_options *, const struct doc *, unsigned i);
/* It has so many pages; sets wanted. */
void doc_opened(const struct ocr_options *, struct doc *, unsigned pages);
/* Are the pages that are read those of the document that id says? */
int doc_unchanged(struct doc *);
/* Put the pages that are ready into the output, up to the first that is not,
 * and print it if it is the first document's. */
void doc_emit(struct cli *, const struct ocr_options *, struct doc *,
    int first);
/* DOC_DONE: store it and let others have it, before its turn to be printed
 * has come: they may be waited for in their turn. */
void doc_finish(struct cli *, const struct ocr_options *, struct doc *,
    uint32_t peak_kib);
/* Print what is left and free it.  0, 1: not of all pages, -1. */
int doc_close(struct cli *, const struct ocr_options *, struct doc *);

/* ---- searchable PDFs (overlay.c) ---- */

/* Are the programs there that overlay_make will run on d->fd?  -1: d->error
 * says which is not. */
int overlay_ready(struct doc *);
/* Write the document, or of its pages those wanted, with d->layer over it to
 * out.  The same document and layer give the same bytes.  -1: d->error. */
int overlay_make(const struct ocr_options *, struct doc *,
    struct pc_spool *out);
int overlay_is_pdf(int fd); /* by its head */
int overlay_in_path(const char *program);

/* ---- pages as PNG files (png.c) ---- */

/* End the program unless the pattern names files of pages, or with images of
 * images on pages, and of documents when there may be many. */
void png_check_pattern(const struct cli *, const char *pattern, int images,
    int many);
/* Is it a PNG file of that size, by its head? */
int png_valid(const void *, size_t n, const struct pixels *);
/* Write the page's data, a PNG file, to where o->output says, and drop it; do
 * nothing when that is standard output.  What fails is the page's error. */
void png_place(const struct ocr_options *, struct doc *, struct page *);
/* What a file is of: a page, or an image on it. */
struct file_of {
	unsigned page, image; /* image 0: the page */
	const char *ending;   /* goes after the pattern */
};
/* Write n bytes to the file of that name, which name, empty before, has then,
 * ended by NUL.  -1: error says why. */
int png_place_file(const struct ocr_options *, const struct doc *,
    const struct file_of *, const void *, size_t n, struct pc_buf *name,
    char error[MESSAGE_SIZE]);
/* Put the name of a page's file, or the file, into what is printed. */
void png_say(const struct cli *, const struct ocr_options *, struct doc *,
    const struct page *, const struct pixels *);
/* Append the page's line in the value of the document's record. */
void png_list(struct pc_buf *, const struct page *, const struct pixels *);
/* Place and say all pages that d->hit lists.  1: not all are remembered, or
 * could be written: it has to be read. */
int png_find_all(struct cli *, const struct ocr_options *, struct doc *);

/* ---- what OCR reads badly (vision.c) ---- */

int vision_wanted(const struct ocr_options *, const struct page *);
/* Have the page read by a vision model; it stays as it is, with a warning,
 * when that fails. */
void vision_read(struct cli *, struct doc *, struct page *,
    const struct pixels *, const unsigned char *gray);

/* ---- images in PDFs (images.c) ---- */

/* Is d->fd a PDF, and are the programs there?  -1: d->error. */
int images_ready(struct doc *);
/* Take the images of the wanted pages, place them, say them, remember them,
 * and append the list of them, the value of the document's record.  What fails
 * is d->error, or counted in d->errors. */
void images_make(struct cli *, const struct ocr_options *, struct doc *,
    struct pc_buf *value);
/* As png_find_all. */
int images_find_all(struct cli *, const struct ocr_options *, struct doc *);

/* ---- standard output (print.c) ---- */

/* What is in d->out and was not printed yet; with --jsonl it stays there. */
void print_out(struct cli *, struct doc *);
/* Its JSON record.  text NULL: it failed. */
void print_record(struct cli *, const struct ocr_options *, const struct doc *,
    const void *text, size_t n);
void print_hit(struct cli *, const struct ocr_options *, struct doc *);
void print_pdf(struct cli *, struct doc *); /* d->value */

/* ---- all documents (batch.c) ---- */

/* Read the documents that names gives, print them in order, and return the
 * exit status. */
int batch_run(struct cli *, const struct ocr_options *, struct cli_names *,
    struct team *readers, struct team *recognisers);

#endif
