/* pictures.c - which parts of a PDF page are images, and whether they show
 * print that the text layer lacks.
 *
 * Looking at a page takes several times as long as reading its text, so it is
 * done only if an image may show print: if it has room for some, and if it
 * shows some when it is alone. */
#include "pictures.h"
#include "helper/doc/image/image.h"
#include "helper/doc/pdf/details.h"
#include "helper/doc/pdf/opened.h"

#include "picture_alone.h"
#include "print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	CELLS_MAX = 2000, /* along one side */
	PICTURE = 1,
	READ = 2,         /* covered by the text layer */
	IMAGES_MAX = 256, /* on a page; with more, each of them counts */
	/* Points: images this close to each other may be parts of one, such
	 * as the strips of a scan or the letters of a word. */
	GAP = 3,
	/* Points: in less there is no room for three letters of print that is
	 * so small that few people can read it. */
	ROOM_HEIGHT = 5,
	ROOM_WIDTH = 10,
};

/* Boxes of a text layer are enlarged by these cells, as some enclose only
 * ink. */
static const double margin_x = 4, margin_y = 3;

/* A larger part of the page is most likely a scan: that it shows print is no
 * news. */
static const double alone_max = 0.5;

/* Make the box that holds all images hold these cells. */
static void
enclose(struct pictures *p, unsigned left, unsigned top, unsigned right,
    unsigned bottom)
{
	if (left >= right || top >= bottom)
		return;
	p->left = left < p->left ? left : p->left;
	p->top = top < p->top ? top : p->top;
	p->right = right > p->right ? right : p->right;
	p->bottom = bottom > p->bottom ? bottom : p->bottom;
}

static void
mark(struct pictures *p, double x0, double y0, double x1, double y1,
    unsigned char flag)
{
	/* fmax() turns NaN into 0. */
	const size_t left = (size_t)fmin(p->width, fmax(0, floor(x0)));
	const size_t top = (size_t)fmin(p->height, fmax(0, floor(y0)));
	const size_t right = (size_t)fmax(0, fmin(p->width, ceil(x1)));
	const size_t bottom = (size_t)fmax(0, fmin(p->height, ceil(y1)));

	for (size_t y = top; y < bottom; y++)
		for (size_t x = left; x < right; x++)
			p->cells[y * p->width + x] |= flag;
	if (flag == PICTURE)
		enclose(p, (unsigned)left, (unsigned)top, (unsigned)right,
		    (unsigned)bottom);
}

/* ---- where the images are ---- */

struct finding {
	struct pictures *pictures;
	double box[4]; /* the shown part, in the file's points */
	unsigned quarters;
	struct pdf_painted images[IMAGES_MAX];
	size_t count; /* of all images; only the first ones are kept */
};

static void
keep_image(void *ctx, const struct pdf_painted *image)
{
	struct finding *f = ctx;

	if (f->count < IMAGES_MAX)
		f->images[f->count] = *image;
	f->count++;
}

/* Is it close to another image? */
static int
has_neighbour(const struct finding *f, const struct pdf_painted *a)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct pdf_painted *b = &f->images[i];

		if (a != b && a->box[0] < b->box[2] + GAP &&
		    b->box[0] < a->box[2] + GAP &&
		    a->box[1] < b->box[3] + GAP && b->box[1] < a->box[3] + GAP)
			return 1;
	}
	return 0;
}

/* May it show print on this page? */
static int
may_show_print(struct document *d, const struct finding *f,
    const struct pdf_painted *image)
{
	const double w = image->box[2] - image->box[0];
	const double h = image->box[3] - image->box[1];
	const double page = (f->box[2] - f->box[0]) * (f->box[3] - f->box[1]);

	if (has_neighbour(f, image))
		return 1;
	if (fmin(w, h) < ROOM_HEIGHT || fmax(w, h) < ROOM_WIDTH)
		return 0;
	return !image->object || !(w * h < alone_max * page) ||
	    picture_may_show_print(d, image, f->quarters,
		72 * f->pictures->scale);
}

/* Mark an image. */
static void
add_image(const struct finding *f, const struct pdf_painted *image)
{
	const double w = f->box[2] - f->box[0], h = f->box[3] - f->box[1];
	/* left, top, right and bottom, before the page is turned */
	const double x0 = image->box[0] - f->box[0];
	const double x1 = image->box[2] - f->box[0];
	const double y0 = f->box[3] - image->box[3];
	const double y1 = f->box[3] - image->box[1];
	const double s = f->pictures->scale;

	switch (f->quarters) {
	case 1:
		mark(f->pictures, (h - y1) * s, x0 * s, (h - y0) * s, x1 * s,
		    PICTURE);
		break;
	case 2:
		mark(f->pictures, (w - x1) * s, (h - y1) * s, (w - x0) * s,
		    (h - y0) * s, PICTURE);
		break;
	case 3:
		mark(f->pictures, y0 * s, (w - x1) * s, y1 * s, (w - x0) * s,
		    PICTURE);
		break;
	default:
		mark(f->pictures, x0 * s, y0 * s, x1 * s, y1 * s, PICTURE);
	}
}

static int
make_grid(struct pictures *p)
{
	if (!p->cells)
		p->cells = calloc((size_t)p->width * p->height + 1, 1);
	return p->cells ? 0 : -1;
}

/* Begin a grid for a page of w x h points. */
static void
set_size(struct pictures *p, double w, double h)
{
	*p = (struct pictures){.scale = fmin(1, CELLS_MAX / fmax(w, h))};
	p->width = (unsigned)ceil(w * p->scale);
	p->height = (unsigned)ceil(h * p->scale);
	p->left = p->width;
	p->top = p->height;
}

/* All of the page is an image.  -1: out of memory. */
static int
mark_whole(struct pictures *p)
{
	if (make_grid(p) < 0)
		return -1;
	memset(p->cells, PICTURE, (size_t)p->width * p->height);
	enclose(p, 0, 0, p->width, p->height);
	return 0;
}

/* Count the cells that images cover, within the box that holds them. */
static void
measure(struct pictures *p)
{
	for (unsigned y = p->top; y < p->bottom; y++)
		for (unsigned x = p->left; x < p->right; x++)
			p->covered += p->cells[(size_t)y * p->width + x] != 0;
}

/* Mark what may show print.  -1: out of memory. */
static int
mark_images(struct document *d, const struct page_request *ask,
    struct finding *f)
{
	struct pictures *p = f->pictures;

	if (ask->plain || d->rescued ||
	    pdf_details_images(document_details(d), ask->page - 1, d->pages,
		d->has_inline > 0 ? PDF_IMAGES_PAGE : PDF_IMAGES_OBJECTS,
		keep_image, f) < 0 ||
	    f->count > IMAGES_MAX)
		return mark_whole(p);
	for (size_t i = 0; i < f->count; i++) {
		if (!may_show_print(d, f, &f->images[i]))
			continue;
		if (make_grid(p) < 0)
			return -1;
		add_image(f, &f->images[i]);
	}
	return 0;
}

int
pictures_find(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct pictures *p)
{
	struct finding *f = calloc(1, sizeof *f);
	double w, h;
	int r;

	if (!f)
		return -1;
	f->pictures = p;
	pdf_page_size(page, &w, &h);
	set_size(p, w, h);
	pdf_page_shown(page, f->box, &f->quarters);
	r = mark_images(d, ask, f);
	free(f);
	if (r == 0 && p->cells)
		measure(p);
	return r;
}

int
pictures_whole(struct pictures *p, double w, double h)
{
	set_size(p, w, h);
	if (mark_whole(p) < 0)
		return -1;
	measure(p);
	return 0;
}

void
pictures_cover(struct pictures *p, double x0, double y0, double x1, double y1)
{
	const double s = p->scale / 100;

	mark(p, x0 * s - margin_x, y0 * s - margin_y, x1 * s + margin_x,
	    y1 * s + margin_y, READ);
}

/* ---- what they show ---- */

int
pictures_look(struct pictures *p, struct pdf_page *page)
{
	return pdf_page_render_part(page, 72 * p->scale, p->left, p->top,
	    p->right - p->left, p->bottom - p->top, &p->shown);
}

unsigned
pictures_unread(const struct pictures *p)
{
	const unsigned width = p->right - p->left, height = p->bottom - p->top;
	const struct print_area area = {.pixels = p->shown.pixels,
	    .stride = (size_t)p->shown.stride,
	    .cells = p->cells + (size_t)p->top * p->width + p->left,
	    .cells_stride = p->width,
	    .looked_at = PICTURE,
	    .width = width < (unsigned)p->shown.width
		? width
		: (unsigned)p->shown.width,
	    .height = height < (unsigned)p->shown.height
		? height
		: (unsigned)p->shown.height};

	return print_pieces(&area);
}

void
pictures_cut_out(const struct pictures *p, unsigned char *gray, unsigned width,
    unsigned height)
{
	const double across = (double)p->width / width;
	const double down = (double)p->height / height;

	for (unsigned y = 0; y < height; y++) {
		const unsigned char *cell = p->cells +
		    (size_t)(y * down) * p->width;
		unsigned char *row = gray + (size_t)y * width;

		for (unsigned x = 0; x < width; x++)
			if (!(cell[(size_t)(x * across)] & PICTURE))
				row[x] = 255;
	}
}

void
pictures_clear(struct pictures *p)
{
	free(p->cells);
	free(p->shown.pixels);
	*p = (struct pictures){0};
}
