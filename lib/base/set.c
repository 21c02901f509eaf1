/* set.c - a hash set of places in an array.  A search gives the places whose
 * hash matches; the caller compares the elements. */
#include "base.h"

#include <stdlib.h>

enum { SLOTS_FIRST = 64 };

/* The part of a hash that is stored. */
static uint32_t
fold(uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 32);
}

static void
insert(struct pc_set *s, struct pc_set_slot new)
{
	size_t at = new.hash &(s->slot_count - 1);

	while (s->slots[at].place)
		at = (at + 1) & (s->slot_count - 1);
	s->slots[at] = new;
}

static int
grow(struct pc_set *s)
{
	struct pc_set more = {.slot_count = s->slot_count ? 2 * s->slot_count
							  : SLOTS_FIRST,
	    .count = s->count};
	size_t free_slot = 0;

	more.slots = calloc(more.slot_count, sizeof *more.slots);
	if (!more.slots)
		return -1;
	/* Start behind a free slot, so that places with the same hash keep
	 * their order. */
	while (free_slot < s->slot_count && s->slots[free_slot].place)
		free_slot++;
	for (size_t i = 0; i < s->slot_count; i++) {
		const size_t at = (free_slot + i) & (s->slot_count - 1);

		if (s->slots[at].place)
			insert(&more, s->slots[at]);
	}
	free(s->slots);
	*s = more;
	return 0;
}

int
pc_set_add(struct pc_set *s, uint64_t hash, uint32_t place)
{
	/* Keep half of the slots free, so that searches are short. */
	if (2 * s->count >= s->slot_count && grow(s) < 0)
		return -1;
	insert(s, (struct pc_set_slot){fold(hash), place + 1});
	s->count++;
	return 0;
}

int
pc_set_next(const struct pc_set *s, uint64_t hash, size_t *at, uint32_t *place)
{
	const uint32_t want = fold(hash);

	while (s->slot_count) {
		const struct pc_set_slot
		    *slot = &s->slots[(want + (*at)++) & (s->slot_count - 1)];

		if (!slot->place)
			break;
		if (slot->hash != want)
			continue;
		*place = slot->place - 1;
		return 1;
	}
	return 0;
}

void
pc_set_replace(struct pc_set *s, uint64_t hash, uint32_t old, uint32_t new)
{
	const uint32_t want = fold(hash);

	for (size_t i = want; s->slot_count; i++) {
		struct pc_set_slot *slot = &s->slots[i & (s->slot_count - 1)];

		if (!slot->place)
			return;
		if (slot->hash == want && slot->place == old + 1) {
			slot->place = new + 1;
			return;
		}
	}
}

void
pc_set_clear(struct pc_set *s)
{
	free(s->slots);
	*s = (struct pc_set){0};
}
