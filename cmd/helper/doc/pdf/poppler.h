/* poppler.h - a C interface to poppler's C++ (poppler.cc).
 *
 * Pages are counted from 0, as in poppler.  The caller owns results, which are
 * from malloc(3).  -1 means failure. */
#ifndef POPPLER_SHIM_H
#define POPPLER_SHIM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pdf;

/* Receive poppler's messages from now on.  message is valid during the call;
 * position is a byte in the document, or -1: unknown. */
void pdf_listen(
    void (*hear)(void *ctx, long long position, const char *message),
    void *ctx);

enum pdf_open_result {
	PDF_OK,
	PDF_BAD,
	PDF_LOCKED, /* the password is missing or wrong */
	PDF_LARGE,  /* larger than poppler accepts */
};

/* The data must stay valid as long as the document. */
struct pdf *pdf_open(const void *data, size_t size, const char *password,
    enum pdf_open_result *);
void pdf_close(struct pdf *);
int pdf_pages(const struct pdf *);

/* A value of the document's information dictionary, UTF-8; NULL: none. */
char *pdf_info(const struct pdf *, const char *key, size_t *length);

struct pdf_page;

struct pdf_page *pdf_page_open(struct pdf *, int n);
void pdf_page_close(struct pdf_page *);
/* The size in points (1/72 inch) as the page is shown. */
void pdf_page_size(const struct pdf_page *, double *width, double *height);
/* The part of it that is shown (left, bottom, right, top, in the file's
 * points), and the clockwise quarter turns with which it is shown. */
void pdf_page_shown(const struct pdf_page *, double box[4], unsigned *quarters);
/* All its text in reading order, UTF-8. */
int pdf_page_text(struct pdf_page *, char **text, size_t *length);

/* A word, positions in points from the upper left corner. */
struct pdf_word {
	double x0, y0, x1, y1;
	const char *text; /* UTF-8, valid during the call */
	size_t length;
	int space_after;
	int quarters; /* clockwise quarter turns that make it upright */
};

/* Call each for every word, in reading order. */
int pdf_page_words(struct pdf_page *,
    void (*each)(void *ctx, const struct pdf_word *), void *ctx);

struct pdf_image {
	unsigned char *pixels; /* stride bytes per row */
	int width, height, stride;
};

/* Render as gray with 8 bits per pixel, or in colour with 24. */
int pdf_page_render(struct pdf_page *, double dpi, int colour,
    struct pdf_image *);
/* Render a part of the page as gray, in pixels at this resolution. */
int pdf_page_render_part(struct pdf_page *, double dpi, unsigned left,
    unsigned top, unsigned width, unsigned height, struct pdf_image *);
const char *pdf_version(void);

#ifdef __cplusplus
}
#endif

#endif
