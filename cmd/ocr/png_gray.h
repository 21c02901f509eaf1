/* png_gray.h - gray pixels as a PNG file, not packed: no library is needed, and
 * the program that reads it runs on the same machine. */
#ifndef PNG_GRAY_H
#define PNG_GRAY_H

#include "pc.h"

/* Append the file to out: 8 bits a pixel, row by row.  A failure is noted in
 * out->failed. */
void png_gray_write(struct pc_buf *out, const unsigned char *gray,
    uint32_t width, uint32_t height, uint32_t dpi);

#endif
