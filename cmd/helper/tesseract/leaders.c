/* leaders.c - see leaders.h. */
#include "leaders.h"

#include <leptonica/allheaders.h>

#include <math.h>
#include <stdlib.h>

enum {
	POINTS = 72,       /* per inch */
	DOTS_MIN = 8,      /* an ellipsis has fewer */
	DOTS_MAX = 50000,  /* more are a picture */
	NUMBERS_MAX = 100, /* they are read one by one */
	REGULAR = 4,       /* all but one gap in four are regular */
};

/* In points: the smallest dot, as noise is smaller, and the largest; the widest
 * gap from one's edge to the next one's. */
static const double dot_min = 0.5, dot_max = 2.4, gap_max = 9;
/* How far a dot may be above the one before it, in its size, and how much a gap
 * may differ from the median, in that. */
static const double rise = 0.5, uneven = 0.25;

/* In points: how far a number ends from the dots, how far there is nothing
 * else, and how high and deep its digits may be. */
static const double wide = 42, alone = 80, low = 3, high = 16, deep = 4;

struct dot {
	l_int32 x, y, w, h;
	int next; /* the dot to its right; -1: none */
	int led;  /* there is one to its left */
};

static int
from_left(const void *a, const void *b)
{
	const struct dot *p = a, *q = b;

	return p->x < q->x ? -1 : p->x > q->x;
}

static int
by_value(const void *a, const void *b)
{
	const double *p = a, *q = b;

	return *p < *q ? -1 : *p > *q;
}

/* The dots on the page, from left to right.  Returns how many. */
static int
find_dots(BOXA *boxes, double least, double most, struct dot *dots)
{
	const int n = boxaGetCount(boxes);
	int count = 0;

	for (int i = 0; i < n && count < DOTS_MAX; i++) {
		struct dot d = {.next = -1};

		if (boxaGetBoxGeometry(boxes, i, &d.x, &d.y, &d.w, &d.h) == 0 &&
		    (d.w >= least || d.h >= least) && d.w <= most &&
		    d.h <= most && 2 * d.w >= d.h && 2 * d.h >= d.w)
			dots[count++] = d;
	}
	qsort(dots, (size_t)count, sizeof *dots, from_left);
	return count;
}

static double
middle(const struct dot *d)
{
	return d->y + d->h / 2.0;
}

/* Is there the same dot again, beside it? */
static int
is_beside(const struct dot *a, const struct dot *b)
{
	const double size = a->h > b->h ? a->h : b->h;

	return fabs(middle(a) - middle(b)) <= rise * size + 0.5 &&
	    b->x > a->x + a->w && abs(a->h - b->h) <= 1 + a->h / 3 &&
	    abs(a->w - b->w) <= 1 + a->w / 3;
}

static void
link_dots(struct dot *dots, int n, double most)
{
	for (int i = 0; i < n; i++)
		for (int j = i + 1; j < n && dots[j].x - dots[i].x <= most; j++)
			if (!dots[j].led && is_beside(&dots[i], &dots[j])) {
				dots[i].next = j;
				dots[j].led = 1;
				break;
			}
}

/* Are the gaps of the row that begins with this dot alike? */
static int
is_leader(const struct dot *dots, int first, double *gaps)
{
	int n = 0, regular = 0;
	double usual;

	for (int i = first; dots[i].next >= 0; i = dots[i].next)
		gaps[n++] = dots[dots[i].next].x - dots[i].x;
	if (n + 1 < DOTS_MIN)
		return 0;
	qsort(gaps, (size_t)n, sizeof *gaps, by_value);
	usual = gaps[n / 2];
	for (int i = 0; i < n; i++)
		regular += fabs(gaps[i] - usual) <= uneven * usual + 1;
	return regular * REGULAR >= n * (REGULAR - 1);
}

/* Fill the place, with its blurred edge, with what is above it. */
static void
erase_gray(PIX *page, const struct word_place *p, int by)
{
	const int x0 = p->left * by - 2, y0 = p->top * by - 2;
	const int x1 = p->right * by + 2, y1 = p->bottom * by + 2;
	l_uint32 paper = 0, value;

	for (int x = x0 - 1; x <= x1; x++)
		if (pixGetPixel(page, x, y0 - 1, &value) == 0 && value > paper)
			paper = value;
	for (int y = y0; y < y1; y++)
		for (int x = x0; x < x1; x++)
			pixSetPixel(page, x, y, paper);
}

static struct leader
erase(PIX *ink, PIX *page, const struct dot *dots, int first, int by)
{
	struct leader l = {.dots = 0};

	for (int i = first; i >= 0; i = dots[i].next) {
		const struct dot *d = &dots[i];
		const struct word_place p = {d->x, d->y, d->x + d->w,
		    d->y + d->h, 0, 0};
		BOX *box = boxCreate(d->x, d->y, d->w, d->h);

		if (box)
			pixClearInRect(ink, box);
		boxDestroy(&box);
		erase_gray(page, &p, by);
		if (l.dots++ == 0)
			l.place = p;
		l.place.right = p.right;
	}
	return l;
}

/* Find what the leader leads to. */
static void
find_number(struct leader *l, BOXA *boxes, double point)
{
	const struct word_place *p = &l->place;
	const double base = p->bottom;
	struct word_place all = {0};
	l_int32 x, y, w, h;

	for (int i = 0; i < boxaGetCount(boxes); i++) {
		if (boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h) != 0 ||
		    x < p->right || x > p->right + alone * point ||
		    h < low * point || y < base - high * point ||
		    y + h > base + deep * point)
			continue;
		if (!all.right)
			all = (struct word_place){x, y, x + w, y + h, 0, 0};
		all.left = x < all.left ? x : all.left;
		all.top = y < all.top ? y : all.top;
		all.right = x + w > all.right ? x + w : all.right;
		all.bottom = y + h > all.bottom ? y + h : all.bottom;
	}
	if (all.right - p->right <= wide * point)
		l->number = all;
}

void
leaders_erase(struct leaders *l, PIX *ink, PIX *page, int dpi, int reduction)
{
	const double point = (double)dpi / reduction / POINTS;
	BOXA *boxes = pixConnCompBB(ink, 8);
	const size_t room = (boxes ? (size_t)boxaGetCount(boxes) : 0) + 1;
	struct dot *dots = malloc(room * sizeof *dots);
	double *gaps = malloc(room * sizeof *gaps);
	int n = 0;

	*l = (struct leaders){malloc(room / DOTS_MIN * sizeof *l->all + 1), 0};
	if (boxes && dots && gaps && l->all)
		n = find_dots(boxes, dot_min * point, dot_max * point, dots);
	link_dots(dots, n, gap_max * point);
	for (int i = 0; i < n; i++)
		if (!dots[i].led && is_leader(dots, i, gaps))
			l->all[l->count++] = erase(ink, page, dots, i,
			    reduction);
	for (int i = 0; i < l->count && i < NUMBERS_MAX; i++)
		find_number(&l->all[i], boxes, point);
	boxaDestroy(&boxes);
	free(dots);
	free(gaps);
}

PIX *
leaders_without_numbers(const struct leaders *l, PIX *page, int by)
{
	PIX *copy = NULL;

	for (int i = 0; i < l->count; i++) {
		if (!l->all[i].number.right)
			continue;
		if (!copy)
			copy = pixCopy(NULL, page);
		if (!copy)
			return NULL;
		erase_gray(copy, &l->all[i].number, by);
	}
	return copy;
}
