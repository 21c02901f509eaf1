/* upright.c - page images turned the right way up and straight.
 *
 * Tesseract reads lines that run from left to right and do not climb much. */
#include "upright.h"

#include <leptonica/allheaders.h>

#include <math.h>

enum {
	INK = 150,       /* what is darker is ink */
	DPI_WANTED = 150 /* leptonica's detectors know text of this size */
};

static const double degree = 3.14159265358979323846 / 180;
static const double skew_min = 0.2;      /* degrees; less does no harm */
static const double skew_confidence = 3; /* as pixDeskew has it */

/* The page's ink at about 150 dpi. */
static PIX *
ink_of(PIX *gray, int dpi)
{
	PIX *ink = pixThresholdToBinary(gray, INK);

	for (; ink && dpi >= 2 * DPI_WANTED; dpi /= 2) {
		PIX *half = pixReduceRankBinary2(ink, 2, NULL);

		pixDestroy(&ink);
		ink = half;
	}
	return ink;
}

/* Quarters of a turn, clockwise, that make text upright; -1: it is not clear,
 * as in few words, capitals or digits. */
static int
find_quarters(PIX *ink)
{
	l_float32 up, left;
	l_int32 way;

	if (pixOrientDetect(ink, &up, &left, 0, 0) != 0 ||
	    makeOrientDecision(up, left, 0, 0, &way, 0) != 0)
		return -1;
	return way == L_TEXT_ORIENT_UP   ? 0
	    : way == L_TEXT_ORIENT_LEFT  ? 1
	    : way == L_TEXT_ORIENT_DOWN  ? 2
	    : way == L_TEXT_ORIENT_RIGHT ? 3
					 : -1;
}

static double
find_skew(PIX *ink)
{
	l_float32 angle, confidence;

	if (pixFindSkew(ink, &angle, &confidence) != 0 ||
	    (double)confidence < skew_confidence ||
	    fabs((double)angle) < skew_min)
		return 0;
	return (double)angle * degree;
}

PIX *
upright_make(PIX *gray, int dpi, int quarters, struct upright *u)
{
	PIX *ink = ink_of(gray, dpi), *turned, *straight;
	double skew;

	*u = (struct upright){.cosine = 1,
	    .width = pixGetWidth(gray),
	    .height = pixGetHeight(gray)};
	if (ink && quarters == UPRIGHT_FIND)
		quarters = find_quarters(ink);
	u->sure = quarters >= 0;
	u->quarters = u->sure ? quarters : 0;
	if (ink && u->quarters) {
		PIX *other = pixRotateOrth(ink, u->quarters);

		pixDestroy(&ink);
		ink = other;
	}
	skew = ink ? find_skew(ink) : 0;
	pixDestroy(&ink);
	turned = u->quarters ? pixRotateOrth(gray, u->quarters)
			     : pixClone(gray);
	if (!turned || skew == 0)
		return turned;
	u->sine = sin(skew);
	u->cosine = cos(skew);
	/* Leptonica turns about a whole pixel. */
	u->middle_x = floor(pixGetWidth(turned) / 2.0);
	u->middle_y = floor(pixGetHeight(turned) / 2.0);
	straight = pixRotate(turned, (l_float32)skew, L_ROTATE_AREA_MAP,
	    L_BRING_IN_WHITE, 0, 0);
	pixDestroy(&turned);
	return straight;
}

void
upright_back(const struct upright *u, double *x, double *y)
{
	const double dx = *x - u->middle_x, dy = *y - u->middle_y;
	/* As pixRotateAM looks for a pixel's origin. */
	const double a = u->middle_x + dx * u->cosine + dy * u->sine;
	const double b = u->middle_y + dy * u->cosine - dx * u->sine;

	*x = u->quarters == 0  ? a
	    : u->quarters == 1 ? b
	    : u->quarters == 2 ? u->width - a
			       : u->width - b;
	*y = u->quarters == 0  ? b
	    : u->quarters == 1 ? u->height - a
	    : u->quarters == 2 ? u->height - b
			       : a;
}
