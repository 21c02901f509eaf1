/* png_rows.c - see png_rows.h.
 *
 * Samples are in a PNG file as they are in a PDF: the high bits and bytes
 * first, and each row begins with a new byte.  So only filters are applied
 * here, which leptonica and libpng can do too, but not for all these forms, or
 * slower. */
#include "png_rows.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
	FILTER_NONE = 0,
	FILTER_SUB = 1,
	FILTER_UP = 2,
	LEVEL = 4, /* more takes much longer and gains little */
	PIECE = 256 * 1024,
	LEAST_ROWS_BITS = 8, /* filters help from that depth on */
};

static unsigned
samples_per_pixel(const struct png_rows *p)
{
	return p->colours == PNG_RGB ? 3 : 1;
}

size_t
png_row_size(const struct png_rows *p)
{
	return ((size_t)p->width * p->bits * samples_per_pixel(p) + 7) / 8;
}

/* ---- chunks ---- */

static void
put_number(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> (24 - 8 * i));
}

static void
add_chunk(struct pc_buf *out, const char *type, const void *data, size_t n)
{
	unsigned char number[4];
	uLong sum = crc32(crc32(0, NULL, 0), (const Bytef *)type, 4);

	put_number(number, (uint32_t)n);
	pc_buf_add(out, number, 4);
	pc_buf_add(out, type, 4);
	if (n > 0) {
		pc_buf_add(out, data, n);
		sum = crc32(sum, data, (uInt)n);
	}
	put_number(number, (uint32_t)sum);
	pc_buf_add(out, number, 4);
}

static void
add_header(struct pc_buf *out, const struct png_rows *p)
{
	unsigned char head[13] = {0};

	put_number(head, p->width);
	put_number(head + 4, p->height);
	head[8] = (unsigned char)p->bits;
	head[9] = (unsigned char)p->colours;
	add_chunk(out, "IHDR", head, sizeof head);
}

static void
add_profile(struct pc_buf *out, const struct png_rows *p)
{
	static const char name[] = "ICC profile"; /* and method 0 */
	uLong packed = compressBound(p->icc_size);
	unsigned char *chunk = malloc(sizeof name + 1 + packed);

	if (!chunk) {
		out->failed = 1;
		return;
	}
	memcpy(chunk, name, sizeof name);
	chunk[sizeof name] = 0;
	if (compress(chunk + sizeof name + 1, &packed, p->icc, p->icc_size) ==
	    Z_OK)
		add_chunk(out, "iCCP", chunk, sizeof name + 1 + packed);
	free(chunk);
}

/* ---- rows ---- */

struct packing {
	z_stream z;
	struct pc_buf *out;
	unsigned char *piece; /* of PIECE bytes */
};

static int
pack(struct packing *k, const unsigned char *p, size_t n, int flush)
{
	int r;

	k->z.next_in = (unsigned char *)(uintptr_t)p;
	k->z.avail_in = (uInt)n;
	do {
		r = deflate(&k->z, flush);
		if (k->z.avail_out == 0 || r == Z_STREAM_END) {
			add_chunk(k->out, "IDAT", k->piece,
			    PIECE - k->z.avail_out);
			k->z.next_out = k->piece;
			k->z.avail_out = PIECE;
		}
	} while (r == Z_OK && (k->z.avail_in > 0 || flush == Z_FINISH) &&
	    !k->out->failed);
	return r < 0 && r != Z_BUF_ERROR ? -1 : 0;
}

/* Filter into out + 1.  Returns how far the result is from zero. */
static unsigned long
subtract(unsigned char *out, const unsigned char *row,
    const unsigned char *other, size_t n)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < n; i++) {
		const unsigned char v = (unsigned char)(row[i] - other[i]);

		out[i] = v;
		sum += v < 128 ? v : 256u - v;
	}
	return sum;
}

/* A row with the filter that makes it smallest; one and two are for it. */
static const unsigned char *
filter(const struct png_rows *p, const unsigned char *row, int first,
    unsigned char *one, unsigned char *two)
{
	const size_t n = png_row_size(p);
	const size_t pixel = p->bits / 8 * samples_per_pixel(p);
	unsigned long left, above;

	one[0] = FILTER_NONE;
	if (p->bits < LEAST_ROWS_BITS || p->colours == PNG_PALETTE) {
		memcpy(one + 1, row, n);
		return one;
	}
	one[0] = FILTER_SUB;
	memcpy(one + 1, row, pixel);
	left = subtract(one + 1 + pixel, row + pixel, row, n - pixel);
	if (first)
		return one;
	two[0] = FILTER_UP;
	above = subtract(two + 1, row, row - n, n);
	return above < left ? two : one;
}

static int
pack_rows(const struct png_rows *p, struct pc_buf *out)
{
	const size_t n = png_row_size(p);
	unsigned char *work = malloc(2 * (n + 1) + PIECE);
	struct packing k = {.out = out, .piece = work};
	int r = -1;

	if (work && deflateInit(&k.z, LEVEL) == Z_OK) {
		k.z.next_out = k.piece;
		k.z.avail_out = PIECE;
		r = 0;
		for (uint32_t y = 0; y < p->height && r == 0; y++)
			r = pack(&k,
			    filter(p, p->rows + y * n, y == 0, work + PIECE,
				work + PIECE + n + 1),
			    n + 1, Z_NO_FLUSH);
		if (r == 0)
			r = pack(&k, work, 0, Z_FINISH);
		deflateEnd(&k.z);
	}
	free(work);
	return r;
}

int
png_rows_write(const struct png_rows *p, struct pc_buf *out)
{
	pc_buf_add(out, "\x89PNG\r\n\x1a\n", 8);
	add_header(out, p);
	if (p->icc)
		add_profile(out, p);
	if (p->colours == PNG_PALETTE)
		add_chunk(out, "PLTE", p->palette, (size_t)3 << p->bits);
	if (pack_rows(p, out) < 0)
		return -1;
	add_chunk(out, "IEND", NULL, 0);
	return out->failed ? -1 : 0;
}
