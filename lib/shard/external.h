/* external.h - large values, each in a file of its own; private to lib/. */
#ifndef PC_EXTERNAL_H
#define PC_EXTERNAL_H

#include "record.h"

enum {
	NAME_EXTERNAL = 90
}; /* bytes of the name of a value's file, with a NUL */

void external_name(const struct record *, char out[NAME_EXTERNAL]);
void external_unlink(struct pc_store *, unsigned shard, const char *name);
int external_open(struct pc_store *, const struct record *, int *fd);
/* Before removing the file of a value that r replaced: if a put of this shard
 * was promised to survive a power loss, sync r and its log. */
int external_settle(struct pc_store *, unsigned shard, const struct record *r);
/* Read all of fd: 0 and at the first byte again, 1: other bytes, -1. */
int external_verify(const struct pc_record *, int fd);

#endif
