/* fold_age.h - older sums in fewer periods; private to lib/ledger/. */
#ifndef PC_FOLD_AGE_H
#define PC_FOLD_AGE_H

#include "fold.h"

/* Put days that are older than 60 days into their months, and forget months
 * that are older than 24.  -1: ENOMEM. */
int fold_age(struct fold *, int64_t now);

#endif
