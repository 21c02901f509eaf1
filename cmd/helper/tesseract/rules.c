/* rules.c - the straight lines on a page: long and thin runs of ink. */
#include "rules.h"

#include "words.h"

#include "pc.h"

#include <leptonica/allheaders.h>

enum {
	POINTS = 72,      /* per inch */
	LENGTH = 18,      /* points, at least: strokes of letters are shorter */
	THICK = 3,        /* points, at most */
	FOUND_MAX = 2000, /* more are a drawing */
};

/* Append the runs of ink that are this wide and high at least. */
static void
add_runs(struct word_writer *s, PIX *ink, int width, int height, int thick)
{
	PIX *runs = pixOpenBrick(NULL, ink, width, height);
	BOXA *boxes = runs ? pixConnCompBB(runs, 8) : NULL;
	const int n = boxes ? boxaGetCount(boxes) : 0;
	const int by = s->reduction;
	l_int32 x, y, w, h;

	for (int i = 0; i < n && i < FOUND_MAX; i++) {
		if (boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h) != 0 ||
		    (width > height ? h : w) > thick)
			continue;
		words_add_box(s, "g", x * by, y * by, (x + w) * by,
		    (y + h) * by);
		pc_buf_add(s->out, "\n", 1);
	}
	boxaDestroy(&boxes);
	pixDestroy(&runs);
}

void
rules_add(struct word_writer *s, PIX *ink, int dpi)
{
	const int length = LENGTH * dpi / s->reduction / POINTS;
	const int thick = THICK * dpi / s->reduction / POINTS;

	if (length <= thick)
		return;
	add_runs(s, ink, length, 1, thick);
	add_runs(s, ink, 1, length, thick);
}

PIX *
rules_erase(PIX *ink, int dpi, int reduction)
{
	const int length = LENGTH * dpi / reduction / POINTS;
	PIX *rest = pixCopy(NULL, ink);

	for (int upright = 0; rest && length > 0 && upright < 2; upright++) {
		PIX *runs = pixOpenBrick(NULL, ink, upright ? 1 : length,
		    upright ? length : 1);

		if (runs)
			pixSubtract(rest, rest, runs);
		pixDestroy(&runs);
	}
	return rest;
}
