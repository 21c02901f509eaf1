/* The cap holds: after each put the store takes at most 1.1 times the cap on
 * the disk, with any number of processes and any values, and the newest value
 * is a hit.
 *
 * With CAP_LARGE, in bytes, only values of that size are put. */
#include "../disk.h"
#include "disk/disk.h"
#include "disk/lock.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KIB = 1024, MIB = 1024 * KIB, WRITERS = 16 };

static char dir[] = "/tmp/pc-cap.XXXXXX";

struct count {
	uint64_t most, puts, refused, failed, misses;
};

static struct count *counts; /* shared memory: one for each writer */

static const char *
path(const char *name)
{
	static char p[128];

	snprintf(p, sizeof p, "%s/%s", dir, name);
	return p;
}

/* The size of the store as du(1) counts it.  While others write, it may count
 * an evicted file and the file that took its room.  So if the sum is too large,
 * count again while no process can take room. */
static uint64_t
disk(const char *name, uint64_t most)
{
	struct flock l = {.l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = LOCK_ROOM,
	    .l_len = 1};
	uint64_t sum = disk_of(path(name));
	char state[32];
	int fd;

	if (sum <= most)
		return sum;
	snprintf(state, sizeof state, "%s/state", name);
	fd = open(path(state), O_RDWR | O_CLOEXEC);
	if (fd >= 0 && fcntl(fd, F_OFD_SETLKW, &l) == 0)
		sum = disk_of(path(name));
	if (fd >= 0)
		close(fd);
	return sum;
}

static struct pc_store *
open_store(const char *name, int64_t cap)
{
	struct pc_error err;
	struct pc_store *s = pc_store_open(path(name), 0, &err);

	if (!s) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	pc_store_set_max(s, cap);
	return s;
}

/* Fill p with size bytes that differ from those of other seeds. */
static void
fill(unsigned char *p, size_t size, uint64_t seed)
{
	uint64_t x = seed * 0x9e3779b97f4a7c15 + 1;

	for (size_t i = 0; i < size; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		p[i] = (unsigned char)x;
	}
}

static void
key_of(uint64_t number, struct pc_id *key)
{
	pc_sha256(&number, sizeof number, key);
}

static int
is_there(struct pc_store *s, uint64_t number, const unsigned char *value,
    size_t size)
{
	struct pc_hit hit = {0};
	struct pc_buf got = {0};
	struct pc_id key;
	int r;

	key_of(number, &key);
	r = pc_store_get(s, &key, 0, &hit) == 0 &&
	    pc_hit_read(&hit, &got, size) == 0 && got.len == size &&
	    memcmp(got.data, value, size) == 0;
	pc_hit_clear(&hit);
	pc_buf_clear(&got);
	return r;
}

static int
put(struct pc_store *s, uint64_t number, const unsigned char *value,
    size_t size)
{
	struct pc_record r = {.created = pc_now(), .expires = PC_NEVER};
	struct pc_event e = {.kind = PC_EVENT_PUT};

	key_of(number, &r.key);
	e.key = r.key;
	if (pc_store_put_bytes(s, &r, value, size) < 0)
		return -1;
	return pc_event_add(s, &e);
}

/* Put n values of the given sizes in turn, each through a store that is opened
 * for it or all through one, and check the size after each. */
static void
work(const char *name, int64_t cap, unsigned n, const size_t *sizes,
    unsigned kinds, int each, unsigned me, int alone)
{
	const uint64_t most = (uint64_t)cap + (uint64_t)cap / 10;
	struct count *c = &counts[me];
	struct pc_store *s = each ? NULL : open_store(name, cap);
	unsigned char *value = malloc(sizes[kinds - 1] + 1);

	for (unsigned i = 0; i < n; i++) {
		const uint64_t number = (uint64_t)me << 32 | i;
		const size_t size = sizes[i % kinds];
		uint64_t now;

		if (each)
			s = open_store(name, cap);
		fill(value, size, number);
		if (put(s, number, value, size) == 0)
			c->puts++;
		else if (errno == ENOBUFS)
			c->refused++;
		else
			c->failed++;
		now = disk(name, most);
		c->most = now > c->most ? now : c->most;
		/* With one writer this is the newest value. */
		if (kinds == 1 && alone && !is_there(s, number, value, size))
			c->misses++;
		if (each)
			pc_store_close(s);
		now = disk(name, most);
		c->most = now > c->most ? now : c->most;
	}
	if (!each)
		pc_store_close(s);
	free(value);
}

static void
run(const char *what, int64_t cap, unsigned writers, unsigned n,
    const size_t *sizes, unsigned kinds, int each)
{
	struct count all = {0};
	int bad = 0;

	memset(counts, 0, WRITERS * sizeof *counts);
	for (unsigned i = 0; i < writers; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			work("s", cap, n, sizes, kinds, each, i, writers == 1);
			_exit(0);
		}
		bad |= pid < 0;
	}
	for (unsigned i = 0; i < writers; i++) {
		int status;

		bad |= wait(&status) < 0 || status != 0;
	}
	for (unsigned i = 0; i < writers; i++) {
		all.most = counts[i].most > all.most ? counts[i].most
						     : all.most;
		all.puts += counts[i].puts;
		all.refused += counts[i].refused;
		all.failed += counts[i].failed;
		all.misses += counts[i].misses;
	}
	OK(!bad && all.most <= (uint64_t)cap + (uint64_t)cap / 10,
	    "%s, %u writers: the store takes at most %.1f %% of the cap", what,
	    writers, 100.0 * (double)all.most / (double)cap);
	OK(all.failed == 0 && all.misses == 0 && all.puts > 0 &&
		all.refused <= all.puts / 20,
	    "%s: %llu puts, %llu refused, %llu failed, %llu of the newest "
	    "missing",
	    what, (unsigned long long)all.puts, (unsigned long long)all.refused,
	    (unsigned long long)all.failed, (unsigned long long)all.misses);
}

static void
wipe(void)
{
	char command[64];

	snprintf(command, sizeof command, "rm -rf %s/s", dir);
	if (system(command) != 0)
		printf("# %s failed\n", command);
}

static void
test_sizes(void)
{
	const char *large_text = getenv("CAP_LARGE");
	const size_t large = large_text ? (size_t)atoll(large_text)
					: 4 * (size_t)MIB;
	const size_t tiny[] = {100}, page[] = {5000}, some[] = {100000},
		     external[] = {300000}, big[] = {large},
		     mixed[] = {100, 3000, 100, 40000, 100, 150000};
	const struct {
		const char *what;
		int64_t cap;
		const size_t *sizes;
		unsigned kinds, n, n_many;
	} loads[] = {
	    {"100 B at 500K", 500 * KIB, tiny, 1, 300, 30},
	    {"5 KB at 500K", 500 * KIB, page, 1, 200, 30},
	    {"100 KB at 500K", 500 * KIB, some, 1, 60, 10},
	    {"300 KB at 500K", 500 * KIB, external, 1, 30, 4},
	    {"mixed at 1M", MIB, mixed, 6, 600, 60},
	    {"100 B at 4M", 4 * MIB, tiny, 1, 2000, 200},
	    {"5 KB at 20M", 20 * MIB, page, 1, 1500, 300},
	    {"300 KB at 20M", 20 * MIB, external, 1, 150, 20},
	    {"large at 5 times its size", 5 * (int64_t)large, big, 1, 16, 3},
	};

	const size_t count = sizeof loads / sizeof *loads;

	for (size_t i = large_text ? count - 1 : 0; i < count; i++)
		for (unsigned many = 0; many < 2; many++) {
			wipe();
			run(loads[i].what, loads[i].cap, many ? WRITERS : 1,
			    many ? loads[i].n_many : loads[i].n, loads[i].sizes,
			    loads[i].kinds, i % 2);
		}
}

/* Values from nine tenths of the cap to the whole cap: each is kept or refused,
 * and none is acknowledged and then lost. */
static void
test_near_the_cap(void)
{
	const int64_t cap = 4 * MIB;
	unsigned char *value = malloc((size_t)cap);
	unsigned kept = 0, refused = 0, lost = 0;

	for (int64_t size = cap * 9 / 10; size <= cap; size += cap / 200) {
		struct pc_store *s;
		int r;

		wipe();
		s = open_store("s", cap);
		fill(value, (size_t)size, (uint64_t)size);
		r = put(s, 1, value, (size_t)size);
		refused += r < 0 && errno == EMSGSIZE;
		pc_store_close(s);
		s = open_store("s", cap);
		if (r == 0 && is_there(s, 1, value, (size_t)size))
			kept++;
		else
			lost += r == 0;
		pc_store_close(s);
	}
	free(value);
	OK(lost == 0 && kept > 0 && refused > 0,
	    "values near the cap are kept or refused: %u kept, %u refused, %u lost",
	    kept, refused, lost);
}

int
main(void)
{
	char command[64];

	counts = mmap(NULL, WRITERS * sizeof *counts, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!mkdtemp(dir) || counts == MAP_FAILED)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_sizes();
	if (!getenv("CAP_LARGE"))
		test_near_the_cap();
	snprintf(command, sizeof command, "rm -rf %s", dir);
	if (system(command) != 0)
		return 2;
	return tap_done();
}
