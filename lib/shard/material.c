/* material.c - read the fields that a key was made of (pc-store.5). */
#include "pc.h"

#include <errno.h>
#include <string.h>

int
pc_material_next(const unsigned char *m, size_t len, size_t *at,
    enum pc_field *kind, const unsigned char **bytes, size_t *n)
{
	size_t left = len - *at;

	if (left == 0)
		return 1;
	if (left < 5 || pc_decode_u32(m + *at + 1) > left - 5) {
		errno = EBADMSG;
		return -1;
	}
	*kind = m[*at];
	*n = pc_decode_u32(m + *at + 1);
	*bytes = m + *at + 5;
	*at += 5 + *n;
	return 0;
}

int
pc_record_stage(const struct pc_record *r, char stage[PC_STAGE_MAX + 1])
{
	const unsigned char *p;
	size_t at = 0, n;
	enum pc_field kind;

	stage[0] = '\0';
	if (pc_material_next(r->material, r->material_len, &at, &kind, &p,
		&n) != 0 ||
	    kind != PC_FIELD_STAGE || n > PC_STAGE_MAX)
		return 1;
	memcpy(stage, p, n);
	stage[n] = '\0';
	return 0;
}
