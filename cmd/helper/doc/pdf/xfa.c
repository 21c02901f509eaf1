/* xfa.c - detect forms with a placeholder instead of pages.
 *
 * Adobe's programs make the pages of a dynamic XFA form when they open it.
 * The PDF itself has one page, which asks the reader to wait or to use another
 * program, in the author's language. */
#include "xfa.h"
#include "details.h"
#include "helper/doc/document_in.h"
#include "opened.h"
#include "qpdf.h"

#include <string.h>

static int
has(const void *text, size_t n, const char *word)
{
	return text && memmem(text, n, word, strlen(word)) != NULL;
}

int
xfa_is_placeholder(struct document *d, const void *text, size_t n)
{
	struct pdf_details *s;
	qpdf_oh root, form;
	int waits, xfa, needs;

	waits = has(text, n, "Please") && has(text, n, "wait");
	/* Load libqpdf only for a page that may be a placeholder. */
	if (d->pages != 1 || d->rescued ||
	    (text && !waits && !has(text, n, "Adobe")))
		return 0;
	s = document_details(d);
	if (pdf_details_pages(s) != 1)
		return 0;
	root = qpdf.get_root(s->pdf);
	form = qpdf.oh_get_key(s->pdf, root, "/AcroForm");
	xfa = !qpdf.oh_is_null(s->pdf, qpdf.oh_get_key(s->pdf, form, "/XFA"));
	needs = qpdf.oh_get_bool_value(s->pdf,
	    qpdf.oh_get_key(s->pdf, root, "/NeedsRendering"));
	qpdf.oh_release_all(s->pdf);
	return xfa && (needs || waits);
}
