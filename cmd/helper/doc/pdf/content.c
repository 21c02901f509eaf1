/* content.c - see content.h. */
#include "content.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 15 };
enum { BLANK = 1, DELIMITER = 2, SKIPPED = 4 /* alone, it means nothing */ };

static const unsigned char kinds[256] = {
    ['\0'] = BLANK,
    ['\t'] = BLANK,
    ['\n'] = BLANK,
    ['\v'] = BLANK,
    ['\f'] = BLANK,
    ['\r'] = BLANK,
    [' '] = BLANK,
    ['/'] = DELIMITER,
    ['('] = DELIMITER,
    [')'] = DELIMITER | SKIPPED,
    ['<'] = DELIMITER,
    ['>'] = DELIMITER | SKIPPED,
    ['['] = DELIMITER | SKIPPED,
    [']'] = DELIMITER | SKIPPED,
    ['{'] = DELIMITER | SKIPPED,
    ['}'] = DELIMITER | SKIPPED,
    ['%'] = DELIMITER,
};

static int
is_blank(unsigned char c)
{
	return kinds[c] & BLANK;
}

static void
skip_string(struct content_reader *c)
{
	int depth = 0;

	const unsigned char *at = c->at;

	for (; at < c->end; at++) {
		if (*at == '\\' && at + 1 < c->end)
			at++;
		else if (*at == '(')
			depth++;
		else if (*at == ')' && --depth == 0)
			break;
	}
	c->at = at + (at < c->end);
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
		if (kinds[*c->at] & (BLANK | SKIPPED))
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
	} while (c->at < c->end && !kinds[*c->at]);
	token[n] = '\0';
}

/* Up to 15 digits and a power of ten up to 22 are exact, so their quotient is
 * the nearest number (W. D. Clinger, How to read floating point numbers
 * accurately, 1990). */
int
content_number(const char *token, double *value)
{
	static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
	    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	const char *at = token + (*token == '-' || *token == '+');
	int digits = 0, decimals = -1;
	long long all = 0;
	char *end;

	for (; digits <= DIGITS_MAX; at++) {
		if (*at >= '0' && *at <= '9') {
			all = all * 10 + *at - '0';
			digits++;
			decimals += decimals >= 0;
		} else if (*at == '.' && decimals < 0) {
			decimals = 0;
		} else {
			break;
		}
	}
	if (!*at && digits > 0 && digits <= DIGITS_MAX) {
		*value = (double)all / powers[decimals > 0 ? decimals : 0];
		if (*token == '-')
			*value = -*value;
		return 1;
	}
	*value = strtod(token, &end);
	return !*end;
}

int
content_hex_value(int digit)
{
	return digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10;
}
