/* tags.c - see tags.h.
 *
 * poppler does not say which word has which mark.  But the content shows where
 * each piece of text begins, and a word belongs to the nearest piece on its
 * left. */
#include "tags.h"
#include "details.h"
#include "drawn.h"
#include "form.h"
#include "opened.h"
#include "tags_tree.h"

#include <stdlib.h>
#include <string.h>

enum {
	ANCHORS_MAX = 20 * 1000,       /* of a page */
	CONTENT_MAX = 8 * 1024 * 1024, /* bytes of a page's content */
	FORMS_MAX = 500,               /* drawn on a page */
	FORM_DEPTH_MAX = 8,
};

static const double left_slack = 2; /* points */

/* The text of a page. */
struct tag_page {
	const struct pdf_tags *tags;
	struct declaring c;
	int page; /* from 0 */
	struct pdf_shown shown;
	struct pdf_anchors *anchors;
	size_t content; /* bytes that were followed */
	int forms, failed;
};

/* The content of the page or of one of its forms. */
struct tag_content {
	struct tag_page *of;
	qpdf_oh resources;
	int stream; /* as in struct tag_leaf */
	int depth;
	struct pdf_tag around; /* that of the text around the form */
};

/* ---- marks ---- */

static struct pdf_tag
tag_of_mark(const struct tag_content *t, int mark)
{
	const struct pdf_tags *tags = t->of->tags;
	const struct tag_leaf *leaf;

	if (mark == TAG_ARTIFACT)
		return (struct pdf_tag){.role = ROLE_ARTIFACT};
	if (mark == TAG_NONE)
		return t->around;
	leaf = pdf_tags_leaf(tags, t->of->page, t->stream, mark);
	if (!leaf)
		return t->around;
	return (struct pdf_tag){.role = leaf->role,
	    .order = leaf->order,
	    .item = leaf->item,
	    .cell = leaf->cell < 0 ? NULL : &tags->cells[leaf->cell]};
}

static int
same_tag(const struct pdf_tag *a, const struct pdf_tag *b)
{
	return a->role == b->role && a->order == b->order && a->cell == b->cell;
}

/* Where a mark changes but the position of its text is not known, that text
 * may be of either. */
static void
add_anchor(void *ctx, double x, double y, int mark)
{
	const struct tag_content *t = ctx;
	struct pdf_anchors *all = t->of->anchors;
	struct pdf_anchor *last = all->count > 0 ? &all->items[all->count - 1]
						 : NULL;
	const struct pdf_tag tag = tag_of_mark(t, mark);
	const double box[4] = {x, y, x, y};
	double at[4];

	pdf_shown_place(&t->of->shown, box, at);
	if (last && last->x == at[0] && last->y == at[1]) {
		if (!same_tag(&last->tag, &tag))
			last->tag = (struct pdf_tag){.role = last->tag.role};
	} else if (all->count == ANCHORS_MAX) {
		t->of->failed = 1;
	} else {
		all->items[all->count] = (struct pdf_anchor){at[0], at[1],
		    (int)all->count, tag};
		all->count++;
	}
}

/* A property list of the resources may hold the number of the mark. */
static int
find_mark(void *ctx, const char *name)
{
	const struct tag_content *t = ctx;
	const struct declaring *c = &t->of->c;
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh list = pdf_get(c, pdf_get(c, t->resources, "/Properties"),
	    name);
	const qpdf_oh mcid = pdf_get(c, list, "/MCID");
	long long n = -1;

	if (qpdf.oh_is_number(pdf, mcid))
		n = qpdf.oh_get_int_value(pdf, mcid);
	return n >= 0 && n <= INT32_MAX ? (int)n : TAG_NONE;
}

/* ---- content ---- */

static void follow(struct tag_content *, const unsigned char *, size_t n,
    const double matrix[6]);

static void
enter_form(void *ctx, const char *name, int mark, const double matrix[6])
{
	const struct tag_content *t = ctx;
	struct tag_page *page = t->of;
	struct tag_content inner = {.of = page,
	    .depth = t->depth + 1,
	    .around = tag_of_mark(t, mark)};
	struct pdf_form form;
	int r;

	if (page->failed)
		return;
	r = pdf_form_read(&page->c, t->resources, name, matrix, CONTENT_MAX,
	    &form);
	if (r < 0 ||
	    (r == 0 &&
		(inner.depth > FORM_DEPTH_MAX || page->forms++ >= FORMS_MAX)))
		page->failed = 1;
	if (r == 0 && !page->failed) {
		inner.resources = form.resources;
		inner.stream = qpdf.oh_get_object_id(page->c.s->pdf,
		    form.object);
		follow(&inner, form.data, form.n, form.matrix);
	}
	free(form.data);
}

static void
follow(struct tag_content *t, const unsigned char *data, size_t n,
    const double matrix[6])
{
	const struct pdf_drawn out = {.text = add_anchor,
	    .property = find_mark,
	    .form = enter_form,
	    .ctx = t};

	if (n > CONTENT_MAX - t->of->content) {
		t->of->failed = 1;
		return;
	}
	t->of->content += n;
	pdf_drawn_follow(data, n, matrix, &out);
}

static int
compare(const void *a, const void *b)
{
	const struct pdf_anchor *p = a, *q = b;

	if (p->y != q->y)
		return p->y < q->y ? -1 : 1;
	return p->number < q->number ? -1 : p->number > q->number;
}

void
pdf_tags_find(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct pdf_anchors *anchors)
{
	struct tag_page t = {.page = (int)ask->page - 1,
	    .c = {.document = d},
	    .anchors = anchors};
	struct tag_content content = {.of = &t};
	unsigned char *data = NULL;
	size_t n = 0;
	qpdf_data pdf;
	qpdf_oh at;

	if (ask->plain || d->rescued || !(t.tags = pdf_tags_read(d)))
		return;
	t.c.s = document_details(d);
	pdf = t.c.s->pdf;
	/* Not zeroed: few pages need much of it. */
	anchors->items = malloc(ANCHORS_MAX * sizeof *anchors->items);
	if (!anchors->items)
		return;
	pdf_page_shown(page, t.shown.box, &t.shown.quarters);
	at = qpdf.get_page_n(pdf, ask->page - 1);
	content.resources = qpdf_inherited(t.c.s, at, "/Resources",
	    qpdf.oh_is_dictionary);
	if (!(qpdf.oh_get_page_content_data(pdf, at, &data, &n) &
		(QPDF_ERRORS)))
		follow(&content, data, n, NULL);
	free(data);
	qpdf.oh_release_all(pdf);
	if (t.failed)
		anchors->count = 0;
	if (anchors->count > 0)
		qsort(anchors->items, anchors->count, sizeof *anchors->items,
		    compare);
}

/* ---- words ---- */

/* The first anchor below this height. */
static size_t
first_below(const struct pdf_anchors *all, double y)
{
	size_t from = 0, end = all->count;

	while (from < end) {
		const size_t middle = from + (end - from) / 2;

		if (all->items[middle].y > y)
			end = middle;
		else
			from = middle + 1;
	}
	return from;
}

struct pdf_tag
pdf_tags_of(const struct pdf_anchors *all, const struct pdf_word *w)
{
	const struct pdf_anchor *best = NULL;

	for (size_t i = first_below(all, w->y0);
	     i < all->count && all->items[i].y <= w->y1; i++) {
		const struct pdf_anchor *a = &all->items[i];

		if (a->x <= w->x0 + left_slack &&
		    (!best || a->x > best->x ||
			(a->x == best->x && a->number > best->number)))
			best = a;
	}
	return best ? best->tag : (struct pdf_tag){.role = ROLE_NONE};
}

void
pdf_tag_print(struct pc_buf *b, const struct pdf_tag *was,
    const struct pdf_tag *now)
{
	static const struct tag_cell none;
	const struct tag_cell *cell = now->cell ? now->cell : &none;

	if (now->role != was->role)
		pc_buf_addf(b, "r\t%d\n", now->role);
	if (now->order != was->order)
		pc_buf_addf(b, "o\t%d\n", now->order);
	if (now->item != was->item)
		pc_buf_addf(b, "i\t%d\n", now->item);
	if (now->cell != was->cell)
		pc_buf_addf(b, "c\t%d\t%d\t%d\t%d\t%d\t%d\n", cell->table,
		    cell->row, cell->column, cell->rows, cell->columns,
		    cell->header);
}

void
pdf_tags_clear(struct pdf_anchors *anchors)
{
	free(anchors->items);
	*anchors = (struct pdf_anchors){0};
}
