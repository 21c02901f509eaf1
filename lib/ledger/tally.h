/* tally.h - sums of events; private to lib/ledger/. */
#ifndef PC_TALLY_H
#define PC_TALLY_H

#include "ledger.h"

/* Add a sum to that of the same group, which a tally of another grouping
 * may have. */
int tally_add_sum(struct pc_tally *, const struct pc_sum *);

#endif
