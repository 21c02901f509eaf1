/* tags_tree.c - see tags_tree.h. */
#include "tags_tree.h"
#include "details.h"
#include "name.h"
#include "opened.h"

#include <stdlib.h>
#include <string.h>

enum {
	LEAVES_MAX = 100 * 1000,
	MAPS_MAX = 4,    /* from one own role to the next */
	DEPTH_MAX = 200, /* arrays count too */
};

/* A walk through the tree. */
struct tag_walk {
	struct declaring c;
	struct pdf_seen seen;
	qpdf_oh roles; /* the document's own roles */
	struct pdf_tags *tags;
	int tables, items;
};

/* Where in the tree the walk is. */
struct tag_branch {
	int page, depth;
	enum word_role role;
	struct tag_table *table; /* NULL: in none */
	int in_head;             /* in the rows of its header */
	int cell;                /* index in the cells; -1: none */
	int item;                /* of a list, from 1; 0: none */
};

/* ---- roles ---- */

static enum word_role
role_of_name(const char *name, enum word_role above)
{
	static const char *const groups[] = {"/Document", "/Part", "/Art",
	    "/Sect", "/Div", "/Span", "/Link", "/NonStruct", "/Reference",
	    "/Em", "/Strong", "/Lbl", "/LBody", "/LI", NULL};

	if (name[1] == 'H' && name[2] >= '1' && name[2] <= '6' && !name[3])
		return (enum word_role)(ROLE_HEADING + name[2] - '1');
	if (strcmp(name, "/H") == 0 || strcmp(name, "/Title") == 0)
		return ROLE_HEADING;
	if (strcmp(name, "/Caption") == 0)
		return ROLE_CAPTION;
	if (strcmp(name, "/L") == 0)
		return ROLE_LIST;
	if (strcmp(name, "/P") == 0 &&
	    (above == ROLE_CAPTION || above == ROLE_LIST))
		return above;
	for (size_t i = 0; groups[i]; i++)
		if (strcmp(name, groups[i]) == 0)
			return above;
	return ROLE_TEXT;
}

/* The standard name of an element's role; "" if it has none. */
static const char *
name_of(const struct tag_walk *w, qpdf_oh element)
{
	qpdf_data pdf = w->c.s->pdf;
	qpdf_oh name = pdf_get(&w->c, element, "/S"), mapped;

	for (int i = 0; i < MAPS_MAX && qpdf.oh_is_name(pdf, name); i++) {
		mapped = pdf_get(&w->c, w->roles, qpdf.oh_get_name(pdf, name));
		if (!qpdf.oh_is_name(pdf, mapped))
			break;
		name = mapped;
	}
	return qpdf.oh_is_name(pdf, name) ? qpdf.oh_get_name(pdf, name) : "";
}

/* ---- the tree ---- */

static void
add_leaf(struct tag_walk *w, qpdf_oh number, int stream,
    const struct tag_branch *at)
{
	struct pdf_tags *tags = w->tags;
	const long long mcid = qpdf.oh_get_int_value(w->c.s->pdf, number);

	if (tags->count == LEAVES_MAX)
		w->c.incomplete = 1;
	else if (at->page >= 0 && mcid >= 0 && mcid < LEAVES_MAX)
		tags->leaves[tags->count++] = (struct tag_leaf){
		    .page = at->page,
		    .stream = stream,
		    .mcid = (int)mcid,
		    .order = (int)tags->count + 1,
		    .cell = at->cell,
		    .item = at->item,
		    .role = (unsigned char)(at->role == ROLE_NONE ? ROLE_TEXT
								  : at->role)};
}

static void
add_cell(struct tag_walk *w, qpdf_oh element, int header, struct tag_branch *at)
{
	struct pdf_tags *tags = w->tags;
	struct tag_cell cell = {.rows = tag_span(&w->c, element, "/RowSpan"),
	    .columns = tag_span(&w->c, element, "/ColSpan"),
	    .header = at->in_head ||
		(header && !tag_heads_row(&w->c, element))};

	if (tags->cell_count == LEAVES_MAX)
		w->c.incomplete = 1;
	else if (tag_table_place(at->table, &cell)) {
		at->cell = (int)tags->cell_count;
		tags->cells[tags->cell_count++] = cell;
	}
}

static void walk(struct tag_walk *, qpdf_oh, struct tag_branch);

/* A table within a cell is a part of that cell. */
static void
walk_element(struct tag_walk *w, qpdf_oh element, struct tag_branch at)
{
	const char *name = name_of(w, element);
	const qpdf_oh kids = pdf_get(&w->c, element, "/K");
	struct tag_table table;

	if (*name)
		at.role = role_of_name(name, at.role);
	if (strcmp(name, "/LI") == 0)
		at.item = ++w->items;
	if (!at.table && strcmp(name, "/Table") == 0) {
		table = (struct tag_table){.number = ++w->tables};
		at.table = &table;
		walk(w, kids, at);
		return;
	}
	if (at.table && at.cell < 0) {
		if (strcmp(name, "/THead") == 0)
			at.in_head = 1;
		else if (strcmp(name, "/TR") == 0)
			w->c.incomplete |= !tag_table_add_row(at.table);
		else if (strcmp(name, "/TH") == 0 || strcmp(name, "/TD") == 0)
			add_cell(w, element, name[2] == 'H', &at);
	}
	walk(w, kids, at);
}

/* Marked content, of the page or of the form that /Stm names. */
static void
walk_reference(struct tag_walk *w, qpdf_oh reference, qpdf_oh mcid,
    const struct tag_branch *at)
{
	qpdf_data pdf = w->c.s->pdf;
	const qpdf_oh form = pdf_get(&w->c, reference, "/Stm");

	add_leaf(w, mcid,
	    qpdf.oh_is_stream(pdf, form) ? qpdf.oh_get_object_id(pdf, form) : 0,
	    at);
}

static void
walk(struct tag_walk *w, qpdf_oh node, struct tag_branch at)
{
	qpdf_data pdf = w->c.s->pdf;
	qpdf_oh mcid;

	w->c.incomplete |= at.depth++ > DEPTH_MAX;
	if (w->c.incomplete || !declaring_step(&w->c))
		return;
	if (qpdf.oh_is_number(pdf, node)) {
		add_leaf(w, node, 0, &at);
	} else if (qpdf.oh_is_array(pdf, node)) {
		for (int i = 0; i < qpdf.oh_get_array_n_items(pdf, node); i++)
			walk(w, qpdf.oh_get_array_item(pdf, node, i), at);
	} else if (qpdf.oh_is_dictionary(pdf, node) &&
	    pdf_seen_add(&w->seen, &w->c, node)) {
		at.page = pdf_page_of(&w->c, node, at.page);
		mcid = pdf_get(&w->c, node, "/MCID");
		if (qpdf.oh_is_number(pdf, mcid))
			walk_reference(w, node, mcid, &at);
		else
			walk_element(w, node, at);
	}
}

static int
compare(const void *a, const void *b)
{
	const struct tag_leaf *x = a, *y = b;

	if (x->page != y->page)
		return x->page < y->page ? -1 : 1;
	if (x->stream != y->stream)
		return x->stream < y->stream ? -1 : 1;
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
	tags->cells = calloc(LEAVES_MAX, sizeof *tags->cells);
	if (tags->leaves && tags->cells)
		walk(&w, pdf_get(&w.c, root, "/K"),
		    (struct tag_branch){.page = -1,
			.role = ROLE_NONE,
			.cell = -1});
	if (w.c.incomplete)
		tags->count = 0;
	if (tags->count > 0)
		qsort(tags->leaves, tags->count, sizeof *tags->leaves, compare);
	free(w.seen.bits);
	qpdf.oh_release_all(w.c.s->pdf);
}

const struct pdf_tags *
pdf_tags_read(struct document *d)
{
	static const char *const names[] = {"/StructTreeRoot", NULL};

	if (!d->tags) {
		d->tags = calloc(1, sizeof *d->tags);
		if (d->tags && pdf_may_name(d->bytes, names))
			read_tree(d, d->tags);
	}
	return d->tags && d->tags->count > 0 ? d->tags : NULL;
}

const struct tag_leaf *
pdf_tags_leaf(const struct pdf_tags *tags, int page, int stream, int mcid)
{
	const struct tag_leaf key = {.page = page,
	    .stream = stream,
	    .mcid = mcid};

	return bsearch(&key, tags->leaves, tags->count, sizeof key, compare);
}
