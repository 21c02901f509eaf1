/* reader_protocol.h - the protocol between pc-ocr or pc-infer and their
 * helpers.
 *
 * A helper's standard input is a socket.  For each worker that it wants,
 * pc-ocr sends one byte, and with it (SCM_RIGHTS) the worker's channel, which
 * is a socket too; for pc-doc also the document, a file.  The helper forks a
 * worker, which reads and writes what is described below.  Both sides are of
 * one build on one machine, so numbers are sent in native form.  pc-ocr still
 * checks each answer (page_answer_valid). */
#ifndef READER_PROTOCOL_H
#define READER_PROTOCOL_H

#include <stdint.h>

enum request_kind {
	REQUEST_OPEN = 1, /* the number of pages */
	REQUEST_TEXT,     /* a page's text, with its words if the order is in
			   * doubt; its pixels if it has no text */
	REQUEST_WORDS,    /* the same, but words with boxes instead of text */
	REQUEST_PIXELS,   /* the page's pixels, even if it has text */
	REQUEST_PNG,      /* the page as a PNG file: a PDF in colour, an image
			   * unchanged */
	REQUEST_CHECK,    /* the page's damage; the answer is ANSWER_TEXT,
			   * empty */
	REQUEST_OCR,      /* for pc-tesseract: the words in these pixels */
	/* For pc-doc, to make a searchable PDF.  Each answer is ANSWER_TEXT,
	 * empty but for the last. */
	REQUEST_UNLAYER,    /* remove the page's invisible text */
	REQUEST_LAYER,      /* use the PDF of width x height bytes that follows
			     * as the layer */
	REQUEST_LAY,        /* lay page width of the layer on the page */
	REQUEST_PDF,        /* piece `page` of the result; one that is shorter
			     * than PDF_PIECE is the last */
	REQUEST_ATTACHMENT, /* piece `width` (from 0) of attached file `page`
			     * of a PDF; the answer is as for REQUEST_PDF */
	REQUEST_KIND,  /* also to a worker without a document: the kind of the
			* file of width bytes that follows.  ANSWER_OPEN with
			* its type if that is a text, else ANSWER_ERROR */
	REQUEST_IMAGE, /* piece `height` (from 0) of the file of image
			* `width` (from 1) of a PDF's page; the answer is
			* as for REQUEST_PDF, and empty if there is no
			* such image */
};

struct page_request {
	uint32_t what;
	uint32_t page;          /* from 1 */
	uint32_t width, height; /* REQUEST_OCR: of the gray pixels, 8 bits
				 * each, that follow row by row */
	uint32_t dpi;
	uint32_t side_max; /* REQUEST_PNG: the longest side in pixels,
			    * without metadata; 0: unchanged */
	uint32_t raw;      /* REQUEST_TEXT: never add the words */
	uint32_t declared; /* REQUEST_OPEN: also what a PDF declares */
	uint32_t layer;    /* only the text layer, as if OCR were off */
	uint32_t plain;    /* for a PDF: use only poppler, not libqpdf */
	uint32_t scan;     /* also compare the checksums of a PDF's content;
			    * the message of an answer without an error is
			    * then about the document */
};

enum answer_kind {
	ANSWER_OPEN = 1, /* what is declared, as in cmd/ocr/page/declared.h */
	ANSWER_TEXT,     /* UTF-8 */
	ANSWER_WORDS,    /* in the form of cmd/ocr/page/page.h */
	ANSWER_PIXELS,   /* pixel_width x pixel_height bytes of gray */
	ANSWER_FILE,     /* PNG, of pixel_width x pixel_height */
	ANSWER_LATE,     /* reading the text layer takes too long; the worker
			  * has ended */
	ANSWER_ERROR,    /* message is the error of the page; for page 0, of
			  * the document */
};

/* Kinds of damage, after which part of a page may be missing. */
enum page_damage {
	DAMAGE_CONTENT, /* a stream of drawing operators */
	DAMAGE_IMAGE,
	DAMAGE_FONT,
	DAMAGE_OBJECT, /* an object that another one refers to is missing */
	DAMAGE_KINDS
};

/* Where a page's text comes from. */
enum page_source {
	SOURCE_NONE,
	SOURCE_TEXT_LAYER,
	SOURCE_NO_TEXT,  /* OCR: there was no text layer */
	SOURCE_BAD_TEXT, /* OCR: the text layer is bad */
	SOURCE_FORCED,   /* OCR: --ocr always */
	SOURCE_IMAGE,    /* OCR of an image file */
	SOURCE_TEXT,     /* a text file */
	SOURCE_MIXED,    /* the text layer, and OCR of what it lacks */
	SOURCE_VISION,   /* a vision model; never sent by a helper */
	SOURCES
};

/* What a reader should know about a page's text, as bits. */
enum page_mark {
	MARK_BLANK = 1,            /* the page is empty */
	MARK_LOW_CONFIDENCE = 2,   /* OCR is unsure, or read nothing although
				    * the page is not empty */
	MARK_LANGUAGE_SUSPECT = 4, /* none of the languages uses its script */
	MARKS = MARK_BLANK | MARK_LOW_CONFIDENCE | MARK_LANGUAGE_SUSPECT,
	/* A table has ink without text; set by the layout, never sent by a
	 * helper. */
	MARK_CELL_UNREAD = 8
};

/* What a word is, as the structure of a tagged PDF says. */
enum word_role {
	ROLE_NONE,
	ROLE_TEXT,
	ROLE_ARTIFACT, /* not content, for example a watermark */
	ROLE_LIST,
	ROLE_CAPTION,
	ROLE_HEADING, /* of level 1; up to level 6 follow */
	ROLES = ROLE_HEADING + 6
};

/* The font of a word, as bits. */
enum word_style {
	STYLE_BOLD = 1,
	STYLE_MONOSPACED = 2,
	STYLES = STYLE_BOLD | STYLE_MONOSPACED
};

/* How good a text layer is. */
enum layer_quality {
	LAYER_GOOD,
	LAYER_DOUBTFUL, /* parts may be wrong: OCR has to decide */
	LAYER_GARBAGE,  /* most of it stands for unknown glyphs */
};

enum {
	ANSWER_MAGIC = 0x50634131,
	MESSAGE_SIZE = 256,
	TYPE_SIZE = 128,
	PAGES_MAX = 1000000,
	DAMAGE_MAX = 1000,               /* errors of one kind are counted up
					  * to this */
	SIDE_MAX = 32767,                /* pixels; tesseract refuses more */
	PLACE_MAX = 100 * 1000 * 1000,   /* 1/100 point */
	UNIT_MAX = 1000 * 1000 * 1000,   /* 1/10000 */
	SMALL_TEXT_MAX = 64 * 1024,      /* bytes that follow REQUEST_KIND */
	DECLARED_MAX = 32 * 1024 * 1024, /* bytes that follow ANSWER_OPEN */
	PDF_PIECE = 32 * 1024 * 1024,    /* bytes */
	PAYLOAD_MAX = 256 * 1024 * 1024, /* bytes; not enough for SIDE_MAX
					  * squared */
};

/* The head of an answer; length bytes follow. */
struct page_answer {
	uint32_t magic;
	uint32_t kind;
	uint32_t page;
	uint32_t pages; /* ANSWER_OPEN; REQUEST_IMAGE: the images on the page */
	uint32_t walls; /* ANSWER_OPEN: parts of the sandbox (sandbox.h) */
	uint32_t source;
	uint32_t width, height;             /* of the page, 1/100 point */
	uint32_t pixel_width, pixel_height; /* ANSWER_PIXELS, ANSWER_FILE */
	uint32_t dpi;
	int32_t confidence; /* 1/100 %; -1: none */
	int32_t rotation;   /* from OCR: clockwise degrees that make it
			     * upright: 0, 90, 180 or 270 */
	int32_t trim[4];    /* ANSWER_PIXELS: distance of a PDF page's trim
			     * box from the left, top, right and bottom
			     * edges, as qpdf(1) uses it, in 1/100 point */
	uint32_t user_unit; /* of that page, in 1/10000; 0 means 10000 */
	uint32_t peak_kib;  /* peak memory of the worker */
	uint32_t assumed;   /* 1: an image without a resolution of its own */
	/* Errors of each kind, for a page that was read nevertheless. */
	uint32_t damage[DAMAGE_KINDS];
	/* 1: ANSWER_ERROR because files of this type, or this form of it, are
	 * not supported. */
	uint32_t unsupported;
	uint32_t marks;         /* from OCR: bits of enum page_mark */
	uint32_t layer_quality; /* ANSWER_PIXELS with a text layer */
	uint32_t unused;
	uint64_t length;
	/* ANSWER_PIXELS: sizes of the page's text layer, which follows the
	 * pixels and is part of length: its words in the form of
	 * cmd/ocr/page/page.h, then its text if requested. */
	uint64_t layer_words, layer_text;
	char message[MESSAGE_SIZE]; /* ANSWER_ERROR, or a warning */
	/* ANSWER_OPEN, and an error of the document: its MIME type, if it is
	 * not a PDF. */
	char type[TYPE_SIZE];
};

#endif
