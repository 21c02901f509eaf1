/* content.h - the pieces of a page's content (ISO 32000-1, 7.8.2), read without
 * a complaint: what is malformed is skipped. */
#ifndef CONTENT_H
#define CONTENT_H

#include <stddef.h>

/* What is left of the content. */
struct content_reader {
	const unsigned char *at, *end;
};

/* A reader of n bytes; without any, the address may be NULL. */
static inline struct content_reader
content_open(const unsigned char *p, size_t n)
{
	return (struct content_reader){p, n ? p + n : p};
}

/* Go to the next name, number or operator: strings, comments and brackets are
 * skipped.  0: there is none. */
int content_next(struct content_reader *);
/* Behind its BI or ID. */
void content_skip_inline_image(struct content_reader *);
/* Read the token there, cut to size - 1 bytes. */
void content_read_token(struct content_reader *, char *token, size_t size);

/* Read a token as strtod(3) does.  0: it is not a number. */
int content_number(const char *token, double *);

/* The value of a hexadecimal digit. */
int content_hex_value(int digit);

#endif
