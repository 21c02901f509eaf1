/* names.c - does a PDF name one of several things, and how often?  Find out
 * without a parser, so that libqpdf is loaded only if it is needed.
 *
 * Names are in the file's own bytes or in packed object streams. */
#include "declare_in.h"
#include "glyph_name.h"
#include "name.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <zlib.h>

enum {
	PIECE = 32 * 1024,
	NAME_MAX_LENGTH = 32,
	UNPACKED_MAX = 64 << 20, /* bytes of all object streams */
	KEYWORD_MAX = 4096,      /* bytes from the name to the data */
};

/* What is looked for; counts is NULL if finding any of them is enough. */
struct name_search {
	const char *const *names; /* NULL: two numbers of glyphs in a row */
	size_t *counts;
};

/* The length of the name at the place; 0: none. */
static size_t
name_length(const unsigned char *at, const unsigned char *end)
{
	size_t n = 0;

	if (at == end || *at != '/')
		return 0;
	while (at + n + 1 < end && isalnum(at[n + 1]))
		n++;
	return n;
}

/* In the list of a font's glyphs, names follow each other, or codes are between
 * them. */
static int
has_glyph_numbers(const unsigned char *at, const unsigned char *end)
{
	for (int i = 0; i < 2; i++) {
		const size_t n = name_length(at, end);

		if (n == 0 || !glyph_name_is_number((const char *)at + 1, n))
			return 0;
		at += n + 1;
		while (at < end && (isspace(*at) || isdigit(*at)))
			at++;
	}
	return 1;
}

static const char *const *
name_at(const unsigned char *at, const unsigned char *end,
    const char *const *names)
{
	for (; *names; names++) {
		const size_t n = strlen(*names);

		if ((size_t)(end - at) >= n && memcmp(at, *names, n) == 0 &&
		    ((size_t)(end - at) == n || !isalnum(at[n])))
			return names;
	}
	return NULL;
}

/* One pass for all names that begin in the first n bytes, of `have`.  1: a name
 * was found, and that is enough. */
static int
search_bytes(const struct name_search *s, const unsigned char *at, size_t n,
    size_t have)
{
	const unsigned char *last = at + n, *end = at + have;
	const char *const *name;

	for (; at < last && (at = memchr(at, '/', (size_t)(last - at))); at++) {
		if (!s->names && has_glyph_numbers(at, end))
			return 1;
		if (!s->names)
			continue;
		name = name_at(at, end, s->names);
		if (name && !s->counts)
			return 1;
		if (name)
			s->counts[name - s->names]++;
	}
	return 0;
}

/* Unpack an object stream and look for the names.  -1: it cannot be unpacked.
 */
static int
search_stream(const struct name_search *s, const unsigned char *data, size_t n,
    size_t *unpacked)
{
	unsigned char text[NAME_MAX_LENGTH + PIECE];
	z_stream z = {.next_in = (unsigned char *)(uintptr_t)data,
	    .avail_in = (uInt)(n < UINT_MAX ? n : UINT_MAX)};
	size_t kept = 0, have;
	int r = inflateInit(&z), found = 0;

	while (r == Z_OK && !found && *unpacked < UNPACKED_MAX) {
		z.next_out = text + kept;
		z.avail_out = PIECE;
		r = inflate(&z, Z_NO_FLUSH);
		have = kept + PIECE - z.avail_out;
		*unpacked += PIECE - z.avail_out;
		/* A name may continue in the next piece. */
		kept = r == Z_STREAM_END     ? 0
		    : have < NAME_MAX_LENGTH ? have
					     : NAME_MAX_LENGTH;
		found = search_bytes(s, text, have - kept, have);
		memmove(text, text + have - kept, kept);
	}
	inflateEnd(&z);
	return found ? 1 : r == Z_STREAM_END ? 0 : -1;
}

/* The data of the stream whose dictionary has the name that ends at `at`.
 * NULL: none. */
static const unsigned char *
data_after(const unsigned char *at, const unsigned char *end)
{
	const size_t n = (size_t)(end - at);
	const unsigned char *data = memmem(at,
	    n < KEYWORD_MAX ? n : KEYWORD_MAX, "stream", 6);

	if (!data)
		return NULL;
	data += 6;
	data += data < end && *data == '\r';
	data += data < end && *data == '\n';
	return data;
}

/* Look through the file.  1: a name was found, and that is enough, or it may
 * have any name. */
static int
search_file(const struct name_search *s, const struct doc_bytes *b)
{
	static const char packed[] = "/ObjStm";
	const unsigned char *at = b->p, *end = b->p + b->n, *data;
	size_t unpacked = 0;

	if (search_bytes(s, at, b->n, b->n))
		return 1;
	while (
	    (at = memmem(at, (size_t)(end - at), packed, sizeof packed - 1))) {
		at += sizeof packed - 1;
		data = data_after(at, end);
		/* What cannot be unpacked here, for example because it is
		 * encrypted, may have any name. */
		if (data &&
		    search_stream(s, data, (size_t)(end - data), &unpacked) !=
			0)
			return 1;
	}
	return 0;
}

int
pdf_may_name(const struct doc_bytes *b, const char *const *names)
{
	return search_file(&(struct name_search){.names = names}, b);
}

int
pdf_count_names(const struct doc_bytes *b, const char *const *names,
    size_t *counts)
{
	return search_file(&(struct name_search){names, counts}, b) ? -1 : 0;
}

int
pdf_may_number_glyphs(const struct doc_bytes *b)
{
	return search_file(&(struct name_search){0}, b);
}
