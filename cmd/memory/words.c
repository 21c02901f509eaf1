/* words.c - what a server or a driver says, made safe for a terminal. */
#include "memory.h"

#include <stdio.h>

void
add_words(struct pc_buf *b, const char *s, size_t most)
{
	char text[512];

	snprintf(text, sizeof text, "%.*s",
	    most < sizeof text ? (int)most : (int)sizeof text - 1, s);
	terminal_line(text);
	pc_buf_addf(b, "%s", text);
}
