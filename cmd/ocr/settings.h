/* settings.h - tesseract's own settings and user words, as the user gives
 * them. */
#ifndef OCR_SETTINGS_H
#define OCR_SETTINGS_H

#include "cli/cli.h"

enum { SETTINGS_MAX = 32 };

struct ocr_settings {
	const char *list[SETTINGS_MAX]; /* NAME=VALUE */
	size_t count;
	const char *words_file; /* NULL: no user words */
	struct pc_id words;     /* of the file's content */
	char words_path[64];    /* where a helper reads that content */
};

/* Add "NAME=VALUE".  Ends the program if the name is refused. */
void settings_add(struct cli *, struct ocr_settings *, const char *);
/* Read the file of user words once, so that the words that are used are those
 * that are in the key. */
void settings_read_words(struct cli *, struct ocr_settings *);
/* Add them to a key's spec.  -1 with errno. */
int settings_add_params(const struct ocr_settings *, struct pc_spec *);
/* Append pc-tesseract's options, with room for 2 * SETTINGS_MAX + 2.  The place
 * behind them. */
char **settings_add_options(const struct ocr_settings *, char **at);

#endif
