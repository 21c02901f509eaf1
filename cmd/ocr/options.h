/* options.h - the options of pc-ocr. */
#ifndef OCR_OPTIONS_H
#define OCR_OPTIONS_H

#include "ocr/engine_cmd.h"
#include "ocr/format/format.h"
#include "ocr/settings.h"
#include "reader/converters.h"
#include "reader/page_ranges.h"
#include "reader/text_params.h"

enum { VISION_ALL = 10001 };

struct ocr_options {
	const char *lang, *ocr; /* as given to the helpers */
	unsigned dpi, psm;
	int own_dpi;          /* scans are read at their own dpi, if known */
	int raw_order;        /* print text layers in poppler's order */
	int clean;            /* clean pixels before OCR */
	int upright;          /* turn the pages of searchable PDFs upright */
	int split_spreads;    /* read two pages side by side one by one */
	int32_t vision_below; /* 1/100 %: a page with less confidence goes to
			       * a vision model; 0: none; VISION_ALL: each
			       * that is recognised */
	struct ocr_settings settings; /* of tesseract */
	struct engine_cmd engine;     /* instead of tesseract */
	struct format_options form;
	struct page_ranges pages;
	const char *output;   /* pattern of file names; NULL: no files */
	const char *password; /* NULL: none was given */
	int strict;           /* one page error fails the document */
	int attachments;      /* also read what is attached to PDFs */
	int skip_unsupported; /* files of an unsupported type are not
			       * errors */
	int require_sandbox;  /* fail if a part of the sandbox is missing */
	int64_t page_timeout; /* us; PC_NEVER: no limit */
	unsigned jobs;        /* workers of each kind, and documents in
			       * parallel */
	struct converters converters;
	struct pc_spec engines; /* only its engine fields: the programs that
				 * a recognised page depends on */
};

#endif
