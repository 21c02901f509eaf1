/* exif.c - which way up a photo is, by its metadata. */

#include "exif.h"
#include <string.h>

enum {
	SOI = 0xd8,
	APP1 = 0xe1,
	SOS = 0xda, /* JPEG's markers */
	ORIENTATION = 0x0112,
	SHORT = 3,  /* TIFF's tag and type */
	ENTRY = 12, /* bytes */
};

static unsigned
get16(const unsigned char *p, int big)
{
	return big ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
}

static size_t
get32(const unsigned char *p, int big)
{
	return big ? (size_t)get16(p, 1) << 16 | get16(p + 2, 1)
		   : (size_t)get16(p + 2, 0) << 16 | get16(p, 0);
}

/* The orientation in the first directory of a TIFF header; 1 (upright) if
 * there is none. */
static unsigned
orientation_of(const unsigned char *p, size_t n)
{
	const int big = n > 0 && p[0] == 'M';
	size_t at, count;

	if (n < 8 || (memcmp(p, "II*\0", 4) != 0 && memcmp(p, "MM\0*", 4) != 0))
		return 1;
	at = get32(p + 4, big);
	if (at > n - 2)
		return 1;
	count = get16(p + at, big);
	for (at += 2; count > 0 && at + ENTRY <= n; at += ENTRY, count--)
		if (get16(p + at, big) == ORIENTATION &&
		    get16(p + at + 2, big) == SHORT)
			return get16(p + at + 8, big);
	return 1;
}

int
exif_quarters(const struct doc_bytes *b)
{
	const unsigned char *p = b->p;
	size_t at = 2, n;

	if (b->n < 4 || p[0] != 0xff || p[1] != SOI)
		return 0;
	for (; at + 4 <= b->n && p[at] == 0xff && p[at + 1] != SOS; at += n) {
		const unsigned char *in = p + at + 4;

		n = 2 + get16(p + at + 2, 1);
		if (n < 4 || n > b->n - at)
			return 0;
		if (p[at + 1] != APP1 || n < 10 ||
		    memcmp(in, "Exif\0\0", 6) != 0)
			continue;
		switch (orientation_of(in + 6, n - 10)) {
		case 3:
			return 2;
		case 6:
			return 1;
		case 8:
			return 3;
		default: /* upright, or mirrored, which cameras do not write */
			return 0;
		}
	}
	return 0;
}
