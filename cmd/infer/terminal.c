/* terminal.c - answers on a terminal: a model says what the texts that it was
 * given talk it into, which must be words there and no commands. */
#include "infer.h"

#include <stdlib.h>
#include <string.h>

int
terminal_write(const char *p, size_t n)
{
	static unsigned char before; /* a character can come in two pieces */
	char *clean = malloc(n + 1);
	size_t len = 0;
	int r;

	if (!clean)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const unsigned char c = (unsigned char)p[i];
		/* U+0080 to U+009F in UTF-8 */
		const int c1 = before == 0xc2 && c >= 0x80 && c < 0xa0;

		before = c;
		if (c == '\r')
			continue;
		if (c1 && len > 0)
			clean[len - 1] = '?';
		clean[len++] =
		    c1 || c == 0x7f || (c < ' ' && c != '\n' && c != '\t')
		    ? '?'
		    : p[i];
	}
	r = pc_write_full(1, clean, len);
	free(clean);
	return r;
}
