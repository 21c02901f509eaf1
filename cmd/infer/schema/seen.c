/* seen.c - record which members or elements of a value were evaluated, for
 * unevaluatedProperties and unevaluatedItems. */
#include "schema_in.h"

#include <stdlib.h>

int
seen_open(struct schema_run *r, const struct schema_frame *f, struct seen *s)
{
	*s = (struct seen){0};
	s->n = pc_json_type(f->value) == PC_JSON_OBJECT
	    ? object_count(f->value)
	    : pc_json_length(f->value);
	if (schema_spend(r, s->n / 4) < 0)
		return -1;
	s->marks = calloc(s->n + 1, 1);
	return s->marks ? 0 : schema_give_up(r, f, "out of memory");
}

void
seen_close(struct seen *s, struct seen *outer)
{
	for (size_t i = 0; outer && i < s->n; i++)
		outer->marks[i] |= s->marks[i];
	free(s->marks);
}

void
seen_mark(const struct schema_frame *f, size_t i)
{
	if (f->seen)
		f->seen->marks[i] = 1;
}
