/* json.h - parsing JSON, as far as lib/ needs more than base.h offers. */
#ifndef PC_JSON_H
#define PC_JSON_H

#include "base.h"

/* pc_json_parse, with the line of the fault apart from its description. */
struct pc_json *json_read(const char *, size_t n, unsigned *line,
    struct pc_error *err);

/* ---- jsonstrict.c ---- */

/* The first fault that json-c would let through, as words for a message, and
 * its offset in *at.  NULL: there is none, but json-c may find others. */
const char *json_find_fault(const char *text, size_t n, size_t *at);

/* White space as RFC 8259 defines it. */
static inline int
json_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

#endif
