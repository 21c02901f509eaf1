/* opened.c - what libqpdf knows about a document, opened on first use. */
#include "opened.h"
#include "details.h"
#include "helper/doc/document_in.h"

struct pdf_details *
document_details(struct document *d)
{
	if (!d->details)
		d->details = pdf_details_open(d->bytes, d->options->password,
		    0);
	return d->details;
}

struct pdf_details *
document_checker(struct document *d)
{
	if (!d->checker)
		d->checker = document_details(d);
	if (pdf_details_pages(d->checker) != d->pages)
		document_recover(d);
	return d->checker;
}

int
document_recover(struct document *d)
{
	if (d->recovered)
		return -1;
	d->recovered = 1;
	d->checker = pdf_details_open(d->bytes, d->options->password, 1);
	return 0;
}
