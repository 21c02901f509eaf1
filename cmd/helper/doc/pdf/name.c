/* name.c - find names in the bytes of a PDF without a parser. */

#include "name.h"
#include <ctype.h>
#include <string.h>

int
pdf_has_name(const unsigned char *p, size_t n, const char *name)
{
	const size_t len = strlen(name);
	const unsigned char *at = p;

	while ((at = memmem(at, n - (size_t)(at - p), name, len))) {
		at += len;
		if (at == p + n || !isalnum(*at))
			return 1;
	}
	return 0;
}
