/* images.h - what images.c and pdftohtml.c share. */
#ifndef IMAGES_H
#define IMAGES_H

#include "ocr/ocr.h"

enum { NAME_SIZE = 64 };

/* What is known of an image; a document's record has one of them a line. */
struct image {
	unsigned page, number; /* on its page, from 1 */
	int jpeg;              /* else it is PNG */
	uint32_t width, height;
	double box[4];   /* points from the upper left */
	struct pc_id id; /* of the file's bytes */
};

/* An image in the XML. */
struct place {
	struct image image;
	char name[NAME_SIZE]; /* in the directory; "": a bad one */
	int taken;
};

/* What the XML says, pages in order as they come. */
struct places {
	struct place *list; /* owned */
	size_t count, cap;
};

/* Have pdftohtml(1) take the images of d's wanted pages out, into a directory
 * of its own, and say where they are.  all->list is the caller's.  -1:
 * d->error. Then, too, pdftohtml_end has to come. */
int pdftohtml_begin(const struct ocr_options *, struct doc *d,
    struct places *all);
/* Say in d->error that a locked PDF is not for it.  Returns -1. */
int pdftohtml_locked(struct doc *d);
/* Append the bytes of one of its files, which is gone then.  -1: errno. */
int pdftohtml_take(const char *name, struct pc_buf *, size_t max);
/* Did a signal come that ends it all? */
int pdftohtml_stopped(void);
/* Remove the directory; a signal that came has its effect now. */
void pdftohtml_end(void);

#endif
