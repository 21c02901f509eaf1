/* set.c - the hash set. */
#include "pc.h"
#include "tap.h"

/* How often place i is found under that hash, and whether any other is. */
static int
found(const struct pc_set *s, uint64_t hash, uint32_t i, int *others)
{
	uint32_t place;
	int n = 0;

	for (size_t at = 0; pc_set_next(s, hash, &at, &place);) {
		n += place == i;
		*others += place != i;
	}
	return n;
}

int
main(void)
{
	enum { MANY = 20000 };
	struct pc_set s = {0};
	int all = 1, others = 0, none = 0;
	uint32_t place;
	size_t at = 0;

	OK(!pc_set_next(&s, 7, &at, &place), "an empty set has nothing");
	pc_set_replace(&s, 7, 0, 1);
	for (uint32_t i = 0; i < MANY; i++)
		all &= pc_set_add(&s, i * UINT64_C(0x9e3779b97f4a7c15), i) == 0;
	OK(all && s.count == MANY, "many places are added");
	for (uint32_t i = 0; i < MANY; i++)
		all &= found(&s, i * UINT64_C(0x9e3779b97f4a7c15), i,
			   &others) == 1;
	OK(all && others < 10, "each is found under its hash, and alone");
	for (uint32_t i = 0; i < MANY; i++)
		(void)found(&s, i * UINT64_C(0xd6e8feb86659fd93) + 1, MANY,
		    &none);
	OK(none < 10, "nothing is found under other hashes");
	pc_set_clear(&s);
	OK(s.count == 0 && !s.slots, "a cleared set is empty");

	for (uint32_t i = 0; i < 100; i++)
		all &= pc_set_add(&s, 5, i) == 0;
	at = 0;
	for (uint32_t i = 0; pc_set_next(&s, 5, &at, &place); i++)
		all &= place == i;
	OK(all && at >= 100, "places of one hash keep their order");
	others = 0;
	OK(all && found(&s, 5, 42, &others) == 1 && others == 99,
	    "all places of one hash are found");
	pc_set_replace(&s, 5, 42, 1000);
	OK(found(&s, 5, 42, &others) == 0 && found(&s, 5, 1000, &others) == 1,
	    "a place is replaced by another");
	pc_set_replace(&s, 6, 43, 2000);
	OK(found(&s, 5, 43, &others) == 1 && found(&s, 6, 2000, &others) == 0,
	    "a place that is not under the hash is not replaced");
	pc_set_clear(&s);
	return tap_done();
}
