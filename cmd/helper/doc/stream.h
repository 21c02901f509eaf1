/* stream.h - are packed data complete?  Readers such as poppler show what they
 * can of damaged data, without a message, so something else is shown. */
#ifndef STREAM_H
#define STREAM_H

#include <stddef.h>

/* Does this zlib stream (RFC 1950) match its checksum?  A stream without a
 * checksum counts as whole.  So does one with more than `most` bytes unpacked,
 * where the check stops.  *unpacked is increased by the number of unpacked
 * bytes. */
int stream_zlib_is_whole(const unsigned char *, size_t n, size_t most,
    size_t *unpacked);
/* Is this JPEG file complete and without errors? */
int stream_jpeg_is_whole(const unsigned char *, size_t n);

#endif
