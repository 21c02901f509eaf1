/* clock.c - records and events from a time when the clock was ahead: they do
 * not stay too long, and new records are not evicted before them. */
#include "care.h"
#include "ledger.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/pc-unit.XXXXXX";
static const int64_t hour = 3600 * 1000000LL, day = 24 * 3600 * 1000000LL;
static int64_t now;

static struct pc_store *
open_store(const char *name)
{
	char path[64];
	struct pc_error err;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return pc_store_open(path, 0, &err);
}

/* A key of the first shard. */
static struct pc_id
key_of(unsigned n)
{
	struct pc_id id;

	pc_sha256(&n, sizeof n, &id);
	id.b[0] = 0;
	return id;
}

static int
put(struct pc_store *s, unsigned n, int64_t made, int64_t ttl)
{
	static const char value[4096];
	struct pc_record r = {.key = key_of(n),
	    .created = made,
	    .expires = ttl == PC_NEVER ? PC_NEVER : made + ttl};

	return pc_store_put_bytes(s, &r, value, sizeof value);
}

/* As pc_store_get(), but with PC_GET_EXPIRED 2 for an expired record. */
static int
get(struct pc_store *s, unsigned n, unsigned flags)
{
	const struct pc_id key = key_of(n);
	struct pc_hit hit = {0};
	int r = pc_store_get(s, &key, flags, &hit);

	if (r == 0 && hit.expired)
		r = 2;
	pc_hit_clear(&hit);
	return r;
}

static void
test_times(void)
{
	struct pc_store *s = open_store("times");
	const struct pc_id touched = key_of(5);

	put(s, 0, now + 3 * day, hour);
	OK(get(s, 0, 0) == 1,
	    "dated in three days with a TTL of an hour: a miss");
	OK(get(s, 0, PC_GET_EXPIRED) == 2,
	    "dated in three days with a TTL of an hour: expired");
	put(s, 1, now + 12 * hour, hour);
	OK(get(s, 1, 0) == 0, "dated in half a day: a hit");
	put(s, 2, now + 20 * day, 30 * day);
	OK(get(s, 2, 0) == 0,
	    "dated in twenty days with a TTL of thirty: a hit");
	put(s, 3, now + 40 * day, 30 * day);
	OK(get(s, 3, 0) == 1,
	    "dated in forty days with a TTL of thirty: a miss");
	put(s, 4, now + 40 * day, PC_NEVER);
	OK(get(s, 4, 0) == 0, "dated in forty days without a TTL: a hit");
	put(s, 5, now + 40 * day, 30 * day);
	pc_store_touch(s, &touched, now + hour);
	OK(get(s, 5, 0) == 0, "dated in forty days, touched since: a hit");
	put(s, 6, INT64_MAX - 1, 0);
	put(s, 7, now + 50 * 365 * day, PC_NEVER - 1 - now - 50 * 365 * day);
	OK(get(s, 6, 0) >= 0 && get(s, 7, 0) >= 0,
	    "dated at the largest times: no error");
	pc_store_close(s);
}

static void
test_ranks(void)
{
	struct pc_ranks k = {0};
	struct pc_record ahead = {.key = key_of(0),
	    .size = 1000,
	    .created = now + 400 * day};
	struct pc_record old = {.key = key_of(1),
	    .size = 1000,
	    .created = now - day};
	struct pc_record new = {.key = key_of(2), .size = 1000, .created = now};

	pc_ranks_add(&k, &ahead);
	pc_ranks_add(&k, &old);
	pc_ranks_add(&k, &new);
	pc_ranks_choose(&k, PC_POLICY_LRU, k.bytes - 1, UINT64_MAX);
	OK(pc_ranks_goes(&k, &ahead) && !pc_ranks_goes(&k, &old) &&
		!pc_ranks_goes(&k, &new),
	    "a record dated in the future is evicted first");
	pc_ranks_clear(&k);
}

/* A hit dated in the future does not make its record the newest. */
static void
test_uses(void)
{
	struct pc_store *s = open_store("uses");
	struct pc_record old = {.key = key_of(0),
	    .size = 1000,
	    .created = now - 2 * day};
	struct pc_record new = {.key = key_of(1),
	    .size = 1000,
	    .created = now - day};
	struct pc_ranks k = {0};

	pc_event_add(s,
	    &(struct pc_event){.kind = PC_EVENT_HIT,
		.key = old.key,
		.when = now + 400 * day});
	pc_ranks_add(&k, &old);
	pc_ranks_add(&k, &new);
	pc_ranks_use(&k, s, 0);
	pc_ranks_choose(&k, PC_POLICY_LRU, k.bytes - 1, UINT64_MAX);
	OK(pc_ranks_goes(&k, &old) && !pc_ranks_goes(&k, &new),
	    "a record with a hit in the future is evicted first");
	pc_ranks_clear(&k);
	pc_store_close(s);
}

static void
test_cap(void)
{
	enum { AHEAD = 100, NEW = 300, KEPT = 8 };
	struct pc_store *s = open_store("cap");
	unsigned left = 0, there = 0;

	for (unsigned i = 0; i < AHEAD; i++)
		put(s, i, now + 400 * day, PC_NEVER);
	pc_store_set_max(s, 40 * 4096);
	for (unsigned i = 0; i < NEW; i++)
		put(s, AHEAD + i, pc_now(), PC_NEVER);
	for (unsigned i = 0; i < AHEAD; i++)
		left += get(s, i, 0) == 0;
	for (unsigned i = NEW - KEPT; i < NEW; i++)
		there += get(s, AHEAD + i, 0) == 0;
	OK(left == 0 && there > 0,
	    "puts at the cap: %u of %d dated in the future are left, %u of "
	    "the last %d are hits",
	    left, AHEAD, there, KEPT);
	pc_store_close(s);
}

static void
test_sums(void)
{
	struct pc_tally ahead = {.by = PC_BY_DAY, .now = now + 400 * day};
	struct pc_tally t = {.by = PC_BY_DAY, .now = now};

	pc_tally_add(&ahead,
	    &(struct pc_event){.kind = PC_EVENT_HIT, .when = now + 400 * day});
	pc_tally_add(&t, &(struct pc_event){.kind = PC_EVENT_HIT, .when = now});
	OK(pc_tally_merge(&t, &ahead) == 0 && t.count == 1 &&
		t.sums[0].count == 2,
	    "an event dated in the future counts today");
	OK(t.sums[0].last <= now + day,
	    "an event dated in the future has a last time of today");
	pc_tally_clear(&ahead);
	pc_tally_clear(&t);
}

int
main(void)
{
	char rm[64];

	if (!mkdtemp(dir))
		return 1;
	now = pc_now();
	test_times();
	test_ranks();
	test_uses();
	test_cap();
	test_sums();
	snprintf(rm, sizeof rm, "rm -rf %s", dir);
	if (system(rm) != 0)
		return 1;
	return tap_done();
}
