/* glyph_name.h - names of glyphs that do not say what the glyph means. */
#ifndef GLYPH_NAME_H
#define GLYPH_NAME_H

#include <stddef.h>

/* Is this name, of n bytes and without its '/', only a number, as g12, c45, a7
 * and glyph3?  A program that subsets fonts makes such names. */
int glyph_name_is_number(const char *name, size_t n);

#endif
