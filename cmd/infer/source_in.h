/* source_in.h - what the files about a question's source share. */
#ifndef INFER_SOURCE_IN_H
#define INFER_SOURCE_IN_H

#include "batch.h"

/* ---- source_input.c ---- */

/* Add an image, or each page of a document; "-" is standard input. */
int source_add_image(struct source *, struct input *, const char *name,
    struct pc_error *err);
/* Add a file of the list, which is a text or an image. */
int source_add_input(struct source *, struct input *, const char *name,
    struct pc_error *err);
/* Fill in the one question of the command line. */
void source_fill_single(struct source *, struct job *);

/* ---- source_record.c ---- */

/* Fill in a question from a record of JSON Lines. */
void source_fill_record(struct source *, struct job *, const char *line,
    size_t n);

#endif
