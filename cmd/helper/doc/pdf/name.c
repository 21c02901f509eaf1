/* name.c - find names in the bytes of a PDF without a parser. */
#include "name.h"

#include <ctype.h>
#include <string.h>

size_t
pdf_name_count(const unsigned char *p, size_t n, const char *name, size_t most)
{
	const size_t len = strlen(name);
	const unsigned char *at = p;
	size_t count = 0;

	while (count < most &&
	    (at = memmem(at, n - (size_t)(at - p), name, len))) {
		at += len;
		count += at == p + n || !isalnum(*at);
	}
	return count;
}

int
pdf_has_name(const unsigned char *p, size_t n, const char *name)
{
	return pdf_name_count(p, n, name, 1) > 0;
}
