/* flip.c - damage the files of a store, and check what the store gives.
 *
 * torture-flip [-t SECONDS] DIR TRIALS [SEED]
 *
 * No trial begins after SECONDS.
 *
 * Each trial damages one place in a copy of a store: mostly it flips one bit,
 * sometimes it truncates a file, overwrites a page or removes a file.  A
 * process with a time limit then reads everything, in every other trial after
 * compaction: each key gives its value or misses.  After that a put must give a
 * hit, and the cached id of a file must be right. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../content.h"
#include "care.h"

enum {
	KEYS = 320,
	REPLACED = 40, /* the first ones are put twice */
	REMOVED = 20,  /* the last ones are removed */
	LARGE_EVERY = 64,
	LARGE = 300 * 1000,
	VALUE_MAX = LARGE,
	DOC_SIZE = 100 * 1000,
	FILES_MAX = 512,
	PAGE = 4096,
	SECONDS = 300, /* a longer trial counts as a hang */
	MEMORY = 1024 * 1024 * 1024,
};

enum kind { FLIP, CUT, WIPE, UNLINK };

static const char *const kinds[] = {"flip", "cut", "wipe", "unlink"};

/* The files of the store before the damage. */
static struct file {
	char *path;
	unsigned char *data;
	size_t len;
	size_t start, end; /* of the bytes that are not 0; one file is sparse */
} files[FILES_MAX];

static unsigned file_count;
static const char store[] = "store", doc[] = "document";
static struct pc_id doc_id;
static unsigned char value[VALUE_MAX];

static struct report {
	enum kind kind;
	int compact_first;
	unsigned missed, refused;
	char fault[256];
} * report;

/* ---- the store that is damaged ---- */

static size_t
value_size(unsigned key, unsigned version)
{
	uint64_t state = content_seed(key, version);

	if (key % LARGE_EVERY == 1)
		return LARGE;
	if (key % LARGE_EVERY == 2)
		return 0;
	return content_below(&state, 4000);
}

static int
put(struct pc_store *s, unsigned key, unsigned version)
{
	static const unsigned char material[] = "s";
	struct pc_record r = {.created = pc_now(),
	    .expires = PC_NEVER,
	    .cost = version,
	    .extra = material,
	    .extra_len = 1};
	size_t size = value_size(key, version);

	content_key(key, &r.key);
	content_fill(value, size, content_seed(key, version));
	return pc_store_put_bytes(s, &r, value, size);
}

static unsigned
last_version(unsigned key)
{
	return key < REPLACED ? 2 : 1;
}

static int
removed(unsigned key)
{
	return key >= KEYS - REMOVED && key < KEYS;
}

static int
build(void)
{
	struct timespec settle = {.tv_nsec = 100 * 1000 * 1000};
	struct pc_event event = {.kind = PC_EVENT_HIT, .stage = "torture"};
	struct pc_error err;
	struct pc_store *s = pc_store_open(store, 0, &err);
	struct pc_id key;
	int bad = 0, fd = open(doc, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (!s || fd < 0)
		return -1;
	for (unsigned i = 0; i < KEYS; i++)
		for (unsigned v = 1; v <= last_version(i); v++)
			bad |= put(s, i, v);
	for (unsigned i = 0; i < KEYS; i++) {
		content_key(i, &key);
		if (removed(i))
			bad |= pc_store_remove(s, &key);
		pc_event_add(s, &event);
	}
	content_fill(value, DOC_SIZE, 0);
	bad |= pc_write_full(fd, value, DOC_SIZE);
	close(fd);
	nanosleep(&settle, NULL); /* else its id is not cached */
	bad |= pc_ident_file(s, doc, 0, &doc_id, NULL);
	pc_store_close(s);
	return bad ? -1 : 0;
}

/* Takes ownership of path. */
static int
load_file(char *path)
{
	struct pc_buf b = {0};
	struct file *f = &files[file_count];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || file_count == FILES_MAX ||
	    pc_read_all(fd, &b, 256 * 1024 * 1024) < 0)
		return -1;
	close(fd);
	*f = (struct file){path, b.data, b.len, 0, b.len};
	while (f->end > 0 && f->data[f->end - 1] == 0)
		f->end--;
	while (f->start < f->end && f->data[f->start] == 0)
		f->start++;
	if (f->end > 0)
		file_count++;
	return 0;
}

/* Load all files in a directory and below it. */
static int
load(const char *where)
{
	DIR *d = opendir(where);
	struct dirent *e;
	char *path;
	int r = d ? 0 : -1;

	while (d && r == 0 && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		if (asprintf(&path, "%s/%s", where, e->d_name) < 0)
			return -1;
		if (e->d_type != DT_DIR) {
			r = load_file(path);
			continue;
		}
		r = load(path);
		free(path);
	}
	if (d)
		closedir(d);
	return r;
}

static int
empty_directory(const char *path)
{
	struct dirent *e;
	DIR *d = opendir(path);

	if (!d)
		return -1;
	while ((e = readdir(d)))
		if (e->d_type != DT_DIR)
			unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	return 0;
}

static int
write_file(const struct file *f, const unsigned char *p, size_t len)
{
	int fd = open(f->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t end = f->end < len ? f->end : len;
	int r = 0;

	if (fd < 0)
		return -1;
	if (end > f->start)
		r = pc_pwrite_full(fd, p + f->start, end - f->start,
		    (off_t)f->start);
	if (r == 0)
		r = ftruncate(fd, (off_t)len);
	close(fd);
	return r;
}

/* Restore the store; all its directories exist. */
static int
restore(void)
{
	char path[16];
	int r = empty_directory(store);

	for (unsigned i = 0; i < PC_SHARDS && r == 0; i++) {
		snprintf(path, sizeof path, "%s/%02x", store, i);
		r = empty_directory(path);
	}
	for (unsigned i = 0; i < file_count && r == 0; i++)
		r = write_file(&files[i], files[i].data, files[i].len);
	return r;
}

/* ---- damage ---- */

/* Choose half of the places among all bytes, and half among all files, then
 * among the bytes of the file.  Some of these are near its start, where headers
 * are. */
static const struct file *
choose(uint64_t *state, size_t *at)
{
	const struct file *f = files;
	uint64_t all = 0, place;

	for (unsigned i = 0; i < file_count; i++)
		all += files[i].end - files[i].start;
	if (content_below(state, 2)) {
		f += content_below(state, file_count);
		place = f->end - f->start;
		if (content_below(state, 3) == 0 && place > 256)
			place = 256;
		place = content_below(state, place);
	} else {
		place = content_below(state, all);
		for (; place >= f->end - f->start; f++)
			place -= f->end - f->start;
	}
	*at = f->start + place;
	return f;
}

static int
damage(const struct file *f, enum kind kind, size_t at, unsigned bit)
{
	unsigned char *copy;
	size_t len = kind == CUT ? at : f->len;
	size_t end = at - at % PAGE + PAGE;
	int r;

	if (kind == UNLINK)
		return unlink(f->path);
	copy = malloc(f->len);
	if (!copy)
		return -1;
	memcpy(copy, f->data, f->len);
	if (kind == FLIP)
		copy[at] ^= (unsigned char)(1u << bit);
	if (kind == WIPE)
		memset(copy + (at - at % PAGE), 0,
		    (end < f->len ? end : f->len) - (at - at % PAGE));
	r = write_file(f, copy, len);
	free(copy);
	return r;
}

/* Make the store rebuild that shard's index, as it does after a reboot. */
static void
drop_index(const struct file *f)
{
	const size_t shard = sizeof store + 2; /* "store/00" */
	char path[32];

	if (strlen(f->path) <= shard || f->path[shard] != '/')
		return;
	snprintf(path, sizeof path, "%.*s/index", (int)shard, f->path);
	unlink(path);
}

/* ---- the check ---- */

static void
fault(const char *what, unsigned key)
{
	if (!report->fault[0])
		snprintf(report->fault, sizeof report->fault, "%s: key %u",
		    what, key);
}

static void
check_key(struct pc_store *s, struct pc_hit *hit, unsigned key, int must)
{
	struct pc_id id;
	unsigned version;
	int found;
	size_t size;

	content_key(key, &id);
	found = pc_store_get(s, &id, 0, hit);
	if (found < 0) {
		fault(strerror(errno), key);
		return;
	}
	if (found == 1) {
		report->missed += !removed(key);
		if (must)
			fault("an acknowledged put is missing", key);
		return;
	}
	version = (unsigned)hit->record.cost;
	if (hit->record.extra_len != 1 || version < 1 ||
	    version > last_version(key))
		fault("a hit for a key that was never put", key);
	if (report->kind == FLIP && version < last_version(key))
		fault("a replaced value is back", key);
	if (report->kind == FLIP && removed(key))
		fault("a removed record is back", key);
	size = value_size(key, version);
	content_fill(value, size, content_seed(key, version));
	if (!content_matches(hit, value, size))
		fault("wrong bytes", key);
}

static int
count_event(void *ctx, const struct pc_event *e)
{
	(void)e;
	++*(unsigned *)ctx;
	return 0;
}

static int
count_record(void *ctx, const struct pc_record *r)
{
	(void)r;
	++*(unsigned *)ctx;
	return 0;
}

/* Damage must not bring back old records when logs are compacted. */
static void
compact(struct pc_store *s)
{
	const struct pc_compact_options o = {
	    .flags = PC_COMPACT_FORGET | PC_COMPACT_VERIFY};
	struct pc_compact_report r = {0};

	for (unsigned i = 0; i < PC_SHARDS; i++)
		if (pc_store_compact(s, i, &o, &r) < 0)
			fault(strerror(errno), i);
}

static void
look(void)
{
	struct pc_hit hit = {0};
	struct pc_error err;
	struct pc_store *s = pc_store_open(store, 0, &err);
	unsigned events = 0, records = 0;
	struct pc_id id;

	if (!s) {
		report->refused = 1;
		return;
	}
	if (report->compact_first)
		compact(s);
	for (unsigned i = 0; i < KEYS; i++)
		check_key(s, &hit, i, 0);
	if (pc_ident_file(s, doc, 0, &id, NULL) < 0 ||
	    memcmp(id.b, doc_id.b, sizeof id.b) != 0)
		fault("wrong id of the document", 0);
	if (pc_event_each(s, count_event, &events) < 0)
		fault("events cannot be read", events);
	if (pc_store_each(s, 0, count_record, &records) < 0)
		fault("records cannot be read", records);
	for (unsigned i = KEYS; i < 2 * KEYS; i++)
		if (put(s, i, last_version(i)) < 0)
			fault(strerror(errno), i);
	pc_store_close(s);
	s = pc_store_open(store, 0, &err);
	for (unsigned i = 0; s && i < 2 * KEYS; i++)
		check_key(s, &hit, i, i >= KEYS);
	if (!s)
		fault("cannot be opened again", 0);
	pc_hit_clear(&hit);
	pc_store_close(s);
}

static void
look_in_child(void)
{
	const struct rlimit memory = {MEMORY, MEMORY};
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		alarm(SECONDS); /* ends a process that hangs */
#ifndef __SANITIZE_ADDRESS__
		setrlimit(RLIMIT_AS, &memory);
#else
		(void)memory;
#endif
		look();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		fault("cannot fork", 0);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		fault("timed out", 0);
	else if (status != 0)
		fault("a crash, status", (unsigned)status);
}

/* ---- the trials ---- */

struct totals {
	unsigned trials, missed, refused;
};

static int
trial(uint64_t *state, struct totals totals[2])
{
	size_t at;
	const struct file *f = choose(state, &at);
	unsigned bit = (unsigned)content_below(state, 8);
	unsigned other = (unsigned)content_below(state, 40);
	enum kind kind = other < 3 ? CUT + other : FLIP;
	struct totals *t = &totals[strstr(f->path, "index") != NULL];

	*report = (struct report){.kind = kind,
	    .compact_first = (int)content_below(state, 2)};
	if (restore() < 0 || damage(f, kind, at, bit) < 0) {
		fprintf(stderr, "torture-flip: cannot write '%s': %s\n", store,
		    strerror(errno));
		return -1;
	}
	if (content_below(state, 4) == 0)
		drop_index(f);
	look_in_child();
	t->trials++;
	t->missed += report->missed;
	t->refused += report->refused;
	if (!report->fault[0])
		return 0;
	printf("FAULT after %s at byte %zu bit %u of %s: %s\n", kinds[kind], at,
	    bit, f->path, report->fault);
	return 1;
}

int
main(int argc, char **argv)
{
	struct totals totals[2] = {0};
	const int64_t begun = pc_ticks();
	int64_t trials, seconds = INT32_MAX, given = 1;
	uint64_t state;
	int faults = 0, option, bad = 0, r;

	while ((option = getopt(argc, argv, "+t:")) != -1)
		bad |= option != 't' ||
		    pc_parse_int(optarg, 1, INT32_MAX, &seconds) < 0;
	argc -= optind - 1;
	argv += optind - 1;
	if (bad || argc < 3 || argc > 4 ||
	    pc_parse_int(argv[2], 1, 1000000, &trials) < 0 ||
	    (argc == 4 && pc_parse_int(argv[3], 0, INT64_MAX, &given) < 0)) {
		fprintf(stderr,
		    "usage: torture-flip [-t SECONDS] DIR TRIALS "
		    "[SEED]\n");
		return 2;
	}
	report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED || chdir(argv[1]) < 0 || build() < 0 ||
	    load(store) < 0) {
		fprintf(stderr, "torture-flip: cannot make a store in '%s'\n",
		    argv[1]);
		return 2;
	}
	state = (uint64_t)given;
	for (int64_t i = 0;
	     i < trials && pc_ticks() - begun < seconds * 1000000; i++) {
		r = trial(&state, totals);
		if (r < 0)
			return 2;
		faults += r;
	}
	for (unsigned i = 0; i < file_count; i++) {
		free(files[i].path);
		free(files[i].data);
	}
	for (int i = 0; i < 2; i++)
		printf("%u trials on %s: %u records missed, %u stores "
		       "refused\n",
		    totals[i].trials, i ? "indexes" : "other files",
		    totals[i].missed, totals[i].refused);
	printf("%d faults\n", faults);
	return faults > 0;
}
