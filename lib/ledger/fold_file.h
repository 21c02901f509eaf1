/* fold_file.h - the file events.folded; private to lib/ledger/.  fold.h has
 * fold_read and fold_forget, which others use too. */
#ifndef PC_FOLD_FILE_H
#define PC_FOLD_FILE_H

#include "fold.h"

/* As fold_read, but without a file, or with a damaged one, which is put aside,
 * there is nothing summed up.  -1 with errno: any other fault. */
int fold_read_or_set_aside(struct pc_store *, struct fold *);
/* Only how far the logs are summed up, without a check of the file.  -1: that
 * cannot be read. */
int fold_read_logs(struct pc_store *, struct fold_log logs[LOGS]);
/* Replace the file, with older sums in fewer periods; with sync it is on the
 * disk first, so that a log may be removed then. */
int fold_write(struct pc_store *, struct fold *, int sync);

#endif
