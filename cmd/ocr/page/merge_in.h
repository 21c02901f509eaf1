/* merge_in.h - what the files of merge.h share. */
#ifndef MERGE_IN_H
#define MERGE_IN_H

#include "merge.h"

enum {
	VOTE_SURE = -2, /* OCR is sure of a word that has nothing in common
			 * with it */
	VOTE_OTHER = -1,
	VOTE_SAME = 1
};

struct merge {
	struct page *ocr;
	struct page layer; /* its words */
	enum layer_quality quality;
	struct box seen;     /* the area that holds all words of OCR */
	unsigned char *drop; /* owned, one per word of OCR: it is not used */
	unsigned char *bad;  /* the same, one per word of the layer */
	unsigned char *used; /* one per word of the layer: OCR found
			      * something there */
	signed char *vote;   /* the same: what OCR read there; 0: nothing */
};

/* ---- merge_words.c ---- */

/* Replace m->ocr by a page of the words that are kept, without lines and
 * blocks.  -1: out of memory. */
int merge_words(struct merge *);

#endif
