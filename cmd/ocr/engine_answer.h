/* engine_answer.h - the words that an engine prints: TSV in the columns of
 * tesseract, or hOCR. */
#ifndef ENGINE_ANSWER_H
#define ENGINE_ANSWER_H

#include "pc.h"

/* The picture that was read, in pixels. */
struct engine_picture {
	uint32_t width, height, dpi;
};

/* Append the words of the text, n bytes and a NUL, to out, in the form of
 * page/page.h.  confidence gets that of the page, in 1/100 %, or -1.  -1: the
 * text is neither TSV nor hOCR, or malformed. */
int engine_answer_parse(const char *text, size_t n,
    const struct engine_picture *, struct pc_buf *out, int32_t *confidence);

#endif
