/* content_scan.c - look through all content in a PDF: is it damaged, and does
 * it have images of its own?
 *
 * A flipped bit in packed content often gives other words and no error, and
 * poppler does not compare checksums.  So once per document all streams that
 * may be content are unpacked, in file order.  That takes a hundredth of the
 * time that reading the text takes.  Only if one is damaged, libqpdf is loaded
 * to find out which pages use it. */
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

/* Is any content damaged? */
static int
has_damage(const struct doc_bytes *b)
{
	const unsigned char *at = b->p;
	size_t unpacked = 0;
	struct file_stream p;

	while (unpacked < UNPACKED_ALL_MAX && next_part(b, &at, &p))
		if (may_be_content(&p) && is_zlib(&p) &&
		    !stream_zlib_is_whole(p.data, p.size, UNPACKED_MAX,
			&unpacked))
			return 1;
	return 0;
}

int
content_may_have_images(const struct doc_bytes *b)
{
	static const char *const filter[] = {"/Filter", NULL};
	const unsigned char *at = b->p;
	size_t unpacked = 0;
	struct file_stream p;

	if (memmem(b->p, b->n, "/Encrypt", 8))
		return 1;
	while (next_part(b, &at, &p)) {
		if (!may_be_content(&p))
			continue;
		if (unpacked > UNPACKED_ALL_MAX ||
		    (is_zlib(&p) ? stream_zlib_has_word(p.data, p.size, "BI",
				       UNPACKED_MAX, &unpacked)
				 : has_name(&p, filter) ||
				stream_has_word(p.data, p.size, "BI")))
			return 1;
	}
	return 0;
}

int
content_has_short_map(const struct doc_bytes *b)
{
	const unsigned char *at = b->p;
	size_t unpacked = 0;
	struct file_stream p;

	while (next_part(b, &at, &p))
		if (p.size < SHORT_MAP && may_be_content(&p) &&
		    (is_zlib(&p)
			    ? stream_zlib_has_word(p.data, p.size, "begincmap",
				  UNPACKED_MAX, &unpacked)
			    : stream_has_word(p.data, p.size, "begincmap")))
			return 1;
	return 0;
}

/* -1: some content is damaged; 1: none is, as far as can be known. */
static int
scan(const struct doc_bytes *b)
{
	/* Encrypted data cannot be unpacked here. */
	return memmem(b->p, b->n, "/Encrypt", 8) || !has_damage(b) ? 1 : -1;
}

void
content_check(struct document *d, const struct page_request *ask,
    char message[MESSAGE_SIZE])
{
	uint32_t damage[DAMAGE_KINDS] = {0};

	/* A rescued file is already known to be damaged. */
	if (d->rescued || d->content > 0)
		return;
	if (d->content == 0)
		d->content = scan(d->bytes);
	if (d->content > 0)
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
