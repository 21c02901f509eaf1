/* dest.c - where bookmarks and links lead. */
#include "declare_in.h"

#include <stdlib.h>
#include <string.h>

enum {
	NAMES_MAX = 200 * 1000,
};

struct dest_name {
	char *text; /* owned; its bytes as UTF-8 */
	unsigned page;
};

/* Documents made by LaTeX have a named destination for each link, so the tree
 * is read once. */
struct dest_names {
	struct dest_name *items; /* owned, sorted */
	size_t count;
};

/* The page of an array such as [page /Fit].  A number counts from 0. */
static unsigned
page_of_array(const struct declaring *c, qpdf_oh array)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh page = qpdf.oh_get_array_item(pdf, array, 0);
	int n = -1;

	if (qpdf.oh_is_dictionary(pdf, page))
		n = qpdf.find_page_by_id(pdf, qpdf.oh_get_object_id(pdf, page),
		    qpdf.oh_get_generation(pdf, page));
	else if (qpdf.oh_is_number(pdf, page))
		n = (int)qpdf.oh_get_numeric_value(pdf, page);
	return n >= 0 && (unsigned)n < c->document->pages ? (unsigned)n + 1 : 0;
}

/* A destination may be in a dictionary, under /D. */
static unsigned
page_of(const struct declaring *c, qpdf_oh dest)
{
	if (qpdf.oh_is_dictionary(c->s->pdf, dest))
		dest = pdf_get(c, dest, "/D");
	return qpdf.oh_is_array(c->s->pdf, dest) ? page_of_array(c, dest) : 0;
}

static void
add_name(void *ctx, struct declaring *c, qpdf_oh key, qpdf_oh value)
{
	struct dest_names *names = ctx;
	struct dest_name *grown;
	size_t n = 0;
	const char *text = qpdf.oh_is_string(c->s->pdf, key)
	    ? qpdf.oh_get_binary_utf8_value(c->s->pdf, key, &n)
	    : "";
	char *copy;

	if (n == 0 || names->count >= NAMES_MAX || !(copy = strndup(text, n)))
		return;
	grown = names->count & (names->count + 1)
	    ? names->items
	    : realloc(names->items,
		  2 * (names->count + 1) * sizeof *names->items);
	if (!grown) {
		free(copy);
		return;
	}
	names->items = grown;
	names->items[names->count++] = (struct dest_name){copy,
	    page_of(c, value)};
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct dest_name *)a)->text,
	    ((const struct dest_name *)b)->text);
}

static const struct dest_names *
names_of(struct declaring *c)
{
	qpdf_oh root;

	if (c->names)
		return c->names;
	c->names = calloc(1, sizeof *c->names);
	if (!c->names)
		return NULL;
	root = qpdf.get_root(c->s->pdf);
	pdf_tree_walk(c, pdf_get(c, pdf_get(c, root, "/Names"), "/Dests"),
	    "/Names", add_name, c->names);
	if (c->names->count > 0)
		qsort(c->names->items, c->names->count, sizeof *c->names->items,
		    compare);
	return c->names;
}

static unsigned
page_of_name(struct declaring *c, const char *text)
{
	const struct dest_names *names = names_of(c);
	const struct dest_name key = {.text = (char *)(uintptr_t)text};
	const struct dest_name *found = names && names->count > 0
	    ? bsearch(&key, names->items, names->count, sizeof key, compare)
	    : NULL;

	return found ? found->page : 0;
}

void
pdf_dest_clear(struct declaring *c)
{
	for (size_t i = 0; c->names && i < c->names->count; i++)
		free(c->names->items[i].text);
	if (c->names)
		free(c->names->items);
	free(c->names);
	c->names = NULL;
}

unsigned
pdf_dest_page(struct declaring *c, qpdf_oh dest)
{
	qpdf_data pdf = c->s->pdf;
	unsigned page;
	char *text;
	size_t n = 0;

	if (qpdf.oh_is_name(pdf, dest))
		return page_of(c,
		    pdf_get(c, pdf_get(c, qpdf.get_root(pdf), "/Dests"),
			qpdf.oh_get_name(pdf, dest)));
	if (!qpdf.oh_is_string(pdf, dest))
		return page_of(c, dest);
	/* The library reuses the memory of its strings. */
	text = strdup(qpdf.oh_get_binary_utf8_value(pdf, dest, &n));
	page = text ? page_of_name(c, text) : 0;
	free(text);
	return page;
}

void
pdf_add_target(struct declaring *c, qpdf_oh dict)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh action = pdf_get(c, dict, "/A");
	qpdf_oh dest = pdf_get(c, dict, "/Dest");
	unsigned page = 0;

	if (qpdf.oh_is_dictionary(pdf, action)) {
		pdf_add_text(c, "uri", pdf_get(c, action, "/URI"));
		pdf_add_file_name(c, "file", pdf_get(c, action, "/F"));
		/* In another file, pages have other numbers. */
		dest = qpdf_is(c->s, action, "/S", "/GoTo")
		    ? pdf_get(c, action, "/D")
		    : 0;
	}
	if (dest)
		page = pdf_dest_page(c, dest);
	if (page > 0)
		pc_json_add_uint(&c->out, "page", page);
}

int
pdf_page_of(const struct declaring *c, qpdf_oh element, int otherwise)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh page = pdf_get(c, element, "/Pg");

	return qpdf.oh_is_dictionary(pdf, page)
	    ? qpdf.find_page_by_id(pdf, qpdf.oh_get_object_id(pdf, page),
		  qpdf.oh_get_generation(pdf, page))
	    : otherwise;
}
