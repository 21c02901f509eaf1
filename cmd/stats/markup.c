/* markup.c - escape text for HTML and SVG. */
#include "svg.h"

void
html_text(struct pc_buf *b, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '<':
			pc_buf_addf(b, "&lt;");
			break;
		case '&':
			pc_buf_addf(b, "&amp;");
			break;
		case '"':
			pc_buf_addf(b, "&quot;");
			break;
		default:
			pc_buf_add(b, s, 1);
		}
}
