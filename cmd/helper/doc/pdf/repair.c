/* repair.c - see repair.h.
 *
 * libqpdf reads objects that poppler does not, but not every tree of pages.
 * So the tree is made again, with one level: of the pages that are in the old
 * one, or, if these are too few, of all pages in the file.  Each page gets the
 * values that it inherited. */
#include "repair.h"
#include "name.h"
#include "qpdf.h"
#include "write.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	KIDS_MAX = 100000,
	DEPTH_MAX = 32,
	OBJECTS_MAX = 1000000,
};

struct page_tree {
	struct pdf_details *s;
	qpdf_oh kids; /* of the new tree */
	int counting; /* there is no new tree */
	unsigned count;
	int above[DEPTH_MAX]; /* the nodes that are being walked */
};

/* A new tree has pages that are objects of their own. */
static void
add_page(struct page_tree *t, qpdf_oh page)
{
	static const char *const keys[] = {"/Resources", "/MediaBox",
	    "/CropBox", "/Rotate"};
	QPDF_BOOL(*const good[])
	(qpdf_data, qpdf_oh) = {qpdf.oh_is_dictionary, qpdf.oh_is_array,
	    qpdf.oh_is_array, qpdf.oh_is_number};
	qpdf_data pdf = t->s->pdf;

	if (t->count >= KIDS_MAX)
		return;
	if (t->counting) {
		t->count++;
		return;
	}
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const qpdf_oh value = qpdf_inherited(t->s, page, keys[i],
		    good[i]);

		if (!qpdf.oh_is_null(pdf, value))
			qpdf.oh_replace_key(pdf, page, keys[i], value);
	}
	qpdf.oh_replace_key(pdf, page, "/Type", qpdf.oh_parse(pdf, "/Page"));
	qpdf.oh_append_item(pdf, t->kids,
	    qpdf.oh_get_object_id(pdf, page) != 0
		? page
		: qpdf.make_indirect_object(pdf, page));
	t->count++;
}

/* Is the node one of those that it is in? */
static int
is_loop(const struct page_tree *t, int id, int depth)
{
	for (int i = 0; id && i < depth; i++)
		if (t->above[i] == id)
			return 1;
	return 0;
}

static void
walk(struct page_tree *t, qpdf_oh node, int depth)
{
	qpdf_data pdf = t->s->pdf;
	const int id = qpdf.oh_get_object_id(pdf, node);
	const qpdf_oh kids = qpdf.oh_get_key(pdf, node, "/Kids");

	if (depth == DEPTH_MAX || is_loop(t, id, depth) ||
	    !qpdf.oh_is_dictionary(pdf, node))
		return;
	t->above[depth] = id;
	if (qpdf.oh_is_dictionary(pdf, kids)) {
		walk(t, kids, depth + 1);
	} else if (qpdf.oh_is_array(pdf, kids)) {
		const int n = qpdf.oh_get_array_n_items(pdf, kids);

		for (int i = 0; i < n && t->count < KIDS_MAX; i++)
			walk(t, qpdf.oh_get_array_item(pdf, kids, i),
			    depth + 1);
	} else if (depth > 0 && !qpdf_is(t->s, node, "/Type", "/Catalog")) {
		add_page(t, node);
	}
}

/* All pages in the file, whether or not a tree has them. */
static void
collect(struct page_tree *t)
{
	const double size = qpdf_number(t->s, qpdf.get_trailer(t->s->pdf),
	    "/Size");

	for (int i = 1; i < size && i < OBJECTS_MAX; i++) {
		const qpdf_oh object = qpdf.get_object_by_id(t->s->pdf, i, 0);

		if (qpdf.oh_is_dictionary(t->s->pdf, object) &&
		    qpdf_is(t->s, object, "/Type", "/Page"))
			add_page(t, object);
		qpdf.oh_release(t->s->pdf, object);
	}
}

/* Replace the tree.  Returns the number of pages. */
static unsigned
replace_tree(struct pdf_details *s, int *whole)
{
	qpdf_data pdf = s->pdf;
	const qpdf_oh root = qpdf.get_root(pdf);
	const qpdf_oh old = qpdf.oh_get_key(pdf, root, "/Pages");
	const double wanted = qpdf_number(s, old, "/Count");
	struct page_tree in_tree = {.s = s, .kids = qpdf.oh_new_array(pdf)};
	struct page_tree all = {.s = s, .kids = qpdf.oh_new_array(pdf)};
	struct page_tree *best = &in_tree;
	qpdf_oh tree = qpdf.oh_new_dictionary(pdf);
	char count[16];

	walk(&in_tree, old, 0);
	*whole = wanted > 0 && in_tree.count >= wanted;
	if (in_tree.count == 0 || in_tree.count < wanted)
		collect(&all);
	if (all.count > in_tree.count)
		best = &all;
	tree = qpdf.make_indirect_object(pdf, tree);
	snprintf(count, sizeof count, "%u", best->count);
	qpdf.oh_replace_key(pdf, tree, "/Type", qpdf.oh_parse(pdf, "/Pages"));
	qpdf.oh_replace_key(pdf, tree, "/Count", qpdf.oh_parse(pdf, count));
	qpdf.oh_replace_key(pdf, tree, "/Kids", best->kids);
	for (int i = 0; i < (int)best->count; i++)
		qpdf.oh_replace_key(pdf,
		    qpdf.oh_get_array_item(pdf, best->kids, i), "/Parent",
		    tree);
	qpdf.oh_replace_key(pdf, root, "/Pages", tree);
	return best->count;
}

int
repair_is_short(const struct doc_bytes *b, const char *password, unsigned pages)
{
	struct page_tree t = {.counting = 1};

	if (pdf_name_count(b->p, b->n, "/Page", pages + 1) <= pages)
		return 0;
	t.s = qpdf_open(b, password, 0);
	if (t.s && t.s->opened)
		walk(&t,
		    qpdf.oh_get_key(t.s->pdf, qpdf.get_root(t.s->pdf),
			"/Pages"),
		    0);
	if (t.s && t.s->pdf)
		qpdf.cleanup(&t.s->pdf);
	free(t.s);
	return t.count > pages;
}

int
repair_pdf(const struct doc_bytes *b, const char *password,
    struct doc_bytes *out, int *whole)
{
	int r = -1, complete = 0;

	for (int recover = 0; recover < 2 && r < 0; recover++) {
		struct pdf_details *s = qpdf_open(b, password, recover);

		if (s && s->opened && replace_tree(s, &complete) > 0)
			r = pdf_write_copy(s->pdf, out);
		*whole = complete && !recover;
		if (s && s->pdf)
			qpdf.cleanup(&s->pdf);
		free(s);
	}
	return r;
}
