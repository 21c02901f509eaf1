/* strokes.c - how wide the strokes of a word's letters are.
 *
 * Each row of pixels crosses strokes.  The darkness along a crossing adds up to
 * the stroke's width, in parts of a pixel, even if the scan blurred its edges.
 * The median is a stem: horizontal strokes are longer, but few. */
#include "strokes.h"

#include <leptonica/allheaders.h>

#include <stddef.h>

enum {
	PARTS = 8,   /* of a pixel, that are told apart */
	WIDEST = 32, /* pixels; wider strokes are counted as such */
	CONTRAST_MIN = 40,
	CROSSINGS_MIN = 8,
};

/* Of the darkness of ink: a stroke's edge, and its middle. */
static const double edge = 0.2, middle = 0.5;

struct crossings {
	unsigned counts[PARTS * WIDEST + 1];
	unsigned all;
};

static void
count_crossing(struct crossings *c, double sum, double peak)
{
	const double at = sum * PARTS;

	if (peak < middle)
		return;
	c->counts[at < PARTS * WIDEST ? (int)at : PARTS * WIDEST]++;
	c->all++;
}

static double
median(const struct crossings *c)
{
	unsigned half = 0;

	if (c->all < CROSSINGS_MIN)
		return 0;
	for (int i = 0; i < PARTS * WIDEST; i++)
		if ((half += c->counts[i]) * 2 >= c->all)
			return (i + 0.5) / PARTS;
	return 0;
}

double
strokes_width(PIX *gray, int left, int top, int right, int bottom)
{
	const l_uint32 *data = pixGetData(gray);
	const size_t row = (size_t)pixGetWpl(gray);
	struct crossings c = {.all = 0};
	int dark = 255, light = 0, v;
	double ink = 0;

	left = left > 0 ? left : 0;
	top = top > 0 ? top : 0;
	right = right < pixGetWidth(gray) ? right : pixGetWidth(gray);
	bottom = bottom < pixGetHeight(gray) ? bottom : pixGetHeight(gray);
	if (pixGetDepth(gray) != 8)
		return 0;
	for (int y = top; y < bottom; y++)
		for (int x = left; x < right; x++) {
			v = GET_DATA_BYTE(data + (size_t)y * row, x);
			dark = v < dark ? v : dark;
			light = v > light ? v : light;
		}
	if (light - dark < CONTRAST_MIN)
		return 0;
	for (int y = top; y < bottom; y++) {
		double sum = 0, peak = 0;

		for (int x = left; x < right; x++) {
			const double d = (double)(light -
					     GET_DATA_BYTE(
						 data + (size_t)y * row, x)) /
			    (light - dark);

			if (d >= edge) {
				sum += d;
				peak = d > peak ? d : peak;
				ink += d;
				continue;
			}
			count_crossing(&c, sum, peak);
			sum = peak = 0;
		}
		count_crossing(&c, sum, peak);
	}
	return 2 * ink > (double)(right - left) * (bottom - top) ? 0
								 : median(&c);
}
