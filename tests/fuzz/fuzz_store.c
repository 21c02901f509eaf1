/* fuzz_store.c - any bytes replace a file of a store, or overwrite a part of
 * it: a key gives its value or misses, a put after that gives a hit, and events
 * that are read are valid. */
#include "pc.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { FILES = 4 };

static const struct pc_id key = {{0x00, 1}}, other = {{0x00, 2}};
static const char value[] = "the value";
static char dir[64] = "store.XXXXXX";
static const char *const names[FILES] = {"state", "events", "00/log",
    "00/index"};
static struct pc_buf good[FILES];

static void
path_of(const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", dir, name);
}

static void
put(struct pc_store *s, const struct pc_id *k)
{
	struct pc_record r = {.key = *k,
	    .created = pc_now(),
	    .expires = PC_NEVER};
	struct pc_event e = {.kind = PC_EVENT_PUT, .stage = "fuzz"};

	if (pc_store_put_bytes(s, &r, value, sizeof value) == 0)
		pc_event_add(s, &e);
}

static void
begin(void)
{
	struct pc_store *s;
	struct pc_error err;
	char path[PATH_MAX];

	if (!mkdtemp(dir) || !(s = pc_store_open(dir, 0, &err)))
		abort();
	put(s, &key);
	/* Enough records to make an index. */
	for (int i = 0; i < 400; i++)
		put(s, &other);
	pc_store_close(s);
	for (int i = 0; i < FILES; i++) {
		int fd;

		path_of(names[i], path);
		fd = open(path, O_RDONLY);
		if (fd < 0 || pc_read_all(fd, &good[i], SIZE_MAX) < 0)
			abort();
		close(fd);
	}
}

/* Overwrite the file with p from `at` on, or replace it by p. */
static void
lay(unsigned file, size_t at, int whole, const uint8_t *p, size_t n)
{
	char path[PATH_MAX];

	for (unsigned i = 0; i < FILES; i++) {
		int fd;

		path_of(names[i], path);
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (fd < 0)
			abort();
		if (i != file || !whole)
			pc_write_full(fd, good[i].data, good[i].len);
		if (i == file)
			pc_pwrite_full(fd, p, n, whole ? 0 : (off_t)at);
		close(fd);
	}
}

static int
sound(void *ctx, const struct pc_event *e)
{
	(void)ctx;
	if (e->kind >= PC_EVENT_KINDS || e->program >= PC_PROGRAMS ||
	    (e->stage[0] && !pc_stage_valid(e->stage)))
		abort();
	return 0;
}

static void
gives(struct pc_store *s, const struct pc_id *k, int may_miss)
{
	struct pc_hit hit = {0};

	if (pc_store_get(s, k, 0, &hit) == 0) {
		if (hit.record.size != sizeof value ||
		    memcmp(hit.value, value, sizeof value) != 0)
			abort();
	} else if (!may_miss) {
		abort();
	}
	pc_hit_clear(&hit);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct pc_store *s;
	struct pc_error err;
	unsigned file;
	size_t at;

	if (!good[0].data)
		begin();
	if (n < 4)
		return 0;
	file = p[0] % FILES;
	at = ((size_t)p[2] << 8 | p[3]) % (good[file].len + 1);
	lay(file, at, p[1] & 1, p + 4, n - 4);
	s = pc_store_open(dir, 0, &err);
	if (!s)
		return 0; /* refused: not a store, or another format */
	gives(s, &key, 1);
	gives(s, &other, 1);
	pc_event_each(s, sound, NULL);
	put(s, &key);
	gives(s, &key, 0);
	pc_store_close(s);
	return 0;
}
