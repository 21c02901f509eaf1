/* paper.c - find the ink on a page: what differs from the paper around it.
 *
 * The paper's gray at a place is the median within 0.7 inches, because even
 * dense print covers less than half of that.  Each pixel is scaled by it.  So
 * shadows, dark paper and pale ink need no thresholds of their own, and light
 * letters on a dark ground count as ink too. */
#include "paper.h"

#include <leptonica/allheaders.h>

enum {
	DPI_WANTED = 150, /* leptonica's detectors expect text of this size */
	COARSE = 4,       /* pixels of ink across one pixel of the paper's
			   * gray */
	AROUND = 25,      /* size of the median in pixels of the paper's
			   * gray: 0.7 inches */
	SMALLEST = 32,    /* pixels of ink: a smaller image is not a page */
	DARK = 96,        /* of darker paper: print on it is light */
	BLACK = 32,       /* lower limit of the paper's gray */
	PAPER = 128,      /* gray to which the paper is scaled */
	EVEN_PAPER = 230, /* the same for tesseract */
	STRONG = 130,     /* paler ink may be print on the other side */
	PALE = 30,        /* %: contrast of pale ink */
	INK_MIN = 5,      /* a smaller difference from PAPER is never ink */
	LIGHT_TIMES = 4,  /* print is light if this many times more of the ink
			   * is */
	NOISE_TIMES = 4,  /* nor is one below this many times the noise */
	UNEVEN = 80,      /* %: the darkest paper relative to the lightest */
	/* Pixels at 150 dpi. */
	GRAIN = 4,
	LETTER_HIGH = 5,
	LETTER_HIGHEST = 60,
	LETTER_WIDEST = 90,
};

static const double much_ink = 0.005; /* share of the page that grains never
				       * reach */

/* The gray image at 150 dpi or a little more. */
static PIX *
reduce(PIX *gray, int dpi, int *reduction)
{
	PIX *small = pixClone(gray);

	for (*reduction = 1; small && dpi >= 2 * DPI_WANTED;
	     dpi /= 2, *reduction *= 2) {
		PIX *half = pixScaleAreaMap2(small);

		pixDestroy(&small);
		small = half;
	}
	return small;
}

static PIX *
level_of(PIX *small)
{
	PIX *half = pixScaleAreaMap2(small);
	PIX *quarter = half ? pixScaleAreaMap2(half) : NULL;
	const int w = 2 * pixGetWidth(small) / COARSE - 1;
	const int h = 2 * pixGetHeight(small) / COARSE - 1;
	/* Leptonica mirrors the pixels near the edges. */
	PIX *level = quarter ? pixMedianFilter(quarter, w < AROUND ? w : AROUND,
				   h < AROUND ? h : AROUND)
			     : NULL;

	pixDestroy(&half);
	pixDestroy(&quarter);
	return level;
}

/* Measure how far most of the paper is from PAPER, and how far the ink is on
 * average. */
static void
find_contrast(const l_float32 *count, int *noise, double *ink)
{
	double all = 0, near = count[PAPER], n = 0, sum = 0;
	int least;

	for (int v = 0; v < 256; v++)
		all += (double)count[v];
	for (*noise = 0; *noise < PAPER - 1 && near < 0.7 * all;) {
		++*noise;
		near += (double)count[PAPER - *noise] +
		    (double)count[PAPER + *noise];
	}
	least = *noise * NOISE_TIMES > INK_MIN ? *noise * NOISE_TIMES : INK_MIN;
	for (int d = least; d < PAPER; d++) {
		n += (double)count[PAPER - d] + (double)count[PAPER + d];
		sum += d *
		    ((double)count[PAPER - d] + (double)count[PAPER + d]);
	}
	*ink = n > 0 ? sum / n : 0;
	*noise = least;
}

/* Keep what differs from the paper by at least half of the ink's difference. */
static PIX *
ink_of(PIX *even, struct paper *p)
{
	NUMA *counts = pixGetGrayHistogram(even, 2);
	l_float32 *count = counts ? numaGetFArray(counts, L_NOCOPY) : NULL;
	l_int32 darker = 0, lighter = 0;
	PIX *dark, *light;
	double mean;
	int least, apart;

	if (!count) {
		numaDestroy(&counts);
		return NULL;
	}
	find_contrast(count, &least, &mean);
	numaDestroy(&counts);
	p->grainy = least > INK_MIN;
	p->contrast = (int)(mean * 100 / PAPER);
	apart = mean / 2 > least ? (int)(mean / 2) : least;
	p->varied = apart >= PAPER;
	if (p->varied)
		apart = PAPER - 1;
	dark = pixThresholdToBinary(even, PAPER - apart);
	light = pixThresholdToBinary(even, PAPER + apart);
	if (light)
		pixInvert(light, light);
	if (dark && light) {
		pixCountPixels(dark, &darker, NULL);
		pixCountPixels(light, &lighter, NULL);
		p->light = lighter / LIGHT_TIMES > darker;
		pixOr(dark, dark, light);
	}
	pixDestroy(&light);
	return dark;
}

/* Scale the small image so that its paper is PAPER everywhere. */
static PIX *
even_out(PIX *small, PIX *level)
{
	/* The last pixel may stand for less than four. */
	PIX *wide = pixAddContinuedBorder(level, 0, 1, 0, 1);
	PIX *inverse = wide ? pixGetInvBackgroundMap(wide, PAPER, 1, 1) : NULL;
	PIX *even = inverse
	    ? pixApplyInvBackgroundGrayMap(small, inverse, COARSE, COARSE)
	    : NULL;

	pixDestroy(&wide);
	pixDestroy(&inverse);
	return even;
}

/* Make black paper slightly lighter, or its grains would count as ink. */
static void
raise_level(PIX *level)
{
	PIX *least = pixCreateTemplate(level);

	if (least) {
		pixSetAllGray(least, BLACK);
		pixMinOrMax(level, level, least, L_CHOOSE_MAX);
	}
	pixDestroy(&least);
}

/* Turn light ink on a dark ground into dark ink on a light one.  NULL: out of
 * memory. */
static PIX *
invert(PIX *small, struct paper *p)
{
	PIX *other = pixInvert(NULL, small);

	p->dark = 1;
	pixInvert(p->level, p->level);
	pixDestroy(&small);
	return other;
}

static int
is_dark(const struct paper *p)
{
	l_uint32 middle = 255;

	pixGetRankValue(p->level, 1, 0.5f, &middle);
	return middle < DARK;
}

/* Find the ink in the small image. */
static void
find_ink(PIX *small, struct paper *p)
{
	PIX *even;

	raise_level(p->level);
	even = even_out(small, p->level);
	pixDestroy(&p->ink);
	p->ink = even ? ink_of(even, p) : NULL;
	pixDestroy(&even);
}

/* For an image too small for a level: keep what is darker than the middle
 * gray, or nothing if all is alike. */
static PIX *
ink_of_label(PIX *gray, struct paper *p)
{
	l_int32 darkest = 0, lightest = 0;

	p->reduction = 1;
	p->contrast = 100;
	pixGetRangeValues(gray, 1, 0, &darkest, &lightest);
	return pixThresholdToBinary(gray,
	    lightest - darkest > 2 * INK_MIN ? (darkest + lightest) / 2 : 0);
}

static int
is_small(PIX *image)
{
	return pixGetWidth(image) < SMALLEST || pixGetHeight(image) < SMALLEST;
}

int
paper_measure(PIX *gray, int dpi, struct paper *p)
{
	PIX *small;

	*p = (struct paper){0};
	small = is_small(gray) ? pixClone(gray)
			       : reduce(gray, dpi, &p->reduction);
	if (!small)
		return -1;
	if (is_small(small)) {
		pixDestroy(&small);
		p->ink = ink_of_label(gray, p);
		return p->ink ? 0 : -1;
	}
	p->level = level_of(small);
	if (p->level && is_dark(p))
		small = invert(small, p);
	if (p->level && small)
		find_ink(small, p);
	/* Light print may be on gray paper too. */
	if (p->ink && p->light && !p->dark && paper_is_pale(p)) {
		small = invert(small, p);
		if (small)
			find_ink(small, p);
	}
	pixDestroy(&small);
	return p->ink ? 0 : -1;
}

/* Make pale ink dark, and remove grains. */
static PIX *
darken(PIX *even, const struct paper *p)
{
	PIX *smooth = p->grainy ? pixBlockconv(even, 1, 1) : pixClone(even);

	if (smooth)
		pixGammaTRC(smooth, smooth, 1,
		    EVEN_PAPER - EVEN_PAPER * 2 * p->contrast / 100,
		    EVEN_PAPER - EVEN_PAPER * p->contrast / 200);
	pixDestroy(&even);
	return smooth;
}

PIX *
paper_even(const struct paper *p, PIX *gray)
{
	PIX *level = p->level
	    ? pixScaleToSize(p->level, pixGetWidth(gray), pixGetHeight(gray))
	    : NULL;
	PIX *light = p->dark ? pixInvert(NULL, gray) : pixClone(gray);
	PIX *even = level && light
	    ? pixApplyVariableGrayMap(light, level, EVEN_PAPER)
	    : NULL;

	pixDestroy(&level);
	pixDestroy(&light);
	return even && paper_is_pale(p) ? darken(even, p) : even;
}

int
paper_is_pale(const struct paper *p)
{
	return p->contrast < PALE;
}

int
paper_strip(PIX *even)
{
	return pixGammaTRC(even, even, 1, 0, STRONG) ? 0 : -1;
}

static int
is_letter(l_int32 w, l_int32 h)
{
	return h >= LETTER_HIGH && h <= LETTER_HIGHEST && w <= LETTER_WIDEST;
}

static int
is_no_grain(l_int32 w, l_int32 h)
{
	return w > GRAIN || h > GRAIN;
}

static int
count_components(PIX *ink, int (*counts)(l_int32 w, l_int32 h))
{
	BOXA *boxes = pixConnCompBB(ink, 8);
	const int n = boxes ? boxaGetCount(boxes) : 0;
	int found = 0;
	l_int32 w, h;

	for (int i = 0; i < n; i++)
		if (boxaGetBoxGeometry(boxes, i, NULL, NULL, &w, &h) == 0)
			found += counts(w, h);
	boxaDestroy(&boxes);
	return found;
}

int
paper_letters(PIX *ink)
{
	return count_components(ink, is_letter);
}

int
paper_is_blank(const struct paper *p)
{
	l_int32 ink = 0;
	double area;

	area = (double)pixGetWidth(p->ink) * pixGetHeight(p->ink);
	pixCountPixels(p->ink, &ink, NULL);
	return !p->varied && ink < much_ink * area &&
	    !count_components(p->ink, is_no_grain);
}

void
paper_clear(struct paper *p)
{
	pixDestroy(&p->level);
	pixDestroy(&p->ink);
}
