/* text.c - convert text files of any encoding to UTF-8. */

#include "text.h"
#include "pc.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

enum { TEXT_MAX = 256 * 1024 * 1024 };

/* Convert from charset; invalid bytes become U+FFFD. */
static int
convert(const char *charset, const struct doc_bytes *in, struct pc_buf *out)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	/* iconv(3) takes no const, but does not write here. */
	char *from = (char *)(uintptr_t)in->p;
	size_t left = in->n;
	/* Skip a whole unit, or everything after it would be misaligned. */
	const size_t unit = strncmp(charset, "utf-16", 6) == 0 ? 2
	    : strncmp(charset, "utf-32", 6) == 0               ? 4
							       : 1;

	if (cd == (iconv_t)-1)
		return -1;
	while (left > 0) {
		char piece[4096], *to = piece;
		size_t room = sizeof piece;
		size_t r = iconv(cd, &from, &left, &to, &room);

		if (pc_buf_add(out, piece, sizeof piece - room) < 0)
			break;
		if (r == (size_t)-1 && errno != E2BIG) {
			if (pc_buf_add(out, "\xef\xbf\xbd", 3) < 0)
				break;
			from += left < unit ? left : unit;
			left -= left < unit ? left : unit;
		}
	}
	iconv_close(cd);
	return left > 0 ? -1 : 0;
}

char *
text_read(const struct doc_bytes *b, const char *charset, size_t *length,
    char error[MESSAGE_SIZE])
{
	static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
	struct pc_buf out = {0};
	int r;

	if (b->n > TEXT_MAX) {
		snprintf(error, MESSAGE_SIZE, "more than %d MiB of text",
		    TEXT_MAX >> 20);
		return NULL;
	}
	/* The kind was found from a prefix, which may be ASCII by chance. */
	if (pc_utf8_valid(b->p, b->n))
		r = pc_buf_add(&out, b->p, b->n);
	else
		r = convert(strncmp(charset, "utf-16", 6) == 0 ||
			    strncmp(charset, "utf-32", 6) == 0
			? charset
			: "windows-1252",
		    b, &out);
	if (r < 0 || pc_buf_add(&out, "", 1) < 0) {
		snprintf(error, MESSAGE_SIZE,
		    "its encoding, %s, cannot be converted", charset);
		pc_buf_clear(&out);
		return NULL;
	}
	*length = out.len - 1;
	/* The byte order mark is useless in UTF-8. */
	if (*length >= sizeof mark &&
	    memcmp(out.data, mark, sizeof mark) == 0) {
		*length -= sizeof mark;
		memmove(out.data, out.data + sizeof mark, *length + 1);
	}
	return (char *)out.data;
}
