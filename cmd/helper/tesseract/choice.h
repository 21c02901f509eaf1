/* choice.h - which of the installed languages a page is in. */
#ifndef CHOICE_H
#define CHOICE_H

struct Pix;
struct TessBaseAPI;
struct language_choice;
struct recogniser_settings;
struct script_finder;

/* Map the models of these languages, which are joined by '+', from this
 * directory, while files can still be opened.  NULL: out of memory. */
struct language_choice *choice_open(const char *dir, const char *langs, int psm,
    struct recogniser_settings *);
/* Choose for an upright page of this resolution; page NULL: take the first
 * language that can be read with.  *lang is its name.  NULL: there is none. */
struct TessBaseAPI *choice_make(struct language_choice *,
    struct script_finder *, struct Pix *page, int dpi, const char **lang);

#endif
