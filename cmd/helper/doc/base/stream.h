/* stream.h - what packed data contain, and whether they are complete.  Readers
 * such as poppler show what they can of damaged data, without a message, so
 * something else is shown. */
#ifndef STREAM_H
#define STREAM_H

#include <stddef.h>

/* Words to look for, with no letter or digit beside them. */
struct stream_search {
	const char *const *words; /* each shorter than 16 bytes, then NULL */
	unsigned found; /* bit i: word i is there, or that is unknown */
};

/* Does this zlib stream (RFC 1950) match its checksum?  A stream without a
 * checksum counts as whole.  So does one with more than `most` bytes unpacked,
 * where the check stops.  *unpacked is increased by the number of unpacked
 * bytes.  In these the words of search are looked for, if it is not NULL. */
int stream_zlib_is_whole(const unsigned char *, size_t n,
    struct stream_search *search, size_t most, size_t *unpacked);
/* Do these data contain the word, with no letter or digit beside it? */
int stream_has_word(const unsigned char *, size_t n, const char *word);
/* Is this JPEG file complete and without errors? */
int stream_jpeg_is_whole(const unsigned char *, size_t n);
/* What the header of a JPEG file says. */
struct stream_jpeg {
	int components;
	int has_transform; /* it says how colours are stored */
};

/* -1: it is not a JPEG file. */
int stream_jpeg_read(const unsigned char *, size_t n, struct stream_jpeg *);

#endif
