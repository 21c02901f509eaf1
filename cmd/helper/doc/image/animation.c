/* animation.c - render the frames of an animation. */
#include "animation.h"
#include "frames.h"
#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct animation {
	const struct doc_bytes *bytes;
	struct frame_list list;
	unsigned char *(*extract)(const struct doc_bytes *,
	    const struct animation_frame *, size_t *);
	struct raster shown, before; /* NULL pixels: not drawn yet */
	unsigned width, height;
	unsigned drawn;  /* frames */
	unsigned broken; /* the first frame that cannot be read, from 1; 0:
			  * none */
};

/* Make the picture as large as the header says, or as all frames need. */
static void
measure(struct animation *a)
{
	a->width = a->list.width;
	a->height = a->list.height;
	for (unsigned i = 0; i < a->list.count; i++) {
		const struct animation_frame *f = &a->list.frames[i];

		if (a->width < f->x + f->width)
			a->width = f->x + f->width;
		if (a->height < f->y + f->height)
			a->height = f->y + f->height;
	}
}

struct animation *
animation_open(const struct doc_bytes *b, unsigned max)
{
	struct animation *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	a->bytes = b;
	/* One more than max shows that there are too many. */
	a->list.max = max + 1;
	a->extract = gif_extract;
	if (gif_scan(b, &a->list) < 0) {
		a->extract = webp_extract;
		webp_scan(b, &a->list);
	}
	if (a->list.count < 2) {
		free(a->list.frames);
		free(a);
		return NULL;
	}
	measure(a);
	return a;
}

unsigned
animation_frames(const struct animation *a)
{
	return a->list.count;
}

int
animation_is_cut(const struct animation *a)
{
	return a->list.cut;
}

void
animation_size(const struct animation *a, unsigned *width, unsigned *height)
{
	*width = a->width;
	*height = a->height;
}

/* ---- drawing ---- */

static int
make_white(struct animation *a)
{
	const size_t n = (size_t)a->width * a->height * 3;

	if (!a->shown.rgb)
		a->shown = (struct raster){malloc(n), a->width, a->height};
	if (!a->shown.rgb)
		return -1;
	memset(a->shown.rgb, 0xff, n);
	a->drawn = 0;
	return 0;
}

static void
whiten(struct raster *r, const struct animation_frame *f)
{
	for (unsigned y = f->y; y < f->y + f->height; y++)
		memset(r->rgb + ((size_t)y * r->width + f->x) * 3, 0xff,
		    (size_t)f->width * 3);
}

static int
keep_before(struct animation *a)
{
	const size_t n = (size_t)a->width * a->height * 3;

	if (!a->before.rgb)
		a->before.rgb = malloc(n);
	if (!a->before.rgb)
		return -1;
	memcpy(a->before.rgb, a->shown.rgb, n);
	return 0;
}

static void
dispose(struct animation *a, const struct animation_frame *f)
{
	if (f->disposal == DISPOSE_TO_WHITE)
		whiten(&a->shown, f);
	else if (f->disposal == DISPOSE_TO_BEFORE)
		memcpy(a->shown.rgb, a->before.rgb,
		    (size_t)a->width * a->height * 3);
}

/* Draw the next frame. */
static int
draw_next(struct animation *a)
{
	const struct animation_frame *f = &a->list.frames[a->drawn];
	unsigned char *file;
	size_t n;
	int r;

	if (a->drawn > 0)
		dispose(a, f - 1);
	if (f->disposal == DISPOSE_TO_BEFORE && keep_before(a) < 0)
		return -1;
	if (f->opaque)
		whiten(&a->shown, f);
	file = a->extract(a->bytes, f, &n);
	r = file
	    ? image_draw(file, n, &a->shown, f->x, f->y, f->width, f->height)
	    : -1;
	free(file);
	a->drawn++;
	return r;
}

const struct raster *
animation_picture(struct animation *a, unsigned n, char error[MESSAGE_SIZE])
{
	if ((!a->shown.rgb || a->drawn > n + 1) && make_white(a) < 0) {
		snprintf(error, MESSAGE_SIZE, "out of memory");
		return NULL;
	}
	while (a->drawn <= n && (!a->broken || a->drawn < a->broken - 1))
		if (draw_next(a) < 0)
			a->broken = a->drawn;
	/* What later frames change is unknown then. */
	if (a->broken && n + 1 >= a->broken) {
		snprintf(error, MESSAGE_SIZE, "cannot read frame %u",
		    a->broken);
		return NULL;
	}
	return &a->shown;
}
