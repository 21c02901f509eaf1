/* rescue.c - recover the pages of a PDF whose end is lost.
 *
 * The list of pages is at a PDF's end.  Readers that repair a file find its
 * objects, but not the first of them.  So that is appended again: the old
 * catalog, else the root of the page tree, else a new tree of all complete
 * pages. */

#include "rescue.h"
#include "name.h"
#include "pc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	KIDS_MAX = 100000,
	OBJECT_MAX = 64 * 1024, /* bytes: such objects only refer to large
				 * ones */
	NUMBER_MAX = 8,         /* digits (ISO 32000-1, annex C) */
	/* Above all numbers in use; a file with this many objects is not
	 * truncated. */
	CATALOG = 8388606,
	PAGES = 8388607,
};

/* The number N of the "N 0 obj" that ends at p[end]; 0: it is not one. */
static unsigned
object_number(const unsigned char *p, size_t end)
{
	size_t i = end, digits = 0;
	unsigned number = 0, scale = 1;

	if (i < 4 || p[i - 1] != ' ' || p[i - 2] != '0' || p[i - 3] != ' ')
		return 0;
	for (i -= 3; i > 0 && isdigit(p[i - 1]) && digits < NUMBER_MAX;
	     i--, digits++, scale *= 10)
		number += (unsigned)(p[i - 1] - '0') * scale;
	return number < CATALOG ? number : 0;
}

/* Is the complete object, the n bytes behind its "obj", one that we look
 * for? */
static int
is_wanted(const unsigned char *p, size_t n, enum rescue how)
{
	switch (how) {
	case RESCUE_CATALOG:
		return pdf_has_name(p, n, "/Catalog");
	case RESCUE_TREE:
		return pdf_has_name(p, n, "/Pages") &&
		    pdf_has_name(p, n, "/Kids") &&
		    !pdf_has_name(p, n, "/Parent");
	default:
		return pdf_has_name(p, n, "/Page") &&
		    (pdf_has_name(p, n, "/Contents") ||
			pdf_has_name(p, n, "/MediaBox"));
	}
}

/* Append "N 0 R" for each of these objects.  Returns their number. */
static unsigned
find_objects(const struct doc_bytes *b, enum rescue how, struct pc_buf *found)
{
	const unsigned char *at = b->p, *end = b->p + b->n, *stop;
	unsigned count = 0, number;

	while (count < KIDS_MAX &&
	    (at = memmem(at, (size_t)(end - at), "obj", 3))) {
		size_t look = (size_t)(end - at - 3);

		number = object_number(b->p, (size_t)(at - b->p));
		at += 3;
		if (look > OBJECT_MAX)
			look = OBJECT_MAX;
		stop = number ? memmem(at, look, "endobj", 6) : NULL;
		if (!stop || !is_wanted(at, (size_t)(stop - at), how))
			continue;
		/* If there are several catalogs or roots, use the newest. */
		if (how != RESCUE_PAGES)
			found->len = 0;
		pc_buf_addf(found, "%u 0 R\n", number);
		count++;
	}
	return count;
}

int
rescue_pdf(const struct doc_bytes *b, enum rescue how, struct doc_bytes *out)
{
	struct pc_buf found = {0}, all = {0};
	unsigned count = find_objects(b, how, &found);
	const char *objects;

	pc_buf_add(&found, "", 1);
	objects = (char *)found.data;
	if (count > 0 && !found.failed) {
		pc_buf_add(&all, b->p, b->n);
		/* The file may have been cut within a stream. */
		pc_buf_addf(&all, "\nendstream\nendobj\n");
		if (how == RESCUE_PAGES)
			pc_buf_addf(&all,
			    "%d 0 obj\n<</Type/Pages/Count %u"
			    "/Kids[\n%s]>>\nendobj\n",
			    PAGES, count, objects);
		if (how == RESCUE_PAGES)
			pc_buf_addf(&all,
			    "%d 0 obj\n<</Type/Catalog/Pages "
			    "%d 0 R>>\nendobj\n",
			    CATALOG, PAGES);
		if (how == RESCUE_TREE)
			pc_buf_addf(&all,
			    "%d 0 obj\n<</Type/Catalog/Pages "
			    "%s>>\nendobj\n",
			    CATALOG, objects);
		if (how == RESCUE_CATALOG)
			pc_buf_addf(&all, "trailer\n<</Root %s>>\n", objects);
		else
			pc_buf_addf(&all, "trailer\n<</Root %d 0 R>>\n",
			    CATALOG);
		/* No reader finds the old list of objects. */
		pc_buf_addf(&all, "startxref\n0\n%%%%EOF\n");
	}
	pc_buf_clear(&found);
	if (all.len == 0 || all.failed) {
		pc_buf_clear(&all);
		return 1;
	}
	*out = (struct doc_bytes){.p = all.data, .n = all.len, .fd = -1};
	return 0;
}
