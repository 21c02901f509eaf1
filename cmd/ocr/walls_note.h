/* walls_note.h - a warning about the sandbox. */
#ifndef WALLS_NOTE_H
#define WALLS_NOTE_H

struct cli;

/* Warn about missing parts of the sandbox, once per run. */
void walls_note(const struct cli *, unsigned walls);

#endif
