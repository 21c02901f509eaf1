/* engine_cmd.h - a program of the user that recognises pages instead of
 * pc-tesseract.  It gets a PNG file on its standard input and prints words. */
#ifndef ENGINE_CMD_H
#define ENGINE_CMD_H

#include "cli/cli.h"
#include "reader/team.h"

enum { ENGINE_WORDS_MAX = 64 };

struct engine_cmd {
	const char *text;                 /* as given; NULL: there is none */
	char *argv[ENGINE_WORDS_MAX + 1]; /* owned words, ended by NULL */
	const char *lang;
	int64_t page_timeout; /* us; PC_NEVER: no limit */
};

/* Split cmd->text at blanks.  Ends the program if it has no word. */
void engine_cmd_split(struct cli *, struct engine_cmd *);
/* Add to cli's spec the words, and the digests of the program and of each file
 * that a word names. */
void engine_cmd_add_key(struct cli *, const struct engine_cmd *);
/* For a team: answer requests until the channel is closed. */
void engine_cmd_serve(const void *cmd, int channel, int document);

#endif
