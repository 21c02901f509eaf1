/* sweep.c - remove values' files that no record names, and count what files
 * take.
 *
 * A process that is killed after it named such a file, but before it appended
 * the record, leaves one. */
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
	BLOCK = 512,                             /* the unit of st_blocks */
};

/* Is it the name of a value's file?  If so, get its key and serial. */
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

/* Does key's record name that file?  The caller holds the lock, so that a file
 * and its record appear and disappear together.  -1: this cannot be found out,
 * or the file that the record names instead could not be synced. */
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
		/* Otherwise a record names it by now, or it is gone. */
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
			/* A log has holes, and other files can take more than
			 * their size: the smaller number is right. */
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
