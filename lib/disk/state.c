/* state.c - the state file: it identifies a store, and has a slot for each
 * shard. */
#include "state.h"

#include "disk.h"
#include "owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char title[] = "pc-store ";

enum {
	HEADER = STATE_HEADER,
	SLOT = STATE_SLOT,
	TRIES = 4, /* to read a slot while it is written */
};

/* Offsets in a slot (pc-store.5). */
enum {
	AT_BOOT = 0,
	AT_LOG_END = 8,
	AT_SEQ = 16,
	AT_GENERATION = 24,
	AT_DIRTY = 32,
	AT_SYNCED = 36,
	AT_LOG_ID = 40,
	AT_CHECK = STATE_CHECK,
};

/* The last eight bytes of a header or slot are a check of the other bytes and
 * of its place. */
static void
check_bytes(const unsigned char *p, unsigned place, unsigned char out[8])
{
	unsigned char all[AT_CHECK + 4];
	struct pc_id id;

	memcpy(all, p, AT_CHECK);
	pc_encode_u32(all + AT_CHECK, place);
	pc_sha256(all, sizeof all, &id);
	memcpy(out, id.b, 8);
}

static int
check_good(const unsigned char *p, unsigned place)
{
	unsigned char check[8];

	check_bytes(p, place, check);
	return memcmp(check, p + AT_CHECK, sizeof check) == 0;
}

void
state_encode(const struct slot *t, unsigned shard, unsigned char p[SLOT])
{
	memset(p, 0, SLOT);
	pc_encode_u64(p + AT_BOOT, t->boot);
	pc_encode_u64(p + AT_LOG_END, t->log_end);
	pc_encode_u64(p + AT_SEQ, t->seq);
	pc_encode_u64(p + AT_GENERATION, t->generation);
	pc_encode_u32(p + AT_DIRTY, t->dirty);
	pc_encode_u32(p + AT_SYNCED, t->synced);
	memcpy(p + AT_LOG_ID, t->log_id, LOG_ID);
	check_bytes(p, shard + 1, p + AT_CHECK);
}

/* A shard with a log was used, even if its slot is empty: a power loss can lose
 * the slot's page but not the log's. */
static int
has_log(struct pc_store *s, unsigned shard)
{
	struct stat st;
	char path[16];

	snprintf(path, sizeof path, "%02x/log", shard);
	return fstatat(s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    (errno != ENOENT && errno != ENOTDIR);
}

int
state_read(struct pc_store *s, unsigned shard, struct slot *t)
{
	static const unsigned char unused[SLOT];
	unsigned char p[SLOT];
	ssize_t n;
	int tries = 0;

	if (owner_refused(s))
		return -1;
	/* A slot that is read while it is written can be half old and half
	 * new. */
	do {
		n = pc_pread_full(s->state, p, sizeof p,
		    HEADER + (off_t)shard * SLOT);
		if (n < 0)
			return -1;
		if (n < SLOT)
			memset(p + n, 0xff, (size_t)(SLOT - n));
		if (memcmp(p, unused, sizeof p) == 0) {
			if (!has_log(s, shard))
				return SLOT_UNUSED;
			errno = EBADMSG;
			return -1;
		}
	} while (!check_good(p, shard + 1) && ++tries < TRIES);
	if (tries == TRIES) {
		errno = EBADMSG;
		return -1;
	}
	t->boot = pc_decode_u64(p + AT_BOOT);
	t->log_end = pc_decode_u64(p + AT_LOG_END);
	t->seq = pc_decode_u64(p + AT_SEQ);
	t->generation = pc_decode_u64(p + AT_GENERATION);
	t->dirty = pc_decode_u32(p + AT_DIRTY);
	t->synced = pc_decode_u32(p + AT_SYNCED);
	memcpy(t->log_id, p + AT_LOG_ID, LOG_ID);
	if (t->log_end > INT64_MAX) {
		errno = EBADMSG; /* no file can be that long */
		return -1;
	}
	return SLOT_READ;
}

int
state_write(struct pc_store *s, unsigned shard, const struct slot *t)
{
	unsigned char p[SLOT];

	state_encode(t, shard, p);
	return pc_pwrite_full(s->state, p, sizeof p,
	    HEADER + (off_t)shard * SLOT);
}

int
state_clear(struct pc_store *s, unsigned shard)
{
	static const unsigned char unused[SLOT];

	return pc_pwrite_full(s->state, unused, sizeof unused,
	    HEADER + (off_t)shard * SLOT);
}

void
state_header(unsigned char p[HEADER])
{
	memset(p, 0, HEADER);
	snprintf((char *)p, HEADER, "%s%d\n", title, STATE_FORMAT);
	check_bytes(p, 0, p + AT_CHECK);
}

long
state_format(const unsigned char p[HEADER])
{
	if (!check_good(p, 0) ||
	    strncmp((const char *)p, title, sizeof title - 1) != 0)
		return 0;
	return strtol((const char *)p + sizeof title - 1, NULL, 10);
}
