/* template_in.h - what the files about templates share. */
#ifndef INFER_TEMPLATE_IN_H
#define INFER_TEMPLATE_IN_H

#include "template.h"

/* ---- template_file.c ---- */

/* The directory of the user's templates, with a '/' at its end, owned by the
 * caller; NULL: there is none. */
char *template_directory(void);
/* Read one file.  1: there is no such file. */
int template_read_file(struct template *, const char *path,
    struct pc_error *err);

/* ---- template_builtin.c ---- */

struct builtin_template {
	const char *name, *json;
};

/* The last one has no name. */
extern const struct builtin_template builtin_templates[];

#endif
