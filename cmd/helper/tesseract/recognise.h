/* recognise.h - OCR by libtesseract. */
#ifndef RECOGNISE_H
#define RECOGNISE_H

#include <stdint.h>
#include <stdio.h>

struct page_answer;
struct page_request;
struct pc_buf;
struct recogniser;

struct recogniser_how {
	int psm;           /* tesseract's segmentation mode */
	int clean;         /* remove grains and uneven light first */
	int split_spreads; /* read two pages side by side one by one */
	struct recogniser_settings *settings; /* NULL: tesseract's own */
};

enum { SETTINGS_MAX = 64 };

/* Settings of tesseract. */
struct recogniser_settings {
	char *names[SETTINGS_MAX], *values[SETTINGS_MAX];
	size_t count;
};

/* lang is a list of languages, or LANGUAGE_AUTO: the one of those installed
 * that a page is in.  NULL: tesseract cannot start with these languages. */
#define LANGUAGE_AUTO "auto"
struct recogniser *recogniser_open(const char *lang, struct recogniser_how);
/* Recognise gray pixels, 8 bits each, row by row.  The words go to out, in the
 * form of cmd/ocr/page/page.h.  An error is reported in the answer. */
void recognise(struct recogniser *, const struct page_request *,
    const unsigned char *pixels, struct page_answer *, struct pc_buf *out);
const char *recogniser_version(void);
/* Call TessBaseAPIInit4() without its messages about files; recogniser_models
 * gives better ones. */
struct TessBaseAPI;
int recogniser_init(struct TessBaseAPI *, const char *lang,
    struct recogniser_settings *);
/* The first setting that tesseract does not know, or NULL. */
const char *recogniser_unknown(struct TessBaseAPI *,
    const struct recogniser_settings *);
/* Tesseract's directory of models. */
void recogniser_directory(char *out, size_t n);
/* List the languages that are installed there, joined by '+': English first,
 * then those of language.c, then the others.  NULL: there are none, or out of
 * memory; to be freed. */
char *recogniser_installed(const char *dir);
/* 0: langs is a list of names joined by '+'.  Tesseract accepts other lists
 * too, and crashes. */
int recogniser_languages(const char *lang);
/* Print to out (may be NULL) one line per model of the languages:
 * "model.LANG", "-" and its path; also for the script model if it is
 * installed.  LANGUAGE_AUTO means all that are installed, and their directory
 * is printed too.  -1 after a message with the missing model and its package.
 */
int recogniser_models(const char *lang, FILE *out);

#endif
