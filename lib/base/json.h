/* json.h - what lib/ needs for parsing JSON beyond base.h. */
#ifndef PC_JSON_H
#define PC_JSON_H

#include "base.h"

/* Like pc_json_parse, but the line of the fault is not in err but in *line. */
struct pc_json *json_read(const char *, size_t n, unsigned *line,
    struct pc_error *err);

/* ---- jsonstrict.c ---- */

/* Find the first fault that json-c would accept: words for a message, and the
 * offset in *at.  NULL: none, but json-c may find others. */
const char *json_find_fault(const char *text, size_t n, size_t *at);

/* White space as RFC 8259 defines it. */
static inline int
json_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

#endif
