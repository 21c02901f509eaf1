/* tags.c - the structure of a tagged PDF: which words are headings.
 *
 * The structure is a tree, whose leaves are numbers of marked content on a
 * page.  poppler does not say which word has which mark.  But the content
 * shows where each piece of text begins, and a word belongs to the nearest
 * piece on its left. */
#include "tags.h"
#include "details.h"
#include "name.h"
#include "opened.h"

#include "declare_in.h"
#include "drawn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEAVES_MAX = 100 * 1000,
	ANCHORS_MAX = 20 * 1000,       /* of a page */
	CONTENT_MAX = 8 * 1024 * 1024, /* bytes of a page's content */
	MAPS_MAX = 4,                  /* from one own role to the next */
};

static const double left_slack = 2; /* points */

/* A number of marked content on a page. */
struct leaf {
	int page; /* from 0 */
	int mcid;
	unsigned char role;
};

/* All leaves of a document.  The tree is read once, as it may be larger than
 * the pages. */
struct pdf_tags {
	struct leaf *leaves; /* owned, sorted */
	size_t count;
};

/* A walk through the tree. */
struct tag_walk {
	struct declaring c;
	struct pdf_seen seen;
	qpdf_oh roles; /* the document's own roles */
	struct pdf_tags *tags;
};

/* A page's text. */
struct tag_place {
	const struct pdf_tags *tags;
	int page; /* from 0 */
	struct pdf_shown shown;
	struct pdf_anchors *anchors;
};

/* ---- the tree ---- */

static enum word_role
role_of_name(const char *name, enum word_role above)
{
	static const char *const groups[] = {"/Document", "/Part", "/Art",
	    "/Sect", "/Div", "/Span", "/Link", "/NonStruct", "/Reference",
	    "/Em", "/Strong", NULL};

	if (name[1] == 'H' && name[2] >= '1' && name[2] <= '6' && !name[3])
		return (enum word_role)(ROLE_HEADING + name[2] - '1');
	if (strcmp(name, "/H") == 0 || strcmp(name, "/Title") == 0)
		return ROLE_HEADING;
	for (size_t i = 0; groups[i]; i++)
		if (strcmp(name, groups[i]) == 0)
			return above;
	return ROLE_TEXT;
}

static enum word_role
role_of(const struct tag_walk *w, qpdf_oh element, enum word_role above)
{
	qpdf_data pdf = w->c.s->pdf;
	qpdf_oh name = pdf_get(&w->c, element, "/S"), mapped;

	for (int i = 0; i < MAPS_MAX && qpdf.oh_is_name(pdf, name); i++) {
		mapped = pdf_get(&w->c, w->roles, qpdf.oh_get_name(pdf, name));
		if (!qpdf.oh_is_name(pdf, mapped))
			break;
		name = mapped;
	}
	return qpdf.oh_is_name(pdf, name)
	    ? role_of_name(qpdf.oh_get_name(pdf, name), above)
	    : above;
}

static void
add_leaf(struct tag_walk *w, qpdf_oh number, int page, enum word_role role)
{
	const long long mcid = qpdf.oh_get_int_value(w->c.s->pdf, number);

	if (page >= 0 && w->tags->count < LEAVES_MAX && mcid >= 0 &&
	    mcid < LEAVES_MAX)
		w->tags->leaves[w->tags->count++] = (struct leaf){page,
		    (int)mcid,
		    (unsigned char)(role == ROLE_NONE ? ROLE_TEXT : role)};
}

static void
walk(struct tag_walk *w, qpdf_oh node, int page, enum word_role role, int depth)
{
	qpdf_data pdf = w->c.s->pdf;
	qpdf_oh mcid;

	if (depth > PDF_DEPTH_MAX || !declaring_step(&w->c))
		return;
	if (qpdf.oh_is_number(pdf, node)) {
		add_leaf(w, node, page, role);
	} else if (qpdf.oh_is_array(pdf, node)) {
		for (int i = 0; i < qpdf.oh_get_array_n_items(pdf, node); i++)
			walk(w, qpdf.oh_get_array_item(pdf, node, i), page,
			    role, depth + 1);
	} else if (qpdf.oh_is_dictionary(pdf, node) &&
	    pdf_seen_add(&w->seen, &w->c, node)) {
		page = pdf_page_of(&w->c, node, page);
		mcid = pdf_get(&w->c, node, "/MCID");
		if (qpdf.oh_is_number(pdf, mcid))
			add_leaf(w, mcid, page, role);
		else
			walk(w, pdf_get(&w->c, node, "/K"), page,
			    role_of(w, node, role), depth + 1);
	}
}

static int
compare(const void *a, const void *b)
{
	const struct leaf *x = a, *y = b;

	if (x->page != y->page)
		return x->page < y->page ? -1 : 1;
	return x->mcid < y->mcid ? -1 : x->mcid > y->mcid;
}

/* A part of the structure may say the opposite of the whole. */
static void
read_tree(struct document *d, struct pdf_tags *tags)
{
	struct tag_walk w = {.c = {.document = d, .s = document_details(d)},
	    .tags = tags};
	qpdf_oh root;

	if (pdf_details_pages(w.c.s) != d->pages)
		return;
	root = pdf_get(&w.c, qpdf.get_root(w.c.s->pdf), "/StructTreeRoot");
	w.roles = pdf_get(&w.c, root, "/RoleMap");
	tags->leaves = calloc(LEAVES_MAX, sizeof *tags->leaves);
	if (tags->leaves)
		walk(&w, pdf_get(&w.c, root, "/K"), -1, ROLE_NONE, 0);
	if (w.c.incomplete || tags->count == LEAVES_MAX)
		tags->count = 0;
	if (tags->count > 0)
		qsort(tags->leaves, tags->count, sizeof *tags->leaves, compare);
	free(w.seen.bits);
	qpdf.oh_release_all(w.c.s->pdf);
}

/* NULL: the document is not tagged. */
static const struct pdf_tags *
tags_of(struct document *d)
{
	static const char *const names[] = {"/StructTreeRoot", NULL};

	if (!d->tags) {
		d->tags = calloc(1, sizeof *d->tags);
		if (d->tags && pdf_may_name(d->bytes, names))
			read_tree(d, d->tags);
	}
	return d->tags && d->tags->count > 0 ? d->tags : NULL;
}

/* ---- the page ---- */

static unsigned char
role_of_tag(const struct tag_place *t, int tag)
{
	const struct leaf key = {.page = t->page, .mcid = tag};
	const struct leaf *found = bsearch(&key, t->tags->leaves,
	    t->tags->count, sizeof key, compare);

	return tag == TAG_ARTIFACT ? ROLE_ARTIFACT
	    : found                ? found->role
				   : ROLE_NONE;
}

static void
add_anchor(void *ctx, double x, double y, int tag)
{
	struct tag_place *t = ctx;
	const double box[4] = {x, y, x, y};
	double at[4];

	if (t->anchors->count >= ANCHORS_MAX)
		return;
	pdf_shown_place(&t->shown, box, at);
	t->anchors->items[t->anchors->count++] = (struct pdf_anchor){at[0],
	    at[1], role_of_tag(t, tag)};
}

void
pdf_tags_find(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct pdf_anchors *anchors)
{
	struct tag_place t = {.page = (int)ask->page - 1, .anchors = anchors};
	unsigned char *data = NULL;
	size_t n = 0;
	qpdf_data pdf;

	if (ask->plain || d->rescued || !(t.tags = tags_of(d)))
		return;
	pdf = document_details(d)->pdf;
	anchors->items = calloc(ANCHORS_MAX, sizeof *anchors->items);
	if (!anchors->items)
		return;
	pdf_page_shown(page, t.shown.box, &t.shown.quarters);
	if (!(qpdf.oh_get_page_content_data(pdf,
		  qpdf.get_page_n(pdf, ask->page - 1), &data, &n) &
		(QPDF_ERRORS)) &&
	    n <= CONTENT_MAX)
		pdf_drawn_follow(data, n,
		    &(struct pdf_drawn){.text = add_anchor, .ctx = &t});
	free(data);
	qpdf.oh_release_all(pdf);
}

enum word_role
pdf_tags_role(const struct pdf_anchors *anchors, const struct pdf_word *w)
{
	const struct pdf_anchor *best = NULL;

	for (size_t i = 0; i < anchors->count; i++) {
		const struct pdf_anchor *a = &anchors->items[i];

		if (a->y > w->y0 && a->y <= w->y1 &&
		    a->x <= w->x0 + left_slack && (!best || a->x >= best->x))
			best = a;
	}
	return best ? (enum word_role)best->role : ROLE_NONE;
}

void
pdf_tags_clear(struct pdf_anchors *anchors)
{
	free(anchors->items);
	*anchors = (struct pdf_anchors){0};
}
