/* declare_in.h - what the files share that read what a PDF declares: its
 * metadata, bookmarks, page labels, links, annotations and form fields.
 *
 * Each appends members of JSON objects.  A hostile PDF may be a maze: every
 * walk has a limit, counts in declaring_step(), or remembers where it was. */
#ifndef DECLARE_IN_H
#define DECLARE_IN_H

#include "helper/doc/document_in.h"
#include "qpdf.h"

enum {
	PDF_DEPTH_MAX = 32,       /* of trees */
	PDF_TEXT_MAX = 64 * 1024, /* bytes of a string */
};

struct dest_names;

struct declaring {
	struct document *document;
	struct pdf_details *s; /* NULL: libqpdf is not needed or of no use */
	struct pc_buf out;     /* in the form of cmd/ocr/page/declared.h */
	size_t steps;
	int incomplete;           /* a limit was reached */
	struct dest_names *names; /* owned (dest.c) */
};

/* Count an item.  0: there were too many. */
int declaring_step(struct declaring *);

/* ---- values (value.c) ---- */

/* A value in a dictionary. */
qpdf_oh pdf_get(const struct declaring *, qpdf_oh dict, const char *key);
/* The number of items of an array; 0 for another value. */
int pdf_length(const struct declaring *, qpdf_oh array);
/* Append a string as a member; an empty one, or another value, is left out. */
void pdf_add_text(struct declaring *, const char *key, qpdf_oh string);
/* The same for a date, which becomes that of ISO 8601 if it is valid. */
void pdf_add_date(struct declaring *, const char *key, const char *, size_t n);
void pdf_add_date_of(struct declaring *, const char *key, qpdf_oh string);
/* Append a name without its slash. */
void pdf_add_name(struct declaring *, const char *key, qpdf_oh name);

/* The ids of objects that were visited. */
struct pdf_seen {
	unsigned char *bits; /* owned */
};

/* 1: it was not visited before.  Direct objects always count as new, so limit
 * their depth. */
int pdf_seen_add(struct pdf_seen *, const struct declaring *, qpdf_oh);

/* Walk a name tree or a number tree; leaf is "/Names" or "/Nums".  Stops at a
 * limit. */
void pdf_tree_walk(struct declaring *, qpdf_oh root, const char *leaf,
    void (*each)(void *ctx, struct declaring *, qpdf_oh key, qpdf_oh value),
    void *ctx);

/* ---- destinations (dest.c) ---- */

/* The page, from 1, of a destination of any form.  0: it is unknown. */
unsigned pdf_dest_page(struct declaring *, qpdf_oh dest);
/* Append where an action or destination of a dictionary leads: page, uri or
 * file. */
void pdf_add_target(struct declaring *, qpdf_oh dict);
void pdf_dest_clear(struct declaring *);
/* The page, from 0, of an element of the structure.  -1: it is not in the
 * document. */
int pdf_page_of(const struct declaring *, qpdf_oh element, int otherwise);

/* ---- texts for figures (alt.c) ---- */

struct pdf_alts;

/* NULL: out of memory. */
struct pdf_alts *pdf_alts_read(struct declaring *);
/* Append those of a page (from 0). */
void pdf_alts_add(const struct pdf_alts *, struct declaring *, unsigned page);
void pdf_alts_free(struct pdf_alts *);

/* ---- boxes (shown.c) ---- */

/* How a page is shown. */
struct pdf_shown {
	double box[4];     /* left, bottom, right, top in the file's points */
	unsigned quarters; /* clockwise turns */
};

/* -1: poppler cannot open the page (from 0). */
int pdf_shown_find(struct document *, unsigned page, struct pdf_shown *);
/* Convert two opposite corners in the file's points to left, top, right and
 * bottom in points on the page as shown. */
void pdf_shown_place(const struct pdf_shown *, const double in[4],
    double out[4]);
/* Read four numbers of an array, from this index on.  -1: they are missing or
 * not on any page. */
int pdf_read_box(const struct declaring *, qpdf_oh array, int from,
    double box[4]);
/* Append a box of the file as a member, if it is one. */
void pdf_add_box(struct declaring *, const struct pdf_shown *, qpdf_oh array);

/* ---- annotations (annots.c, fields.c) ---- */

/* Append the links, fields and other annotations of a page (from 0). */
void pdf_add_annotations(struct declaring *, unsigned page);
/* Append a field's members, except its box. */
void pdf_add_field(struct declaring *, qpdf_oh widget);
/* Call each for every field of a page (from 0) that has no appearance of its
 * own, so that a reader draws its value. */
void pdf_each_drawn_field(const struct declaring *, unsigned page,
    void (*each)(void *ctx, const struct declaring *, qpdf_oh widget),
    void *ctx);
/* Append the text that such a field shows, if any. */
void pdf_field_text(const struct declaring *, qpdf_oh widget, struct pc_buf *);

/* ---- parts of the document (metadata.c, outline.c) ---- */

/* Are the metadata ASCII, so that poppler can read them? */
int pdf_metadata_is_ascii(const struct document *);
/* Is there no title or no author, which XMP may have? */
int pdf_metadata_is_short(const struct document *);
void pdf_add_metadata(struct declaring *);
void pdf_add_bookmarks(struct declaring *);

/* ---- attachments (attachments.c) ---- */

void pdf_add_attachments(struct declaring *);
/* Append the name of a file specification, which may be a string. */
void pdf_add_file_name(struct declaring *, const char *key, qpdf_oh file);

/* ---- page labels (labels.c) ---- */

struct pdf_labels;

/* NULL: it has none. */
struct pdf_labels *pdf_labels_read(struct declaring *);
/* Append the label of a page (from 0). */
void pdf_labels_add(const struct pdf_labels *, struct declaring *,
    unsigned page);
void pdf_labels_free(struct pdf_labels *);

#endif
