/* poppler.h - the C face of poppler's C++ (poppler.cc). */
#ifndef POPPLER_SHIM_H
#define POPPLER_SHIM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pdf;

enum pdf_open_result { PDF_OK, PDF_BAD, PDF_LOCKED };

struct pdf *pdf_open(const char *path, enum pdf_open_result *);
void pdf_close(struct pdf *);
int pdf_pages(const struct pdf *);
/* The page's size in points (1/72 inch), as it is shown.  -1: no such page. */
int pdf_page_size(struct pdf *, int n, double *width, double *height);
/* All text of page n (from 0) in reading order, UTF-8 from malloc(3), and
 * how many characters of it, white space aside, lie in the inner box, whose
 * margins are an eighth of the page.  -1: it failed. */
int pdf_page_text(
    struct pdf *, int n, char **text, size_t *length, size_t *inner);
/* Render page n; pixels are gray, 8 bits, from malloc(3).  -1: it failed. */
int pdf_page_render(struct pdf *, int n, double dpi, unsigned char **pixels,
    int *width, int *height, int *stride);
const char *pdf_version(void);

#ifdef __cplusplus
}
#endif

#endif
