/* kind.c - find a document's kind from its content, with libmagic. */

#include "kind.h"
#include <magic.h>
#include <stdio.h>
#include <string.h>

enum { PREFIX = 64 * 1024, PDF_WITHIN = 1024 };

static int
starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static enum doc_kind
kind_of_type(const char *type)
{
	static const char *const images[] = {"image/png", "image/jpeg",
	    "image/webp", "image/bmp", "image/x-ms-bmp", "image/gif",
	    "image/x-portable-", "image/jp2", "image/x-jp2-codestream"};
	/* Not those of moving pictures, as "image/heic-sequence". */
	static const char *const heifs[] = {"image/heic", "image/heif",
	    "image/avif"};
	static const char *const texts[] = {"text/", "application/json",
	    "application/x-ndjson", "application/xml", "application/javascript",
	    "message/"};

	if (starts(type, "image/tiff"))
		return KIND_TIFF;
	if (starts(type, "image/vnd.djvu"))
		return KIND_DJVU;
	if (starts(type, "text/rtf"))
		return KIND_OTHER;
	for (size_t i = 0; i < sizeof images / sizeof images[0]; i++)
		if (starts(type, images[i]))
			return KIND_IMAGE;
	for (size_t i = 0; i < sizeof heifs / sizeof heifs[0]; i++)
		if (strcmp(type, heifs[i]) == 0)
			return KIND_HEIF;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (starts(type, texts[i]))
			return KIND_TEXT;
	return KIND_OTHER;
}

/* The database; NULL: not loaded.  A PDF does not need it and saves some
 * milliseconds.  It stays until the process ends. */
static magic_t magic;

static const char *
ask_libmagic(const unsigned char *p, size_t n)
{
	if (!magic) {
		magic = magic_open(MAGIC_MIME);
		if (magic && magic_load(magic, NULL) != 0) {
			magic_close(magic);
			magic = NULL;
		}
	}
	return magic ? magic_buffer(magic, p, n) : NULL;
}

/* The first text takes twenty times as long as each later one, because
 * libmagic then compiles its patterns. */
void
kind_warm_up(void)
{
	static const char text[] = "A text that is like most others.\n";

	(void)ask_libmagic((const unsigned char *)text, sizeof text - 1);
}

#define OOXML "application/vnd.openxmlformats-officedocument."

/* libmagic does not know every ZIP file that an office program wrote: it
 * calls one application/zip or, in Debian 13, application/octet-stream. */
static const char *
zip_type(const struct doc_bytes *b)
{
	static const char *const parts[][2] = {
	    {"word/document.xml", OOXML "wordprocessingml.document"},
	    {"xl/workbook.xml", OOXML "spreadsheetml.sheet"},
	    {"ppt/presentation.xml", OOXML "presentationml.presentation"},
	};
	enum { END = 64 * 1024 };
	/* A ZIP file's names are all in the directory at its end. */
	const size_t n = b->n < END ? b->n : END;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (memmem(b->p + b->n - n, n, parts[i][0],
			strlen(parts[i][0])))
			return parts[i][1];
	return NULL;
}

/* The type of a file that libmagic takes for a more general one. */
static const char *
special_type(const struct doc_bytes *b, const struct kind_info *k)
{
	if (k->kind == KIND_TEXT)
		return markup_type(b);
	if (strcmp(k->name, "application/zip") != 0 &&
	    !(strcmp(k->name, "application/octet-stream") == 0 && b->n > 4 &&
		memcmp(b->p, "PK\3\4", 4) == 0))
		return NULL;
	return zip_type(b);
}

/* Without a header near its begin, a PDF is known by its end, or by its header
 * further on if nothing else is known of the file. */
static int
is_headless_pdf(const struct doc_bytes *b, const struct kind_info *k)
{
	enum { END = 1024 };
	const size_t n = b->n < END ? b->n : END;
	const unsigned char *end = b->p + b->n;
	const unsigned char *last = memmem(end - n, n, "startxref", 9);
	const int unknown = strcmp(k->name, "application/octet-stream") == 0;

	if (!unknown && k->kind != KIND_TEXT)
		return 0;
	if (last && memmem(last, (size_t)(end - last), "%%EOF", 5) &&
	    memmem(b->p, b->n, " obj", 4))
		return 1;
	return unknown &&
	    memmem(b->p, b->n < PREFIX ? b->n : PREFIX, "%PDF-", 5);
}

int
kind_of(const struct doc_bytes *b, struct kind_info *k)
{
	const size_t n = b->n < PREFIX ? b->n : PREFIX;
	const char *said;
	size_t type;

	*k = (struct kind_info){.kind = KIND_OTHER};
	/* A PDF may have other bytes before its header (ISO 32000-1, annex
	 * H.3, note 13). */
	if (memmem(b->p, n < PDF_WITHIN ? n : PDF_WITHIN, "%PDF-", 5)) {
		k->kind = KIND_PDF;
		return 0;
	}
	said = ask_libmagic(b->p, n);
	if (!said)
		return -1;
	/* "text/plain; charset=us-ascii" */
	type = strcspn(said, "; ");
	snprintf(k->name, sizeof k->name, "%.*s", (int)type, said);
	said = strstr(said + type, "charset=");
	if (said)
		snprintf(k->charset, sizeof k->charset, "%s", said + 8);
	k->kind = kind_of_type(k->name);
	if (is_headless_pdf(b, k)) {
		k->kind = KIND_PDF;
		return 0;
	}
	said = special_type(b, k);
	if (said) {
		snprintf(k->name, sizeof k->name, "%s", said);
		k->kind = KIND_OTHER;
	}
	return 0;
}
