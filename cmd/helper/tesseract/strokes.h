/* strokes.h - how wide the strokes of a word's letters are. */
#ifndef STROKES_H
#define STROKES_H

struct Pix;

/* The usual width of the strokes in this part of a gray page, in pixels; 0:
 * unknown, as in light print on a dark ground. */
double strokes_width(struct Pix *gray, int left, int top, int right,
    int bottom);

#endif
