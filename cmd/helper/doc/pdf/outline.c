/* outline.c - the bookmarks of a PDF. */
#include "declare_in.h"

#include <stdlib.h>

static void
add_bookmark(struct declaring *c, qpdf_oh item, int level)
{
	pc_json_begin_object(&c->out, NULL);
	pdf_add_text(c, "title", pdf_get(c, item, "/Title"));
	pc_json_add_int(&c->out, "level", level);
	pdf_add_target(c, item);
	pc_json_end_object(&c->out);
}

/* Add an item and those after it, each with the items below it. */
static void
add_items(struct declaring *c, struct pdf_seen *seen, qpdf_oh item, int level)
{
	while (qpdf.oh_is_dictionary(c->s->pdf, item) &&
	    pdf_seen_add(seen, c, item) && declaring_step(c)) {
		add_bookmark(c, item, level);
		if (level < PDF_DEPTH_MAX)
			add_items(c, seen, pdf_get(c, item, "/First"),
			    level + 1);
		item = pdf_get(c, item, "/Next");
	}
}

void
pdf_add_bookmarks(struct declaring *c)
{
	const qpdf_oh outlines = pdf_get(c, qpdf.get_root(c->s->pdf),
	    "/Outlines");
	const qpdf_oh first = pdf_get(c, outlines, "/First");
	struct pdf_seen seen = {0};

	if (!qpdf.oh_is_dictionary(c->s->pdf, first))
		return;
	pc_json_begin_array(&c->out, "bookmarks");
	add_items(c, &seen, first, 1);
	pc_json_end_array(&c->out);
	free(seen.bits);
}
