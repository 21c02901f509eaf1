/* print.c - do pixels show print?
 *
 * With a pixel per point, print shows many changes of brightness along a row
 * in adjacent blocks, and they alternate: a stroke is dark, what follows is
 * light.  Photos, rules and rough paper show few changes.  The edge of a shape
 * shows many, but all in one direction. */
#include "print.h"

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
is_print(const struct print_area *a, unsigned left, unsigned top,
    const struct steps *min)
{
	struct steps s = {0};

	if (left + 1 >= a->width)
		return 0;
	for (unsigned y = top; y < top + BLOCK && y < a->height; y++)
		add_steps(&s, a, left, y,
		    a->width - 1 - left < BLOCK ? a->width - 1 - left : BLOCK);
	return s.all >= min->all && s.turns >= min->turns;
}

static unsigned
count_pieces(const struct print_area *a, unsigned left, unsigned top,
    const struct steps *min)
{
	unsigned pieces = 0;

	for (unsigned y = top; y < a->height; y += BLOCK) {
		unsigned run = 0;

		for (unsigned x = left; x < a->width; x += BLOCK) {
			run = is_print(a, x, y, min) ? run + 1 : 0;
			pieces += run == BLOCKS_MIN;
		}
	}
	return pieces;
}

unsigned
print_pieces(const struct print_area *a)
{
	return count_pieces(a, 0, 0, &print_min);
}

int
print_possible(const struct print_area *a)
{
	for (unsigned top = 0; top < BLOCK; top += MOVE)
		for (unsigned left = 0; left < BLOCK; left += MOVE)
			if (count_pieces(a, left, top, &possible_min) > 0)
				return 1;
	return 0;
}
