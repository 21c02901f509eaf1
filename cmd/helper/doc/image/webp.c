/* webp.c - the frames in a WebP file ("WebP Container Specification"). */
#include "frames.h"
#include "helper/doc/doc.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEADER = 12, /* "RIFF", size, "WEBP" */
	CHUNK = 8,   /* name, size */
	FRAME = 16,  /* the part of an ANMF chunk before the chunks in it */
	EXTENDED = 10,
	HAS_ALPHA = 0x10,
};

static size_t
get24(const unsigned char *p)
{
	return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16;
}

static size_t
get32(const unsigned char *p)
{
	return get24(p) | (size_t)p[3] << 24;
}

static void
put32(unsigned char *p, size_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(value >> (8 * i));
}

static int
add_image(const struct doc_bytes *b, size_t at, size_t size,
    struct frame_list *list)
{
	const unsigned char *p = b->p + at;
	const struct animation_frame f = {.at = at + FRAME,
	    .size = size - FRAME,
	    .x = (unsigned)get24(p) * 2,
	    .y = (unsigned)get24(p + 3) * 2,
	    .width = (unsigned)get24(p + 6) + 1,
	    .height = (unsigned)get24(p + 9) + 1,
	    .disposal = p[15] & 1 ? DISPOSE_TO_WHITE : DISPOSE_NOT,
	    .opaque = (p[15] & 2) != 0};

	return frame_add(list, &f);
}

int
webp_scan(const struct doc_bytes *b, struct frame_list *list)
{
	size_t at = HEADER, end, size;

	if (b->n < HEADER || memcmp(b->p, "RIFF", 4) != 0 ||
	    memcmp(b->p + 8, "WEBP", 4) != 0)
		return -1;
	end = get32(b->p + 4) + CHUNK;
	list->cut = end > b->n;
	end = end < b->n ? end : b->n;
	for (; end > at && end - at >= CHUNK; at += size + (size & 1)) {
		size = get32(b->p + at + 4);
		at += CHUNK;
		if (size > end - at) {
			list->cut = 1;
			size = end - at;
		}
		if (memcmp(b->p + at - CHUNK, "VP8X", 4) == 0 &&
		    size >= EXTENDED) {
			list->width = (unsigned)get24(b->p + at + 4) + 1;
			list->height = (unsigned)get24(b->p + at + 7) + 1;
		}
		if (memcmp(b->p + at - CHUNK, "ANMF", 4) == 0 && size > FRAME &&
		    add_image(b, at, size, list) < 0)
			break;
	}
	return 0;
}

unsigned char *
webp_extract(const struct doc_bytes *b, const struct animation_frame *f,
    size_t *size)
{
	const size_t head = HEADER + CHUNK + EXTENDED;
	unsigned char *out = calloc(1, head + f->size);
	unsigned char *canvas;

	if (!out)
		return NULL;
	*size = head + f->size;
	memcpy(out, "RIFF", 4);
	put32(out + 4, *size - CHUNK);
	memcpy(out + 8, "WEBPVP8X", 8);
	put32(out + 16, EXTENDED);
	out[20] = HAS_ALPHA;
	canvas = out + 24;
	put32(canvas, f->width - 1);
	put32(canvas + 3, f->height - 1);
	memcpy(out + head, b->p + f->at, f->size);
	return out;
}
