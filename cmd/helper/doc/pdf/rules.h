/* rules.h - the rules that a PDF page draws, as between cells of a table.
 */
#ifndef PDF_RULES_H
#define PDF_RULES_H

#include "pc.h"

struct pdf_rules {
	struct pc_buf text; /* owned: in the form of cmd/ocr/page/page.h */
	size_t count;
};

/* Add a line that is drawn here on the shown page: left, top, right, bottom in
 * points.  Short ones, and those beyond a limit, are left out. */
void pdf_rules_add(struct pdf_rules *, const double box[4]);
void pdf_rules_clear(struct pdf_rules *);

#endif
