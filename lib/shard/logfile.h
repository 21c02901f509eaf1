/* logfile.h - the header of a log; private to lib/. */
#ifndef PC_LOGFILE_H
#define PC_LOGFILE_H

#include "disk/state.h"

enum { LOG_HEADER = 64 }; /* bytes before a log's first record */

/* Read the id from the header of an open log.  1: it is damaged, empty or of
 * another shard; -1 EPROTONOSUPPORT: it is newer. */
int log_header_read(int fd, unsigned shard, unsigned char *log_id);
/* As log_header_read, but if the header is damaged, find the id by which the
 * records are valid. */
int log_identify(int fd, unsigned shard, unsigned char *log_id);
int log_header_write(int fd, unsigned shard, const unsigned char *log_id);

#endif
