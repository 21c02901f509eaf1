/* template_builtin.c - the built-in templates: the files in builtin/, which the
 * Makefile turns into strings. */
#include "template_in.h"

#include <stddef.h>

const struct builtin_template builtin_templates[] = {
#include "builtin.h"
    {NULL, NULL},
};
