/* screen.h - a text again and again, on a screen of its own. */
#ifndef SCREEN_H
#define SCREEN_H

#include "cli.h"

/* Draw what add adds, below a title and the time, every 2 seconds and when the
 * terminal changes its size, until q is typed or a signal comes, which then
 * ends the program.  What does not fit is not seen.  Needs a terminal. */
void screen_run(struct cli *, const char *title,
    void (*add)(void *ctx, struct pc_buf *), void *ctx);

#endif
