/* screen.h - a text that is redrawn on a terminal. */
#ifndef SCREEN_H
#define SCREEN_H

#include "cli.h"

/* Draw the text that add appends, below a title and the time, every 2 s and
 * when the window changes its size, until q is typed or a signal comes, which
 * then ends the program.  Text that does not fit is left out.  Requires a
 * terminal. */
void screen_run(struct cli *, const char *title,
    void (*add)(void *ctx, struct pc_buf *), void *ctx);

#endif
