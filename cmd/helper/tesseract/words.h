/* words.h - tesseract's words, at their positions on the original page. */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

struct Pix;
struct TessBaseAPI;
struct pc_buf;
struct upright;

struct word_writer {
	const struct upright *upright; /* how the page was turned */
	double scale;                  /* 1/100 point per pixel */
	struct Pix *page;              /* as it was recognised, gray */
	struct Pix *ink;               /* of the turned page; certain words
					* are erased from it */
	int reduction;                 /* as in struct paper */
	struct pc_buf *out;            /* in the form of cmd/ocr/page/page.h */

	size_t count, down; /* words; words in lines that run down the page */
	double score;       /* letters of the certain words, weighted by
			     * confidence */
};

/* Append an item, and the box on the original page that encloses this one. */
void words_add_box(struct word_writer *, const char *what, int left, int top,
    int right, int bottom);
/* Append all recognised words. */
void words_add(struct word_writer *, struct TessBaseAPI *);

#endif
