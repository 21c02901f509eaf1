/* open.h - a store's directory; private to lib/store/. */
#ifndef PC_OPEN_H
#define PC_OPEN_H

#include "pc.h"

/* Open dir and its state file, or create both.  -1 with the reason in err. */
int store_open_dir(struct pc_store *, const char *dir, struct pc_error *err);

#endif
