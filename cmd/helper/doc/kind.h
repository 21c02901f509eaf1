/* kind.h - what a file is, and what helps if it is not supported. */
#ifndef KIND_H
#define KIND_H

#include "doc.h"

enum doc_kind {
	KIND_PDF,
	KIND_IMAGE,
	KIND_TIFF,
	KIND_ANIMATION, /* GIF and WebP with several frames */
	KIND_HEIF,
	KIND_DJVU,
	KIND_TEXT,
	KIND_OTHER
};

struct kind_info {
	enum doc_kind kind;
	char name[TYPE_SIZE]; /* the MIME type; "" for a PDF */
	char charset[64];     /* of KIND_TEXT */
};

/* Find the kind from the content, never from the name.  -1: libmagic failed. */
int kind_of(const struct doc_bytes *, struct kind_info *);
/* Load libmagic, so that processes forked from this one need not. */
void kind_warm_up(void);

/* ---- texts that need a converter (markup.c) ---- */

/* The MIME type of an HTML page or a mail; NULL: it is another text. */
const char *markup_type(const struct doc_bytes *);

/* ---- unsupported files (remedy.c) ---- */

/* Write an error: files of this MIME type are not supported, and how to
 * convert them. */
void remedy_say(const char *type, char out[MESSAGE_SIZE]);

#endif
