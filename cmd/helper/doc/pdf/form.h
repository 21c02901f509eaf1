/* form.h - a form: content that a page draws like an image, once or often
 * (ISO 32000-1, 8.10). */
#ifndef PDF_FORM_H
#define PDF_FORM_H

#include "declare_in.h"

struct pdf_form {
	qpdf_oh object;
	qpdf_oh resources;   /* its own, or else those of what draws it */
	double matrix[6];    /* with which its content begins */
	unsigned char *data; /* its content, n bytes; owned, from malloc(3) */
	size_t n;
};

/* Read the form that these resources call by this name, with its slash, and
 * that is drawn under the matrix outer.  1: that is not a form, or an image;
 * -1: its content cannot be read, or has more than max bytes. */
int pdf_form_read(const struct declaring *, qpdf_oh resources, const char *name,
    const double outer[6], size_t max, struct pdf_form *);

#endif
