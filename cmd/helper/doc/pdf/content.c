/* content.c - see content.h. */
#include "content.h"

#include <string.h>

static int
is_blank(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static void
skip_string(struct content_reader *c)
{
	int depth = 0;

	for (; c->at < c->end; c->at++) {
		if (*c->at == '\\' && c->at + 1 < c->end)
			c->at++;
		else if (*c->at == '(')
			depth++;
		else if (*c->at == ')' && --depth == 0)
			break;
	}
	c->at += c->at < c->end;
}

/* Skip a hexadecimal string, or only the << that opens a dictionary. */
static void
skip_hexadecimal(struct content_reader *c)
{
	c->at++;
	if (c->at < c->end && *c->at == '<') {
		c->at++;
		return;
	}
	while (c->at < c->end && *c->at != '>')
		c->at++;
}

static void
skip_comment(struct content_reader *c)
{
	while (c->at < c->end && *c->at != '\r' && *c->at != '\n')
		c->at++;
}

int
content_next(struct content_reader *c)
{
	while (c->at < c->end) {
		if (is_blank(*c->at) || strchr("[]{}>)", *c->at))
			c->at++;
		else if (*c->at == '(')
			skip_string(c);
		else if (*c->at == '%')
			skip_comment(c);
		else if (*c->at == '<')
			skip_hexadecimal(c);
		else
			return 1;
	}
	return 0;
}

void
content_skip_inline_image(struct content_reader *c)
{
	const unsigned char *end;

	for (; c->at + 3 < c->end; c->at = end + 2) {
		end = memmem(c->at, (size_t)(c->end - c->at), "EI", 2);
		if (!end)
			break;
		if (end > c->at && is_blank(end[-1]) &&
		    (end + 2 == c->end || is_blank(end[2]))) {
			c->at = end + 2;
			return;
		}
	}
	c->at = c->end;
}

void
content_read_token(struct content_reader *c, char *token, size_t size)
{
	size_t n = 0;

	do {
		if (n < size - 1)
			token[n++] = (char)*c->at;
		c->at++;
	} while (c->at < c->end && !is_blank(*c->at) &&
	    !strchr("/()<>[]{}%", *c->at));
	token[n] = '\0';
}

int
content_hex_value(int digit)
{
	return digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10;
}
