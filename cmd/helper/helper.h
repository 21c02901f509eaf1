/* helper.h - what the files of pc-doc share. */
#ifndef HELPER_H
#define HELPER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum ocr_when { OCR_AUTO, OCR_ALWAYS, OCR_NEVER };

struct options {
	const char *lang;   /* eng+deu */
	enum ocr_when ocr;
	int dpi;            /* for pages, and images that do not say */
	int psm;
	unsigned max_megapixels;
	unsigned page_timeout; /* seconds; 0: none */
	unsigned max_pages;
};

/* What came of one page.  Text is owned, from malloc(3). */
struct page {
	const char *source;  /* text-layer, no-text, bad-text, forced, image,
	                      * text */
	double confidence;   /* 0 to 100; -1: there is none */
	char *text;
	size_t length;
	char error[256];     /* not "": there is no text */
};

/* ---- what a document is (kind.c) ---- */

enum kind { KIND_PDF, KIND_IMAGE, KIND_TIFF, KIND_TEXT, KIND_OTHER };

struct kind_info {
	enum kind kind;
	char name[128];     /* the MIME type, for a message */
	char charset[64];   /* of KIND_TEXT */
};

/* From its first bytes, never from its name.  -1 with errno. */
int kind_of(const char *path, struct kind_info *);

/* ---- one document (document.c) ---- */

struct document;

/* NULL with the reason in error. */
struct document *document_open(
    const char *path, const struct options *, char error[256]);
unsigned document_pages(const struct document *);
/* n from 1; all that can fail is said in page->error. */
void document_page(struct document *, unsigned n, struct page *);
void document_close(struct document *);

/* ---- pages, each safe from the others (supervise.c) ---- */

/* Print every page's line and text, and the last line.  The exit status. */
int supervise(const char *path, const struct options *);

/* ---- OCR (ocr.c): the only user of tesseract and leptonica ---- */

struct ocr;

struct ocr *ocr_open(const struct options *, char error[256]);
/* A gray image of 8 bits, stride bytes a row. */
void ocr_gray(struct ocr *, const unsigned char *, int width, int height,
    int stride, int dpi, struct page *);
/* The frames in an image file, 1 for all but TIFF; 0 with error. */
unsigned ocr_frames(const char *path, enum kind, char error[256]);
void ocr_file(struct ocr *, const char *path, enum kind, unsigned frame,
    struct page *);
void ocr_close(struct ocr *);
const char *ocr_version(void);
/* Print a line for each language's model; -1 after a message that names the
 * missing one and its package. */
int ocr_list_models(const char *lang, FILE *out);

/* ---- is a text layer any good (quality.c) ---- */

/* 0 to 1: how much of this UTF-8 is text as people write it. */
double quality_of(const char *text, size_t n);

#endif
