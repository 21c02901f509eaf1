/* language.h - names and scripts of languages. */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include <stddef.h>

/* Tesseract's name of a language, given by its English or native name or its
 * ISO 639-1 code: "deu" for "deutsch".  NULL: unknown. */
const char *language_suggest(const char *name, size_t n);
/* The place of tesseract's name of a language in the list of these; languages
 * that are not in it come last. */
size_t language_rank(const char *name);
/* Can a page in this script (tesseract's name) be in one of the languages,
 * which are joined by '+'?  1 if that is unknown. */
int language_has_script(const char *langs, const char *script);

#endif
