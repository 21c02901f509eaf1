/* words.h - what tesseract found, in the page's own places. */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

struct Pix;
struct TessBaseAPI;
struct pc_buf;
struct upright;

struct word_writer {
	const struct upright *upright; /* how the page was turned */
	double scale;                  /* 1/100 points a pixel */
	struct Pix *ink;               /* of the page turned; words that are
					* certain are erased from it */
	int reduction;                 /* as struct paper has it */
	struct pc_buf *out;            /* as cmd/ocr/page/page.h describes */

	size_t count, down; /* of words, and of those in lines down the page */
	double score;       /* the letters of certain words, each by how
			     * certain it is */
};

/* Add all that was recognised. */
void words_add(struct word_writer *, struct TessBaseAPI *);

#endif
