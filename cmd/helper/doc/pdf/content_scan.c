/* content_scan.c - look through all content in a PDF: is it damaged, does it
 * have images of its own, and are its fonts' maps complete?
 *
 * A flipped bit in packed content often gives other words and no error, and
 * poppler does not compare checksums.  So once per document all streams that
 * may be content are unpacked, in file order, and all questions are answered.
 * That takes a hundredth of the time that reading the text takes.  Only if one
 * is damaged, libqpdf is loaded to find out which pages use it. */
#include "content_scan.h"
#include "check.h"
#include "helper/doc/base/stream.h"
#include "helper/doc/document_in.h"
#include "name.h"
#include "opened.h"

#include <stdio.h>
#include <string.h>

enum {
	SHORT_MAP = 320,              /* bytes, packed: a font's map with
				       * few entries */
	DICTIONARY_MAX = 4096,        /* bytes before the keyword stream */
	UNPACKED_MAX = 16 << 20,      /* bytes of one stream */
	UNPACKED_ALL_MAX = 256 << 20, /* bytes of all streams */
};

/* The start of the dictionary that ends before p[at]; at: there is none. */
static size_t
dictionary_begin(const unsigned char *p, size_t at)
{
	const size_t least = at > DICTIONARY_MAX ? at - DICTIONARY_MAX : 0;

	for (size_t i = at; i > least + 3; i--)
		if (memcmp(p + i - 3, "obj", 3) == 0)
			return i;
	return at;
}

/* A stream in the file, and its dictionary. */
struct file_stream {
	const unsigned char *dictionary, *data;
	size_t dictionary_size, size;
};

/* Find the next stream from *at on, and move it behind.  0: there is none. */
static int
next_part(const struct doc_bytes *b, const unsigned char **at,
    struct file_stream *out)
{
	const unsigned char *end = b->p + b->n, *data, *stop;
	const unsigned char *word = memmem(*at, (size_t)(end - *at), "stream",
	    6);
	size_t place, begin;

	if (!word)
		return 0;
	place = (size_t)(word - b->p);
	begin = dictionary_begin(b->p, place);
	data = word + 6;
	data += data < end && *data == '\r';
	data += data < end && *data == '\n';
	stop = memmem(data, (size_t)(end - data), "endstream", 9);
	if (!stop)
		return 0;
	*out = (struct file_stream){.dictionary = b->p + begin,
	    .dictionary_size = place - begin,
	    .data = data,
	    .size = (size_t)(stop - data)};
	*at = stop + 9;
	return 1;
}

static int
has_name(const struct file_stream *p, const char *const *names)
{
	for (; *names; names++)
		if (pdf_has_name(p->dictionary, p->dictionary_size, *names))
			return 1;
	return 0;
}

/* May it be text or drawing commands? */
static int
may_be_content(const struct file_stream *p)
{
	static const char *const others[] = {"/Image", "/ObjStm", "/XRef",
	    "/Length1", "/Type1C", "/CIDFontType0C", "/OpenType", "/N",
	    "/FunctionType", "/EmbeddedFile", "/Metadata", NULL};

	return !has_name(p, others);
}

/* Is it packed with zlib, and with nothing else? */
static int
is_zlib(const struct file_stream *p)
{
	static const char *const zlib[] = {"/FlateDecode", NULL};
	static const char *const filters[] = {"/ASCII85Decode", "/A85",
	    "/ASCIIHexDecode", "/AHx", "/LZWDecode", "/RunLengthDecode",
	    "/Crypt", NULL};

	return has_name(p, zlib) && !has_name(p, filters);
}

/* Look at a stream that is packed with zlib. */
static void
look_at_zlib(struct content_facts *f, const struct file_stream *p,
    size_t *unpacked, int search)
{
	static const char *const words[] = {"BI", "begincmap", NULL};
	static const char *const only_images[] = {"BI", NULL};
	struct stream_search s = {
	    .words = p->size < SHORT_MAP ? words : only_images};

	if (*unpacked >= UNPACKED_ALL_MAX && p->size >= SHORT_MAP) {
		f->has_images = 1;
		return;
	}
	f->damaged |= !stream_zlib_is_whole(p->data, p->size,
	    search ? &s : NULL, UNPACKED_MAX, unpacked);
	f->has_images |= s.found & 1;
	f->has_short_map |= s.found >> 1 & 1;
}

/* Look at a stream that is not packed, or in a way that is not known here. */
static void
look_at_other(struct content_facts *f, const struct file_stream *p)
{
	static const char *const filter[] = {"/Filter", NULL};

	if (!f->has_images)
		f->has_images = has_name(p, filter) ||
		    stream_has_word(p->data, p->size, "BI");
	if (p->size < SHORT_MAP && !f->has_short_map)
		f->has_short_map = stream_has_word(p->data, p->size,
		    "begincmap");
}

/* Encrypted data cannot be unpacked here: they may have images, and their
 * damage is not known. */
static void
look_at_all(struct content_facts *f, const struct doc_bytes *b, int search)
{
	const int encrypted = memmem(b->p, b->n, "/Encrypt", 8) != NULL;
	const unsigned char *at = b->p;
	size_t unpacked = 0;
	struct file_stream p;

	while (next_part(b, &at, &p)) {
		if (!may_be_content(&p))
			continue;
		if (is_zlib(&p))
			look_at_zlib(f, &p, &unpacked, search);
		else if (search)
			look_at_other(f, &p);
	}
	if (encrypted) {
		f->has_images = 1;
		f->damaged = 0;
	}
}

const struct content_facts *
content_facts(struct document *d)
{
	if (!d->content.known)
		look_at_all(&d->content, d->bytes, d->options->ocr == OCR_AUTO);
	d->content.known = 1;
	return &d->content;
}

void
content_check(struct document *d, const struct page_request *ask,
    char message[MESSAGE_SIZE])
{
	uint32_t damage[DAMAGE_KINDS] = {0};

	/* A rescued file is already known to be damaged. */
	if (d->rescued || !content_facts(d)->damaged)
		return;
	if (ask->plain) {
		snprintf(message, MESSAGE_SIZE,
		    "content fails its checksum; text may be wrong or missing");
		return;
	}
	/* What poppler has reported is not counted twice. */
	if (d->damage[DAMAGE_CONTENT] || d->damage[DAMAGE_FONT])
		return;
	pdf_check_page(document_checker(d), ask->page - 1, d->pages, 0, damage);
	d->damage[DAMAGE_CONTENT] = damage[DAMAGE_CONTENT];
	d->damage[DAMAGE_FONT] = damage[DAMAGE_FONT];
}
