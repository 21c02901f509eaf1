/* glyph_name.c - see glyph_name.h. */
#include "glyph_name.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { LETTERS_MAX = 2, DIGITS_MAX = 5 };

int
glyph_name_is_number(const char *name, size_t n)
{
	static const char *const words[] = {"glyph", "cid", "gid", "index"};
	size_t letters = 0, digits = 0;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (n > strlen(words[i]) &&
		    strncasecmp(name, words[i], strlen(words[i])) == 0)
			return 1;
	while (letters < n && isalpha((unsigned char)name[letters]))
		letters++;
	while (letters + digits < n &&
	    isdigit((unsigned char)name[letters + digits]))
		digits++;
	return letters >= 1 && letters <= LETTERS_MAX && digits >= 1 &&
	    digits <= DIGITS_MAX && letters + digits == n;
}
