/* inline_image.c - see inline_image.h. */
#include "inline_image.h"

#include <stdlib.h>
#include <string.h>

enum {
	TOKEN = 8,
	DICTIONARY_MAX = 64 * 1024, /* bytes */
	LOOK = 16,                  /* bytes behind EI that must be text */
};

enum { BITS, SPACE, DECODE, PARMS, FILTER, HEIGHT, STENCIL, WIDTH, KEYS };

static const struct {
	const char *full, *abbreviated;
} keys[KEYS] = {
    [BITS] = {"/BitsPerComponent", "/BPC"},
    [SPACE] = {"/ColorSpace", "/CS"},
    [DECODE] = {"/Decode", "/D"},
    [PARMS] = {"/DecodeParms", "/DP"},
    [FILTER] = {"/Filter", "/F"},
    [HEIGHT] = {"/Height", "/H"},
    [STENCIL] = {"/ImageMask", "/IM"},
    [WIDTH] = {"/Width", "/W"},
};

static int
is_blank(unsigned char c)
{
	return c == '\0' || c == ' ' || (c >= '\t' && c <= '\r');
}

/* Read the dictionary, and go behind ID and the blank after it.  0: there is
 * none. */
static qpdf_oh
read_dictionary(qpdf_data pdf, struct content_reader *c)
{
	const unsigned char *from = c->at, *to = NULL;
	char token[TOKEN], *text;
	qpdf_oh dict;
	size_t n;

	while (!to && content_next(c)) {
		const unsigned char *at = c->at;

		content_read_token(c, token, sizeof token);
		if (strcmp(token, "ID") == 0)
			to = at;
	}
	n = to ? (size_t)(to - from) : 0;
	text = to && n < DICTIONARY_MAX ? malloc(n + 5) : NULL;
	if (!text)
		return 0;
	memcpy(text, "<<", 2);
	memcpy(text + 2, from, n);
	memcpy(text + 2 + n, ">>", 3);
	dict = qpdf.oh_parse(pdf, text);
	free(text);
	c->at += c->at < c->end;
	return qpdf.oh_is_dictionary(pdf, dict) ? dict : 0;
}

/* Colour spaces may be names of the resources. */
static qpdf_oh
find_space(qpdf_data pdf, qpdf_oh space, qpdf_oh resources)
{
	const qpdf_oh spaces = qpdf.oh_get_key(pdf, resources, "/ColorSpace");
	const qpdf_oh found = qpdf.oh_is_name(pdf, space)
	    ? qpdf.oh_get_key(pdf, spaces, qpdf.oh_get_name(pdf, space))
	    : space;

	return qpdf.oh_is_null(pdf, found) ? space : found;
}

/* Could these bytes follow an image: is it text, or the end? */
static int
is_text(const unsigned char *p, const unsigned char *end)
{
	for (int i = 0; i < LOOK && p < end; i++, p++)
		if ((*p < ' ' && !is_blank(*p)) || *p > '~')
			return 0;
	return 1;
}

/* Go behind EI.  Returns the number of the image's bytes. */
static size_t
skip_data(struct content_reader *c)
{
	const unsigned char *from = c->at, *at = from;

	for (; (at = memmem(at, (size_t)(c->end - at), "EI", 2)); at++)
		if ((at == from || is_blank(at[-1])) &&
		    (at + 2 == c->end || is_blank(at[2])) &&
		    is_text(at + 2, c->end))
			break;
	c->at = at ? at + 2 : c->end;
	return (size_t)((at ? at : c->end) - from);
}

qpdf_oh
pdf_inline_image(struct pdf_details *s, struct content_reader *c,
    qpdf_oh resources)
{
	qpdf_data pdf = s->pdf;
	const qpdf_oh given = read_dictionary(pdf, c);
	const qpdf_oh stream = given ? qpdf.oh_new_stream(pdf) : 0;
	qpdf_oh dict, values[KEYS];
	const unsigned char *data = c->at;
	size_t n;

	if (!given)
		return 0;
	n = skip_data(c);
	for (int i = 0; i < KEYS; i++) {
		values[i] = qpdf.oh_get_key(pdf, given, keys[i].full);
		if (qpdf.oh_is_null(pdf, values[i]))
			values[i] = qpdf.oh_get_key(pdf, given,
			    keys[i].abbreviated);
	}
	values[SPACE] = find_space(pdf, values[SPACE], resources);
	qpdf.oh_replace_stream_data(pdf, stream, data, n, values[FILTER],
	    values[PARMS]);
	dict = qpdf.oh_get_dict(pdf, stream);
	for (int i = 0; i < KEYS; i++)
		if (i != PARMS && i != FILTER &&
		    !qpdf.oh_is_null(pdf, values[i]))
			qpdf.oh_replace_key(pdf, dict, keys[i].full, values[i]);
	return stream;
}
