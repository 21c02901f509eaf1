/* language.h - names and scripts of languages. */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include <stddef.h>

/* Tesseract's name of a language that is called so, in English, in itself or by
 * its ISO 639-1 code: "deu" for "deutsch".  NULL: it is not known. */
const char *language_suggest(const char *name, size_t n);
/* May a page in this script, as tesseract names it, be in one of the languages,
 * which are joined by '+'?  1 if that cannot be told. */
int language_has_script(const char *langs, const char *script);

#endif
