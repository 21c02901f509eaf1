/* ids.c - a set of ids, which are hashes already. */
#include "gc.h"

#include <stdlib.h>
#include <string.h>

static const struct pc_id zero;

static struct pc_id *
place_of(const struct ids *s, const struct pc_id *id)
{
	size_t at = pc_decode_u64(id->b + 16) & (s->size - 1);

	while (memcmp(&s->slots[at], &zero, sizeof zero) != 0 &&
	    memcmp(&s->slots[at], id, sizeof *id) != 0)
		at = (at + 1) & (s->size - 1);
	return &s->slots[at];
}

static int
grow(struct ids *s)
{
	struct ids bigger = {.size = s->size ? 2 * s->size : 64,
	    .count = s->count,
	    .has_zero = s->has_zero};

	bigger.slots = calloc(bigger.size, sizeof *bigger.slots);
	if (!bigger.slots)
		return -1;
	for (size_t i = 0; i < s->size; i++)
		if (memcmp(&s->slots[i], &zero, sizeof zero) != 0)
			*place_of(&bigger, &s->slots[i]) = s->slots[i];
	free(s->slots);
	*s = bigger;
	return 0;
}

int
ids_add(struct ids *s, const struct pc_id *id)
{
	struct pc_id *slot;

	if (memcmp(id, &zero, sizeof zero) == 0) {
		const int had = s->has_zero;

		s->has_zero = 1;
		return had;
	}
	if (2 * s->count >= s->size && grow(s) < 0)
		return -1;
	slot = place_of(s, id);
	if (memcmp(slot, id, sizeof *id) == 0)
		return 1;
	*slot = *id;
	s->count++;
	return 0;
}

int
ids_has(const struct ids *s, const struct pc_id *id)
{
	if (memcmp(id, &zero, sizeof zero) == 0)
		return s->has_zero;
	return s->count && memcmp(place_of(s, id), id, sizeof *id) == 0;
}

void
ids_clear(struct ids *s)
{
	free(s->slots);
	*s = (struct ids){0};
}
