/* file.h - the directories and files of a store; private to lib/. */
#ifndef PC_FILE_H
#define PC_FILE_H

#include "pc.h"

#include <dirent.h>

struct stat;

/* Get the O_PATH descriptor of a shard's directory; the store owns it.  -1
 * ENOENT: the shard was never used. */
int dir_of(struct pc_store *, unsigned shard);
int dir_make(struct pc_store *, unsigned shard); /* if it does not exist */
/* Open a shard's directory for reading.  NULL with errno. */
DIR *dir_read(struct pc_store *, unsigned shard);
int make_dir(int at, const char *path); /* with mode 0700 */
/* Open a file of a shard; how is as for open(2).  Links are not followed, and
 * the call does not wait for a pipe or device.  -1 EBADMSG: it is not a regular
 * file. */
int file_open(struct pc_store *, unsigned shard, const char *name, int how);
int file_open_stat(struct pc_store *, unsigned shard, const char *name, int how,
    struct stat *);
/* Create a file without a name, for reading and writing. */
int file_unnamed(struct pc_store *, unsigned shard);
/* Sync an open file of a shard and its directory entry, so that both survive a
 * power loss. */
int file_sync(struct pc_store *, unsigned shard, int fd);
int file_fail(int fd); /* close it; -1, and errno stays */

#endif
