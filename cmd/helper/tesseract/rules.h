/* rules.h - the straight lines on a page. */
#ifndef RULES_H
#define RULES_H

struct Pix;
struct word_writer;

/* Append the thin straight lines of the turned page's ink (1 bit per pixel, at
 * dpi pixels of the page per inch, divided by the writer's reduction). */
void rules_add(struct word_writer *, struct Pix *ink, int dpi);
/* Copy the ink without them.  NULL: out of memory. */
struct Pix *rules_erase(struct Pix *ink, int dpi, int reduction);

#endif
