/* words.c - print, and make text from servers and drivers safe for a
 * terminal. */
#include "memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void
add_words(struct pc_buf *b, const char *s, size_t most)
{
	char text[512];

	snprintf(text, sizeof text, "%.*s",
	    most < sizeof text ? (int)most : (int)sizeof text - 1, s);
	terminal_line(text);
	pc_buf_addf(b, "%s", text);
}

void
memstat_print(struct cli *c, struct pc_buf *b)
{
	if (b->failed)
		cli_die(c, "%s", strerror(ENOMEM));
	if (b->len)
		fwrite(b->data, 1, b->len, stdout);
	pc_buf_clear(b);
}
