/* fields.h - the fields that a key is made from, and how two keys differ. */
#ifndef QUERY_FIELDS_H
#define QUERY_FIELDS_H

#include "pc.h"

struct field {
	enum pc_field kind;
	const unsigned char *bytes;
	size_t n;
	size_t name;    /* length of the part before '=', or 0 */
	unsigned place; /* position among the fields of its kind, from 1 */
};

struct fields {
	struct field *all; /* owned, from malloc(3) */
	size_t count;
};

/* Split the material into fields, which point into it.  -1 with errno; free
 * out->all in any case. */
int fields_split(const unsigned char *material, size_t len, struct fields *);
/* The field of b with the name of f, or with its position if it has no name;
 * NULL: there is none. */
const struct field *fields_find(const struct fields *b, const struct field *f);
int field_same(const struct field *, const struct field *);

/* Append "  KIND NAME: ", and the value without control characters. */
void field_add_label(struct pc_buf *, const struct field *);
void field_add_value(struct pc_buf *, const struct field *);
/* Append a line for each field that differs; returns their number. */
unsigned fields_add_differences(struct pc_buf *, const struct fields *now,
    const struct fields *then);
/* Append the differences in one line, without the digests of engines. */
void fields_add_changes(struct pc_buf *, const struct fields *now,
    const struct fields *then);
/* Append the time, in us since the epoch, as "2026-11-30 03:00:00Z". */
void fields_add_time(struct pc_buf *, int64_t us);

#endif
