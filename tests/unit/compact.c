/* compact.c - compaction: what stays, what is dropped, what is left over. */
#include "care.h"
#include "disk/disk.h"
#include "shard/record.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/pc-unit.XXXXXX";
static char store_dir[64];

static struct pc_store *
open_new(const char *name, unsigned flags)
{
	struct pc_error err;
	struct pc_store *s;

	snprintf(store_dir, sizeof store_dir, "%s/%s", dir, name);
	s = pc_store_open(store_dir, flags, &err);
	if (!s)
		printf("# %s\n", err.text);
	return s;
}

/* All keys are in shard 0. */
static struct pc_id
key_number(unsigned n)
{
	struct pc_id id;

	pc_sha256(&n, sizeof n, &id);
	id.b[0] = 0;
	return id;
}

static int
put_until(struct pc_store *s, unsigned n, const void *p, size_t len,
    int64_t expires)
{
	struct pc_record r = {.key = key_number(n),
	    .created = pc_now(),
	    .expires = expires,
	    .cost = n};

	return pc_store_put_bytes(s, &r, p, len);
}

static int
put(struct pc_store *s, unsigned n, const char *text)
{
	return put_until(s, n, text, strlen(text), PC_NEVER);
}

static int
gives(struct pc_store *s, unsigned n, const char *text)
{
	struct pc_id key = key_number(n);
	struct pc_hit hit = {0};
	int good = pc_store_get(s, &key, 0, &hit) == 0 &&
	    hit.record.size == strlen(text) && hit.value &&
	    memcmp(hit.value, text, strlen(text)) == 0;

	pc_hit_clear(&hit);
	return good;
}

static int
misses(struct pc_store *s, unsigned n)
{
	struct pc_id key = key_number(n);
	struct pc_hit hit = {0};
	int r = pc_store_get(s, &key, 0, &hit);

	pc_hit_clear(&hit);
	return r == 1;
}

/* Drop every record. */
static int
drop(void *ctx, const struct pc_record *r)
{
	(void)ctx;
	(void)r;
	return 1;
}

static int
compact(struct pc_store *s, unsigned flags, struct pc_compact_report *report)
{
	const struct pc_compact_options o = {.flags = flags,
	    .drop = flags & PC_COMPACT_EXPIRED ? drop : NULL};

	*report = (struct pc_compact_report){0};
	return pc_store_compact(s, 0, &o, report);
}

static off_t
log_size(void)
{
	char path[96];
	struct stat st;

	snprintf(path, sizeof path, "%s/00/log", store_dir);
	return stat(path, &st) < 0 ? -1 : st.st_size;
}

/* Files in the shard beside its log and index. */
static unsigned
others(void)
{
	char path[96];
	struct dirent *e;
	unsigned n = 0;
	DIR *d;

	snprintf(path, sizeof path, "%s/00", store_dir);
	d = opendir(path);
	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.' && strcmp(e->d_name, "log") != 0 &&
		    strcmp(e->d_name, "index") != 0;
	if (d)
		closedir(d);
	return n;
}

static void
flip(off_t at)
{
	char path[96];
	unsigned char c;
	int fd;

	snprintf(path, sizeof path, "%s/00/log", store_dir);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || pread(fd, &c, 1, at) != 1)
		abort();
	c ^= 0x10;
	if (pwrite(fd, &c, 1, at) != 1)
		abort();
	close(fd);
}

static void
test_forgets(void)
{
	struct pc_store *s = open_new("forgets", 0), *other;
	struct pc_compact_report r;
	struct pc_id key = key_number(3), gone = key_number(4);
	struct pc_error err;
	off_t before;

	OK(compact(s, PC_COMPACT_FORGET, &r) == 0 && r.rewritten == 0,
	    "an empty shard is not rewritten");
	put(s, 1, "one");
	put(s, 1, "uno");
	put(s, 2, "two");
	put_until(s, 3, "three", 5, pc_now() - 1);
	pc_store_touch(s, &key, PC_NEVER);
	put(s, 4, "four");
	pc_store_remove(s, &gone);
	put_until(s, 5, "five", 4, pc_now() - 1);
	other = pc_store_open(store_dir, 0, &err);
	gives(other, 1, "uno");
	before = log_size();
	OK(compact(s, PC_COMPACT_FORGET | PC_COMPACT_DRY_RUN, &r) == 0 &&
		log_size() == before && r.rewritten == 1,
	    "a dry run changes nothing");
	OK(compact(s, PC_COMPACT_FORGET | PC_COMPACT_EXPIRED, &r) == 0,
	    "compaction succeeds");
	OK(r.dropped == 1 && r.records == 3 && (off_t)r.after == log_size(),
	    "the report has %llu dropped, %llu kept, %llu bytes",
	    (unsigned long long)r.dropped, (unsigned long long)r.records,
	    (unsigned long long)r.after);
	OK(log_size() < before, "compaction makes the log smaller");
	OK(gives(s, 1, "uno") && gives(s, 2, "two") && gives(s, 3, "three"),
	    "live and touched records are hits after compaction");
	OK(gives(other, 1, "uno") && gives(other, 3, "three"),
	    "live records are hits for another process that had the store open");
	OK(misses(s, 4) && misses(s, 5) && misses(other, 4),
	    "removed and expired records are misses after compaction");
	OK(put(other, 6, "six") == 0 && gives(s, 6, "six"),
	    "puts of another process that had the store open are hits");
	OK(compact(s, PC_COMPACT_FORGET, &r) == 0 && r.rewritten == 0,
	    "a shard without garbage is not rewritten");
	OK(others() == 0, "compaction leaves only log and index");
	pc_store_close(other);
	pc_store_close(s);
	OK(pc_store_rebuild(s = open_new("forgets", 0), 0) == 0 &&
		gives(s, 1, "uno") && gives(s, 3, "three") &&
		gives(s, 6, "six") && misses(s, 4) && misses(s, 5),
	    "a rebuilt index gives the same hits after compaction");
	pc_store_close(s);
}

/* Changes between the steps of a compaction. */
static void
test_steps(void)
{
	const struct pc_compact_options o = {.flags = PC_COMPACT_FORGET};
	struct pc_compact_report r = {0};
	struct pc_store *s = open_new("steps", 0), *other;
	struct pc_compact *c, *d;
	struct pc_id two = key_number(2), three = key_number(3);
	struct pc_error err;
	int done;

	other = pc_store_open(store_dir, 0, &err);
	put(s, 1, "one");
	put(s, 1, "uno");
	put(s, 2, "two");
	put(s, 3, "three");
	OK(pc_compact_begin(s, 0, &o, &r, &c) == 0 && c, "a compaction begins");
	OK(pc_compact_begin(other, 0, &o, &r, &d) == 1 && !d,
	    "a second compaction of the shard does not begin");
	put(other, 1, "ein");
	pc_store_remove(other, &two);
	done = pc_compact_copy(c);
	put(other, 4, "four");
	put(other, 3, "drei");
	pc_store_remove(other, &three);
	OK(done == 0 && pc_compact_end(c, done) == 0, "a compaction ends");
	OK(gives(s, 1, "ein") && gives(s, 4, "four"),
	    "puts during a compaction are hits");
	OK(misses(s, 2) && misses(s, 3),
	    "removals during a compaction are misses");
	pc_store_rebuild(s, 0);
	OK(gives(s, 1, "ein") && gives(s, 4, "four") && misses(s, 2) &&
		misses(s, 3),
	    "changes during a compaction hold after a rebuild");
	put(s, 1, "one");
	pc_compact_begin(s, 0, &o, &r, &c);
	done = pc_compact_copy(c);
	pc_store_rebuild(other, 0);
	OK(pc_compact_end(c, done) == 2,
	    "a compaction overtaken by a repair is given up");
	OK(gives(s, 1, "one") && gives(other, 4, "four"),
	    "a compaction that is given up changes nothing");
	pc_store_close(other);
	pc_store_close(s);
}

static int
drop_even(void *ctx, const struct pc_record *r)
{
	(void)ctx;
	return r->cost % 2 == 0;
}

static void
test_drops(void)
{
	static char large[PC_INLINE_MAX + 1];
	volatile int stop = 1;
	struct pc_compact_options o = {.drop = drop_even, .stop = &stop};
	struct pc_compact_report r = {0};
	struct pc_store *s = open_new("drops", 0);
	int good = 1;
	unsigned n = 0;
	char path[128];

	for (unsigned i = 0; i < 1000; i++)
		good &= put(s, i, "value") == 0;
	put_until(s, 1000, large, sizeof large, PC_NEVER);
	put_until(s, 1001, large, sizeof large, PC_NEVER);
	OK(pc_store_compact(s, 0, &o, &r) < 0 && errno == ECANCELED,
	    "a stopped compaction fails with ECANCELED");
	OK(good && gives(s, 0, "value"),
	    "a stopped compaction changes nothing");
	stop = 0;
	OK(pc_store_compact(s, 0, &o, &r) == 0 && r.dropped == 501 &&
		r.records == 501 && r.files == 1,
	    "every other record is dropped, with the file of its value");
	for (unsigned i = 0; i < 1000; i++)
		n += i % 2 ? gives(s, i, "value") : misses(s, i);
	OK(n == 1000, "dropped records are misses, all others are hits: %u", n);
	OK(misses(s, 1000) && !misses(s, 1001),
	    "the file of a dropped value is removed, that of a kept value stays");

	/* What a kill between linking a file and writing its record leaves. */
	snprintf(path, sizeof path, "%s/00/", store_dir);
	for (unsigned i = 0; i < 64; i++)
		strcat(path, i < 2 ? "0" : "a");
	strcat(path, ".01234567");
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	OK(others() == 2, "a file without a record is made");
	OK(compact(s, 0, &r) == 0 && r.files == 1 && others() == 1,
	    "compaction removes a file without a record");
	pc_store_close(s);
}

static unsigned damages;
static const char *damage_what;

static void
on_damage(void *ctx, const struct pc_damage *d)
{
	(void)ctx;
	damages++;
	damage_what = d->what;
}

static void
test_damage(void)
{
	struct pc_compact_options o = {.flags = PC_COMPACT_VERIFY |
		PC_COMPACT_DRY_RUN,
	    .damage = on_damage};
	struct pc_compact_report r = {0};
	struct pc_store *s = open_new("damage", 0);
	off_t one, two;

	put(s, 1, "one");
	one = log_size();
	put(s, 2, "two");
	two = log_size();
	put(s, 3, "three");
	OK(pc_store_compact(s, 0, &o, &r) == 0 && r.damaged == 0,
	    "verification finds no damage in a good shard");
	flip(two - RECORD_TRAILER - 2);
	OK(pc_store_compact(s, 0, &o, &r) == 0 && r.damaged == 1 &&
		damages == 1 && strstr(damage_what, "value"),
	    "verification finds a damaged value: %s", damage_what);
	flip(one + 40);
	r.damaged = 0;
	OK(pc_store_compact(s, 0, &o, &r) == 0 && r.damaged == 1 &&
		strstr(damage_what, "record"),
	    "verification finds a damaged header: %s", damage_what);
	o.flags = PC_COMPACT_VERIFY;
	OK(pc_store_compact(s, 0, &o, &r) == 0 && others() == 1,
	    "compaction moves damaged records to a separate file");
	r.damaged = 0;
	OK(pc_store_compact(s, 0, &o, &r) == 0 && r.damaged == 0,
	    "verification finds no damage after that");
	OK(gives(s, 1, "one") && misses(s, 2) && gives(s, 3, "three"),
	    "sound records are hits after the repair");
	pc_store_close(s);
	s = open_new("damage", PC_STORE_READ_ONLY);
	OK(pc_store_compact(s, 0, &o, &r) < 0 && errno == EROFS,
	    "a read-only store is not compacted");
	o.flags |= PC_COMPACT_DRY_RUN;
	OK(pc_store_compact(s, 0, &o, &r) == 0,
	    "a read-only store can be verified");
	pc_store_close(s);
}

/* The slot as a process that died during a compaction leaves it. */
static void
test_died(void)
{
	struct pc_store *s = open_new("died", 0);
	struct slot t;
	char path[96];

	put(s, 1, "one");
	state_read(s, 0, &t);
	t.generation = 0;
	t.dirty = 1;
	state_write(s, 0, &t);
	snprintf(path, sizeof path, "%s/00/log.next", store_dir);
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	OK(gives(s, 1, "one"),
	    "a record is a hit after a compaction died with the slot marked");
	OK(others() == 0, "the files of a compaction that died are removed");
	OK(put(s, 2, "two") == 0 && gives(s, 2, "two"),
	    "puts work after a compaction that died");
	pc_store_close(s);
}

/* True if the n-th record is chosen for eviction. */
static int
goes(const struct pc_ranks *k, unsigned n)
{
	const struct pc_record r = {.key = key_number(n), .created = 10 + n};

	return pc_ranks_goes(k, &r);
}

static void
choose(struct pc_ranks *k, enum pc_policy policy, uint64_t left)
{
	pc_ranks_choose(k, policy, left, left);
}

static void
test_ranks(void)
{
	struct pc_ranks k = {0};
	struct pc_store *s = open_new("ranks", 0);
	struct pc_event e = {.kind = PC_EVENT_HIT};
	struct pc_record newer = {.key = key_number(1), .created = 60};

	for (unsigned i = 0; i < 4; i++) {
		struct pc_record r = {.key = key_number(i),
		    .created = 10 + i,
		    .size = 800,
		    .cost = 1000 * (4 - i)};

		pc_ranks_add(&k, &r);
	}
	e.key = key_number(0);
	e.when = 50;
	pc_event_add(s, &e);
	e.key = key_number(2);
	e.when = 40;
	pc_event_add(s, &e);
	pc_event_add(s, &e);
	OK(pc_ranks_use(&k, s, 0) == 0 && k.bytes == 4000,
	    "the sizes of 4 records are summed up");
	choose(&k, PC_POLICY_LRU, 2999);
	OK(k.gone == 2 && goes(&k, 1) && goes(&k, 3),
	    "LRU evicts records that were never used");
	OK(!pc_ranks_goes(&k, &newer),
	    "LRU keeps a record that has replaced a chosen one");
	choose(&k, PC_POLICY_LRU, 1000);
	OK(k.gone == 3 && !goes(&k, 0), "LRU keeps the record used last");
	choose(&k, PC_POLICY_LFU, 1000);
	OK(k.gone == 3 && !goes(&k, 2), "LFU keeps the record used most");
	choose(&k, PC_POLICY_COST, 3000);
	OK(k.gone == 1 && goes(&k, 3), "cost evicts the cheapest record");
	choose(&k, PC_POLICY_LRU, 4000);
	OK(k.gone == 0, "no record is evicted if all fit");
	choose(&k, PC_POLICY_LRU, 999);
	OK(k.gone == 4, "all records are evicted if none fits");
	pc_ranks_clear(&k);
	pc_store_close(s);
}

static void
test_cap(void)
{
	enum { MAX = 64 * 256 * 1024, SIZE = 2000 };
	static char value[SIZE];
	struct pc_store *s = open_new("cap", 0);
	uint64_t bytes = 0, most = 0;
	int good = 1;

	pc_store_set_max(s, MAX);
	for (unsigned i = 0; i < 16000; i++) {
		struct pc_record r = {.created = pc_now(), .expires = PC_NEVER};

		pc_sha256(&i, sizeof i, &r.key);
		good &= pc_store_put_bytes(s, &r, value, SIZE) == 0;
		if (i % 500 == 0 && pc_store_usage(s, &bytes, NULL) == 0 &&
		    bytes > most)
			most = bytes;
	}
	OK(good, "puts of twice the cap succeed");
	OK(most > MAX / 4 * 3 && most < MAX + MAX / 4,
	    "the store stays near its cap: %llu of %d",
	    (unsigned long long)most, MAX);
	pc_store_close(s);
}

int
main(void)
{
	char command[80];

	if (!mkdtemp(dir))
		return 2;
	test_forgets();
	test_steps();
	test_drops();
	test_damage();
	test_died();
	test_ranks();
	test_cap();
	snprintf(command, sizeof command, "rm -rf %s", dir);
	if (system(command) != 0)
		return 2;
	return tap_done();
}
