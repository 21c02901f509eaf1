/* png_gray.c - see png_gray.h.  The pixels are in stored blocks of RFC 1951. */
#include "png_gray.h"

#include <string.h>

enum {
	BLOCK_MAX = 65535, /* bytes of a stored block */
	BLOCK_HEAD = 5,
	METRE = 3937 /* inches in 100 m */
};

static void
add_u32(struct pc_buf *b, uint32_t v)
{
	const unsigned char bytes[4] = {(unsigned char)(v >> 24),
	    (unsigned char)(v >> 16), (unsigned char)(v >> 8),
	    (unsigned char)v};

	pc_buf_add(b, bytes, sizeof bytes);
}

/* The CRC of PNG files (ISO 15948, annex D). */
static uint32_t
crc_of(const unsigned char *p, size_t n)
{
	uint32_t table[256], crc = 0xffffffff;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int k = 0; k < 8; k++)
			table[i] = table[i] & 1 ? 0xedb88320 ^ table[i] >> 1
						: table[i] >> 1;
	}
	for (size_t i = 0; i < n; i++)
		crc = table[(crc ^ p[i]) & 255] ^ crc >> 8;
	return ~crc;
}

/* End a chunk whose type is at `from`. */
static void
end_chunk(struct pc_buf *b, size_t from)
{
	if (!b->failed)
		add_u32(b, crc_of(b->data + from, b->len - from));
}

static size_t
begin_chunk(struct pc_buf *b, const char *type, size_t n)
{
	add_u32(b, (uint32_t)n);
	pc_buf_add(b, type, 4);
	return b->len - 4;
}

/* Bytes of the rows, which begin with their filter: none. */
struct row_stream {
	struct pc_buf *out;
	size_t left;   /* bytes of all rows */
	size_t room;   /* bytes left in this block */
	uint32_t a, b; /* Adler-32 */
};

static void
begin_block(struct row_stream *s)
{
	const size_t n = s->left < BLOCK_MAX ? s->left : BLOCK_MAX;
	const unsigned char head[BLOCK_HEAD] = {n == s->left, (unsigned char)n,
	    (unsigned char)(n >> 8), (unsigned char)~n,
	    (unsigned char)(~n >> 8)};

	pc_buf_add(s->out, head, sizeof head);
	s->room = n;
}

static void
add_bytes(struct row_stream *s, const unsigned char *p, size_t n)
{
	while (n > 0) {
		size_t some;

		if (s->room == 0)
			begin_block(s);
		some = n < s->room ? n : s->room;
		pc_buf_add(s->out, p, some);
		for (size_t i = 0; i < some; i++) {
			s->a = (s->a + p[i]) % 65521;
			s->b = (s->b + s->a) % 65521;
		}
		p += some;
		n -= some;
		s->left -= some;
		s->room -= some;
	}
}

void
png_gray_write(struct pc_buf *out, const unsigned char *gray, uint32_t width,
    uint32_t height, uint32_t dpi)
{
	static const unsigned char head[] = "\x89PNG\r\n\x1a\n",
				   form[] = {8, 0, 0, 0, 0}, filter[1] = {0},
				   zlib[] = {0x78, 1}, metre[1] = {1};
	const size_t all = ((size_t)width + 1) * height;
	const size_t blocks = (all + BLOCK_MAX - 1) / BLOCK_MAX;
	struct row_stream s = {.out = out, .left = all, .a = 1};
	size_t from;

	pc_buf_add(out, head, sizeof head - 1);
	from = begin_chunk(out, "IHDR", 13);
	add_u32(out, width);
	add_u32(out, height);
	pc_buf_add(out, form, sizeof form);
	end_chunk(out, from);
	from = begin_chunk(out, "pHYs", 9);
	add_u32(out, (dpi * METRE + 50) / 100);
	add_u32(out, (dpi * METRE + 50) / 100);
	pc_buf_add(out, metre, sizeof metre);
	end_chunk(out, from);
	from = begin_chunk(out, "IDAT", 2 + all + BLOCK_HEAD * blocks + 4);
	pc_buf_add(out, zlib, sizeof zlib);
	for (uint32_t y = 0; y < height; y++) {
		add_bytes(&s, filter, sizeof filter);
		add_bytes(&s, gray + (size_t)y * width, width);
	}
	add_u32(out, s.b << 16 | s.a);
	end_chunk(out, from);
	end_chunk(out, begin_chunk(out, "IEND", 0));
}
