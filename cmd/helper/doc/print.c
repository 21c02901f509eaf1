/* print.c - do pixels show print?
 *
 * With a pixel per point, print shows many changes of brightness along a row
 * in adjacent blocks, and they alternate: a stroke is dark, what follows is
 * light.  Photos, rules and rough paper show few changes.  The edge of a shape
 * shows many, but all in one direction. */
#include "print.h"

#include <limits.h>
#include <stdlib.h>

enum {
	STEP_MIN = 20,   /* gray levels: a smaller step is not a change */
	BLOCK = 8,       /* pixels on each side of a block */
	STROKE_MAX = 16, /* pixels from a change to the opposite one */
	BLOCKS_MIN = 2,  /* adjacent blocks that form a piece of print */
	MOVE = 2,        /* pixels */
};

/* Brightness changes in a block; turns: the opposite of the change before. */
struct steps {
	unsigned all, turns;
};

static const struct steps print_min = {6, 4};
/* With blocks that are off their place by half a MOVE. */
static const struct steps possible_min = {5, 3};

/* Add the changes in n pixels of a row.  Those before it are looked at too, to
 * find the change before the first. */
static void
add_steps(struct steps *s, const struct print_area *a, unsigned x, unsigned y,
    unsigned n)
{
	const unsigned before = x < STROKE_MAX ? x : STROKE_MAX;
	const unsigned char *row = a->pixels + y * a->stride + x - before;
	const unsigned char *cell = a->cells
	    ? a->cells + y * a->cells_stride + x - before
	    : NULL;
	int last = 0;

	for (unsigned i = 0; i < before + n; i++) {
		const int step = row[i + 1] - row[i];

		if (abs(step) < STEP_MIN ||
		    (cell &&
			(cell[i] != a->looked_at ||
			    cell[i + 1] != a->looked_at)))
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
is_print(const struct print_area *a, unsigned left, unsigned top)
{
	struct steps s = {0};

	if (left + 1 >= a->width)
		return 0;
	for (unsigned y = top; y < top + BLOCK && y < a->height; y++)
		add_steps(&s, a, left, y,
		    a->width - 1 - left < BLOCK ? a->width - 1 - left : BLOCK);
	return s.all >= print_min.all && s.turns >= print_min.turns;
}

unsigned
print_pieces(const struct print_area *a)
{
	unsigned pieces = 0;

	for (unsigned y = 0; y < a->height; y += BLOCK) {
		unsigned run = 0;

		for (unsigned x = 0; x < a->width; x += BLOCK) {
			run = is_print(a, x, y) ? run + 1 : 0;
			pieces += run == BLOCKS_MIN;
		}
	}
	return pieces;
}

/* ---- blocks at any place ---- */

enum { PLACES = BLOCK / MOVE };

/* The changes in two rows, for each place of the left edge; all rows. */
struct bands {
	struct steps *blocks; /* of bands, places, columns */
	size_t columns;
};

static struct steps *
blocks_of(const struct bands *b, size_t band, size_t place)
{
	return b->blocks + (band * PLACES + place) * b->columns;
}

/* Add the change at x to the blocks that hold it.  As in add_steps(), the
 * change before it, which was another way at this distance, counts only if it
 * is close enough to the block. */
static void
add_change(const struct bands *b, size_t band, unsigned x, unsigned distance)
{
	for (unsigned place = 0; place < PLACES && place * MOVE <= x; place++) {
		const unsigned within = x - place * MOVE;
		struct steps *s = blocks_of(b, band, place) + within / BLOCK;

		s->all++;
		s->turns += distance <= within % BLOCK + STROKE_MAX;
	}
}

static void
add_row(const struct bands *b, const struct print_area *a, unsigned y)
{
	const unsigned char *row = a->pixels + y * a->stride;
	unsigned at = 0;
	int last = 0;

	for (unsigned x = 0; x + 1 < a->width; x++) {
		const int step = row[x + 1] - row[x];

		if (abs(step) < STEP_MIN)
			continue;
		add_change(b, y / MOVE, x,
		    (step > 0 && last < 0) || (step < 0 && last > 0)
			? x - at
			: UINT_MAX);
		last = step;
		at = x;
	}
}

/* Has the row of blocks that begins with this band a piece of print? */
static int
has_piece(const struct bands *b, size_t band, size_t bands, size_t place)
{
	unsigned run = 0;

	for (size_t i = 0; i < b->columns && run < BLOCKS_MIN; i++) {
		struct steps s = {0};

		for (size_t k = band; k < band + PLACES && k < bands; k++) {
			s.all += blocks_of(b, k, place)[i].all;
			s.turns += blocks_of(b, k, place)[i].turns;
		}
		run = s.all >= possible_min.all && s.turns >= possible_min.turns
		    ? run + 1
		    : 0;
	}
	return run >= BLOCKS_MIN;
}

int
print_possible(const struct print_area *a)
{
	const size_t bands = (a->height + MOVE - 1) / MOVE;
	struct bands b = {.columns = a->width / BLOCK + 1};
	int found = 0;

	b.blocks = calloc(bands * PLACES * b.columns + 1, sizeof *b.blocks);
	if (!b.blocks)
		return 1;
	for (unsigned y = 0; y < a->height; y++)
		add_row(&b, a, y);
	for (size_t band = 0; band < bands && !found; band++)
		for (size_t place = 0; place < PLACES && !found; place++)
			found = has_piece(&b, band, bands, place);
	free(b.blocks);
	return found;
}
