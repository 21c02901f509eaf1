/* xml.c - text in XML, and positions in the units of other formats. */
#include "format_in.h"

#include <string.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/* The length of the character at p.  Sets *good if it is UTF-8 and XML allows
 * it (XML 1.0, 2.2). */
static size_t
character(const unsigned char *p, size_t n, int *good)
{
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	*good = 1;
	if (len == 1) {
		*good = p[0] >= ' ' || p[0] == '\t' || p[0] == '\n' ||
		    p[0] == '\r';
		return 1;
	}
	if (len > n || !pc_utf8_valid(p, len)) {
		*good = 0;
		return 1;
	}
	/* U+FFFE and U+FFFF */
	*good = len != 3 || p[0] != 0xef || p[1] != 0xbf || p[2] < 0xbe;
	return len;
}

static const char *
entity(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\r': /* a parser would read it as a newline */
		return "&#13;";
	default:
		return NULL;
	}
}

void
format_xml(struct pc_buf *out, const void *s, size_t n)
{
	const unsigned char *p = s;
	size_t plain = 0; /* start of the bytes that need no escape */

	for (size_t i = 0; i < n;) {
		int good;
		size_t len = character(p + i, n - i, &good);
		const char *instead = good ? entity(p[i]) : replacement;

		if (instead) {
			pc_buf_add(out, p + plain, i - plain);
			pc_buf_add(out, instead, strlen(instead));
			plain = i + len;
		}
		i += len;
	}
	if (n > plain)
		pc_buf_add(out, p + plain, n - plain);
}

void
format_hundredths(struct pc_buf *out, int64_t v, int short_)
{
	const char *sign = v < 0 ? "-" : "";
	int whole = (int)((v < 0 ? -v : v) / 100);
	int part = (int)((v < 0 ? -v : v) % 100);

	if (short_ && part == 0)
		pc_buf_addf(out, "%s%d", sign, whole);
	else if (short_ && part % 10 == 0)
		pc_buf_addf(out, "%s%d.%d", sign, whole, part / 10);
	else
		pc_buf_addf(out, "%s%d.%02d", sign, whole, part);
}

int
format_units(int64_t v, int per_inch)
{
	return v < 0 ? 0 : (int)((v * per_inch + 3600) / 7200);
}
