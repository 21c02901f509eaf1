/* fold_file.h - the file events.folded; private to lib/ledger/.  fold.h has
 * fold_read and fold_forget, which others use too. */
#ifndef PC_FOLD_FILE_H
#define PC_FOLD_FILE_H

#include "fold.h"

/* As fold_read; if there is no file, or a damaged one, which is put aside, the
 * sums are empty.  -1 with errno: any other fault. */
int fold_read_or_set_aside(struct pc_store *, struct fold *);
/* Read only how far the logs are summed up, without checking the file. -1: that
 * cannot be read. */
int fold_read_logs(struct pc_store *, struct fold_log logs[LOGS]);
/* Write the file again, with older sums in fewer periods.  With sync, it is on
 * the disk first, so a log may be removed afterwards. */
int fold_write(struct pc_store *, struct fold *, int sync);

#endif
