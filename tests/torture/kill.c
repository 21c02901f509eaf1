/* kill.c - writers, readers and pc-gc, killed at random moments.
 *
 * torture-kill [-l] [-c BYTES] [-t SECONDS] DIR ROUNDS [SEED [PC-GC]]
 *
 * No round begins after SECONDS.  With -l an acknowledged record is removed at
 * the end; the check must find that, and the status is 1.  With -c the store
 * has that size cap: any record may be evicted, but no old version may come
 * back, and the files of the store never take more than 1.1 times the cap.
 *
 * Each writer puts its own keys many times and sometimes removes them, keys
 * that all writers share, keys that are put once, and loose keys, which pc-gc
 * may delete at any time.  With PC-GC two of them run all the time, in one mode
 * after the other.  The size and bytes of a value follow from its key and
 * version, and the record has the version.  The versions begun and acknowledged
 * are in shared memory, which survives a kill, so that every read can be
 * checked at once.  It must give a version that is not older than the last one
 * acknowledged before the read, and not newer than the last one begun after it.
 * A miss is right only if one of these versions is a removal.  Each round kills
 * some of the processes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../content.h"
#include "../disk.h"
#include "care.h"

enum {
	WRITERS = 12,
	READERS = 4,
	KEEPERS = 2,
	PROCESSES = WRITERS + READERS + KEEPERS,
	OWN = 24,     /* keys of a writer, put many times */
	LOOSE = 8,    /* of these, keys that pc-gc may delete */
	SHARED = 16,  /* keys that every writer puts */
	ONCE = 20000, /* keys of a writer that are put once */
	KEYS = WRITERS * (OWN + ONCE) + SHARED,
	REMOVAL_EVERY = 9, /* versions of an own key */
	VALUE_MAX = 1024 * 1024,
	LIFE_MAX = 25 * 1000,       /* us between two kills, */
	LIFE_KEPT_MAX = 200 * 1000, /* and with pc-gc, which needs time */
	NAP = 2000,                 /* us */
	SAMPLE = 60,                /* older keys read after each kill */
	/* Bytes put before a new store is begun. */
	STORE_MAX = 384 * 1024 * 1024,
};

/* The versions of a key. */
struct key_state {
	_Atomic uint32_t begun, acked; /* 0: none */
};

static struct shared {
	struct key_state key[KEYS];
	_Atomic uint32_t once[WRITERS]; /* how many of these keys are begun */
	_Atomic uint64_t bytes, puts, removals, gets, misses, keeps;
	_Atomic int failed;
	char why[512];
} * shared;

static const char *dir, *keeper;
static uint64_t seed;
static int64_t cap; /* bytes; 0: none */
static int epoch;
static unsigned char value[VALUE_MAX];

/* Only the first fault is reported. */
static void
fault(const char *what, unsigned key, uint32_t version)
{
	if (atomic_exchange(&shared->failed, 1))
		return;
	snprintf(shared->why, sizeof shared->why,
	    "%s: key %u version %u, begun %u, acknowledged %u, store %d", what,
	    key, version, shared->key[key].begun, shared->key[key].acked,
	    epoch);
}

/* ---- keys and values ---- */

static unsigned
own_key(unsigned writer, unsigned i)
{
	return writer * OWN + i;
}

static unsigned
shared_key(unsigned i)
{
	return WRITERS * OWN + i;
}

static unsigned
once_key(unsigned writer, unsigned i)
{
	return WRITERS * OWN + SHARED + writer * ONCE + i;
}

static void
key_id(unsigned key, struct pc_id *id)
{
	content_key(content_seed(seed, key), id);
}

/* From 0 bytes to 1 MiB, small ones more often. */
static size_t
value_size(unsigned key, uint32_t version)
{
	uint64_t state = content_seed(seed ^ key, version);
	uint64_t kind = content_below(&state, 64);

	if (kind == 0)
		return content_below(&state, 2);
	if (kind < 3)
		return content_below(&state, VALUE_MAX + 1);
	return content_below(&state, 1ULL << (1 + content_below(&state, 17)));
}

static void
value_fill(unsigned key, uint32_t version, size_t size)
{
	content_fill(value, size, content_seed(seed + key, version));
}

/* The last few of a writer's own keys. */
static int
is_loose(unsigned key)
{
	return key < WRITERS * OWN && key % OWN >= OWN - LOOSE;
}

static int
is_removal(unsigned key, uint32_t version)
{
	return key < WRITERS * OWN && !is_loose(key) &&
	    content_seed(seed + key, version) % REMOVAL_EVERY == 0;
}

static struct pc_store *
open_store(void)
{
	struct pc_error err;
	struct pc_store *s;
	char path[4096];

	snprintf(path, sizeof path, "%s/store-%d", dir, epoch);
	s = pc_store_open(path, 0, &err);
	if (!s && !atomic_exchange(&shared->failed, 1))
		snprintf(shared->why, sizeof shared->why, "open: %.400s",
		    err.text);
	if (s)
		pc_store_set_max(s, cap);
	return s;
}

/* pc-gc gives way to other processes; without naps it would get no time. */
static void
nap(void)
{
	if (keeper)
		usleep(NAP);
}

/* ---- writing ---- */

static int
put(struct pc_store *s, unsigned key, uint32_t version)
{
	static const unsigned char stage[] = "s\5\0\0\0loose";
	size_t size = value_size(key, version);
	/* The version is stored as the cost, which every record has. */
	struct pc_record r = {.created = pc_now(),
	    .expires = PC_NEVER,
	    .cost = version};

	key_id(key, &r.key);
	if (is_removal(key, version)) {
		if (pc_store_remove(s, &r.key) < 0) {
			fault(strerror(errno), key, version);
			return -1;
		}
		shared->removals++;
		return 0;
	}
	if (is_loose(key)) {
		r.material = stage;
		r.material_len = sizeof stage - 1;
		if (version % 2)
			r.expires = r.created + 20000;
	}
	value_fill(key, version, size);
	if (pc_store_put_bytes(s, &r, value, size) < 0) {
		/* Other records take all the room. */
		if (cap && errno == ENOBUFS)
			return 1;
		fault(strerror(errno), key, version);
		return -1;
	}
	shared->bytes += size;
	shared->puts++;
	return 0;
}

/* Put the next version of a key that only this writer writes, or put the last
 * acknowledged version again. */
static int
put_own(struct pc_store *s, unsigned key, int again)
{
	struct key_state *k = &shared->key[key];
	uint32_t version = again && k->acked == k->begun && k->acked
	    ? k->acked
	    : k->begun + 1;
	int r;

	k->begun = version;
	r = put(s, key, version);
	if (r != 0)
		return r;
	k->acked = version;
	if (again) {
		struct pc_id id;

		key_id(key, &id);
		if (!is_loose(key) && pc_store_touch(s, &id, PC_NEVER) < 0) {
			fault(strerror(errno), key, version);
			return -1;
		}
	}
	return 0;
}

/* The order of the versions of a shared key is unknown; any version that was
 * begun is right. */
static int
put_shared(struct pc_store *s, unsigned key)
{
	struct key_state *k = &shared->key[key];
	const int r = put(s, key, atomic_fetch_add(&k->begun, 1) + 1);

	if (r == 0)
		k->acked = 1;
	return r;
}

static _Noreturn void
be_writer(unsigned me, uint64_t state)
{
	struct pc_store *s = open_store();

	while (s && !shared->failed) {
		uint64_t kind = content_below(&state, 10);
		unsigned i;
		int r;

		if (kind < 4 && (i = shared->once[me]) < ONCE) {
			shared->once[me] = i + 1;
			r = put_own(s, once_key(me, i), 0);
		} else if (kind < 8) {
			i = (unsigned)content_below(&state, OWN);
			r = put_own(s, own_key(me, i), kind == 7);
		} else {
			i = (unsigned)content_below(&state, SHARED);
			r = put_shared(s, shared_key(i));
		}
		if (r < 0)
			break;
		nap();
	}
	_exit(1);
}

/* ---- reading ---- */

static void
check(struct pc_store *s, struct pc_hit *hit, unsigned key)
{
	struct key_state *k = &shared->key[key];
	uint32_t least = k->acked, most, version;
	struct pc_id id;
	size_t size;
	int found;

	key_id(key, &id);
	found = pc_store_get(s, &id, 0, hit);
	most = k->begun;
	shared->gets++;
	if (found < 0) {
		fault(strerror(errno), key, 0);
	} else if (found == 1) {
		int may = least == 0 || is_loose(key) || cap;

		shared->misses++;
		for (version = least; !may && version <= most; version++)
			may = is_removal(key, version);
		if (!may)
			fault("an acknowledged put is missing", key, least);
	} else {
		version = (uint32_t)hit->record.cost;
		size = value_size(key, version);
		if (version < least || version > most || version == 0 ||
		    is_removal(key, version))
			fault("a version that cannot be current", key, version);
		value_fill(key, version, size);
		if (!content_matches(hit, value, size))
			fault("wrong bytes", key, version);
	}
}

/* Any key that may have been put, the latest more often. */
static unsigned
any_key(uint64_t *state)
{
	unsigned writer = (unsigned)content_below(state, WRITERS);
	unsigned n = shared->once[writer];
	unsigned i = (unsigned)content_below(state, OWN + SHARED + OWN);

	if (i < OWN)
		return own_key(writer, i);
	if (i < OWN + SHARED)
		return shared_key(i - OWN);
	if (n == 0)
		return own_key(writer, 0);
	if (n > OWN && content_below(state, 2))
		return once_key(writer,
		    n - 1 - (unsigned)content_below(state, OWN));
	return once_key(writer, (unsigned)content_below(state, n));
}

static _Noreturn void
be_reader(uint64_t state)
{
	struct pc_hit hit = {0};
	struct pc_store *s = open_store();

	while (s && !shared->failed) {
		check(s, &hit, any_key(&state));
		nap();
	}
	_exit(1);
}

/* Read after a kill as a new process would: all keys that are put many times,
 * the newest of the other keys and some older ones; or all keys. */
static void
look(uint64_t *state, int all)
{
	struct pc_store *s = open_store();
	struct pc_hit hit = {0};

	for (unsigned i = 0; s && i < WRITERS * OWN + SHARED; i++)
		check(s, &hit, i);
	for (unsigned i = 0; s && i < SAMPLE; i++)
		check(s, &hit, any_key(state));
	for (unsigned w = 0; s && all && w < WRITERS; w++)
		for (unsigned i = 0; i < shared->once[w]; i++)
			check(s, &hit, once_key(w, i));
	pc_hit_clear(&hit);
	pc_store_close(s);
}

/* Call this only while no other process runs. */
static void
look_at_size(void)
{
	char path[4096];
	uint64_t disk;

	snprintf(path, sizeof path, "%s/store-%d", dir, epoch);
	disk = disk_of(path);
	if (cap && disk > (uint64_t)cap + (uint64_t)cap / 10)
		fault("the store is larger than its cap", 0,
		    (uint32_t)(disk >> 10));
}

/* ---- pc-gc ---- */

static _Noreturn void
be_keeper(uint64_t state)
{
	enum { WORDS = 6 };
	static const char *const modes[][WORDS] = {{"--expired"},
	    {"--expired", "--max-bytes", "1T"},
	    {"--max-bytes", "1K", "--stage", "loose"},
	    {"--max-bytes", "1K", "--stage", "loose", "--policy", "lfu"},
	    {"--max-bytes", "1K", "--stage", "loose", "--policy", "cost"},
	    {"--stage", "loose"}, {"--older-than", "1000d"}, {"--compact"},
	    {"--compact"}, {"--check"}, {"--repair"}, {"--rebuild"},
	    {"--file", "."}, {"--file", ".", "--derived"},
	    {"--all", "--dry-run"}, {"--stage", "loose", "--older-than", "0s"},
	    {"--export", "export"}, {"--stage", "none", "--import", "export"}};
	enum { MODES = sizeof modes / sizeof modes[0] };
	const char *argv[16] = {keeper, "-q"};
	size_t n = 2;
	char store[4096];
	unsigned i = (unsigned)content_below(&state, MODES);
	int log = open("keepers", O_WRONLY | O_CREAT | O_APPEND, 0600);

	snprintf(store, sizeof store, "%s/store-%d", dir, epoch);
	/* A store that no writer has made yet cannot be exported. */
	pc_store_close(open_store());
	if (access("export", F_OK) < 0)
		i = MODES - 2;
	dup2(log, 1);
	dup2(log, 2);
	for (unsigned k = 0; k < WORDS && modes[i][k]; k++)
		argv[n++] = strcmp(modes[i][k], ".") == 0 ? keeper
							  : modes[i][k];
	argv[n++] = "--store";
	argv[n++] = store;
	execv(keeper, (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Write the configuration of PC-GC. */
static int
tell_cap(void)
{
	FILE *f = fopen("config.json", "w");

	if (!f)
		return -1;
	fprintf(f, "{\"caching\": {\"max_bytes\": %lld}}\n", (long long)cap);
	return fclose(f) < 0 ? -1 : setenv("PC_CONFIG", "config.json", 1);
}

/* ---- a lost record ---- */

/* Remove an acknowledged record, as a store that loses data would. */
static void
lose_one(void)
{
	struct pc_store *s = open_store();
	struct pc_id id;

	for (unsigned key = 0; s && key < WRITERS * OWN; key++) {
		const struct key_state *k = &shared->key[key];

		if (k->acked == 0 || k->acked != k->begun || is_loose(key) ||
		    is_removal(key, k->acked))
			continue;
		key_id(key, &id);
		if (pc_store_remove(s, &id) < 0)
			fault(strerror(errno), key, 0);
		break;
	}
	pc_store_close(s);
}

/* ---- the rounds ---- */

static pid_t child[PROCESSES];

static void
start(unsigned i, uint64_t state)
{
	const pid_t parent = getpid();

	child[i] = fork();
	if (child[i] != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	if (i < WRITERS)
		be_writer(i, state);
	if (i < WRITERS + READERS)
		be_reader(state);
	be_keeper(state);
}

/* Start each pc-gc again that has ended.  None may have found damage or failed;
 * the second of two in one mode exits with PC_EXIT_LATER. */
static void
go_on_keeping(uint64_t *state)
{
	for (unsigned i = WRITERS + READERS; keeper && i < PROCESSES; i++) {
		int status;

		if (child[i] > 0 && waitpid(child[i], &status, WNOHANG) > 0) {
			child[i] = 0;
			shared->keeps++;
			if (WIFSIGNALED(status))
				fault("a pc-gc died", i,
				    (uint32_t)WTERMSIG(status));
			else if (WEXITSTATUS(status) != PC_EXIT_OK &&
			    WEXITSTATUS(status) != PC_EXIT_LATER)
				fault("a pc-gc ended with a status (see "
				      "DIR/keepers)",
				    i, (uint32_t)WEXITSTATUS(status));
		}
		if (child[i] == 0)
			start(i, content_next(state));
	}
}

static void
stop(unsigned i)
{
	if (child[i] <= 0)
		return;
	kill(child[i], SIGKILL);
	waitpid(child[i], NULL, 0);
	child[i] = 0;
}

static void
stop_all(void)
{
	for (unsigned i = 0; i < PROCESSES; i++)
		stop(i);
}

static void
remove_store(void)
{
	char path[4096];
	pid_t pid;

	snprintf(path, sizeof path, "%s/store-%d", dir, epoch);
	pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", path, (char *)NULL);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void
next_store(uint64_t *state)
{
	stop_all();
	look(state, 1);
	if (shared->failed)
		return;
	remove_store();
	epoch++;
	memset(shared->key, 0, sizeof shared->key);
	memset(shared->once, 0, sizeof shared->once);
	shared->bytes = 0;
}

static void
round_once(uint64_t *state)
{
	uint64_t life = content_below(state, keeper ? LIFE_KEPT_MAX : LIFE_MAX);
	struct timespec t = {.tv_nsec = (long)life * 1000};
	uint64_t whom = content_below(state, 4);

	for (unsigned i = 0; i < WRITERS + READERS; i++)
		if (child[i] == 0)
			start(i, content_next(state));
	go_on_keeping(state);
	nanosleep(&t, NULL);
	go_on_keeping(state);
	/* Kill one, all, or some of them; a reader may be repairing. */
	if (whom == 0) {
		stop_all();
		look_at_size();
	} else if (whom == 1) {
		stop((unsigned)content_below(state, PROCESSES));
	} else {
		for (unsigned i = 0; i < PROCESSES; i++)
			if (content_below(state, 2))
				stop(i);
	}
	look(state, 0);
}

int
main(int argc, char **argv)
{
	const int64_t begun = pc_ticks();
	int64_t rounds, seconds = INT32_MAX, given = 1, done = 0;
	uint64_t state;
	int lose = 0, option, bad = 0;

	while ((option = getopt(argc, argv, "+lc:t:")) != -1)
		if (option == 'l')
			lose = 1;
		else if (option == 'c')
			bad |= pc_parse_int(optarg, 1, INT64_MAX, &cap) < 0;
		else
			bad |= option != 't' ||
			    pc_parse_int(optarg, 1, INT32_MAX, &seconds) < 0;
	argc -= optind - 1;
	argv += optind - 1;
	if (bad || argc < 3 || argc > 5 ||
	    pc_parse_int(argv[2], 1, 1000000, &rounds) < 0 ||
	    (argc >= 4 && pc_parse_int(argv[3], 0, INT64_MAX, &given) < 0)) {
		fprintf(stderr,
		    "usage: torture-kill [-l] [-c BYTES] [-t SECONDS] "
		    "DIR ROUNDS [SEED [PC-GC]]\n");
		return 2;
	}
	dir = ".";
	if (chdir(argv[1]) < 0 || (cap && tell_cap() < 0))
		return 2;
	keeper = argc == 5 ? argv[4] : NULL;
	seed = state = (uint64_t)given;
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 2;
	for (; done < rounds && !shared->failed &&
	     pc_ticks() - begun < seconds * 1000000;
	     done++) {
		if (shared->bytes > STORE_MAX)
			next_store(&state);
		round_once(&state);
	}
	stop_all();
	if (lose)
		lose_one();
	look(&state, 1);
	printf("%lld of %lld kills, %d stores, %llu puts and %llu removals "
	       "acknowledged, %llu gets, %llu misses, %llu times pc-gc\n",
	    (long long)done, (long long)rounds, epoch + 1,
	    (unsigned long long)shared->puts,
	    (unsigned long long)shared->removals,
	    (unsigned long long)shared->gets,
	    (unsigned long long)shared->misses,
	    (unsigned long long)shared->keeps);
	if (shared->failed) {
		printf("FAULT after %lld rounds, seed %lld: %s\n",
		    (long long)done, (long long)given, shared->why);
		return 1;
	}
	remove_store();
	return 0;
}
