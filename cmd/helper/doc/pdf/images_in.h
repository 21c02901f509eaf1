/* images_in.h - what the files share that follow the content of a page to its
 * images. */
#ifndef IMAGES_IN_H
#define IMAGES_IN_H

#include "content.h"
#include "details.h"
#include "qpdf.h"

enum {
	NUMBERS = 6,
	SAVED_MAX = 64, /* graphics states */
	TOKEN_MAX = 128,
	PATTERNS_MAX = 64, /* remembered on a page */
};

struct image_matrix {
	double v[NUMBERS];
};

struct image_walk {
	struct pdf_details *pdf;
	enum pdf_images_wanted wanted;
	void (*each)(void *, const struct pdf_painted *);
	void *ctx;
	struct image_matrix base;                  /* of patterns */
	int patterns[PATTERNS_MAX], pattern_count; /* objects */
	size_t content;                            /* bytes followed so far */
	int forms; /* the current one is nested in so many */
	int failed;
};

/* A content stream, and the state at the current position. */
struct image_place {
	struct content_reader content;
	qpdf_oh resources;
	struct image_matrix now, saved[SAVED_MAX];
	int depth; /* number of saved states */
	double numbers[NUMBERS];
	char name[TOKEN_MAX];
};

/* The product: first n, then m. */
struct image_matrix image_matrix_then(const struct image_matrix *n,
    const struct image_matrix *m);
/* The matrix under a dictionary's key; without one, that which changes
 * nothing. */
struct image_matrix image_matrix_read(struct pdf_details *, qpdf_oh dict,
    const char *key);
/* Most bytes of one stream, as it is packed. */
double images_packed_max(const struct image_walk *);
/* Follow the content to its end.  At a limit, w->failed is set. */
void images_follow(struct image_walk *w, struct image_place *);
/* The same for a form that is painted with this matrix. */
void images_follow_form(struct image_walk *w, qpdf_oh form,
    const struct image_matrix *, qpdf_oh resources);

#endif
