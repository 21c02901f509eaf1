/* words.h - tesseract's words, at their positions on the original page. */
#ifndef WORDS_H
#define WORDS_H

#include "pc.h"

#include <stddef.h>

struct Pix;
struct TessBaseAPI;
struct upright;

/* Where a word or a figure is, in pixels of the ink. */
struct word_place {
	int left, top, right, bottom;
	int figure;
	size_t line; /* of a word: its index in the writer's lines */
};

/* The part of the output that has a line and its words. */
struct word_line {
	size_t begin, end;
};

struct word_writer {
	const struct upright *upright; /* how the page was turned */
	double scale;                  /* 1/100 point per pixel */
	struct Pix *page;              /* as it was recognised, gray */
	struct Pix *ink;               /* of the turned page; certain words
					* are erased from it */
	int reduction;                 /* as in struct paper */
	struct pc_buf *out;            /* in the form of cmd/ocr/page/page.h */

	struct pc_buf places; /* owned: struct word_place of all words and
			       * figures */
	struct pc_buf lines;  /* owned: struct word_line */
	size_t count, down;   /* words; words in lines that run down the page */
	double score;         /* letters of the certain words, weighted by
			       * confidence */
};

/* Append an item, and the box on the original page that encloses this one. */
void words_add_box(struct word_writer *, const char *what, int left, int top,
    int right, int bottom);
/* Append all recognised words. */
void words_add(struct word_writer *, struct TessBaseAPI *);
/* Insert one that was recognised alone, as a line beside the nearest word at
 * its height.  confidence: per cent. */
void words_insert(struct word_writer *, const struct word_place *,
    const char *text, double confidence);
/* A row of dots leads from the word at its left to the line at its right: make
 * one line of both, with the dots as a word. */
void words_lead(struct word_writer *, const struct word_place *, int dots);
/* Append ink beside words that has no text. */
void words_add_unread(struct word_writer *, const struct word_place *);

const struct word_place *word_places(const struct word_writer *);
size_t word_place_count(const struct word_writer *);
void word_writer_clear(struct word_writer *);

#endif
