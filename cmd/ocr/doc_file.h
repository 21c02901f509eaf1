/* doc_file.h - the file of a document: what it is, and whether it still is. */
#ifndef DOC_FILE_H
#define DOC_FILE_H

#include "cli/cli.h"
#include "reader/reader_protocol.h"

#include <time.h>

struct doc_file {
	char *name;            /* owned; "-": standard input */
	struct pc_id id;       /* of its bytes */
	int fd;                /* what helpers read; -1: not open */
	int spooled;           /* it was a pipe, of which fd is a copy */
	struct timespec ctime; /* when it was opened */
	int changed;           /* it is not what id says any more */
};

/* Find its id.  -1 after a warning; error says why too. */
int doc_file_identify(struct cli *, struct doc_file *,
    char error[MESSAGE_SIZE]);
/* Open it for the helpers, and check that it is what id says.  -1 with
 * errno. */
int doc_file_open(struct cli *, struct doc_file *);
/* Is it still what id says, by its time of change? */
int doc_file_unchanged(struct doc_file *);
/* The same, by its bytes. */
int doc_file_same_bytes(struct cli *, struct doc_file *);
void doc_file_close(struct doc_file *);

#endif
