/* markup.c - is a text an HTML page or a mail?  libmagic also accepts a text
 * that contains a tag, or a memo that begins with "From:". */

#include "kind.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
	LOOKED_AT = 64 * 1024, /* bytes */
	NAME_MAX_LENGTH = 76,  /* of a header field in a mail */
};

struct prefix {
	char text[LOOKED_AT + 1];
};

/* Copy the ASCII characters at the start.  In UTF-16 each has a zero byte
 * beside it. */
static void
read_prefix(const struct doc_bytes *b, struct prefix *out)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n && n < LOOKED_AT; i++)
		if (b->p[i] && b->p[i] < 0x80)
			out->text[n++] = (char)b->p[i];
	out->text[n] = '\0';
}

static int
starts_with(const char *s, const char *with)
{
	return strncasecmp(s, with, strlen(with)) == 0;
}

/* Skip spaces, comments, and what XML has before its first element. */
static const char *
first_element(const char *s)
{
	for (;;) {
		const char *end = NULL;

		s += strspn(s, " \t\r\n\f");
		if (starts_with(s, "<!--"))
			end = strstr(s + 4, "-->");
		else if (starts_with(s, "<?xml"))
			end = strstr(s, "?>");
		if (!end)
			return s;
		s = strchr(end, '>') + 1;
	}
}

static int
is_html(const char *s)
{
	static const char *const elements[] = {"<html", "<head", "<body",
	    "<!doctype html"};

	s = first_element(s);
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (starts_with(s, elements[i]) &&
		    strchr(" \t\r\n\f>", s[strlen(elements[i])]))
			return 1;
	return 0;
}

/* The length of the header field name at s; 0: none. */
static size_t
field_name(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '-' || s[n] == '_')
		n++;
	return n <= NAME_MAX_LENGTH && s[n] == ':' ? n : 0;
}

/* Has the header a field that only programs write, or a sender's address? */
static int
is_mail_field(const char *s)
{
	static const char *const machine[] = {"MIME-Version:", "Message-ID:",
	    "Received:", "Return-Path:", "Delivered-To:"};

	for (size_t i = 0; i < sizeof machine / sizeof *machine; i++)
		if (starts_with(s, machine[i]))
			return 1;
	return starts_with(s, "From:") && memchr(s, '@', strcspn(s, "\n"));
}

static const char *
next_line(const char *s)
{
	s += strcspn(s, "\n");
	return s + (*s == '\n');
}

/* Is it a header as in RFC 5322: fields, then an empty line? */
static int
is_mail(const char *s)
{
	int fields = 0, of_mail = 0;

	if (strncmp(s, "From ", 5) == 0) /* the line before a mail in an mbox
					  * file */
		s = next_line(s);
	for (; *s && *s != '\n' && *s != '\r'; s = next_line(s)) {
		if (fields > 0 && (*s == ' ' || *s == '\t'))
			continue; /* a continuation line */
		if (!field_name(s))
			return 0;
		fields++;
		of_mail |= is_mail_field(s);
	}
	return fields > 1 && of_mail && *s;
}

const char *
markup_type(const struct doc_bytes *b)
{
	struct prefix p;

	read_prefix(b, &p);
	return is_html(p.text) ? "text/html"
	    : is_mail(p.text)  ? "message/rfc822"
			       : NULL;
}
