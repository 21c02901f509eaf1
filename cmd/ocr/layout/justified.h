/* justified.h - tell lines of justified text from the rows of a table. */
#ifndef JUSTIFIED_H
#define JUSTIFIED_H

#include "layout_in.h"

/* The gaps between a line's words, in 1/100 point.  All zero before its first
 * word. */
struct line_gaps {
	const struct word *last;
	size_t words, gaps;
	size_t small; /* words that begin with a small letter */
	double least, most;
};

/* What is known of several lines.  All zero before the first. */
struct justified {
	size_t lines, even;  /* those with two gaps or more; of these, those
			      * whose  gaps are even */
	size_t words, small; /* in these */
	double least, most;  /* their gaps */
};

void line_gaps_add(struct line_gaps *, const struct word *);
/* Gaps that differ by `same` at most are even. */
void justified_add(struct justified *, const struct line_gaps *, double same);
/* Do the gaps differ between lines? */
int is_justified_text(const struct justified *, double same);
/* Are the gaps even, and most words not capitalised? */
int is_running_text(const struct justified *);

#endif
