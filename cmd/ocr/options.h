/* options.h - the options of pc-ocr, and the parameters of keys. */
#ifndef OCR_OPTIONS_H
#define OCR_OPTIONS_H

#include "ocr/format/format.h"
#include "reader/page_ranges.h"

struct ocr_options {
	const char *lang, *ocr; /* as given to the helpers */
	unsigned dpi, psm;
	int own_dpi;          /* a scan is read at its own dpi if it has one */
	int raw_order;        /* text layers are printed in poppler's order */
	int clean;            /* pixels are cleaned before OCR */
	int split_spreads;    /* two pages side by side are read one by one */
	int32_t vision_below; /* 1/100 %; pages of less confidence go to a
			       * vision model; 0: none */
	struct format_options form;
	struct page_ranges pages;
	const char *output;     /* pattern of file names; NULL: no files */
	const char *password;   /* NULL: none was given */
	int strict;             /* one page error fails the document */
	int skip_unsupported;   /* a type that is not read is not an error */
	int require_sandbox;    /* fail if a part of the sandbox is missing */
	int64_t page_timeout;   /* us; PC_NEVER: none */
	unsigned jobs;          /* workers of a kind, and documents at once */
	struct pc_spec engines; /* only its engine fields: what a recognised
				 * page depends on */
};

/* Add a parameter to a key's spec.  -1 with errno. */
int param_text(struct pc_spec *, const char *name, const char *value);
int param_number(struct pc_spec *, const char *name, unsigned value);
/* The dots per inch that pages are rendered at. */
int param_dpi(struct pc_spec *, const struct ocr_options *);

#endif
