/* file.h - the directories and files of a store; private to lib/. */
#ifndef PC_FILE_H
#define PC_FILE_H

#include "pc.h"

#include <dirent.h>

struct stat;

/* The descriptor of a shard's directory, of O_PATH; the store has it.  -1
 * ENOENT: the shard was never used. */
int dir_of(struct pc_store *, unsigned shard);
int dir_make(struct pc_store *, unsigned shard); /* unless it is there */
/* A stream of its entries.  NULL with errno. */
DIR *dir_read(struct pc_store *, unsigned shard);
int make_dir(int at, const char *path); /* of mode 0700 */
/* Open a file there, with how as open(2) takes it.  No link is followed, and
 * the call waits for no pipe or device.  -1 EBADMSG: it is not a file. */
int file_open(struct pc_store *, unsigned shard, const char *name, int how);
int file_open_stat(struct pc_store *, unsigned shard, const char *name, int how,
    struct stat *);
/* A new one without a name, to read and write. */
int file_unnamed(struct pc_store *, unsigned shard);
/* Have what is in an open file of a shard, and that it exists, survive a power
 * loss. */
int file_sync(struct pc_store *, unsigned shard, int fd);
int file_fail(int fd); /* close it; -1, and errno stays */

#endif
