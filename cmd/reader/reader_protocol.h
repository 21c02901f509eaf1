/* reader_protocol.h - what pc-ocr, or pc-infer, and the helpers send to each
 * other.
 *
 * A helper's standard input is a socket, over which pc-ocr sends one byte for
 * each worker it wants, and with it (SCM_RIGHTS) the worker's channel, a
 * socket too, and for pc-doc the document, a file.  The helper forks a worker
 * for it; what the worker reads and writes is below.  All of it is of one
 * build and one machine, so that numbers go as they are; pc-ocr checks
 * each answer all the same (page_answer_valid). */
#ifndef READER_PROTOCOL_H
#define READER_PROTOCOL_H

#include <stdint.h>

enum request_kind {
	REQUEST_OPEN = 1, /* how many pages are there? */
	REQUEST_TEXT,     /* a page's text, with its words if its order is in
			   * doubt, or its pixels when it has none */
	REQUEST_WORDS,    /* the same with words and their boxes for text */
	REQUEST_PIXELS,   /* the page's pixels, whatever text it has */
	REQUEST_PNG, /* the page as a PNG file: a PDF's in colour, an image as
		      * it is */
	REQUEST_OCR, /* of pc-tesseract: the words in these pixels */
};

struct page_request {
	uint32_t what;
	uint32_t page;          /* from 1 */
	uint32_t width, height; /* REQUEST_OCR: pixels, 8 bits each, gray, that
				 * follow row by row */
	uint32_t dpi;
	uint32_t side_max; /* REQUEST_PNG: pixels that no side is to exceed,
			    * and nothing beside the pixels is to stay;
			    * 0: as it is */
	uint32_t raw;      /* REQUEST_TEXT: never with its words */
	uint32_t plain;    /* of a PDF only what poppler says: no libqpdf */
	uint32_t scan;     /* compare the checksums of a PDF's content, too; the
			    * message of an answer without error is then about
			    * the document */
};

enum answer_kind {
	ANSWER_OPEN = 1,
	ANSWER_TEXT,   /* UTF-8 */
	ANSWER_WORDS,  /* as cmd/ocr/page/page.h describes them */
	ANSWER_PIXELS, /* pixel_width x pixel_height bytes of gray */
	ANSWER_FILE,   /* PNG, of pixel_width x pixel_height */
	ANSWER_LATE,   /* reading the text layer takes too long, and the worker
			* has ended */
	ANSWER_ERROR,  /* message says what is wrong with the page; for page
			* 0 with the document */
};

/* What of a page could not be read, so that some of it may be missing. */
enum page_damage {
	DAMAGE_CONTENT, /* what is drawn: a stream of operators */
	DAMAGE_IMAGE,
	DAMAGE_FONT,
	DAMAGE_OBJECT, /* one that another refers to is not there */
	DAMAGE_KINDS
};

/* Why a page's text is what it is. */
enum page_source {
	SOURCE_NONE,
	SOURCE_TEXT_LAYER,
	SOURCE_NO_TEXT,  /* OCR: there was no text layer */
	SOURCE_BAD_TEXT, /* OCR: the text layer is wrong */
	SOURCE_FORCED,   /* OCR: --ocr always */
	SOURCE_IMAGE,    /* OCR: of an image file */
	SOURCE_TEXT,     /* a text file */
	SOURCE_MIXED,    /* the text layer, and OCR of what it lacks */
	SOURCE_VISION,   /* a vision model; never from a helper */
	SOURCES
};

/* What a reader should know about a page's text, as bits. */
enum page_mark {
	MARK_BLANK = 1,            /* nothing is on it */
	MARK_LOW_CONFIDENCE = 2,   /* OCR is unsure, or read nothing of what is
				    * on it */
	MARK_LANGUAGE_SUSPECT = 4, /* its script is not that of the languages */
	MARKS = MARK_BLANK | MARK_LOW_CONFIDENCE | MARK_LANGUAGE_SUSPECT
};

/* How good a text layer is. */
enum layer_quality {
	LAYER_GOOD,
	LAYER_DOUBTFUL, /* a part of it may be wrong: OCR has to tell */
	LAYER_GARBAGE,  /* most of it stands for glyphs without a meaning */
};

enum {
	ANSWER_MAGIC = 0x50634131,
	MESSAGE_SIZE = 256,
	PAGES_MAX = 1000000,
	DAMAGE_MAX = 1000,               /* errors of a kind that are counted */
	SIDE_MAX = 32767,                /* pixels; tesseract refuses more */
	PLACE_MAX = 100 * 1000 * 1000,   /* 1/100 point */
	UNIT_MAX = 1000 * 1000 * 1000,   /* 1/10000 */
	PAYLOAD_MAX = 256 * 1024 * 1024, /* of pixels SIDE_MAX squared */
};

/* Then length bytes follow. */
struct page_answer {
	uint32_t magic;
	uint32_t kind;
	uint32_t page;
	uint32_t pages; /* ANSWER_OPEN */
	uint32_t walls; /* ANSWER_OPEN: of sandbox.h */
	uint32_t source;
	uint32_t width, height;             /* of the page, 1/100 point */
	uint32_t pixel_width, pixel_height; /* ANSWER_PIXELS, ANSWER_FILE */
	uint32_t dpi;
	int32_t confidence; /* 1/100 %; -1: none */
	int32_t rotation;   /* by OCR: 0, 90, 180, 270 degrees
			     * clockwise make it upright */
	int32_t trim[4];    /* ANSWER_PIXELS: how far inside of
			     * its left, top, right and bottom
			     * edge a PDF's page is trimmed, as
			     * qpdf(1) takes it, in 1/100 point */
	uint32_t user_unit; /* of that page, in 1/10000; 0: as
			     * 10000 */
	uint32_t peak_kib;  /* memory the worker had at most */
	uint32_t assumed;   /* 1: an image, which does not say
			     * its dots per inch */
	/* Errors of each kind; of a page that was read all the same. */
	uint32_t damage[DAMAGE_KINDS];
	/* 1: ANSWER_ERROR, because files of this type are not read, or not in
	 * this form. */
	uint32_t unsupported;
	uint32_t marks;         /* by OCR: of enum page_mark */
	uint32_t layer_quality; /* of ANSWER_PIXELS with a text layer */
	uint32_t unused;
	uint64_t length;
	/* ANSWER_PIXELS: of the length, the bytes of the page's text layer
	 * that follow the pixels: its words, as cmd/ocr/page/page.h describes
	 * them, then its text, if that was asked for. */
	uint64_t layer_words, layer_text;
	char message[MESSAGE_SIZE]; /* ANSWER_ERROR, or a warning */
};

#endif
