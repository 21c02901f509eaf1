/* fault.h - what poppler says is wrong with a PDF: may text be missing? */
#ifndef PDF_FAULT_H
#define PDF_FAULT_H

#include "reader/reader_protocol.h"

#include <stddef.h>

/* Count a message of poppler's, about the byte at position (-1: not known) of
 * the PDF of size bytes, under its kind of damage.  Nothing is counted if the
 * page is as it was made: a repair, a colour, an annotation.  drawn: the page
 * is rendered, not only its text layer read. */
void fault_count(uint32_t damage[DAMAGE_KINDS], const unsigned char *pdf,
    size_t size, long long position, const char *message, int drawn);

#endif
