/* compact.c - logs written anew: what stays, what goes, what is left. */
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

/* All of them in shard 0. */
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

/* Each that is asked of. */
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
	    "nothing in it, nothing done");
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
	    "compacted");
	OK(r.dropped == 1 && r.records == 3 && (off_t)r.after == log_size(),
	    "%llu dropped, %llu stay, %llu bytes",
	    (unsigned long long)r.dropped, (unsigned long long)r.records,
	    (unsigned long long)r.after);
	OK(log_size() < before, "the log is smaller");
	OK(gives(s, 1, "uno") && gives(s, 2, "two") && gives(s, 3, "three"),
	    "what is alive is there, a touched one too");
	OK(gives(other, 1, "uno") && gives(other, 3, "three"),
	    "for one that had it open, too");
	OK(misses(s, 4) && misses(s, 5) && misses(other, 4),
	    "what is not, is not");
	OK(put(other, 6, "six") == 0 && gives(s, 6, "six"),
	    "and its puts are found");
	OK(compact(s, PC_COMPACT_FORGET, &r) == 0 && r.rewritten == 0,
	    "again: nothing is to be gained");
	OK(others() == 0, "nothing is left beside log and index");
	pc_store_close(other);
	pc_store_close(s);
	OK(pc_store_rebuild(s = open_new("forgets", 0), 0) == 0 &&
		gives(s, 1, "uno") && gives(s, 3, "three") &&
		gives(s, 6, "six") && misses(s, 4) && misses(s, 5),
	    "an index that is rebuilt says the same");
	pc_store_close(s);
}

/* What happens between the steps of a compaction. */
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
	OK(pc_compact_begin(s, 0, &o, &r, &c) == 0 && c, "begun");
	OK(pc_compact_begin(other, 0, &o, &r, &d) == 1 && !d,
	    "a second one is told so");
	put(other, 1, "ein");
	pc_store_remove(other, &two);
	done = pc_compact_copy(c);
	put(other, 4, "four");
	put(other, 3, "drei");
	pc_store_remove(other, &three);
	OK(done == 0 && pc_compact_end(c, done) == 0, "and ended");
	OK(gives(s, 1, "ein") && gives(s, 4, "four"),
	    "puts meanwhile are there");
	OK(misses(s, 2) && misses(s, 3), "and removals");
	pc_store_rebuild(s, 0);
	OK(gives(s, 1, "ein") && gives(s, 4, "four") && misses(s, 2) &&
		misses(s, 3),
	    "and after a rebuild");
	put(s, 1, "one");
	pc_compact_begin(s, 0, &o, &r, &c);
	done = pc_compact_copy(c);
	pc_store_rebuild(other, 0);
	OK(pc_compact_end(c, done) == 2, "one that was overtaken by a repair");
	OK(gives(s, 1, "one") && gives(other, 4, "four"), "changes nothing");
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
	    "one that is stopped");
	OK(good && gives(s, 0, "value"), "changes nothing");
	stop = 0;
	OK(pc_store_compact(s, 0, &o, &r) == 0 && r.dropped == 501 &&
		r.records == 501 && r.files == 1,
	    "every other one goes, a value's file with it");
	for (unsigned i = 0; i < 1000; i++)
		n += i % 2 ? gives(s, i, "value") : misses(s, i);
	OK(n == 1000, "and the others stay: %u", n);
	OK(misses(s, 1000) && !misses(s, 1001), "so do values' files");

	/* What a kill between naming a file and its record leaves. */
	snprintf(path, sizeof path, "%s/00/", store_dir);
	for (unsigned i = 0; i < 64; i++)
		strcat(path, i < 2 ? "0" : "a");
	strcat(path, ".01234567");
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	OK(others() == 2, "a file that no record names");
	OK(compact(s, 0, &r) == 0 && r.files == 1 && others() == 1,
	    "is removed");
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
	    "all is well");
	flip(two - RECORD_TRAILER - 2);
	OK(pc_store_compact(s, 0, &o, &r) == 0 && r.damaged == 1 &&
		damages == 1 && strstr(damage_what, "value"),
	    "a damaged value: %s", damage_what);
	flip(one + 40);
	r.damaged = 0;
	OK(pc_store_compact(s, 0, &o, &r) == 0 && r.damaged == 1 &&
		strstr(damage_what, "record"),
	    "a damaged head: %s", damage_what);
	o.flags = PC_COMPACT_VERIFY;
	OK(pc_store_compact(s, 0, &o, &r) == 0 && others() == 1,
	    "it is taken out, and kept aside");
	r.damaged = 0;
	OK(pc_store_compact(s, 0, &o, &r) == 0 && r.damaged == 0,
	    "then all is well");
	OK(gives(s, 1, "one") && misses(s, 2) && gives(s, 3, "three"),
	    "and the others are there");
	pc_store_close(s);
	s = open_new("damage", PC_STORE_READ_ONLY);
	OK(pc_store_compact(s, 0, &o, &r) < 0 && errno == EROFS,
	    "a read-only store is not compacted");
	o.flags |= PC_COMPACT_DRY_RUN;
	OK(pc_store_compact(s, 0, &o, &r) == 0, "but can be gone through");
	pc_store_close(s);
}

/* The slot as one that died in the middle leaves it. */
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
	OK(gives(s, 1, "one"), "one that died with the slot marked");
	OK(others() == 0, "leaves nothing behind");
	OK(put(s, 2, "two") == 0 && gives(s, 2, "two"), "and puts go on");
	pc_store_close(s);
}

/* Does the record that was the n-th go? */
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
	OK(pc_ranks_use(&k, s, 0) == 0 && k.bytes == 4000, "4 records");
	choose(&k, PC_POLICY_LRU, 2999);
	OK(k.gone == 2 && goes(&k, 1) && goes(&k, 3),
	    "lru: those that were never used");
	OK(!pc_ranks_goes(&k, &newer), "but not what replaced one since");
	choose(&k, PC_POLICY_LRU, 1000);
	OK(k.gone == 3 && !goes(&k, 0), "and not the last one used");
	choose(&k, PC_POLICY_LFU, 1000);
	OK(k.gone == 3 && !goes(&k, 2), "lfu: not the one used most");
	choose(&k, PC_POLICY_COST, 3000);
	OK(k.gone == 1 && goes(&k, 3), "cost: the cheapest");
	choose(&k, PC_POLICY_LRU, 4000);
	OK(k.gone == 0, "none when all fit");
	choose(&k, PC_POLICY_LRU, 999);
	OK(k.gone == 4, "all when none fits");
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
	OK(good, "twice the cap is put");
	OK(most > MAX / 4 * 3 && most < MAX + MAX / 4,
	    "the store stays near it: %llu of %d", (unsigned long long)most,
	    MAX);
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
