/* fault.c - errors that poppler reports in a PDF: may text be missing?
 *
 * poppler does not classify its messages, so they are recognised by how they
 * begin.  The list holds only those after which part of a page is not shown.
 * Most others are about repairs, colours, annotations or quirks of PDF
 * writers, and occur in healthy documents.  A message about a stream does not
 * say what the stream is for.  Its dictionary does, which stands before the
 * message's position. */
#include "fault.h"
#include "name.h"

#include "helper/doc/document_in.h"

#include <string.h>

enum {
	NONE = DAMAGE_KINDS,         /* harmless, or unknown */
	STREAM,                      /* depends on the stream's dictionary */
	GLYPHS,                      /* a font, which only rendering uses */
	LOOK_BACK = 8 * 1024 * 1024, /* bytes to a stream's dictionary */
	DICTIONARY_MAX = 4096,
};

static const struct {
	const char *begins;
	int kind;
} messages[] = {
    {"Unexpected end of file in flate stream", STREAM},
    {"Bad block header in flate stream", STREAM},
    {"Bad dynamic code table in flate stream", STREAM},
    {"Bad uncompressed block length in flate", STREAM},
    {"Bad FCHECK in flate stream", STREAM},
    {"Unknown compression method in flate", STREAM},
    {"Bad LZW stream", STREAM},
    {"Illegal character <", STREAM}, /* from ASCIIHex */
    {"Unknown filter", STREAM},
    {"Bad 'Filter' attribute in stream", STREAM},
    {"Bad filter name", STREAM},

    {"Unknown operator", DAMAGE_CONTENT},
    {"Arg #", DAMAGE_CONTENT},
    {"Too few (", DAMAGE_CONTENT},
    {"Too many args in content stream", DAMAGE_CONTENT},
    {"Leftover args in content stream", DAMAGE_CONTENT},
    {"Illegal character '", DAMAGE_CONTENT},
    {"Unterminated string", DAMAGE_CONTENT},
    {"Command token too long", DAMAGE_CONTENT},
    {"End of file inside", DAMAGE_CONTENT},
    {"End of file in inline image", DAMAGE_CONTENT},
    {"Bad form bounding box", DAMAGE_CONTENT},

    {"Bad image parameters", DAMAGE_IMAGE},
    {"Bad 2D code", DAMAGE_IMAGE},
    {"Bad two dim code", DAMAGE_IMAGE},
    {"Bad black code", DAMAGE_IMAGE},
    {"Bad white code", DAMAGE_IMAGE},
    {"Bad bits", DAMAGE_IMAGE},
    {"Invalid CCITTFax code", DAMAGE_IMAGE},
    {"CCITTFax row is wrong length", DAMAGE_IMAGE},
    {"Did no succeed opening JPX Stream.", DAMAGE_IMAGE},
    {"Unable to decode image", DAMAGE_IMAGE},
    {"Unable to read header", DAMAGE_IMAGE},
    {"Could not find start of jpeg data", DAMAGE_IMAGE},
    {"libjpeg failed", DAMAGE_IMAGE},

    {"Unknown font tag", DAMAGE_FONT},
    {"No font in", DAMAGE_FONT},
    {"font resource is not a dictionary", DAMAGE_FONT},
    {"Missing or empty DescendantFonts", DAMAGE_FONT},
    {"Bad descendant font", DAMAGE_FONT},
    {"Unknown font type", DAMAGE_FONT},
    {"Unknown CMap", DAMAGE_FONT},
    {"Unknown character collection", DAMAGE_FONT},
    {"Invalid CMap in Type 0 font", DAMAGE_FONT},
    {"Couldn't find '", DAMAGE_FONT}, /* a CMap */
    {"Missing language pack", DAMAGE_FONT},
    {"Couldn't create a font for", GLYPHS},
    {"Couldn't find a font", GLYPHS},
    {"Embedded font file may be invalid", GLYPHS},
    {"Embedded font file is not a stream", GLYPHS},
    {"Embedded font file object is not a stream", GLYPHS},
    {"Embedded font object is wrong type", GLYPHS},
    {"Unexpected end of file in embedded font", GLYPHS},
    {"Missing or bad Type3 CharProc", GLYPHS},
    {"Missing or invalid CharProcs", GLYPHS},

    {"Weird page contents", DAMAGE_OBJECT},
    {"Page contents object", DAMAGE_OBJECT},
    {"XObject ", DAMAGE_OBJECT},
    {"Kid object", DAMAGE_OBJECT},
    {"Kids object", DAMAGE_OBJECT},
    {"Invalid object stream", DAMAGE_OBJECT},
    {"Loop in Pages tree", DAMAGE_OBJECT},
};

/* Names in a stream's dictionary that show what the stream is for. */
static const struct {
	const char *name;
	int kind;
} streams[] = {
    {"/Image", DAMAGE_IMAGE},
    {"/ObjStm", DAMAGE_OBJECT},
    {"/Length1", GLYPHS},
    {"/Type1C", GLYPHS},
    {"/CIDFontType0C", GLYPHS},
    {"/OpenType", GLYPHS},
    /* Colours, and a list that poppler can rebuild. */
    {"/N", NONE},
    {"/FunctionType", NONE},
    {"/XRef", NONE},
};

/* The damage kind of the stream whose data include this byte of the PDF. */
static int
stream_kind(const unsigned char *pdf, size_t size, long long position)
{
	static const char word[] = "obj";
	const unsigned char *end, *at, *least;
	size_t n;

	if (position < 0 || (unsigned long long)position > size)
		return DAMAGE_CONTENT;
	end = pdf + position;
	least = position > LOOK_BACK ? end - LOOK_BACK : pdf;
	/* In "1 0 obj << ... >> stream": after endobj another object begins. */
	for (at = end - 3; at > least; at--)
		if (*at == 'o' && memcmp(at, word, 3) == 0 && at[-1] != 'd')
			break;
	if (at <= least)
		return DAMAGE_CONTENT;
	n = (size_t)(end - at);
	end = memmem(at, n, "stream", 6);
	n = end ? (size_t)(end - at) : n;
	if (n > DICTIONARY_MAX)
		n = DICTIONARY_MAX;
	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
		if (pdf_has_name(at, n, streams[i].name))
			return streams[i].kind;
	return DAMAGE_CONTENT;
}

static int
kind_of_message(const char *message)
{
	/* JBIG2 has too many messages to list; all are about data. */
	if (strstr(message, "JBIG2"))
		return DAMAGE_IMAGE;
	if (strstr(message, " in hex string"))
		return NONE;
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
		if (strncmp(message, messages[i].begins,
			strlen(messages[i].begins)) == 0)
			return messages[i].kind;
	return NONE;
}

static void
hear(void *ctx, long long position, const char *message)
{
	struct document *d = ctx;
	int kind = kind_of_message(message);

	if (kind == STREAM)
		kind = stream_kind(d->bytes->p, d->bytes->n, position);
	if (kind == GLYPHS)
		kind = d->drawing ? DAMAGE_FONT : NONE;
	if (kind < DAMAGE_KINDS && d->damage[kind] < DAMAGE_MAX)
		d->damage[kind]++;
}

void
fault_listen(struct document *d)
{
	pdf_listen(hear, d);
}
