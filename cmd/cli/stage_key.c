/* stage_key.c - the key of a result, from what it depends on. */
#include "stage.h"

int
stage_make_key(struct stage_entry *e, struct pc_buf *material,
    struct pc_spec *s, int whole)
{
	const char *twice;
	int r = -1;

	material->len = 0;
	if (whole)
		r = pc_spec_key(s, material, &e->key, &twice);
	e->material = material->data;
	e->material_len = material->len;
	pc_spec_clear(s);
	return r;
}
