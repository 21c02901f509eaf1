/* djvu.h - DjVu files, by libdjvulibre (djvu.c, its only user). */
#ifndef DJVU_H
#define DJVU_H

#include "helper/doc/doc.h"
#include "helper/doc/pdf/poppler.h"

#include "pc.h"

struct djvu_file;

/* Load libdjvulibre.  Returns its version, or NULL if it is missing.  Call it
 * first. */
const char *djvu_library(void);
/* The bytes must stay valid.  NULL with error. */
struct djvu_file *djvu_file_open(const struct doc_bytes *,
    char error[MESSAGE_SIZE]);
unsigned djvu_file_pages(const struct djvu_file *);

/* A page, decoded. */
struct djvu_page {
	struct djvu_file *file;
	void *decoded;          /* of libdjvulibre; NULL: not open */
	unsigned number;        /* from 0 */
	unsigned width, height; /* pixels, as the page is shown */
	unsigned dpi;
	unsigned quarters; /* counter-clockwise, with which it is shown */
	int damaged;       /* some of its data could not be read */
};

/* Decode page n (from 0).  -1: nothing of it can be read; 1: only its size,
 * which is of more than max megapixels, was read. */
int djvu_page_open(struct djvu_file *, unsigned n, unsigned max,
    struct djvu_page *);
void djvu_page_close(struct djvu_page *);
/* Scale it to width x height pixels, gray or of 24 bits.  -1: there is no
 * memory. */
int djvu_page_render(const struct djvu_page *, unsigned width, unsigned height,
    int colour, struct pdf_image *);

/* A piece of the hidden text. */
struct djvu_zone {
	enum djvu_level { DJVU_BLOCK, DJVU_LINE, DJVU_WORD } level;
	int x0, y0, x1, y1; /* pixels, from the lower left corner, before the
			     * page is turned */
	const char *text;   /* not checked; NULL: it consists of others */
};

/* Call begin for each zone of the hidden text in order, and end when those it
 * consists of are done.  -1: the text is damaged. */
int djvu_page_zones(const struct djvu_page *,
    void (*begin)(void *ctx, const struct djvu_zone *),
    void (*end)(void *ctx, const struct djvu_zone *), void *ctx);

/* Add the words of the hidden text in the form of cmd/ocr/page/page.h, and the
 * text itself; each, if it is not NULL, gets a word (djvu_text.c).  -1: some
 * is damaged. */
int djvu_text_read(const struct djvu_page *, struct pc_buf *words,
    struct pc_buf *text, void (*each)(void *ctx, const struct pdf_word *),
    void *ctx);

/* From now on, threads run when a function waits for one (djvu_threads.c). */
void djvu_threads_put_off(void);

#endif
