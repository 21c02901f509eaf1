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
	int split_spreads; /* two pages side by side are read one by one */
};

/* NULL: tesseract cannot start with these languages. */
struct recogniser *recogniser_open(const char *lang, struct recogniser_how);
/* Recognise gray pixels, 8 bits each, row by row; the words go to out, as
 * cmd/ocr/page.h describes them.  What can fail is said in the answer. */
void recognise(struct recogniser *, const struct page_request *,
    const unsigned char *pixels, struct page_answer *, struct pc_buf *out);
const char *recogniser_version(void);
/* TessBaseAPIInit3() without what it prints about files, which is said better
 * by recogniser_models. */
struct TessBaseAPI;
int recogniser_init(struct TessBaseAPI *, const char *lang);
/* 0: these are names joined by '+'.  Tesseract starts with others too, and
 * crashes. */
int recogniser_languages(const char *lang);
/* Print a line for each language's model: "model.LANG", "-" and its path, to
 * out, which may be NULL, and for that of scripts, if it is there; -1 after a
 * message that names the missing one and its package. */
int recogniser_models(const char *lang, FILE *out);

#endif
