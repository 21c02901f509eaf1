/* output_file.h - the files of pages and images that -o names. */
#ifndef OUTPUT_FILE_H
#define OUTPUT_FILE_H

#include "cli/cli.h"
#include "reader/reader_protocol.h"

/* The content of a file: a page, or an image embedded in a page. */
struct output_file {
	const struct pc_id *document;
	const char *document_name;
	unsigned page, image; /* from 1; image 0: the page itself */
	const char *suffix;   /* added to the pattern */
};

/* What there is a file for. */
enum output_each { OUTPUT_DOCUMENT, OUTPUT_PAGE, OUTPUT_IMAGE };

/* End the program unless the pattern gives each file its own name: by document
 * if there may be several, and by page, or by page and image. */
void output_file_check_pattern(const struct cli *, const char *pattern,
    enum output_each, int many);
/* Append the file's name, with a final NUL. */
void output_file_name(struct pc_buf *, const char *pattern,
    const struct output_file *);
/* Write n bytes to the file, and append its name, with a final NUL.  -1: error
 * gets the reason. */
int output_file_write(const char *pattern, const struct output_file *,
    const void *, size_t n, struct pc_buf *name, char error[MESSAGE_SIZE]);
/* Could an earlier run have written the file at path for this pattern (a
 * string)?  Only files in the pattern's one directory can. */
int output_file_named_by(const void *pattern, const char *path);

#endif
