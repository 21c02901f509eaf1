/* drawn_samples.h - an image in a form that only poppler knows, as a PNG
 * file. */
#ifndef DRAWN_SAMPLES_H
#define DRAWN_SAMPLES_H

#include "helper/doc/document_in.h"
#include "samples.h"

/* Append the file: one pixel for each sample, in black and white, gray or RGB,
 * with 8 bits.  -1: error. */
int drawn_samples(struct document *, const struct picture *, struct pc_buf *,
    char error[MESSAGE_SIZE]);

#endif
