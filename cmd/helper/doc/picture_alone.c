/* picture_alone.c - can an image by itself show print? */
#include "picture_alone.h"
#include "helper/doc/pdf/details.h"
#include "helper/doc/pdf/opened.h"

#include "helper/doc/pdf/fault.h"
#include "print.h"

#include <math.h>
#include <stdlib.h>

enum { VERDICTS_MAX = 512 };

/* Of an image in one form. */
struct picture_verdict {
	int object, generation;
	int matrix[4]; /* 1/16 point */
	unsigned quarters;
	int may_show_print;
};

struct picture_verdicts {
	struct picture_verdict all[VERDICTS_MAX];
	size_t count;
};

static int
is_same(const struct picture_verdict *a, const struct picture_verdict *b)
{
	for (int i = 0; i < 4; i++)
		if (a->matrix[i] != b->matrix[i])
			return 0;
	return a->object == b->object && a->generation == b->generation &&
	    a->quarters == b->quarters;
}

/* An image that poppler complains of is looked at on its page, where the
 * damage is counted. */
static void
hear_complaint(void *ctx, long long position, const char *message)
{
	(void)position;
	(void)message;
	*(int *)ctx = 1;
}

static int
shows_print(struct pdf *pdf, double dpi)
{
	struct pdf_page *page = pdf_page_open(pdf, 0);
	struct pdf_image image = {0};
	int r = 1;

	if (page && pdf_page_render(page, dpi, 0, &image) == 0)
		r = print_possible(&(struct print_area){.pixels = image.pixels,
		    .stride = (size_t)image.stride,
		    .width = (unsigned)image.width,
		    .height = (unsigned)image.height});
	free(image.pixels);
	pdf_page_close(page);
	return r;
}

static int
look(struct document *d, const struct pdf_painted *painted, unsigned quarters,
    double dpi)
{
	enum pdf_open_result result;
	struct doc_bytes bytes;
	struct pdf *pdf;
	int complaint = 0, r = 1;

	if (pdf_details_alone(document_details(d), painted, quarters, &bytes) <
	    0)
		return 1;
	pdf_listen(hear_complaint, &complaint);
	pdf = pdf_open(bytes.p, bytes.n, "", &result);
	if (pdf)
		r = shows_print(pdf, dpi);
	pdf_close(pdf);
	fault_listen(d);
	free((void *)(uintptr_t)bytes.p);
	return r || complaint;
}

int
picture_may_show_print(struct document *d, const struct pdf_painted *painted,
    unsigned quarters, double dpi)
{
	struct picture_verdict v = {.object = painted->object,
	    .generation = painted->generation,
	    .quarters = quarters};
	struct picture_verdicts *known = d->verdicts;

	if (!known)
		known = d->verdicts = calloc(1, sizeof *known);
	for (int i = 0; i < 4; i++)
		v.matrix[i] = (int)lround(painted->matrix[i] * 16);
	for (size_t i = 0; known && i < known->count; i++)
		if (is_same(&known->all[i], &v))
			return known->all[i].may_show_print;
	v.may_show_print = look(d, painted, quarters, dpi);
	if (known && known->count < VERDICTS_MAX)
		known->all[known->count++] = v;
	return v.may_show_print;
}
