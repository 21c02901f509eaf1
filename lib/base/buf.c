/* buf.c - growable bytes, and integers in them. */
#include "base.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int
pc_buf_reserve(struct pc_buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 256;
	unsigned char *p;

	if (b->failed || more > SIZE_MAX / 4 - b->len) {
		b->failed = 1;
		errno = ENOMEM;
		return -1;
	}
	if (b->len + more <= b->cap)
		return 0;
	while (cap < b->len + more)
		cap *= 2;
	p = realloc(b->data, cap);
	if (!p) {
		b->failed = 1;
		return -1;
	}
	b->data = p;
	b->cap = cap;
	return 0;
}

int
pc_buf_add(struct pc_buf *b, const void *p, size_t n)
{
	if (pc_buf_reserve(b, n) < 0)
		return -1;
	if (n)
		memcpy(b->data + b->len, p, n);
	b->len += n;
	return 0;
}

int
pc_buf_addf(struct pc_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || pc_buf_reserve(b, (size_t)n + 1) < 0)
		return -1;
	va_start(ap, fmt);
	vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

int
pc_buf_add_u32(struct pc_buf *b, uint32_t v)
{
	unsigned char p[4];

	pc_encode_u32(p, v);
	return pc_buf_add(b, p, sizeof p);
}

int
pc_buf_add_u64(struct pc_buf *b, uint64_t v)
{
	unsigned char p[8];

	pc_encode_u64(p, v);
	return pc_buf_add(b, p, sizeof p);
}

int
pc_buf_add_number(struct pc_buf *b, uint64_t v)
{
	unsigned char p[10];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		p[n++] = (unsigned char)(v | 0x80);
	p[n++] = (unsigned char)v;
	return pc_buf_add(b, p, n);
}

void
pc_buf_clear(struct pc_buf *b)
{
	free(b->data);
	*b = (struct pc_buf){0};
}

uint32_t
pc_decode_u32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

uint64_t
pc_decode_u64(const unsigned char *p)
{
	return (uint64_t)pc_decode_u32(p) |
	    (uint64_t)pc_decode_u32(p + 4) << 32;
}

int
pc_decode_number(const unsigned char **p, const unsigned char *end, uint64_t *v)
{
	*v = 0;
	for (unsigned shift = 0; shift < 64 && *p < end; shift += 7) {
		unsigned char c = *(*p)++;

		*v |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return 0;
	}
	errno = EBADMSG;
	return -1;
}

void
pc_encode_u32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> 8 * i);
}

void
pc_encode_u64(unsigned char *p, uint64_t v)
{
	pc_encode_u32(p, (uint32_t)v);
	pc_encode_u32(p + 4, (uint32_t)(v >> 32));
}

void
pc_error_set(struct pc_error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
}
