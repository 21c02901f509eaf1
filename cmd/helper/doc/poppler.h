/* poppler.h - the C face of poppler's C++ (poppler.cc).
 *
 * Pages are counted from 0 here, as poppler does.  What is given back is
 * owned by the caller, from malloc(3); -1 means that it failed. */
#ifndef POPPLER_SHIM_H
#define POPPLER_SHIM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pdf;

/* From now on hear what poppler says is wrong: message is good during the call,
 * position is that of a byte in the document, -1: none is given. */
void pdf_listen(
    void (*hear)(void *ctx, long long position, const char *message),
    void *ctx);

enum pdf_open_result {
	PDF_OK,
	PDF_BAD,
	PDF_LOCKED, /* the password is missing or wrong */
	PDF_LARGE,  /* more than poppler takes */
};

/* The data must stay as long as the document. */
struct pdf *pdf_open(const void *data, size_t size, const char *password,
    enum pdf_open_result *);
void pdf_close(struct pdf *);
int pdf_pages(const struct pdf *);

struct pdf_page;

struct pdf_page *pdf_page_open(struct pdf *, int n);
void pdf_page_close(struct pdf_page *);
/* In points (1/72 inch), as the page is shown. */
void pdf_page_size(const struct pdf_page *, double *width, double *height);
/* What of it is shown, left, bottom, right and top in the points of the file,
 * and the quarters of a turn, clockwise, by which it is shown turned. */
void pdf_page_shown(const struct pdf_page *, double box[4], unsigned *quarters);
/* All of its text in reading order, UTF-8. */
int pdf_page_text(struct pdf_page *, char **text, size_t *length);

/* A word in points from the upper left corner. */
struct pdf_word {
	double x0, y0, x1, y1;
	const char *text; /* in UTF-8, good during the call */
	size_t length;
	int space_after;
	int quarters; /* of a turn, clockwise, that make it upright */
};

/* Call each for every word, in reading order. */
int pdf_page_words(struct pdf_page *,
    void (*each)(void *ctx, const struct pdf_word *), void *ctx);

struct pdf_image {
	unsigned char *pixels; /* stride bytes a row */
	int width, height, stride;
};

/* Gray with 8 bits a pixel, or in colour with 24. */
int pdf_page_render(struct pdf_page *, double dpi, int colour,
    struct pdf_image *);
const char *pdf_version(void);

#ifdef __cplusplus
}
#endif

#endif
