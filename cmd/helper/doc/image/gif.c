/* gif.c - the frames in a GIF file (GIF89a). */
#include "frames.h"
#include "helper/doc/doc.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEADER = 13, /* signature and logical screen */
	DESCRIPTOR = 10,
	CONTROL = 8, /* the graphic control extension */
	HAS_COLOURS = 0x80,
};

static unsigned
get16(const unsigned char *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

/* The size in bytes of the colour table that these flags announce. */
static size_t
colours(unsigned char flags)
{
	return flags & HAS_COLOURS ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* The end of the data blocks at this offset.  0: the file ends before it. */
static size_t
skip_blocks(const struct doc_bytes *b, size_t at)
{
	while (at < b->n && b->p[at])
		at += (size_t)b->p[at] + 1;
	return at < b->n ? at + 1 : 0;
}

static enum disposal
disposal_of(const struct doc_bytes *b, size_t control)
{
	static const enum disposal of[8] =
	    {[2] = DISPOSE_TO_WHITE, [3] = DISPOSE_TO_BEFORE};

	return control ? of[b->p[control + 3] >> 2 & 7] : DISPOSE_NOT;
}

/* Read the image whose descriptor is at this offset.  Returns its end; 0: the
 * file ends before it. */
static size_t
add_image(const struct doc_bytes *b, size_t at, size_t control,
    struct frame_list *list)
{
	const unsigned char *p = b->p + at;
	struct animation_frame f = {.at = at,
	    .control = control,
	    .disposal = disposal_of(b, control)};
	size_t end;

	if (b->n - at <= DESCRIPTOR)
		return 0;
	f.x = get16(p + 1);
	f.y = get16(p + 3);
	f.width = get16(p + 5);
	f.height = get16(p + 7);
	end = skip_blocks(b, at + DESCRIPTOR + colours(p[9]) + 1);
	f.size = (end ? end : b->n) - at;
	if (frame_add(list, &f) < 0)
		return 0;
	return end;
}

int
gif_scan(const struct doc_bytes *b, struct frame_list *list)
{
	size_t at, control = 0;

	if (b->n < HEADER || memcmp(b->p, "GIF8", 4) != 0)
		return -1;
	list->width = get16(b->p + 6);
	list->height = get16(b->p + 8);
	at = HEADER + colours(b->p[10]);
	while (at && at < b->n && b->p[at] != ';') {
		if (b->p[at] == ',') {
			at = add_image(b, at, control, list);
			control = 0;
		} else if (b->p[at] == '!' && b->n - at > CONTROL) {
			if (b->p[at + 1] == 0xf9 && b->p[at + 2] == 4)
				control = at;
			at = skip_blocks(b, at + 2);
		} else {
			at = 0;
		}
	}
	list->cut = !at || at >= b->n;
	return 0;
}

unsigned char *
gif_extract(const struct doc_bytes *b, const struct animation_frame *f,
    size_t *size)
{
	const size_t head = HEADER + colours(b->p[10]);
	const size_t control = f->control ? CONTROL : 0;
	unsigned char *out = malloc(head + control + f->size + 1);
	unsigned char *image;

	if (!out)
		return NULL;
	memcpy(out, b->p, head);
	memcpy(out, "GIF89a", 6);
	if (control)
		memcpy(out + head, b->p + f->control, control);
	image = out + head + control;
	memcpy(image, b->p + f->at, f->size);
	/* The screen gets the image's size, with the image at its corner. */
	memcpy(out + 6, image + 5, 4);
	memset(image + 1, 0, 4);
	image[f->size] = ';';
	*size = head + control + f->size + 1;
	return out;
}
