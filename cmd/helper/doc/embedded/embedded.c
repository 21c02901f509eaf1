/* embedded.c - see embedded.h. */
#include "embedded.h"
#include "drawn_samples.h"
#include "helper/doc/pdf/declare_in.h"
#include "helper/doc/pdf/details.h"
#include "helper/doc/pdf/opened.h"
#include "samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IMAGES_MAX = 100 * 1000 /* on a page */ };

/* The images of the page that was looked at last. */
static struct {
	uint32_t page; /* from 1; 0: none */
	struct pdf_painted *all;
	size_t count, cap;
	int failed;
} list;

/* The file that was made last: it is sent in pieces. */
static struct {
	uint32_t page, number; /* 0: none */
	struct pc_buf bytes;
	int damaged;
} current;

/* ---- the images of a page ---- */

static void
keep_image(void *ctx, const struct pdf_painted *image)
{
	(void)ctx;
	if (list.count == list.cap) {
		const size_t cap = list.cap ? 2 * list.cap : 64;
		struct pdf_painted *more = cap > IMAGES_MAX
		    ? NULL
		    : realloc(list.all, cap * sizeof *more);

		if (!more) {
			list.failed = 1;
			return;
		}
		list.all = more;
		list.cap = cap;
	}
	list.all[list.count++] = *image;
}

/* -1: they are unknown. */
static int
list_images(struct document *d, uint32_t page)
{
	list.count = 0;
	list.failed = 0;
	list.page = 0;
	if (pdf_details_images(document_checker(d), page - 1, d->pages,
		PDF_IMAGES_ALL, keep_image, NULL) < 0 ||
	    list.failed)
		return -1;
	list.page = page;
	return 0;
}

/* Let libqpdf repair the document if need be.  -1: error. */
static int
find_images(struct document *d, uint32_t page, char error[MESSAGE_SIZE])
{
	if (list.page == page || list_images(d, page) == 0 ||
	    (document_recover(d) == 0 && list_images(d, page) == 0))
		return 0;
	snprintf(error, MESSAGE_SIZE, "%s",
	    pdf_details_library()
		? "its images cannot be found: its content is damaged, or "
		  "larger than 256 MiB"
		: "libqpdf, which finds images, is not installed");
	return -1;
}

/* ---- one image ---- */

/* Make the file.  -1: error. */
static int
make(struct document *d, const struct pdf_painted *image,
    char error[MESSAGE_SIZE])
{
	struct picture p;
	enum picture_made made;

	current.bytes.len = 0;
	if (picture_read(&p, document_checker(d), image->object,
		image->generation) < 0) {
		snprintf(error, MESSAGE_SIZE,
		    "it has no size, or is larger than 1 GiB");
		return -1;
	}
	made = picture_make(&p, &current.bytes);
	current.damaged = made == PICTURE_DAMAGED;
	if (made == PICTURE_MADE)
		return 0;
	if (made == PICTURE_FAILED) {
		snprintf(error, MESSAGE_SIZE, "out of memory");
		return -1;
	}
	current.bytes.len = 0;
	return drawn_samples(d, &p, &current.bytes, error);
}

/* Make it, unless it is the current one.  An image with a wrong length is
 * damaged only if libqpdf cannot repair that either. */
static int
take(struct document *d, uint32_t page, uint32_t number,
    char error[MESSAGE_SIZE])
{
	int r;

	if (current.page == page && current.number == number)
		return 0;
	current.page = 0;
	r = make(d, &list.all[number - 1], error);
	if ((r < 0 || current.damaged) && document_recover(d) == 0) {
		list.page = 0;
		if (find_images(d, page, error) < 0)
			return -1;
		if (number <= list.count)
			r = make(d, &list.all[number - 1], error);
	}
	qpdf.oh_release_all(document_checker(d)->pdf);
	if (r < 0)
		return -1;
	current.page = page;
	current.number = number;
	return 0;
}

/* ---- the answer ---- */

/* Where it is on the page as shown, in 1/100 point. */
static void
add_box(struct document *d, const struct page_request *ask,
    struct page_answer *a)
{
	struct pdf_shown shown;
	double box[4];

	if (pdf_shown_find(d, ask->page - 1, &shown) < 0)
		return;
	pdf_shown_place(&shown, list.all[ask->width - 1].box, box);
	for (int i = 0; i < 4; i++)
		if (fabs(box[i]) < PLACE_MAX / 100.0)
			a->trim[i] = (int32_t)lround(box[i] * 100);
}

static void
add_piece(const struct page_request *ask, struct page_answer *a, void **payload)
{
	const size_t from = (size_t)ask->height * PDF_PIECE;
	size_t n = from < current.bytes.len ? current.bytes.len - from : 0;

	n = n < PDF_PIECE ? n : PDF_PIECE;
	*payload = malloc(n + 1);
	if (!*payload) {
		page_answer_fail(a, "out of memory");
		return;
	}
	if (n > 0)
		memcpy(*payload, current.bytes.data + from, n);
	a->kind = ANSWER_TEXT;
	a->length = n;
	a->damage[DAMAGE_IMAGE] = current.damaged != 0;
}

void
embedded_answer(struct document *d, const struct page_request *ask,
    struct page_answer *a, void **payload)
{
	char error[MESSAGE_SIZE] = "";

	if (d->kind.kind != KIND_PDF || ask->page < 1 || ask->page > d->pages)
		snprintf(error, sizeof error, "it is not a page of a PDF");
	else if (find_images(d, ask->page, error) == 0)
		a->pages = (uint32_t)list.count;
	a->kind = ANSWER_TEXT;
	if (!error[0] && ask->width >= 1 && ask->width <= a->pages) {
		add_box(d, ask, a);
		if (take(d, ask->page, ask->width, error) == 0)
			add_piece(ask, a, payload);
	}
	if (error[0])
		page_answer_fail(a, error);
}
