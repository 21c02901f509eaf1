/* newer.c - a record from another store never replaces a newer one, not even
 * one that is put at the same moment.
 *
 * NEWER_ROUNDS is the number of tries with small values (60000). */
#include "pc.h"
#include "tap.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/pc-unit.XXXXXX";
static struct pc_id key;

/* Memory shared with the other process. */
static struct shared {
	_Atomic int64_t put; /* date of the last record stored */
	_Atomic int stop;
} * shared;

static struct pc_store *
open_store(const char *name)
{
	char path[64];
	struct pc_error err;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return pc_store_open(path, PC_STORE_NO_EVENTS, &err);
}

/* Put a record of this date; its value begins with the date. */
static int
put(struct pc_store *s, int64_t made, size_t size, int newer)
{
	struct pc_record r = {.key = key, .created = made, .expires = PC_NEVER};
	struct pc_spool *value = pc_spool_new(s);
	char *bytes = malloc(size);
	int result = -1;

	if (value && bytes) {
		memset(bytes, 'x', size);
		memcpy(bytes, &made, sizeof made);
		if (pc_spool_write(value, bytes, size) == 0)
			result = newer ? pc_store_put_newer(s, &r, value)
				       : pc_store_put(s, &r, value);
	}
	free(bytes);
	pc_spool_free(value);
	return result;
}

/* The date of the stored record, or -1. */
static int64_t
made(struct pc_store *s)
{
	struct pc_hit hit = {0};
	int64_t when = -1;

	if (pc_store_get(s, &key, 0, &hit) == 0)
		when = hit.record.created;
	pc_hit_clear(&hit);
	return when;
}

static void
test_stands(size_t size, const char *what)
{
	struct pc_store *s = open_store(what);

	OK(s && put(s, 20, size, 1) == 0,
	    "%s: a record for a new key is stored", what);
	OK(put(s, 10, size, 1) == 1 && made(s) == 20,
	    "%s: an older record is not stored", what);
	OK(put(s, 20, size, 1) == 1 && made(s) == 20,
	    "%s: a record of the same date is not stored", what);
	OK(put(s, 30, size, 1) == 0 && made(s) == 30,
	    "%s: a newer record is stored", what);
	OK(put(s, 5, size, 0) == 0 && made(s) == 5,
	    "%s: an ordinary put of an older record is stored", what);
	pc_store_close(s);
}

static void
put_on(size_t size)
{
	struct pc_store *s = open_store("race");

	for (int64_t when = 2; s && !shared->stop; when += 2) {
		if (put(s, when, size, 0) < 0)
			_exit(1);
		shared->put = when;
		usleep(30); /* else few records are newer */
	}
	pc_store_close(s);
	_exit(s == NULL);
}

/* One process puts; the other stores records that are newer than all that it
 * knows, but not than the one being put.  Each read must find the record that
 * was put before it, or a newer one. */
static void
test_race(size_t size, unsigned rounds, const char *what)
{
	struct pc_store *s;
	unsigned taken = 0, wrong = 0, failed = 0;
	int status = 1;
	pid_t child;

	shared->put = 0;
	shared->stop = 0;
	child = fork();
	if (child == 0)
		put_on(size);
	s = open_store("race");
	while (child > 0 && !shared->put)
		usleep(100);
	for (unsigned i = 0; child > 0 && i < rounds; i++) {
		int r = put(s, shared->put + 1, size, 1);
		int64_t stored = shared->put;

		taken += r == 0;
		failed += r < 0;
		wrong += made(s) < stored;
	}
	shared->stop = 1;
	waitpid(child, &status, 0);
	OK(status == 0 && failed == 0 && taken > 0,
	    "%s: %u of %u records are stored", what, taken, rounds);
	OK(wrong == 0, "%s: none replaces a newer record: %u", what, wrong);
	pc_store_close(s);
}

int
main(void)
{
	const char *rounds = getenv("NEWER_ROUNDS");
	char command[80];

	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || !mkdtemp(dir))
		return 2;
	pc_sha256("key", 3, &key);
	test_stands(100, "small");
	test_stands(PC_INLINE_MAX + 1, "large");
	test_race(100, rounds ? (unsigned)atoi(rounds) : 60000,
	    "small values at the same time");
	test_race(PC_INLINE_MAX + 1, 300, "large values at the same time");
	snprintf(command, sizeof command, "rm -rf %s", dir);
	if (system(command) != 0)
		return 2;
	return tap_done();
}
