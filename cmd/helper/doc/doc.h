/* doc.h - what all files of pc-doc share. */
#ifndef PC_DOC_H
#define PC_DOC_H

#include "reader/reader_protocol.h"

#include <stddef.h>
#include <stdint.h>

enum ocr_when { OCR_AUTO, OCR_ALWAYS, OCR_NEVER };

struct doc_options {
	enum ocr_when ocr;
	unsigned dpi; /* for pages and images without their own */
	unsigned max_megapixels;
	unsigned max_pages;
	unsigned page_timeout; /* seconds; 0: none */
	const char *password;  /* "" for none */
};

/* A document's bytes, mapped. */
struct doc_bytes {
	const unsigned char *p;
	size_t n;
	int fd;
};

/* Pixels. */
struct raster {
	unsigned char *rgb; /* 3 bytes per pixel; owned, from malloc(3) */
	unsigned width, height;
};

/* A colour with this alpha (255: opaque) over white. */
static inline unsigned char
raster_over_white(unsigned colour, unsigned alpha)
{
	return (
	    unsigned char)((colour * alpha + 255 * (255 - alpha) + 127) / 255);
}

#endif
