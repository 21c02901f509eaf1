/* form_values.h - values of form fields that a PDF page shows, but that its
 * text layer lacks.
 *
 * A field may have no appearance: then each reader draws its value itself.
 * poppler does so too, but leaves out letters that its font lacks, and fields
 * of which it does not know enough. */
#ifndef FORM_VALUES_H
#define FORM_VALUES_H

#include "helper/doc/document_in.h"

struct form_value {
	double box[4];       /* left, top, right, bottom in points */
	struct pc_buf text;  /* owned: the value, UTF-8 */
	struct pc_buf shown; /* owned: the words in the box, without blanks */
	int lost;            /* the text layer lacks it, or a part of it */
};

struct form_values {
	struct form_value *items; /* owned */
	size_t count, lost;
};

/* May the document have any? */
int form_values_possible(struct document *, const struct page_request *);
/* Find the values of a page with this text of n bytes.  If libqpdf cannot read
 * them, there are none. */
void form_values_find(struct document *, struct pdf_page *,
    const struct page_request *, const char *text, size_t n,
    struct form_values *);
/* Is the word a part of a value that is lost? */
int form_values_replace(const struct form_values *, const struct pdf_word *);
/* Call each for every word of the values that are lost. */
void form_values_each(const struct form_values *,
    void (*each)(void *ctx, const struct pdf_word *), void *ctx);
/* Append them as lines. */
void form_values_add(const struct form_values *, struct pc_buf *);
void form_values_clear(struct form_values *);

#endif
