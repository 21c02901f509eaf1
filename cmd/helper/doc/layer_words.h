/* layer_words.h - the words of a page's text layer, in the form of
 * cmd/ocr/page/page.h. */
#ifndef LAYER_WORDS_H
#define LAYER_WORDS_H

#include "helper/doc/pdf/form_values.h"
#include "helper/doc/pdf/strikes.h"
#include "helper/doc/pdf/styles.h"
#include "helper/doc/pdf/tags.h"

#include "pc.h"

struct pictures;

struct layer_words {
	struct pc_buf text;         /* owned */
	struct pc_buf bare;         /* owned: only the words, one per line */
	int found;                  /* text and bare are complete */
	struct pictures *pictures;  /* the page's images, or NULL */
	struct form_values fields;  /* owned */
	struct pdf_strikes strikes; /* owned */
	struct pdf_rules rules;     /* owned */
	struct pdf_anchors tags;    /* owned */
	struct pdf_styles styles;   /* owned */
	struct pdf_tag tag;         /* of the last word */
	int struck;                 /* is the last word struck out? */
	int style;        /* bits of enum word_style of the last word */
	size_t turned[4]; /* how many words need each number of quarter turns */
	int quarters;     /* quarter turns of the last word */
};

/* Read the words of the layer, and mark in pictures what they cover; words that
 * were found before are dropped.  -1: poppler cannot read them, or out of
 * memory; then there are none. */
int layer_words_find(struct pdf_page *, struct layer_words *);
void layer_words_clear(struct layer_words *);

#endif
