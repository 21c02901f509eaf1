/* memo.h - what one run notes for the next: which weights a model's name stands
 * for, which engines there were.  A note is a record that never expires; it is
 * no result, so nothing counts it and --refresh does not replace it. */
#ifndef CLI_MEMO_H
#define CLI_MEMO_H

#include "cli.h"

/* Append the note to text, with a NUL after it, and set when it was made, us
 * since the epoch.  1: there is none, or none that can be read. */
int memo_read(struct cli *, const struct pc_id *key, struct pc_buf *text,
    int64_t *created);
/* Note it, unless nothing may be stored.  material is what key was made of; it
 * may be empty. */
void memo_write(struct cli *, const struct pc_id *key,
    const struct pc_buf *material, const struct pc_buf *text);

#endif
