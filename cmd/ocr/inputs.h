/* inputs.h - the files that are inputs of this run, none of which is ever
 * overwritten. */
#ifndef OCR_INPUTS_H
#define OCR_INPUTS_H

struct cli;

/* Note that the file at path is an input.  It need not exist. */
void inputs_note(struct cli *, const char *path);
/* Is the file at path an input, perhaps by another name? */
int inputs_has(const char *path);

#endif
