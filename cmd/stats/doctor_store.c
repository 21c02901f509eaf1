/* doctor_store.c - check that the store is undamaged, writable, local and not
 * too large. */
#include "doctor.h"

#include "care.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Network file systems, by the magic number that statfs(2) gives
 * (linux/magic.h; the others are from the sources of those file systems). */
static const char *
network_name(long type)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} systems[] = {{0x6969, "NFS"}, {0x517b, "SMB"}, {0xfe534d42, "SMB"},
	    {0xff534d42, "CIFS"}, {0x01021997, "9p"}, {0x00c36400, "Ceph"},
	    {0x5346414f, "AFS"}, {0x6b414653, "AFS"}, {0x0bd00bd0, "Lustre"},
	    {0x47504653, "GPFS"}, {0x73757245, "Coda"}, {0x01161970, "GFS2"},
	    {0x7461636f, "OCFS2"}};

	for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
		if ((uint32_t)type == systems[i].magic)
			return systems[i].name;
	return NULL;
}

static void
check_disk(struct doctor *d, const char *dir)
{
	enum { FUSE = 0x65735546 };
	struct statvfs v;
	struct statfs f;
	uint64_t left;
	const char *net;

	if (statfs(dir, &f) == 0) {
		net = network_name((long)f.f_type);
		if (net)
			doctor_say(d, FAIL, "disk",
			    "set PC_STORE to a directory on a local disk; over a network, processes can damage each other's records",
			    "the store is on %s, a network file system", net);
		else if ((uint32_t)f.f_type == FUSE)
			doctor_say(d, WARN, "disk",
			    "if another machine holds the files, set PC_STORE to a directory on a local disk",
			    "the store is on a FUSE file system");
		else
			doctor_say(d, FINE, "disk", "", "local");
	}
	if (statvfs(dir, &v) != 0)
		return;
	left = (uint64_t)v.f_bavail * v.f_frsize;
	if (left < 64 << 20 || (v.f_files && v.f_favail < 100))
		doctor_say(d, FAIL, "room",
		    "free disk space, or run pc-gc --max-bytes 1G",
		    "%s left: results will not be stored", human_bytes(left));
	else if (left < 1ULL << 30)
		doctor_say(d, WARN, "room",
		    "free disk space, or run pc-gc --max-bytes 1G",
		    "only %s left", human_bytes(left));
	else
		doctor_say(d, FINE, "room", "", "%s left", human_bytes(left));
}

static void
check_size(struct doctor *d, struct pc_store *s)
{
	uint64_t cap = (uint64_t)pc_config_int(d->st->c->config,
	    "caching.max_bytes");
	uint64_t bytes, disk;

	if (pc_store_usage(s, &bytes, &disk) < 0)
		return; /* which is said already */
	if (cap && disk > cap + cap / 10)
		doctor_say(d, WARN, "size",
		    "run pc-gc --max-bytes config, or raise caching.max_bytes",
		    "%s, more than caching.max_bytes (%s)", human_bytes(disk),
		    human_bytes(cap));
	else
		doctor_say(d, FINE, "size", "", "%s of %s; %s on the disk",
		    human_bytes(bytes), cap ? human_bytes(cap) : "no cap",
		    human_bytes(disk));
}

static void
count(void *ctx, const struct pc_damage *d)
{
	(void)d;
	++*(uint64_t *)ctx;
}

struct owners {
	struct doctor *d;
	unsigned found;
};

static int
take_foreign(void *ctx, enum pc_fault fault, const char *path, const char *what)
{
	enum { NAMED_MAX = 16 }; /* further ones are only counted */
	static const char *const remedies[] = {[PC_FAULT_LINK] = "remove it",
	    [PC_FAULT_OWNER] =
		"remove it, or use another store with --store or PC_STORE",
	    [PC_FAULT_WRITABLE] = "chmod -R go-w the store, if you trust all "
				  "who could write to it"};
	struct owners *o = ctx;

	if (o->found++ < NAMED_MAX)
		doctor_say(o->d, FAIL, "owner", remedies[fault], "'%s' %s",
		    path, what);
	return 0;
}

/* Check that everything in the store belongs to the user. */
static void
check_owners(struct doctor *d, const char *dir)
{
	struct owners o = {.d = d};

	if (pc_store_audit(dir, take_foreign, &o) < 0)
		return; /* reported before */
	if (o.found)
		doctor_say(d, FAIL, "owner", "pc-gc --check lists them all",
		    "%u entries can be changed by other users", o.found);
	else
		doctor_say(d, FINE, "owner", "",
		    "yours, and writable only by you");
}

/* Check every byte of some shards; all of a large store would take too long. */
static void
check_sound(struct doctor *d)
{
	const uint64_t enough = 256 * 1024 * 1024;
	struct cli *c = d->st->c;
	uint64_t damaged = 0;
	const struct pc_compact_options o = {.damage = count,
	    .ctx = &damaged,
	    .flags = PC_COMPACT_VERIFY | PC_COMPACT_DRY_RUN};
	struct pc_compact_report seen = {0};
	unsigned shards = 0;
	int r = 0;

	while (shards < PC_SHARDS && r == 0 && seen.before < enough &&
	    seen.bytes < enough)
		r = pc_store_compact(c->store, shards++, &o, &seen);
	if (r < 0 && pc_store_refusal(c->store))
		return; /* which is said already */
	if (r < 0)
		doctor_say(d, FAIL, "store",
		    "check the disk (dmesg); a store can be deleted at any time",
		    "cannot read it: %s", pc_store_error(c->store, errno));
	else if (damaged)
		doctor_say(d, WARN, "store",
		    "pc-gc --repair deletes them, and they are computed again; check the disk (dmesg)",
		    "%s records are damaged", human_count(damaged));
	else if (d->st->all.count[PC_EVENT_DAMAGE])
		doctor_say(d, WARN, "store",
		    "check the disk (dmesg); pc-gc --check reads all records",
		    "damaged records were found %s times",
		    human_count(d->st->all.count[PC_EVENT_DAMAGE]));
	else if (shards < PC_SHARDS)
		doctor_say(d, FINE, "store", "",
		    "no damage in %s records of %u of %d shards; pc-gc --check reads all",
		    human_count(seen.records), shards, PC_SHARDS);
	else
		doctor_say(d, FINE, "store", "", "no damage in %s records",
		    human_count(seen.records));
}

void
doctor_store(struct doctor *d)
{
	struct cli *c = d->st->c;
	char *dir = pc_store_dir(c->config, c->store_dir);
	struct pc_error err;
	struct pc_store *s;

	s = dir ? pc_store_open(dir, PC_STORE_READ_ONLY, &err) : NULL;
	if (!dir || (!s && errno == ENOENT)) {
		doctor_say(d, WARN, "store",
		    "run a stage to create it: pc-ocr FILE",
		    "there is no store yet");
		free(dir);
		return;
	}
	pc_store_close(s);
	s = pc_store_open(dir, 0, &err);
	if (!s)
		doctor_say(d, FAIL, "writable",
		    "use another store with --store or PC_STORE", "%s",
		    err.text);
	else if (pc_store_flags(s) & PC_STORE_READ_ONLY ||
	    access(dir, W_OK) != 0)
		doctor_say(d, FAIL, "writable",
		    "run chmod -R u+w on the store, or use another one",
		    "'%s' cannot be written", dir);
	else
		doctor_say(d, FINE, "writable", "", "%s", dir);
	pc_store_close(s);
	check_owners(d, dir);
	if (c->store) {
		check_sound(d);
		check_size(d, c->store);
	}
	check_disk(d, dir);
	free(dir);
}
