/* stream.h - are packed data whole?  Readers that show what they can, as
 * poppler does, show something else for data that were damaged, and say
 * nothing. */
#ifndef STREAM_H
#define STREAM_H

#include <stddef.h>

/* Does this zlib stream (RFC 1950) unpack to what its checksum says?  A stream
 * without its checksum is whole, and so is one of which more than most bytes
 * are unpacked, which ends the check.  *unpacked is increased by how many were.
 */
int stream_zlib_is_whole(const unsigned char *, size_t n, size_t most,
    size_t *unpacked);
/* Has this JPEG file all of its data, without errors? */
int stream_jpeg_is_whole(const unsigned char *, size_t n);

#endif
