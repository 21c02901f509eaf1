/* spread.c - find two book pages in one image.
 *
 * At the fold nothing is printed from top to bottom: it is a white gap, or the
 * shadow of the spine, which is all ink. */
#include "spread.h"

#include <leptonica/allheaders.h>

enum { FROM = 35, TO = 65 }; /* %: where in the width a fold can be */
enum { GAP_MIN = 1 };        /* % of the width: gaps between words are less */
enum { SHADOW = 75, CLEAR = 1 }; /* %: ink in columns of a fold */

enum column { COLUMN_PRINT, COLUMN_CLEAR, COLUMN_SHADOW };

static enum column
column_is(NUMA *counts, int x, int height)
{
	l_float32 count = 0;

	numaGetFValue(counts, x, &count);
	return (double)count * 100 > (double)SHADOW * height ? COLUMN_SHADOW
	    : (double)count * 100 < (double)CLEAR * height   ? COLUMN_CLEAR
							     : COLUMN_PRINT;
}

/* The middle of the widest gap of such columns; 0: none is wide enough. */
static int
find_gap(NUMA *counts, int width, int height, enum column wanted)
{
	const int from = width * FROM / 100, to = width * TO / 100;
	int widest = width * GAP_MIN / 100, middle = 0, begin = from;

	for (int x = from; x <= to; x++) {
		if (x < to && column_is(counts, x, height) == wanted)
			continue;
		if (x - begin > widest) {
			widest = x - begin;
			middle = begin + widest / 2;
		}
		begin = x + 1;
	}
	return middle;
}

int
spread_fold(PIX *ink)
{
	const int width = pixGetWidth(ink), height = pixGetHeight(ink);
	NUMA *counts = width > height ? pixCountPixelsByColumn(ink) : NULL;
	int fold = 0;

	if (counts)
		fold = find_gap(counts, width, height, COLUMN_SHADOW);
	if (counts && fold == 0 &&
	    column_is(counts, width / 2, height) == COLUMN_CLEAR &&
	    find_gap(counts, width, height, COLUMN_CLEAR) > 0)
		fold = width / 2;
	if (counts && fold == 0)
		fold = find_gap(counts, width, height, COLUMN_CLEAR);
	numaDestroy(&counts);
	return fold;
}
