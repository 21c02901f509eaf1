/* sweep.c - values' files that no record names, and what all files take.
 *
 * One is left by a process that is killed after it gave the file its name and
 * before it appended the record. */
#include "sweep.h"

#include "disk/file.h"
#include "disk/usage.h"
#include "shard/external.h"
#include "shard/shard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	NAME = 2 * sizeof(struct pc_id) + 1 + 8, /* KEY.SERIAL */
	BLOCK = 512,                             /* what st_blocks counts in */
};

/* Is it the name of a value's file?  Then whose. */
static int
parse(const char *name, struct pc_id *key, uint32_t *serial)
{
	static const char hex[] = "0123456789abcdef";
	char text[PC_ID_HEX];

	if (strlen(name) != NAME || name[NAME - 9] != '.' ||
	    strspn(name + NAME - 8, hex) != 8)
		return 0;
	memcpy(text, name, PC_ID_HEX - 1);
	text[PC_ID_HEX - 1] = '\0';
	*serial = (uint32_t)strtoul(name + NAME - 8, NULL, 16);
	return pc_id_parse(text, key) == 0;
}

int
sweep_owns(const char *name)
{
	struct pc_id key;
	uint32_t serial;

	return parse(name, &key, &serial);
}

/* Under the lock, when a name and its record come and go together: does key's
 * record name that file?  -1: that cannot be told, or the one that it names is
 * not safe. */
static int
named(struct pc_store *s, unsigned shard, const struct pc_id *key,
    uint32_t serial)
{
	struct pc_buf b = {0};
	struct index_entry e = {0};
	struct record r;
	int found = shard_find(s, shard, SHARD_READY, key, &e);

	if (found < 0)
		return -1;
	if (found == 1 || !e.external)
		return 0;
	found = shard_read(s, shard, key, &e, 0, &b, &r);
	pc_buf_clear(&b);
	if (found != 0)
		return found < 0 ? -1 : 0;
	return r.serial == serial ? 1 : external_settle(s, shard, &r);
}

static int
remove_file(struct pc_store *s, unsigned shard, int dir, const char *name,
    const struct pc_id *key, uint32_t serial)
{
	int r, e;

	if (shard_enter(s, shard, 1) < 0)
		return -1;
	r = shard_index_log(s, shard);
	if (r == 0)
		r = named(s, shard, key, serial);
	if (r == 0)
		r = unlinkat(dir, name, 0) == 0 ? 0 : -1;
	e = errno;
	shard_leave(s, shard);
	errno = e;
	return r;
}

int
sweep_shard(struct pc_store *s, unsigned shard, struct live *live,
    const struct pc_compact_options *o, struct pc_compact_report *report)
{
	DIR *d = dir_read(s, shard);
	struct dirent *entry;
	int failed = 0, why = 0, r;

	if (!d)
		return errno == ENOENT ? 0 : -1;
	while ((entry = readdir(d))) {
		const struct live_entry *e;
		struct pc_id key;
		uint32_t serial;
		struct stat st;

		if (!parse(entry->d_name, &key, &serial))
			continue;
		e = live_find(live, &key);
		if ((e && e->external && e->serial == serial) ||
		    fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) <
			0 ||
		    !S_ISREG(st.st_mode))
			continue;
		r = o->flags & PC_COMPACT_DRY_RUN
		    ? 0
		    : remove_file(s, shard, dirfd(d), entry->d_name, &key,
			  serial);
		if (r == 0) {
			report->files++;
			report->file_bytes += (uint64_t)st.st_size;
		}
		/* Else it has a record by now, or is gone. */
		if (r < 0 && errno != ENOENT) {
			failed = 1;
			why = errno;
		}
	}
	closedir(d);
	errno = why;
	return failed ? -1 : 0;
}

void
sweep_all(struct pc_store *s, unsigned shard)
{
	DIR *d = dir_read(s, shard);
	struct dirent *entry;
	struct pc_id key;
	uint32_t serial;

	while (d && (entry = readdir(d)))
		if (parse(entry->d_name, &key, &serial))
			unlinkat(dirfd(d), entry->d_name, 0);
	if (d)
		closedir(d);
}

int
sweep_usage(struct pc_store *s, unsigned shard, uint64_t *bytes)
{
	DIR *d = dir_read(s, shard);
	struct dirent *entry;
	struct pc_id key;
	uint32_t serial;
	struct stat st;

	if (!d)
		return errno == ENOENT ? 0 : -1;
	while ((entry = readdir(d)))
		if ((strcmp(entry->d_name, "log") == 0 ||
			parse(entry->d_name, &key, &serial)) &&
		    fstatat(dirfd(d), entry->d_name, &st,
			AT_SYMLINK_NOFOLLOW) == 0) {
			/* A log has holes; a file is longer on the disk. */
			const uint64_t disk = (uint64_t)st.st_blocks * BLOCK;

			*bytes += disk < (uint64_t)st.st_size
			    ? disk
			    : (uint64_t)st.st_size;
		}
	closedir(d);
	return 0;
}

int
pc_store_usage(struct pc_store *s, uint64_t *bytes, uint64_t *disk)
{
	uint64_t fixed;

	*bytes = 0;
	for (unsigned i = 0; i < PC_SHARDS; i++)
		if (sweep_usage(s, i, bytes) < 0)
			return -1;
	return disk ? usage_count(s, disk, &fixed) : 0;
}
