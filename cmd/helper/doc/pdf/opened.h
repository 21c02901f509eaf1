/* opened.h - what libqpdf knows about a document, opened on first use. */
#ifndef PDF_OPENED_H
#define PDF_OPENED_H

#include "helper/doc/document_in.h"

/* What libqpdf has of it, without repairs; NULL: out of memory. */
struct pdf_details *document_details(struct document *);
/* The same, and with repairs if it has other pages than poppler. */
struct pdf_details *document_checker(struct document *);
/* Make libqpdf repair what document_checker() gives.  -1: it did already. */
int document_recover(struct document *);

#endif
