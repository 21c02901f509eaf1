/* layer_word.h - a word of a text layer, as pc-ocr reads it. */
#ifndef LAYER_WORD_H
#define LAYER_WORD_H

#include "helper/doc/pdf/poppler.h"

#include "pc.h"

/* Add a word in the form of cmd/ocr/page/page.h. */
void layer_add_word(struct pc_buf *, const struct pdf_word *);

#endif
