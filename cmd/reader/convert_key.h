/* convert_key.h - the keys of what converters make (stage ocr.convert) and of
 * the types of their documents (stage ocr.type). */
#ifndef CONVERT_KEY_H
#define CONVERT_KEY_H

#include "cli/stage.h"
#include "reader/converters.h"
#include "reader/reader_protocol.h"

/* A result of a converter, or its place in the store. */
struct convert_result {
	struct stage_entry entry;
	struct pc_buf material; /* owned: the key's material */
	char *program;          /* owned: the path of the converter */
};

/* Note the type of a document that was converted.  engines: only its engine
 * fields, the programs that found the type. */
void convert_key_note_type(struct cli *, const struct pc_spec *engines,
    const struct pc_id *doc, const char *type);
/* Begin a result with its key.  -1: there is none (error). */
int convert_key_begin(struct cli *, const struct converters *,
    const struct converter *, const struct pc_id *doc, struct convert_result *,
    char error[MESSAGE_SIZE]);
/* Begin the result of a document whose type was noted, and look it up: it is
 * in entry.hit.  1: none is stored.  memo: it is not counted.  In each case
 * call convert_key_end(). */
int convert_key_recall(struct cli *, const struct converters *,
    const struct pc_spec *engines, const struct pc_id *doc,
    struct convert_result *, int memo);
void convert_key_end(struct convert_result *);

#endif
