/* small_text.h - small text files, many of which share one worker.
 *
 * A small file in UTF-8 is its own text: only its kind has to be found, because
 * HTML, RTF and PostScript are UTF-8 too.  A worker of pc-doc that has no
 * document is asked for the kind of one file after another.  It never sees
 * other files, and its answers hold no text.  If it does not call the file a
 * text, or ends, the file gets a worker of its own, as if it had not been
 * asked. */
#ifndef SMALL_TEXT_H
#define SMALL_TEXT_H

#include "ocr/seats.h"

/* May the document be such a file, whose kind is not known yet? */
int small_text_wanted(const struct ocr_batch *, const struct doc *);
/* Ask for its kind.  1: this has to wait; 0: it was asked, or is not such a
 * file. */
int small_text_ask(struct ocr_batch *, struct doc *);
/* Receive the answer of b->kinds. */
void small_text_answer(struct ocr_batch *);
/* Its worker died or gave an invalid answer. */
void small_text_lost(struct ocr_batch *);

#endif
