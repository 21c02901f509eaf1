/* upright.c - turn page images upright and straight.
 *
 * Tesseract reads only lines that run from left to right with little slope. */
#include "upright.h"

#include <leptonica/allheaders.h>

#include <math.h>

static const double degree = 3.14159265358979323846 / 180;
static const double skew_min = 0.2;      /* degrees; a smaller skew does no
					  * harm */
static const double skew_confidence = 3; /* the limit of pixDeskew */
static const double skew_narrow = 7;     /* the range of pixFindSkew */
static const double skew_wide = 47;      /* a maximum at the end is not found */

/* Clockwise quarter turns that make the text upright; -1: unclear, for example
 * with few words, capitals or digits. */
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

/* The skew of a page in degrees, if it is small; 0: none, or unclear. */
static double
find_skew(PIX *ink, int *sure)
{
	l_float32 angle, confidence;

	*sure = pixFindSkew(ink, &angle, &confidence) == 0 &&
	    (double)confidence >= skew_confidence;
	return *sure && fabs((double)angle) >= skew_min ? (double)angle : 0;
}

/* Turn by radians; if wanted, enlarge the image so that no corner is lost. */
static PIX *
turn(PIX *image, double angle, int grow)
{
	return pixRotate(image, (l_float32)angle,
	    pixGetDepth(image) == 1 ? L_ROTATE_SAMPLING : L_ROTATE_AREA_MAP,
	    L_BRING_IN_WHITE, grow ? pixGetWidth(image) : 0,
	    grow ? pixGetHeight(image) : 0);
}

/* The skew of a page in degrees, up to half a quarter turn; 0: unclear.  A
 * first guess counts only if the lines are level after that turn. */
static double
find_wide_skew(PIX *ink)
{
	l_float32 angle, confidence, score;
	double rest = 0;
	int sure = 0;
	PIX *level;

	if (pixFindSkewSweepAndSearchScorePivot(ink, &angle, &confidence,
		&score, 4, 2, 0, (l_float32)skew_wide, 1, 0.1f,
		L_SHEAR_ABOUT_CENTER) != 0 ||
	    fabs((double)angle) < skew_narrow / 2)
		return 0;
	level = turn(ink, (double)angle * degree, 1);
	if (level)
		rest = find_skew(level, &sure);
	pixDestroy(&level);
	return sure ? (double)angle + rest : 0;
}

static void
set_skew(struct upright *u, double degrees)
{
	u->skew = degrees * degree;
	u->sine = sin(u->skew);
	u->cosine = cos(u->skew);
}

static int
is_wide(const struct upright *u)
{
	return fabs(u->skew) > skew_narrow * degree;
}

/* Look for lines in both directions, then find which side is up. */
static void
find_wide(PIX *ink, struct upright *u)
{
	double skew = 0;
	int quarters = -1, base;
	PIX *turned, *level;

	for (base = 0; base < 2 && skew == 0; base++) {
		turned = pixRotateOrth(ink, base);
		skew = turned ? find_wide_skew(turned) : 0;
		level = skew != 0 ? turn(turned, skew * degree, 1) : NULL;
		if (level)
			quarters = find_quarters(level);
		pixDestroy(&level);
		pixDestroy(&turned);
	}
	if (skew == 0)
		return;
	set_skew(u, skew);
	u->sure = quarters >= 0;
	u->quarters = (base - 1 + (u->sure ? quarters : 0)) % 4;
}

void
upright_find(PIX *ink, struct upright *u)
{
	int quarters, found = 0;
	PIX *turned;

	*u = (struct upright){.cosine = 1};
	quarters = find_quarters(ink);
	u->sure = quarters >= 0;
	u->quarters = u->sure ? quarters : 0;
	turned = pixRotateOrth(ink, u->quarters);
	if (turned)
		set_skew(u, find_skew(turned, &found));
	pixDestroy(&turned);
	if (!found)
		find_wide(ink, u);
}

PIX *
upright_ink(const struct upright *u, PIX *image)
{
	PIX *turned = u->quarters ? pixRotateOrth(image, u->quarters)
				  : pixClone(image);
	PIX *straight;

	if (!turned || u->skew == 0)
		return turned;
	straight = turn(turned, u->skew, is_wide(u));
	pixDestroy(&turned);
	return straight;
}

PIX *
upright_page(struct upright *u, PIX *gray)
{
	PIX *page = upright_ink(u, gray);
	int across, down;

	u->width = pixGetWidth(gray);
	u->height = pixGetHeight(gray);
	if (!page || u->skew == 0)
		return page;
	across = u->quarters & 1 ? u->height : u->width;
	down = u->quarters & 1 ? u->width : u->height;
	/* Leptonica turns around a whole pixel. */
	u->middle_x = pixGetWidth(page) / 2;
	u->middle_y = pixGetHeight(page) / 2;
	u->grown_x = (pixGetWidth(page) - across) / 2;
	u->grown_y = (pixGetHeight(page) - down) / 2;
	return page;
}

void
upright_back(const struct upright *u, double *x, double *y)
{
	const double dx = *x - u->middle_x, dy = *y - u->middle_y;
	/* The same formula as in pixRotateAM, which finds a pixel's origin. */
	const double a = u->middle_x + dx * u->cosine + dy * u->sine -
	    u->grown_x;
	const double b = u->middle_y + dy * u->cosine - dx * u->sine -
	    u->grown_y;

	*x = u->quarters == 0  ? a
	    : u->quarters == 1 ? b
	    : u->quarters == 2 ? u->width - a
			       : u->width - b;
	*y = u->quarters == 0  ? b
	    : u->quarters == 1 ? u->height - a
	    : u->quarters == 2 ? u->height - b
			       : a;
}
