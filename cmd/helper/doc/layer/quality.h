/* quality.h - is a text layer usable? */
#ifndef QUALITY_H
#define QUALITY_H

#include "reader/reader_protocol.h"

#include <stddef.h>

/* Rate this UTF-8 text by statistics of its characters. */
enum layer_quality quality_of(const char *text, size_t n);
/* Would it be good too if its words stood on other lines? */
int quality_is_good_anyhow(const char *text, size_t n);

#endif
