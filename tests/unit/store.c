/* store.c - what a store promises, within one process. */
#include "disk/disk.h"
#include "ledger.h"
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

static void
use_store(const char *name)
{
	snprintf(store_dir, sizeof store_dir, "%s/%s", dir, name);
}

static struct pc_store *
open_store(unsigned flags)
{
	struct pc_error err;
	struct pc_store *s = pc_store_open(store_dir, flags, &err);

	if (!s)
		printf("# %s\n", err.text);
	return s;
}

static struct pc_id
key_number(unsigned n)
{
	struct pc_id id;

	pc_sha256(&n, sizeof n, &id);
	return id;
}

static int
put(struct pc_store *s, unsigned n, const void *p, size_t len)
{
	struct pc_record r = {.key = key_number(n),
	    .created = pc_now(),
	    .expires = PC_NEVER};

	return pc_store_put_bytes(s, &r, p, len);
}

/* True if key n is a hit with exactly these bytes. */
static int
gives(struct pc_store *s, unsigned n, const void *p, size_t len)
{
	struct pc_id key = key_number(n);
	struct pc_hit hit = {0};
	struct pc_buf b = {0};
	int good = pc_store_get(s, &key, 0, &hit) == 0 &&
	    pc_hit_read(&hit, &b, len) == 0 && b.len == len &&
	    (len == 0 || memcmp(b.data, p, len) == 0);

	pc_buf_clear(&b);
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

static void
shard_file(unsigned n, const char *name, char out[256])
{
	struct pc_id key = key_number(n);

	snprintf(out, 256, "%s/%02x/%s", store_dir, shard_of(&key), name);
}

static void
flip(const char *path, off_t at)
{
	unsigned char c;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 || pread(fd, &c, 1, at) != 1)
		abort();
	c ^= 0x10;
	if (pwrite(fd, &c, 1, at) != 1)
		abort();
	close(fd);
}

static void
test_basics(void)
{
	struct pc_store *s = open_store(0);
	char *large = malloc(PC_INLINE_MAX + 1);
	struct pc_id key = key_number(1);

	memset(large, 'x', PC_INLINE_MAX + 1);
	OK(s != NULL, "opening makes a store");
	OK(misses(s, 1), "a new store has no record");
	OK(put(s, 1, "one", 3) == 0 && gives(s, 1, "one", 3),
	    "a value that was put is a hit");
	OK(put(s, 1, "uno", 3) == 0 && gives(s, 1, "uno", 3),
	    "a second put replaces the value");
	OK(put(s, 2, "", 0) == 0 && gives(s, 2, "", 0),
	    "an empty value is a hit");
	OK(put(s, 3, large, PC_INLINE_MAX) == 0 &&
		gives(s, 3, large, PC_INLINE_MAX),
	    "the largest value that fits the log is a hit");
	OK(put(s, 4, large, PC_INLINE_MAX + 1) == 0 &&
		gives(s, 4, large, PC_INLINE_MAX + 1),
	    "the smallest value in its own file is a hit");
	OK(pc_store_remove(s, &key) == 0 && misses(s, 1),
	    "a removed record is a miss");
	OK(pc_store_remove(s, &key) == 1, "removing a record twice finds none");
	key = key_number(2);
	OK(pc_store_touch(s, &key, pc_now() - 1) == 0 && misses(s, 2),
	    "a record touched into the past is a miss");
	OK(pc_store_touch(s, &key, PC_NEVER) == 0 && gives(s, 2, "", 0),
	    "a record touched into the future is a hit");
	pc_store_close(s);
	free(large);
}

/* A value is read completely or not at all. */
static void
test_read(void)
{
	struct pc_store *s = open_store(0);
	char *large = calloc(1, PC_INLINE_MAX + 1);
	struct pc_id key = key_number(11);
	struct pc_hit hit = {0};
	struct pc_buf b = {0};
	char self[32];

	put(s, 11, "eleven", 6);
	OK(pc_store_get(s, &key, 0, &hit) == 0 &&
		pc_hit_read(&hit, &b, 5) < 0 && errno == EFBIG && b.len == 0,
	    "a value larger than the limit is not read");
	put(s, 11, large, PC_INLINE_MAX + 1);
	OK(pc_store_get(s, &key, 0, &hit) == 0 &&
		pc_hit_read(&hit, &b, PC_INLINE_MAX) < 0 && errno == EFBIG,
	    "a value in a file larger than the limit is not read");
	snprintf(self, sizeof self, "/proc/self/fd/%d", hit.fd);
	OK(truncate(self, 9) == 0 && pc_hit_read(&hit, &b, SIZE_MAX) < 0 &&
		errno == EBADMSG,
	    "a value whose file was truncated is an error");
	pc_buf_clear(&b);
	pc_hit_clear(&hit);
	pc_store_close(s);
	free(large);
}

static void
test_many(void)
{
	enum { MANY = 5000 };
	struct pc_store *s = open_store(0);
	int good = 1;

	for (unsigned i = 100; i < 100 + MANY; i++)
		good &= put(s, i, &i, sizeof i) == 0;
	OK(good, "%d puts succeed", MANY);
	pc_store_close(s);
	s = open_store(0);
	for (unsigned i = 100; i < 100 + MANY; i++)
		good &= gives(s, i, &i, sizeof i);
	OK(good, "%d gets after opening the store again are hits", MANY);
	OK(pc_store_rebuilt(s) == 0,
	    "opening a store again does not rebuild its indexes");
	pc_store_close(s);
}

/* Overwrite an index except its beginning, so that it can still be opened. */
static void
spoil_index(unsigned n)
{
	char path[256], rubbish[4096];
	struct stat st;
	int fd;

	shard_file(n, "index", path);
	memset(rubbish, 0x55, sizeof rubbish);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		abort();
	for (off_t at = 2 * (off_t)sizeof rubbish; at < st.st_size;
	     at += sizeof rubbish)
		if (pwrite(fd, rubbish, sizeof rubbish, at) < 0)
			abort();
	close(fd);
}

static void
test_damage(void)
{
	char *large = calloc(1, PC_INLINE_MAX + 1);
	struct pc_store *s;
	char path[256];
	struct pc_id key = key_number(1);

	s = open_store(0);
	put(s, 1, "one", 3);
	pc_store_remove(s, &key);
	put(s, 7, "seven", 5);
	pc_store_close(s);

	shard_file(7, "index", path);
	unlink(path);
	s = open_store(0);
	OK(gives(s, 7, "seven", 5) && pc_store_rebuilt(s) == 0,
	    "a missing index without records needs no rebuild");
	put(s, 7, large, PC_INLINE_MAX);
	put(s, 7, "seven", 5);
	pc_store_close(s);

	OK(unlink(path) == 0, "an index with records is removed");
	s = open_store(0);
	OK(gives(s, 7, "seven", 5), "a missing index is rebuilt");
	OK(pc_store_rebuilt(s) == 1, "a missing index is rebuilt once");
	OK(misses(s, 1), "a removed record stays a miss after a rebuild");
	pc_store_close(s);

	OK(truncate(path, 100) == 0, "an index is truncated");
	s = open_store(0);
	OK(gives(s, 7, "seven", 5), "a truncated index is rebuilt");
	pc_store_close(s);

	s = open_store(0);
	put(s, 7, "siete", 5);
	spoil_index(7);
	OK(put(s, 7, large, PC_INLINE_MAX + 1) == 0 &&
		gives(s, 7, large, PC_INLINE_MAX + 1),
	    "a large put rebuilds an overwritten index");
	OK(pc_store_rebuilt(s) == 1, "an overwritten index is rebuilt once");
	put(s, 7, "seven", 5);
	pc_store_close(s);
	free(large);

	truncate(path, 0);
	s = open_store(PC_STORE_READ_ONLY);
	OK(gives(s, 7, "seven", 5),
	    "a read-only store gives hits without an index");
	OK(put(s, 8, "x", 1) < 0 && errno == EROFS,
	    "a read-only store refuses a put");
	pc_store_close(s);

	snprintf(path, sizeof path, "%s/state", store_dir);
	truncate(path, 0);
	s = open_store(0);
	OK(s && gives(s, 7, "seven", 5), "an empty state file is rebuilt");
	pc_store_close(s);
	s = open_store(0);
	OK(pc_run_add(s, &(struct pc_run){.part = PC_RUN_DOC}) == 0,
	    "a memory record is added to the store");
	pc_store_close(s);
	unlink(path);
	s = open_store(0);
	OK(s && gives(s, 7, "seven", 5), "a missing state file is rebuilt");
	pc_store_close(s);
	flip(path, 64 + 64 * (key_number(7).b[0] % PC_SHARDS) + 9);
	s = open_store(0);
	OK(gives(s, 7, "seven", 5),
	    "a damaged slot of the state file is rebuilt");
	pc_store_close(s);
	flip(path, 3);
	s = open_store(0);
	OK(s && gives(s, 7, "seven", 5),
	    "a damaged header of the state file is repaired");
	pc_store_close(s);

	shard_file(7, "log", path);
	flip(path, 20);
	shard_file(7, "index", path);
	unlink(path);
	s = open_store(0);
	OK(gives(s, 7, "seven", 5), "a damaged header of a log is repaired");
	pc_store_close(s);
}

static void
test_rotten_record(void)
{
	struct pc_store *s = open_store(0);
	struct pc_hit hit = {0};
	struct pc_id key = key_number(9);
	char path[256];
	struct stat st;

	put(s, 9, "nine", 4);
	pc_store_close(s);
	shard_file(9, "log", path);
	stat(path, &st);
	flip(path, st.st_size - RECORD_TRAILER - 1);
	s = open_store(0);
	OK(misses(s, 9), "a flipped bit in a value is a miss");
	OK(pc_store_damaged(s) == 1, "a flipped bit in a value is counted: %u",
	    pc_store_damaged(s));
	OK(put(s, 9, "NINE", 4) == 0 && gives(s, 9, "NINE", 4),
	    "a put replaces a damaged record");
	pc_store_close(s);

	/* Damage a header within the log; the records behind it are found. */
	flip(path, st.st_size - RECORD_TRAILER - 4 - 100);
	shard_file(9, "index", path);
	unlink(path);
	s = open_store(0);
	OK(gives(s, 9, "NINE", 4), "a rebuild skips damaged records");
	OK(pc_store_damaged(s) == 1, "a rebuild counts damaged records: %u",
	    pc_store_damaged(s));
	OK(pc_store_get(s, &key, PC_GET_HEADER, &hit) == 0 && !hit.value,
	    "the header of a record is read without its value");
	pc_hit_clear(&hit);
	pc_store_close(s);
}

/* The id of a spool is that of the bytes so far, in memory and in a file. */
static void
test_spool_ids(void)
{
	static const size_t pieces[] = {0, 100, 1, PC_INLINE_MAX - 150, 100,
	    PC_IO_CHUNK, 1};
	const size_t count = sizeof pieces / sizeof *pieces;
	unsigned char *all = malloc(2 * PC_INLINE_MAX);
	struct pc_spool *p = pc_spool_new(NULL);
	struct pc_id id, whole;
	unsigned wrong = 0;
	size_t n = 0;

	for (size_t i = 0; i < 2 * PC_INLINE_MAX; i++)
		all[i] = (unsigned char)(i * 7 + i / 256);
	for (size_t i = 0; i < count; i++) {
		wrong += pc_spool_write(p, all + n, pieces[i]) != 0;
		n += pieces[i];
		if (i % 3 == 2)
			continue;
		for (int twice = 0; twice < 2; twice++) {
			pc_spool_id(p, &id);
			pc_sha256(all, n, &whole);
			wrong += memcmp(id.b, whole.b, sizeof id.b) != 0;
		}
	}
	OK(wrong == 0, "the id of a spool is right while it grows: %u wrong",
	    wrong);
	pc_spool_free(p);
	free(all);
}

/* The header of a record is read without its value, unless it is long. */
static void
test_headers(void)
{
	enum { VALUE = 50000 };
	static const size_t materials[] = {10, 9000};
	struct pc_store *s = open_store(0);
	unsigned char *bytes = malloc(VALUE);
	struct pc_hit hit = {0};
	struct stat st;
	char path[256];

	memset(bytes, 'x', VALUE);
	for (unsigned i = 0; i < 2; i++) {
		struct pc_record r = {.key = key_number(31 + i),
		    .created = pc_now(),
		    .expires = PC_NEVER,
		    .material = bytes,
		    .material_len = materials[i],
		    .extra = bytes,
		    .extra_len = 5};

		OK(pc_store_put_bytes(s, &r, bytes, VALUE) == 0 &&
			pc_store_get(s, &r.key, PC_GET_HEADER, &hit) == 0 &&
			!hit.value && hit.record.size == VALUE &&
			hit.record.material_len == materials[i] &&
			memcmp(hit.record.extra, "xxxxx", 5) == 0,
		    "the header of a record with %zu bytes of material is read",
		    materials[i]);
		OK(i == 1 || hit.bytes.len < VALUE,
		    "reading the header takes %zu bytes", hit.bytes.len);
		OK(gives(s, 31 + i, bytes, VALUE),
		    "the value after its header was read is a hit");
		shard_file(31 + i, "log", path);
		stat(path, &st);
		flip(path, st.st_size - RECORD_TRAILER - 1);
		OK(pc_store_get(s, &r.key, PC_GET_HEADER, &hit) == 0 &&
			misses(s, 31 + i),
		    "a damaged value does not damage the header");
	}
	pc_hit_clear(&hit);
	pc_store_close(s);
	free(bytes);
}

/* A damaged record must not bring back the one that it replaced, whichever byte
 * is damaged.  A truncated record must not damage the old one. */
static void
test_replaced(void)
{
	enum { WHOLE = 160 + 3 + RECORD_TRAILER };
	struct pc_store *s;
	char path[256];
	struct stat st;
	int bad = 0, gone = 0;

	shard_file(21, "log", path);
	for (int at = 0; at < WHOLE; at++) {
		s = open_store(0);
		put(s, 21, "old", 3);
		put(s, 21, "new", 3);
		pc_store_close(s);
		stat(path, &st);
		flip(path, st.st_size - WHOLE + at);
		s = open_store(0);
		bad += gives(s, 21, "old", 3);
		pc_store_close(s);
	}
	OK(bad == 0, "a damaged record does not bring back the old one");
	for (int cut = 1; cut < WHOLE; cut++) {
		char name[16];

		snprintf(name, sizeof name, "cut%d", cut);
		use_store(name);
		shard_file(21, "log", path);
		s = open_store(0);
		put(s, 21, "old", 3);
		put(s, 21, "new", 3);
		pc_store_close(s);
		stat(path, &st);
		if (truncate(path, st.st_size - cut) < 0)
			abort();
		s = open_store(0);
		put(s, 22, "other", 5);
		gone += !gives(s, 21, "old", 3);
		pc_store_close(s);
	}
	use_store("a/b/store");
	OK(gone == 0, "a truncated record does not damage the old one");
}

/* The search for the next record behind a damaged one may find a log that is
 * stored as a value.  Its records must not be used. */
static void
test_embedded(void)
{
	unsigned char log_id[LOG_ID] = {1};
	struct record r = {.type = RECORD_PUT,
	    .offset = 64,
	    .pub = {.key = key_number(9), .size = 4, .expires = PC_NEVER}};
	struct pc_buf forged = {0};
	struct pc_store *s = open_store(0);
	struct pc_record value = {.key = key_number(9), .expires = PC_NEVER};
	char path[256];
	struct stat st;

	pc_sha256("evil", 4, &r.pub.output);
	record_encode(&r, log_id, &forged);
	pc_buf_add(&forged, "evil", 4);
	put(s, 9, "good", 4);
	shard_file(9, "log", path);
	stat(path, &st);
	value.key.b[31] ^= 1; /* the same shard, another key */
	pc_store_put_bytes(s, &value, forged.data, forged.len);
	pc_store_close(s);
	flip(path, st.st_size + 30);
	shard_file(9, "index", path);
	unlink(path);
	s = open_store(0);
	OK(gives(s, 9, "good", 4), "a forged record in a value is not used");
	pc_store_close(s);
	pc_buf_clear(&forged);
}

static int
count_record(void *ctx, const struct pc_record *r)
{
	(void)r;
	(*(unsigned *)ctx)++;
	return 0;
}

static int
count_event(void *ctx, const struct pc_event *e)
{
	*(unsigned *)ctx += e->kind == PC_EVENT_HIT &&
	    strcmp(e->stage, "unit") == 0 && e->duration == 5 &&
	    e->bytes == 1ULL << 40;
	return 0;
}

static void
test_each_and_events(void)
{
	struct pc_event e = {.kind = PC_EVENT_HIT,
	    .stage = "unit",
	    .duration = 5,
	    .bytes = 1ULL << 40};
	struct pc_store *s = open_store(0);
	unsigned records = 0, newest = 0, events = 0;
	char path[256];
	int fd;

	OK(pc_store_each(s, 0, count_record, &records) == 0 && records > 5000,
	    "pc_store_each visits every record");
	OK(pc_store_each(s, 4096, count_record, &newest) == 0 && newest > 0 &&
		newest < records,
	    "pc_store_each with a limit visits some of the newest records");
	for (int i = 0; i < 2000; i++)
		pc_event_add(s, &e);
	snprintf(path, sizeof path, "%s/events", store_dir);
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	OK(write(fd, "torn", 4) == 4, "a torn event is written");
	close(fd);
	pc_event_add(s, &e);
	pc_event_each(s, count_event, &events);
	OK(events == 2001,
	    "a torn event does not stop the reading of %u events", events);
	pc_store_close(s);
}

static void
test_refusals(void)
{
	struct pc_error err;
	char path[80], file[96];
	unsigned char header[64] = "pc-store 2\n";
	struct pc_id check;
	unsigned char all[60] = {0};
	int fd;

	snprintf(path, sizeof path, "%s/foreign", dir);
	mkdir(path, 0700);
	snprintf(file, sizeof file, "%s/photo.jpg", path);
	close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	OK(!pc_store_open(path, 0, &err) && strstr(err.text, "is not a store"),
	    "a foreign directory is refused: %s", err.text);
	OK(!pc_store_open(file, 0, &err),
	    "a file in place of a store is refused: %s", err.text);
	snprintf(path, sizeof path, "%s/newer", dir);
	pc_store_close(pc_store_open(path, 0, &err));
	memcpy(all, header, 56);
	pc_sha256(all, sizeof all, &check);
	memcpy(header + 56, check.b, 8);
	snprintf(file, sizeof file, "%s/state", path);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	OK(pwrite(fd, header, 64, 0) == 64,
	    "the header of a newer format is written");
	close(fd);
	OK(!pc_store_open(path, 0, &err) && strstr(err.text, "upgrade pc"),
	    "a store of a newer format is refused: %s", err.text);
	snprintf(path, sizeof path, "%s/none", dir);
	OK(!pc_store_open(path, PC_STORE_READ_ONLY, &err) &&
		access(path, F_OK) < 0,
	    "opening read-only makes no store: %s", err.text);
}

static void
test_flight(void)
{
	struct pc_store *a = open_store(0), *b = open_store(0);
	struct pc_id key = key_number(1);

	OK(pc_flight_take(a, &key, 0) == 0,
	    "the first process takes the flight");
	OK(pc_flight_take(b, &key, 0) == 1,
	    "a second process does not get the flight");
	OK(pc_flight_take(b, &key, 20000) == 1,
	    "a second process does not get the flight after a wait");
	OK(pc_store_lock_wait(b) >= 20000, "the wait for a flight is measured");
	pc_store_close(a);
	OK(pc_flight_take(b, &key, 0) == 0,
	    "the second gets the flight when the first has closed its store");
	pc_store_close(b);
}

int
main(void)
{
	char command[80];

	if (!mkdtemp(dir))
		return 2;
	use_store("a/b/store");
	test_basics();
	test_read();
	test_many();
	test_damage();
	test_rotten_record();
	test_spool_ids();
	test_headers();
	test_replaced();
	test_embedded();
	test_each_and_events();
	test_refusals();
	test_flight();
	snprintf(command, sizeof command, "rm -rf %s", dir);
	if (system(command) != 0)
		return 2;
	return tap_done();
}
