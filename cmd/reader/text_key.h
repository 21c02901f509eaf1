/* text_key.h - the key under which pc-ocr stores a document's text if it is run
 * without options.
 *
 * The key has the ids of all engines.  pc-ocr remembers the list of them; only
 * that list is read here, and no helper is started.  So the key is known once
 * pc-ocr has used this store with its present engines. */
#ifndef TEXT_KEY_H
#define TEXT_KEY_H

#include "cli/stage.h"

/* A document whose text is looked for. */
struct text_key {
	struct pc_id document;
	struct cli *cli;
	int used; /* the entry has this key now */
};

/* The document that cli's spec is about, if that is stage ocr with one input
 * and no parameters.  given: an input that is not in the spec, or NULL.
 * 0: it is about something else. */
int text_key_begin(struct text_key *, struct cli *, const struct pc_id *given);
/* If nothing is stored under the entry's key, look under the document's key,
 * too.  A text that is empty or lost a part is not found there. */
void text_key_also(struct stage_entry *, struct text_key *);
/* Make the key; its material is cli's.  1: the engines are not remembered. */
int text_key_make(struct text_key *, struct pc_id *key);

#endif
