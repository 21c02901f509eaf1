/* doc_file.h - a document's file: its id, and whether it has changed since. */
#ifndef DOC_FILE_H
#define DOC_FILE_H

#include "cli/cli.h"
#include "reader/reader_protocol.h"

#include <time.h>

struct doc_file {
	char *name;            /* owned; "-": standard input */
	struct pc_id id;       /* of its bytes */
	int fd;                /* what helpers read; -1: not open */
	int spooled;           /* it was a pipe; fd is a copy of its data */
	struct timespec ctime; /* when it was opened */
	int changed;           /* its bytes no longer match id */
};

/* Compute its id.  -1 after a warning; error gets the reason too. */
int doc_file_identify(struct cli *, struct doc_file *,
    char error[MESSAGE_SIZE]);
/* Open it for the helpers, and check that it still matches id.  -1 with
 * errno. */
int doc_file_open(struct cli *, struct doc_file *);
/* Does it still match id, judged by its time of change? */
int doc_file_unchanged(struct doc_file *);
/* Does it still match id, judged by its bytes? */
int doc_file_same_bytes(struct cli *, struct doc_file *);
void doc_file_close(struct doc_file *);

#endif
