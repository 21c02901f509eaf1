/* document_in.h - what the files of a document share: what is open, and what is
 * known of it. */
#ifndef DOCUMENT_IN_H
#define DOCUMENT_IN_H

#include "document.h"
#include "helper/doc/base/answer.h"
#include "helper/doc/image/image.h"
#include "helper/doc/pdf/poppler.h"

#include "pc.h"

struct pdf_details;
struct pdf_tags;
struct djvu_file;

/* What the streams of a PDF that may be content have. */
struct content_facts {
	int known;         /* they were looked at */
	int damaged;       /* a checksum fails */
	int has_images;    /* in the content itself (BI), as far as known */
	int has_short_map; /* of a font, from codes to characters; it may lack
			    * many */
};

struct document {
	const struct doc_bytes *bytes;
	const struct doc_options *options;
	struct kind_info kind;
	struct pdf *pdf;             /* of KIND_PDF */
	struct image_document image; /* of an image */
	struct djvu_file *djvu;      /* of KIND_DJVU */
	struct pdf_details *details; /* the PDF by libqpdf; NULL: not opened
				      * yet */
	struct pdf_details *checker; /* see document_checker() */
	int recovered;               /* the checker was opened again with
				      * repairs */
	struct picture_verdicts *verdicts; /* see picture_alone.h */
	int has_images; /* 1: the file may have some; -1: it has none; 0: not
			 * checked */
	int has_inline; /* the same for images in its content */
	int has_form;   /* the same for a form */
	int has_mute;   /* the same for mute fonts (pdf/mute.h) */
	struct content_facts content; /* see content_facts() */
	struct pdf_tags
	    *tags; /* its structure (pdf/tags_tree.c); NULL: not read */
	unsigned pages;
	int rescued;           /* it was rescued: only some of its
				* pages may be left */
	struct doc_bytes copy; /* the bytes, if libqpdf repaired them */
	enum { REPAIR_NONE, REPAIR_WHOLE, REPAIR_PARTS } repaired;
	int drawing;                   /* the page is being rendered */
	uint32_t damage[DAMAGE_KINDS]; /* of this page */
};

#endif
