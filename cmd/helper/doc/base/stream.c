/* stream.c - what packed data contain, and whether they are complete. */
#include "stream.h"

#include <ctype.h>
#include <limits.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* jpeglib.h needs stdio.h. */
#include <jpeglib.h>

#include <jerror.h>
#include <zlib.h>

/* ---- zlib ---- */

enum {
	HEADER = 2,
	CHECKSUM = 4,
	PRESET = 0x20, /* needs a dictionary that is unknown */
	PIECE = 32 * 1024,
	KEPT = 16, /* longer than a word that is searched for */
};

static uLong
checksum_at(const unsigned char *p)
{
	return (uLong)p[0] << 24 | (uLong)p[1] << 16 | (uLong)p[2] << 8 | p[3];
}

int
stream_has_word(const unsigned char *p, size_t n, const char *word)
{
	const size_t length = strlen(word);
	const unsigned char *at = p, *end = p + n;

	for (; (at = memchr(at, *word, (size_t)(end - at))); at++)
		if ((size_t)(end - at) >= length &&
		    memcmp(at, word, length) == 0 &&
		    (at == p || !isalnum(at[-1])) &&
		    (at + length == end || !isalnum(at[length])))
			return 1;
	return 0;
}

static void
search_all(struct stream_search *s, const unsigned char *p, size_t n)
{
	for (unsigned i = 0; s->words[i]; i++)
		if (!(s->found >> i & 1) && stream_has_word(p, n, s->words[i]))
			s->found |= 1u << i;
}

static void
find_all(struct stream_search *s)
{
	for (unsigned i = 0; s && s->words[i]; i++)
		s->found |= 1u << i;
}

/* The checksum is compared here, not by inflate(), because it may be missing.
 * Each piece is searched together with the end of the one before. */
static int
unpack(z_stream *z, struct stream_search *search, size_t most, size_t *unpacked)
{
	unsigned char piece[KEPT + PIECE];
	uLong sum = adler32(0, NULL, 0);
	size_t kept = 0, all = 0, n;
	int r;

	do {
		z->next_out = piece + kept;
		z->avail_out = PIECE;
		r = inflate(z, Z_NO_FLUSH);
		n = PIECE - z->avail_out;
		sum = adler32(sum, piece + kept, (uInt)n);
		all += n;
		n += kept;
		if (search)
			search_all(search, piece, n);
		kept = n < KEPT ? n : KEPT;
		memmove(piece, piece + n - kept, kept);
	} while (r == Z_OK && all <= most);
	*unpacked += all;
	if (r == Z_OK || r == Z_MEM_ERROR) {
		find_all(search);
		return 1;
	}
	return r == Z_STREAM_END &&
	    (z->avail_in < CHECKSUM || checksum_at(z->next_in) == sum);
}

int
stream_zlib_is_whole(const unsigned char *p, size_t n,
    struct stream_search *search, size_t most, size_t *unpacked)
{
	z_stream z = {0};
	int whole;

	if (n < HEADER || (p[0] & 0xf) != Z_DEFLATED ||
	    (p[0] * 256 + p[1]) % 31 != 0)
		return 0;
	if (p[1] & PRESET)
		return 1;
	z.next_in = (unsigned char *)(uintptr_t)p + HEADER;
	z.avail_in = (uInt)(n - HEADER);
	if (n > UINT_MAX || inflateInit2(&z, -MAX_WBITS) != Z_OK) {
		find_all(search);
		return 1;
	}
	whole = unpack(&z, search, most, unpacked);
	inflateEnd(&z);
	return whole;
}

/* ---- JPEG ---- */

enum {
	MARKER = 2, /* bytes */
	FILL_MAX = 8,
	BLOCKS_MAX = 1 << 20, /* that are kept: 128 MiB */
	/* The mean of a block, times 8: a wrong code darkens all blocks behind
	 * it.  White is 1016, and some writers make it a little whiter. */
	MEAN_MAX = 1536,
	WRONG_MAX = 8, /* blocks beyond that */
};

struct jpeg_errors {
	struct jpeg_error_mgr manager;
	jmp_buf failed;
	int filled; /* all bytes before the last marker are equal */
	int damaged;
};

/* Are all bytes before the marker that ends the file equal? */
static int
is_filled(const unsigned char *p, size_t n)
{
	while (n > FILL_MAX + MARKER &&
	    !(p[n - MARKER] == 0xff && p[n - 1] == 0xd9))
		n--;
	n -= n < MARKER ? n : MARKER;
	for (size_t i = 1; i < FILL_MAX && i < n; i++)
		if (p[n - 1 - i] != p[n - 1])
			return 0;
	return 1;
}

static void
stop(j_common_ptr jpeg)
{
	longjmp(((struct jpeg_errors *)jpeg->err)->failed, 1);
}

/* Many writers cause the other warnings. */
static void
hear_warning(j_common_ptr jpeg, int level)
{
	struct jpeg_errors *e = (struct jpeg_errors *)jpeg->err;

	switch (level < 0 ? jpeg->err->msg_code : 0) {
	case JWRN_ARITH_BAD_CODE:
	case JWRN_HIT_MARKER:
	case JWRN_HUFF_BAD_CODE:
	case JWRN_JPEG_EOF:
	case JWRN_MUST_RESYNC:
		e->damaged = 1;
		break;
	case JWRN_EXTRANEOUS_DATA:
		/* Either codes are left over, or a writer filled up a block. */
		e->damaged |= jpeg->err->msg_parm.i[0] > FILL_MAX && !e->filled;
		break;
	default:
		break;
	}
}

/* Read all codes, but make pixels only of the last line: libjpeg does not read
 * lines that are skipped at the end. */
static void
read_codes(struct jpeg_decompress_struct *jpeg)
{
	JSAMPARRAY line;

	jpeg_start_decompress(jpeg);
	line = jpeg->mem->alloc_sarray((j_common_ptr)jpeg, JPOOL_IMAGE,
	    jpeg->output_width * (JDIMENSION)jpeg->output_components, 1);
	if (jpeg->output_height > 1)
		jpeg_skip_scanlines(jpeg, jpeg->output_height - 1);
	jpeg_read_scanlines(jpeg, line, 1);
	jpeg_finish_decompress(jpeg);
}

/* The number of blocks that are darker than black or whiter than white. */
static size_t
count_wrong(struct jpeg_decompress_struct *jpeg, jvirt_barray_ptr *blocks)
{
	size_t wrong = 0;

	for (int i = 0; i < jpeg->num_components; i++) {
		const jpeg_component_info *c = &jpeg->comp_info[i];
		const int unit = c->quant_table ? c->quant_table->quantval[0]
						: 0;

		for (JDIMENSION y = 0; y < c->height_in_blocks; y++) {
			JBLOCKARRAY row = jpeg->mem->access_virt_barray(
			    (j_common_ptr)jpeg, blocks[i], y, 1, FALSE);

			for (JDIMENSION x = 0; x < c->width_in_blocks; x++)
				wrong += abs(row[0][x][0] * unit) > MEAN_MAX;
		}
	}
	return wrong;
}

static int
is_moderate(const struct jpeg_decompress_struct *jpeg)
{
	const size_t across = jpeg->image_width / DCTSIZE + 1;
	const size_t down = jpeg->image_height / DCTSIZE + 1;

	return jpeg->data_precision == 8 &&
	    across * down * (size_t)jpeg->num_components <= BLOCKS_MAX;
}

int
stream_jpeg_is_whole(const unsigned char *p, size_t n)
{
	struct jpeg_errors e;
	struct jpeg_decompress_struct jpeg = {
	    .err = jpeg_std_error(&e.manager)};

	e.manager.error_exit = stop;
	e.manager.emit_message = hear_warning;
	e.damaged = 0;
	e.filled = is_filled(p, n);
	if (setjmp(e.failed) == 0) {
		jpeg_create_decompress(&jpeg);
		jpeg_mem_src(&jpeg, p, n);
		jpeg_read_header(&jpeg, TRUE);
		if (is_moderate(&jpeg)) {
			e.damaged |= count_wrong(&jpeg,
					 jpeg_read_coefficients(&jpeg)) >
			    WRONG_MAX;
			jpeg_finish_decompress(&jpeg);
		} else {
			read_codes(&jpeg);
		}
	} else {
		e.damaged = 1;
	}
	jpeg_destroy_decompress(&jpeg);
	return !e.damaged;
}

static void
hear_nothing(j_common_ptr jpeg, int level)
{
	(void)jpeg;
	(void)level;
}

int
stream_jpeg_read(const unsigned char *p, size_t n, struct stream_jpeg *out)
{
	struct jpeg_errors e;
	struct jpeg_decompress_struct jpeg = {
	    .err = jpeg_std_error(&e.manager)};
	volatile int r = -1;

	e.manager.error_exit = stop;
	e.manager.emit_message = hear_nothing;
	if (setjmp(e.failed) == 0) {
		jpeg_create_decompress(&jpeg);
		jpeg_mem_src(&jpeg, p, n);
		jpeg_read_header(&jpeg, TRUE);
		*out = (struct stream_jpeg){.components = jpeg.num_components,
		    .has_transform = jpeg.saw_Adobe_marker ||
			jpeg.saw_JFIF_marker};
		r = 0;
	}
	jpeg_destroy_decompress(&jpeg);
	return r;
}
