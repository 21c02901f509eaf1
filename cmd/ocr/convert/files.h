/* files.h - the files of a converter's run. */
#ifndef CONVERT_FILES_H
#define CONVERT_FILES_H

#include "pc.h"

struct files {
	char in[4200], out[4200]; /* the document's file and the directory for
				   * the result, as the converter sees them */
	char path[4200];          /* of the document's file */
	int document;             /* that file, for reading; -1: not made */
};

/* Make the directories below dir: home, tmp, in and out.  -1 with errno;
 * files_close() is to be called even then. */
int files_make(struct files *, const char *dir, const char *type,
    int unconfined);
/* Copy the document to its file.  -1: errno, ESTALE if its bytes do not have
 * this id. */
int files_copy(struct files *, int document, const struct pc_id *);
/* Open the only file in the directory for results below dir.  -1: errno, EEXIST
 * if there are several. */
int files_open_only(const char *dir);
void files_close(struct files *);

#endif
