/* mixed.c - the store, SQLite and LMDB under the same loads, with every byte
 * verified.
 *
 * bench-mixed BACKEND DIR one N SIZE
 *	N puts, then N gets in another order, in one process; prints the us
 *	that a put and a get took on average.  Puts keep below $BENCH_CAP
 *	bytes, when that is set.
 * bench-mixed BACKEND DIR many PROCESSES SECONDS PUT_PERCENT SIZE NAP
 *	gets of stored keys and puts of new keys, by many processes that sleep
 *	for NAP us after each (with 0 they compete for the processors, and an
 *	interrupted process waits for all others); prints operations a second,
 *	p50 and p99 of get and of put in ms, errors (a wrong value is one), and
 *	puts that are missing at the end. */
#include <errno.h>
#include <lmdb.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../content.h"
#include "care.h"
#include "spread.h"

enum {
	PROCESSES_MAX = 256,
	LOADED = 10000, /* records at the start of "many" */
	VALUE_MAX = 1024 * 1024,
};

struct worker {
	struct spread get, put;
	uint64_t puts, errors, lost;
};

/* A store for values; get returns whether it got exactly want. */
struct backend {
	const char *name;
	void *(*open)(const char *dir);
	int (*put)(void *, const struct pc_id *, const void *, size_t);
	int (*get)(void *, const struct pc_id *, const void *want, size_t);
	void (*close)(void *);
};

/* ---- the store ---- */

static void *
pc_open(const char *dir)
{
	struct pc_error err;
	struct pc_store *store = pc_store_open(dir, 0, &err);
	const char *cap = getenv("BENCH_CAP");
	int64_t max;

	if (store && cap && pc_parse_size(cap, &max) == 0)
		pc_store_set_max(store, max);
	if (!store)
		fprintf(stderr, "bench-mixed: %s\n", err.text);
	return store;
}

static int
pc_put(void *store, const struct pc_id *key, const void *value, size_t n)
{
	struct pc_record record = {.key = *key,
	    .created = pc_now(),
	    .expires = PC_NEVER};

	return pc_store_put_bytes(store, &record, value, n);
}

static int
pc_get(void *store, const struct pc_id *key, const void *want, size_t n)
{
	static struct pc_hit hit;

	return pc_store_get(store, key, 0, &hit) == 0 &&
	    content_matches(&hit, want, n);
}

static void
pc_close(void *store)
{
	pc_store_close(store);
}

/* ---- SQLite ---- */

struct lite {
	sqlite3 *db;
	sqlite3_stmt *put, *get;
};

static void *
lite_open(const char *dir)
{
	static const char schema[] =
	    "pragma journal_mode = wal; pragma synchronous = normal;"
	    "create table if not exists t"
	    "(k blob primary key, v blob) without rowid";
	struct lite *l = calloc(1, sizeof *l);
	char path[4096];

	if (!l || (mkdir(dir, 0700) < 0 && errno != EEXIST))
		return NULL;
	snprintf(path, sizeof path, "%s/db", dir);
	if (sqlite3_open(path, &l->db) == SQLITE_OK &&
	    sqlite3_busy_timeout(l->db, 30000) == SQLITE_OK &&
	    sqlite3_exec(l->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(l->db, "insert or replace into t values (?, ?)",
		-1, &l->put, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(l->db, "select v from t where k = ?", -1,
		&l->get, NULL) == SQLITE_OK)
		return l;
	fprintf(stderr, "bench-mixed: %s\n", sqlite3_errmsg(l->db));
	sqlite3_close(l->db);
	free(l);
	return NULL;
}

static int
lite_put(void *ctx, const struct pc_id *key, const void *value, size_t n)
{
	struct lite *l = ctx;
	int r;

	sqlite3_bind_blob(l->put, 1, key->b, sizeof key->b, SQLITE_STATIC);
	sqlite3_bind_blob(l->put, 2, value, (int)n, SQLITE_STATIC);
	r = sqlite3_step(l->put);
	sqlite3_reset(l->put);
	return r == SQLITE_DONE ? 0 : -1;
}

static int
lite_get(void *ctx, const struct pc_id *key, const void *want, size_t n)
{
	struct lite *l = ctx;
	int good;

	sqlite3_bind_blob(l->get, 1, key->b, sizeof key->b, SQLITE_STATIC);
	good = sqlite3_step(l->get) == SQLITE_ROW &&
	    sqlite3_column_bytes(l->get, 0) == (int)n &&
	    memcmp(sqlite3_column_blob(l->get, 0), want, n) == 0;
	sqlite3_reset(l->get);
	return good;
}

static void
lite_close(void *ctx)
{
	struct lite *l = ctx;

	sqlite3_finalize(l->put);
	sqlite3_finalize(l->get);
	sqlite3_close(l->db);
	free(l);
}

/* ---- LMDB ---- */

static const size_t lmdb_map = (size_t)16 << 30; /* bytes it may grow to */

struct lmdb {
	MDB_env *env;
	MDB_dbi db;
};

/* As pc without --sync: safe from the death of any process. */
static void *
lmdb_open(const char *dir)
{
	struct lmdb *l = calloc(1, sizeof *l);
	MDB_txn *txn = NULL;
	int r = l && (mkdir(dir, 0700) == 0 || errno == EEXIST)
	    ? mdb_env_create(&l->env)
	    : ENOMEM;

	if (r == 0)
		r = mdb_env_set_mapsize(l->env, lmdb_map);
	if (r == 0)
		r = mdb_env_set_maxreaders(l->env, PROCESSES_MAX);
	if (r == 0)
		r = mdb_env_open(l->env, dir, MDB_NOSYNC, 0600);
	if (r == 0)
		r = mdb_txn_begin(l->env, NULL, 0, &txn);
	if (r == 0)
		r = mdb_dbi_open(txn, NULL, 0, &l->db);
	if (r == 0)
		r = mdb_txn_commit(txn);
	if (r == 0)
		return l;
	fprintf(stderr, "bench-mixed: %s\n", mdb_strerror(r));
	return NULL;
}

static int
lmdb_put(void *ctx, const struct pc_id *key, const void *value, size_t n)
{
	struct lmdb *l = ctx;
	MDB_val k = {sizeof key->b, (void *)(uintptr_t)key->b};
	MDB_val v = {n, (void *)(uintptr_t)value};
	MDB_txn *txn;

	if (mdb_txn_begin(l->env, NULL, 0, &txn) != 0)
		return -1;
	if (mdb_put(txn, l->db, &k, &v, 0) == 0)
		return mdb_txn_commit(txn) == 0 ? 0 : -1;
	mdb_txn_abort(txn);
	return -1;
}

static int
lmdb_get(void *ctx, const struct pc_id *key, const void *want, size_t n)
{
	struct lmdb *l = ctx;
	MDB_val k = {sizeof key->b, (void *)(uintptr_t)key->b}, v;
	MDB_txn *txn;
	int good;

	if (mdb_txn_begin(l->env, NULL, MDB_RDONLY, &txn) != 0)
		return 0;
	good = mdb_get(txn, l->db, &k, &v) == 0 && v.mv_size == n &&
	    memcmp(v.mv_data, want, n) == 0;
	mdb_txn_abort(txn);
	return good;
}

static void
lmdb_close(void *ctx)
{
	struct lmdb *l = ctx;

	mdb_env_close(l->env);
	free(l);
}

static const struct backend backends[] = {
    {"pc", pc_open, pc_put, pc_get, pc_close},
    {"sqlite", lite_open, lite_put, lite_get, lite_close},
    {"lmdb", lmdb_open, lmdb_put, lmdb_get, lmdb_close},
};
enum { BACKENDS = sizeof backends / sizeof *backends };

/* ---- the loads ---- */

static unsigned char value[VALUE_MAX];

static int
put_number(const struct backend *b, void *db, uint64_t number, size_t size)
{
	struct pc_id key;

	content_key(number, &key);
	content_fill(value, size, number);
	return b->put(db, &key, value, size);
}

static int
get_number(const struct backend *b, void *db, uint64_t number, size_t size)
{
	struct pc_id key;

	content_key(number, &key);
	content_fill(value, size, number);
	return b->get(db, &key, value, size);
}

static int
run_one(const struct backend *b, const char *dir, int64_t n, size_t size)
{
	void *db = b->open(dir);
	uint64_t state = 1, start, middle, end;
	int64_t bad = 0;

	if (!db)
		return 2;
	start = spread_clock();
	for (int64_t i = 0; i < n; i++)
		bad += put_number(b, db, (uint64_t)i, size) != 0;
	middle = spread_clock();
	for (int64_t i = 0; i < n; i++)
		bad += !get_number(b, db, content_below(&state, (uint64_t)n),
		    size);
	end = spread_clock();
	b->close(db);
	printf("%.2f\t%.2f\n", (double)(middle - start) / 1e3 / (double)n,
	    (double)(end - middle) / 1e3 / (double)n);
	return bad > 0;
}

/* The keys of a worker are above those stored before. */
static uint64_t
own_number(int worker, uint64_t i)
{
	return LOADED + (uint64_t)worker + i * PROCESSES_MAX;
}

static void
work(const struct backend *b, void *db, struct worker *w, int me,
    uint64_t until, unsigned put_percent, size_t size, unsigned nap)
{
	uint64_t state = (uint64_t)me, start, now = spread_clock();

	for (; now < until; now = spread_clock()) {
		int put = content_below(&state, 100) < put_percent;
		uint64_t number = put ? own_number(me, w->puts)
				      : content_below(&state, LOADED);

		start = spread_clock();
		if (put && put_number(b, db, number, size) == 0)
			w->puts++;
		else if (put || !get_number(b, db, number, size))
			w->errors++;
		spread_add(put ? &w->put : &w->get, spread_clock() - start);
		if (nap)
			usleep(nap);
	}
}

static _Noreturn void
be_worker(const struct backend *b, const char *dir, struct worker *w, int me,
    uint64_t until, unsigned put_percent, size_t size, unsigned nap)
{
	void *db = b->open(dir);

	if (!db)
		_exit(2);
	work(b, db, w, me, until, put_percent, size, nap);
	b->close(db);
	_exit(0);
}

static void
report(struct worker *all, int processes, double seconds)
{
	struct worker *sum = &all[0];

	for (int i = 1; i < processes; i++) {
		spread_merge(&sum->get, &all[i].get);
		spread_merge(&sum->put, &all[i].put);
		sum->errors += all[i].errors;
		sum->lost += all[i].lost;
	}
	printf("%.0f\t%.3f\t%.3f\t%.3f\t%.3f\t%llu\t%llu\n",
	    (double)(sum->get.count + sum->put.count) / seconds,
	    spread_at(&sum->get, 0.5) / 1e3, spread_at(&sum->get, 0.99) / 1e3,
	    spread_at(&sum->put, 0.5) / 1e3, spread_at(&sum->put, 0.99) / 1e3,
	    (unsigned long long)sum->errors, (unsigned long long)sum->lost);
}

/* The last check, by a process that started after the puts. */
static int
verify(const struct backend *b, const char *dir, struct worker *all,
    int processes, size_t size)
{
	void *db = b->open(dir);

	if (!db)
		return -1;
	for (int i = 0; i < processes; i++)
		for (uint64_t n = 0; n < all[i].puts; n++)
			all[i].lost += !get_number(b, db, own_number(i, n),
			    size);
	b->close(db);
	return 0;
}

static int
run_many(const struct backend *b, const char *dir, int processes,
    int64_t seconds, unsigned put_percent, size_t size, unsigned nap)
{
	struct worker *all = mmap(NULL, (size_t)processes * sizeof *all,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	void *db = b->open(dir);
	uint64_t start;
	int bad = 0;

	if (all == MAP_FAILED || !db)
		return 2;
	for (uint64_t i = 0; i < LOADED; i++)
		bad |= put_number(b, db, i, size);
	b->close(db);
	if (bad)
		return 2;
	start = spread_clock();
	for (int i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 2;
		if (pid == 0)
			be_worker(b, dir, &all[i], i,
			    start + (uint64_t)seconds * 1000000000U,
			    put_percent, size, nap);
	}
	for (int i = 0; i < processes; i++) {
		int status;

		if (wait(&status) < 0 || status != 0)
			all[0].errors++;
	}
	if (verify(b, dir, all, processes, size) < 0)
		return 2;
	report(all, processes, (double)seconds);
	munmap(all, (size_t)processes * sizeof *all);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct backend *b = NULL;
	int64_t n[5] = {0};
	int numbers = argc - 4;

	for (unsigned i = 0; argc > 4 && i < BACKENDS; i++)
		if (strcmp(argv[1], backends[i].name) == 0)
			b = &backends[i];
	for (int i = 0; b && i < 5 && i < numbers; i++)
		if (pc_parse_int(argv[4 + i], i == 4 ? 0 : 1, 100 * 1000 * 1000,
			&n[i]) < 0)
			b = NULL;
	if (b && numbers == 2 && strcmp(argv[3], "one") == 0 &&
	    n[1] <= VALUE_MAX)
		return run_one(b, argv[2], n[0], (size_t)n[1]);
	if (b && numbers == 5 && strcmp(argv[3], "many") == 0 &&
	    n[0] <= PROCESSES_MAX && n[2] <= 100 && n[3] <= VALUE_MAX)
		return run_many(b, argv[2], (int)n[0], n[1], (unsigned)n[2],
		    (size_t)n[3], (unsigned)n[4]);
	fprintf(stderr,
	    "usage: bench-mixed pc|sqlite|lmdb DIR one N SIZE\n"
	    "       bench-mixed pc|sqlite|lmdb DIR many PROCESSES SECONDS "
	    "PUT_PERCENT SIZE NAP\n");
	return 2;
}
