/* alt.c - the texts that stand for figures in a tagged PDF. */
#include "declare_in.h"

#include <stdlib.h>

enum { TEXTS_MAX = 20 * 1000 };

struct alt_text {
	unsigned page;       /* from 0 */
	size_t from, length; /* a JSON object, in the buffer */
};

struct pdf_alts {
	struct alt_text *items; /* owned, by page */
	size_t count;
	struct pc_buf json;
};

struct alt_walk {
	struct declaring *c;
	struct pdf_alts *alts;
	struct pdf_seen seen;
};

static void
add_alt(struct alt_walk *w, qpdf_oh element, int page)
{
	struct pdf_alts *alts = w->alts;
	struct pc_buf *json = &alts->json, all = w->c->out;
	const size_t from = json->len;

	if (page < 0 || alts->count >= TEXTS_MAX ||
	    !qpdf.oh_is_string(w->c->s->pdf, pdf_get(w->c, element, "/Alt")))
		return;
	w->c->out = *json;
	pc_buf_add(&w->c->out, " ", 1);
	pc_json_begin_object(&w->c->out, NULL);
	pdf_add_name(w->c, "type", pdf_get(w->c, element, "/S"));
	pdf_add_text(w->c, "text", pdf_get(w->c, element, "/Alt"));
	pc_json_end_object(&w->c->out);
	*json = w->c->out;
	w->c->out = all;
	alts->items[alts->count++] = (struct alt_text){(unsigned)page, from + 1,
	    json->len - from - 1};
}

static void
walk(struct alt_walk *w, qpdf_oh node, int page, int depth)
{
	qpdf_data pdf = w->c->s->pdf;

	if (depth > PDF_DEPTH_MAX || !declaring_step(w->c))
		return;
	if (qpdf.oh_is_array(pdf, node)) {
		for (int i = 0; i < qpdf.oh_get_array_n_items(pdf, node); i++)
			walk(w, qpdf.oh_get_array_item(pdf, node, i), page,
			    depth + 1);
	} else if (qpdf.oh_is_dictionary(pdf, node) &&
	    pdf_seen_add(&w->seen, w->c, node)) {
		page = pdf_page_of(w->c, node, page);
		add_alt(w, node, page);
		walk(w, pdf_get(w->c, node, "/K"), page, depth + 1);
	}
}

static int
compare(const void *a, const void *b)
{
	const struct alt_text *x = a, *y = b;

	if (x->page != y->page)
		return x->page < y->page ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

struct pdf_alts *
pdf_alts_read(struct declaring *c)
{
	struct pdf_alts *alts = calloc(1, sizeof *alts);
	struct alt_walk w = {.c = c, .alts = alts};
	const qpdf_oh root = pdf_get(c, qpdf.get_root(c->s->pdf),
	    "/StructTreeRoot");

	if (!alts)
		return NULL;
	alts->items = calloc(TEXTS_MAX, sizeof *alts->items);
	if (alts->items && qpdf.oh_is_dictionary(c->s->pdf, root))
		walk(&w, pdf_get(c, root, "/K"), -1, 0);
	if (alts->count > 0)
		qsort(alts->items, alts->count, sizeof *alts->items, compare);
	c->out.failed |= alts->json.failed;
	free(w.seen.bits);
	return alts;
}

void
pdf_alts_add(const struct pdf_alts *alts, struct declaring *c, unsigned page)
{
	size_t i = 0;

	while (i < alts->count && alts->items[i].page < page)
		i++;
	if (i == alts->count || alts->items[i].page != page)
		return;
	pc_json_begin_array(&c->out, "alt");
	for (; i < alts->count && alts->items[i].page == page; i++)
		pc_json_add_raw(&c->out, NULL,
		    alts->json.data + alts->items[i].from,
		    alts->items[i].length);
	pc_json_end_array(&c->out);
}

void
pdf_alts_free(struct pdf_alts *alts)
{
	if (!alts)
		return;
	free(alts->items);
	pc_buf_clear(&alts->json);
	free(alts);
}
