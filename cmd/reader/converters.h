/* converters.h - the converters of the user's configuration. */
#ifndef CONVERTERS_H
#define CONVERTERS_H

#include "cli/cli.h"

/* A program that makes a text or a PDF of documents of one MIME type. */
struct converter {
	char *type;
	/* Ended by NULL.  In its words, {} is the document's file, and {out}
	 * the directory for its result, which is else its output. */
	char **argv;
};

struct converters {
	struct converter *list; /* owned */
	size_t count;
	unsigned seconds; /* time limit; 0: none */
	int unconfined;   /* they run without the sandbox */
};

/* Read them.  Ends the program if ocr.convert is wrong; a configuration that
 * other users can write to gives a warning and no converters. */
void converters_read(struct cli *, struct converters *);
/* The converter for documents of this type, or NULL. */
const struct converter *converters_find(const struct converters *,
    const char *type);

#endif
