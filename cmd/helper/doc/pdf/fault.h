/* fault.h - errors that poppler reports in a PDF: may text be missing? */
#ifndef PDF_FAULT_H
#define PDF_FAULT_H

struct document;

/* From now on, count poppler's messages as damage to the document's page.
 * Messages that do not change the page (repairs, colours, annotations) are not
 * counted. */
void fault_listen(struct document *);

#endif
