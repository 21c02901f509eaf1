/* fault.h - errors that poppler reports in a PDF: may text be missing? */
#ifndef PDF_FAULT_H
#define PDF_FAULT_H

#include "reader/reader_protocol.h"

#include <stddef.h>

/* Count a message of poppler's under its kind of damage.  position is a byte
 * in the PDF of size bytes; -1: unknown.  Messages that do not change the page
 * (repairs, colours, annotations) are not counted.  drawn: the page is
 * rendered, not only read for its text layer. */
void fault_count(uint32_t damage[DAMAGE_KINDS], const unsigned char *pdf,
    size_t size, long long position, const char *message, int drawn);

#endif
