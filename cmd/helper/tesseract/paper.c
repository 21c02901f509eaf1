/* paper.c - what is ink on a page: what differs from the paper around it.
 *
 * The paper's gray at a place is the median of 0.7 inches around it, since even
 * dense print covers less than half of that.  Each pixel is put in proportion
 * to it, so that shadows, dark paper and pale ink need no thresholds of their
 * own, and light letters on dark ground count as ink too. */
#include "paper.h"

#include <leptonica/allheaders.h>

enum {
	DPI_WANTED = 150, /* leptonica's detectors know text of this size */
	COARSE = 4,       /* of ink, across a pixel of the paper's gray */
	AROUND = 25,      /* pixels of the paper's gray: 0.7 inches */
	/* Black is raised to this, or its noise would be ink. */
	BLACK = 32,
	PAPER = 128,      /* what the paper's gray becomes */
	EVEN_PAPER = 230, /* the same for tesseract */
	STRONG = 130,     /* what is paler may be print on the other side */
	PALE = 30,        /* %: contrast of pale ink */
	INK_MIN = 5,      /* what differs from PAPER by less is never ink */
	NOISE_TIMES = 4,  /* nor what differs by so many times the noise */
	UNEVEN = 80,      /* %: the darkest paper of the lightest */
	/* Pixels at 150 dpi. */
	GRAIN = 4,
	LETTER_HIGH = 5,
	LETTER_HIGHEST = 60,
	LETTER_WIDEST = 90,
};

static const double much_ink = 0.005; /* of a page: grains are never so many */

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
	PIX *level = quarter ? pixMedianFilter(quarter, AROUND, AROUND) : NULL;

	pixDestroy(&half);
	pixDestroy(&quarter);
	return level;
}

/* How far most of the paper is from PAPER, and how far ink is, in the mean. */
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

/* What is darker or lighter than the paper by half of what ink is. */
static PIX *
ink_of(PIX *even, struct paper *p)
{
	NUMA *counts = pixGetGrayHistogram(even, 1);
	l_float32 *count = counts ? numaGetFArray(counts, L_NOCOPY) : NULL;
	PIX *dark, *light;
	double mean;
	int least, apart;

	if (!count) {
		numaDestroy(&counts);
		return NULL;
	}
	find_contrast(count, &least, &mean);
	numaDestroy(&counts);
	p->contrast = (int)(mean * 100 / PAPER);
	apart = mean / 2 > least ? (int)(mean / 2) : least;
	dark = pixThresholdToBinary(even, PAPER - apart);
	light = pixThresholdToBinary(even, PAPER + apart);
	if (light)
		pixInvert(light, light);
	if (dark && light)
		pixOr(dark, dark, light);
	pixDestroy(&light);
	return dark;
}

int
paper_measure(PIX *gray, int dpi, struct paper *p)
{
	PIX *small, *level, *even;
	l_uint32 darkest = 0, lightest = 0;

	*p = (struct paper){0};
	small = reduce(gray, dpi, &p->reduction);
	if (!small)
		return -1;
	if (pixGetWidth(small) < 2 * COARSE ||
	    pixGetHeight(small) < 2 * COARSE) {
		pixDestroy(&small);
		return 0;
	}
	if (small == gray) {
		pixDestroy(&small);
		small = pixCopy(NULL, gray);
	}
	if (small) {
		pixMultConstantGray(small, (255 - BLACK) / 255.0f);
		pixAddConstantGray(small, BLACK);
		p->level = level_of(small);
	}
	if (p->level) {
		pixGetRankValue(p->level, 1, 0.03f, &darkest);
		pixGetRankValue(p->level, 1, 0.97f, &lightest);
		p->uneven = darkest * 100 < lightest * UNEVEN;
	}
	level = p->level
	    ? pixScaleToSize(p->level, pixGetWidth(small), pixGetHeight(small))
	    : NULL;
	even = level ? pixApplyVariableGrayMap(small, level, PAPER) : NULL;
	p->ink = even ? ink_of(even, p) : NULL;
	pixDestroy(&even);
	pixDestroy(&level);
	pixDestroy(&small);
	return p->ink ? 0 : -1;
}

/* Pale ink made dark, of which grains would get as dark. */
static PIX *
darken(PIX *even, int contrast)
{
	PIX *smooth = pixBlockconv(even, 1, 1);

	if (smooth)
		pixGammaTRC(smooth, smooth, 1,
		    EVEN_PAPER - EVEN_PAPER * 2 * contrast / 100,
		    EVEN_PAPER - EVEN_PAPER * contrast / 200);
	pixDestroy(&even);
	return smooth;
}

PIX *
paper_even(const struct paper *p, PIX *gray)
{
	PIX *level = pixScaleToSize(p->level, pixGetWidth(gray),
	    pixGetHeight(gray));
	PIX *even = level ? pixApplyVariableGrayMap(gray, level, EVEN_PAPER)
			  : NULL;

	pixDestroy(&level);
	return even && paper_is_pale(p) ? darken(even, p->contrast) : even;
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

	if (!p->ink)
		return 1;
	area = (double)pixGetWidth(p->ink) * pixGetHeight(p->ink);
	pixCountPixels(p->ink, &ink, NULL);
	return ink < much_ink * area && !count_components(p->ink, is_no_grain);
}

void
paper_clear(struct paper *p)
{
	pixDestroy(&p->level);
	pixDestroy(&p->ink);
}
