/* merge_in.h - what the files of merge.h share. */
#ifndef MERGE_IN_H
#define MERGE_IN_H

#include "merge.h"

struct merge {
	struct page *ocr;
	struct page layer; /* its words */
	enum layer_quality quality;
	struct box seen;     /* what holds all words of OCR */
	unsigned char *drop; /* owned, for each word of OCR: not used */
	unsigned char *bad;  /* the same for each word of the layer */
	unsigned char *used; /* OCR found something at its place */
	signed char *vote;   /* OCR read the same, 1, or something else, -1 */
};

/* ---- merge_words.c ---- */

/* Make m->ocr a page of the words that are used, without lines and blocks.
 * -1: out of memory. */
int merge_words(struct merge *);

#endif
