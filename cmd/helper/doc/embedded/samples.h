/* samples.h - an image object as a file with the same samples. */
#ifndef EMBEDDED_SAMPLES_H
#define EMBEDDED_SAMPLES_H

#include "helper/doc/pdf/qpdf.h"

#include "pc.h"

/* What all ways to make a file need. */
struct picture {
	struct pdf_details *pdf;
	qpdf_oh object, dict; /* a stream, and its dictionary */
	uint32_t width, height;
	unsigned bits; /* of a sample */
	int stencil;
};

enum picture_made {
	PICTURE_MADE,
	PICTURE_UNKNOWN, /* its form is not known here */
	PICTURE_DAMAGED, /* the same, because samples are missing */
	PICTURE_FAILED,  /* out of memory */
};

/* -1: the object is not an image, or has no size or too many samples. */
int picture_read(struct picture *, struct pdf_details *, int object,
    int generation);
/* Append the file: a JPEG file as it is in the PDF, or a PNG file. */
enum picture_made picture_make(const struct picture *, struct pc_buf *);

#endif
