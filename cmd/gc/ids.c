/* ids.c - a set of ids, which need no hash function, being hashes. */
#include "gc.h"

#include <stdlib.h>
#include <string.h>

static uint64_t
hash_of(const struct pc_id *id)
{
	return pc_decode_u64(id->b + 16);
}

int
ids_add(struct ids *s, const struct pc_id *id)
{
	if (ids_has(s, id))
		return 1;
	if (s->count == s->cap) {
		const size_t cap = s->cap ? 2 * s->cap : 32;
		struct pc_id *p = realloc(s->all, cap * sizeof *p);

		if (!p)
			return -1;
		s->all = p;
		s->cap = cap;
	}
	if (pc_set_add(&s->places, hash_of(id), (uint32_t)s->count) < 0)
		return -1;
	s->all[s->count++] = *id;
	return 0;
}

int
ids_has(const struct ids *s, const struct pc_id *id)
{
	uint32_t i;

	for (size_t at = 0; pc_set_next(&s->places, hash_of(id), &at, &i);)
		if (memcmp(&s->all[i], id, sizeof *id) == 0)
			return 1;
	return 0;
}

void
ids_clear(struct ids *s)
{
	pc_set_clear(&s->places);
	free(s->all);
	*s = (struct ids){0};
}
