/* pictures.c - which parts of a PDF page are images, and whether they show
 * print that the text layer lacks.
 *
 * At 72 dpi, print shows many changes of brightness along a row in adjacent
 * cells, and they alternate: a stroke is dark, what follows is light.  Photos,
 * rules and rough paper show few changes.  The edge of a shape shows many, but
 * all in one direction. */
#include "pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	CELLS_MAX = 2000, /* along one side */
	PICTURE = 1,
	READ = 2,        /* covered by the text layer */
	STEP_MIN = 20,   /* gray levels: a smaller step is not a change */
	BLOCK = 8,       /* cells on each side of a block */
	STEPS_MIN = 6,   /* changes in a block of print, */
	TURNS_MIN = 4,   /* and how many are the opposite of the one before */
	STROKE_MAX = 16, /* cells from one to the other */
	BLOCKS_MIN = 2,  /* adjacent blocks that form a piece of print */
};

/* Boxes of a text layer are enlarged by these cells, as some enclose only
 * ink. */
static const double margin_x = 4, margin_y = 3;

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
}

/* ---- where the images are ---- */

struct finding {
	struct pictures *pictures;
	double box[4]; /* the shown part, in the file's points */
	unsigned quarters;
};

/* Mark an image, given by its box in the file's points. */
static void
add_image(void *ctx, const double image[4])
{
	struct finding *f = ctx;
	const double w = f->box[2] - f->box[0], h = f->box[3] - f->box[1];
	/* left, top, right and bottom, before the page is turned */
	const double x0 = image[0] - f->box[0], x1 = image[2] - f->box[0];
	const double y0 = f->box[3] - image[3], y1 = f->box[3] - image[1];
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

int
pictures_find(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct pictures *p)
{
	struct finding f = {.pictures = p};
	double w, h;
	size_t n;

	pdf_page_size(page, &w, &h);
	*p = (struct pictures){.scale = fmin(1, CELLS_MAX / fmax(w, h))};
	p->width = (unsigned)ceil(w * p->scale);
	p->height = (unsigned)ceil(h * p->scale);
	n = (size_t)p->width * p->height;
	p->cells = calloc(n + 1, 1);
	if (!p->cells)
		return -1;
	pdf_page_shown(page, f.box, &f.quarters);
	if (ask->plain || d->rescued ||
	    pdf_details_images(document_details(d), ask->page - 1, d->pages,
		add_image, &f) < 0)
		memset(p->cells, PICTURE, n);
	for (size_t i = 0; i < n; i++)
		p->covered += p->cells[i];
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

/* Brightness changes in a block. */
struct steps {
	unsigned all, turns;
};

/* Add the changes in n cells of a row.  before: cells that are looked at too,
 * to find the change before the first. */
static void
add_steps(struct steps *s, const unsigned char *row, const unsigned char *cell,
    unsigned before, unsigned n)
{
	int last = 0;

	for (unsigned i = 0; i < before + n; i++) {
		const int step = row[i + 1] - row[i];

		if (abs(step) < STEP_MIN || cell[i] != PICTURE ||
		    cell[i + 1] != PICTURE)
			continue;
		if (i >= before) {
			s->all++;
			s->turns += (step > 0 && last < 0) ||
			    (step < 0 && last > 0);
		}
		last = step;
	}
}

static int
is_print(const struct pictures *p, const struct pdf_image *image, unsigned left,
    unsigned top)
{
	const unsigned before = left < STROKE_MAX ? left : STROKE_MAX;
	const unsigned width = p->width < (unsigned)image->width
	    ? p->width
	    : (unsigned)image->width;
	struct steps s = {0};

	for (unsigned y = top;
	     y < top + BLOCK && y < p->height && y < (unsigned)image->height;
	     y++)
		if (left + 1 < width)
			add_steps(&s,
			    image->pixels + (size_t)y * (size_t)image->stride +
				left - before,
			    p->cells + (size_t)y * p->width + left - before,
			    before,
			    width - 1 - left < BLOCK ? width - 1 - left
						     : BLOCK);
	return s.all >= STEPS_MIN && s.turns >= TURNS_MIN;
}

int
pictures_unread(struct pictures *p, struct pdf_page *page)
{
	struct pdf_image image;
	int pieces = 0;

	if (pdf_page_render(page, 72 * p->scale, 0, &image) < 0)
		return -1;
	for (unsigned y = 0; y < p->height; y += BLOCK) {
		unsigned run = 0;

		for (unsigned x = 0; x < p->width; x += BLOCK) {
			run = is_print(p, &image, x, y) ? run + 1 : 0;
			pieces += run == BLOCKS_MIN;
		}
	}
	free(image.pixels);
	return pieces;
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
	*p = (struct pictures){0};
}
