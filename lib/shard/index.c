/* index.c - the place of each key's record in its log, kept by GDBM.
 *
 * Locking is ours (lock.c): GDBM opens first and locks afterwards, so it can
 * lose a write to a file that was renamed in between.  No mmap: a damaged page
 * would raise a signal instead of an error. */
#include "index.h"

#include <errno.h>
#include <fcntl.h>
#include <gdbm.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	AT_OFFSET = 0,
	AT_LENGTH = 8,
	AT_EXPIRES = 16,
	AT_EXTERNAL = 24,
	AT_CHECK = 32,
	ENTRY = 40,
	CHECKED = sizeof(struct pc_id) + AT_CHECK,
};

struct index {
	GDBM_FILE db;
	int fd;
	int writable;
};

static void
entry_check(const struct pc_id *key, const unsigned char *p,
    unsigned char out[8])
{
	unsigned char all[CHECKED];
	struct pc_id id;

	memcpy(all, key->b, sizeof key->b);
	memcpy(all + sizeof key->b, p, AT_CHECK);
	pc_sha256(all, sizeof all, &id);
	memcpy(out, id.b, 8);
}

static struct index *
open_fd(int fd, int mode)
{
	struct index *x = malloc(sizeof *x);

	if (!x) {
		close(fd);
		return NULL;
	}
	/* GDBM uses the name only to reorganise a file, which is never done
	 * here. */
	x->db = gdbm_fd_open(fd, "index", 0,
	    mode | GDBM_NOLOCK | GDBM_NOMMAP | GDBM_CLOEXEC, NULL);
	if (!x->db) {
		int system = gdbm_check_syserr(gdbm_errno) ? errno : 0;

		close(fd);
		free(x);
		/* A file that is too short is damaged; that is not a system
		 * error. */
		errno = system == ENOSPC || system == EMFILE ||
			system == ENOMEM || system == EDQUOT || system == EFBIG
		    ? system
		    : EBADMSG;
		return NULL;
	}
	x->fd = gdbm_fdesc(x->db);
	x->writable = mode != GDBM_READER;
	return x;
}

struct index *
index_open(int fd, int writable)
{
	return open_fd(fd, writable ? GDBM_WRITER : GDBM_READER);
}

struct index *
index_new(int fd)
{
	return open_fd(fd, GDBM_NEWDB);
}

int
index_fd(const struct index *x)
{
	return x->fd;
}

static datum
key_datum(const struct pc_id *key)
{
	/* GDBM's interface lacks a const, but does not write here. */
	return (
	    datum){.dptr = (char *)(uintptr_t)key->b, .dsize = sizeof key->b};
}

int
index_get(struct index *x, const struct pc_id *key, struct index_entry *e)
{
	const unsigned char *p;
	unsigned char check[8];
	datum d;
	int good;

	if (!x)
		return 1;
	d = gdbm_fetch(x->db, key_datum(key));
	p = (const unsigned char *)d.dptr;
	if (!p) {
		if (gdbm_last_errno(x->db) == GDBM_ITEM_NOT_FOUND)
			return 1;
		errno = EBADMSG;
		return -1;
	}
	good = d.dsize == ENTRY;
	if (good) {
		entry_check(key, p, check);
		good = memcmp(check, p + AT_CHECK, sizeof check) == 0;
	}
	if (good) {
		e->offset = pc_decode_u64(p + AT_OFFSET);
		e->length = pc_decode_u64(p + AT_LENGTH);
		e->expires = (int64_t)pc_decode_u64(p + AT_EXPIRES);
		e->external = p[AT_EXTERNAL];
	}
	free(d.dptr);
	if (!good) {
		errno = EBADMSG;
		return -1;
	}
	return 0;
}

/* Did the change reach the file?  GDBM 1.23 returns 0 even if it could not
 * write a bucket, and only then reports that the file needs recovery. */
static int
changed(struct index *x, int said)
{
	int system;

	if (said == 0 && !gdbm_needs_recovery(x->db))
		return 0;
	system = gdbm_check_syserr(gdbm_last_errno(x->db))
	    ? gdbm_last_syserr(x->db)
	    : 0;
	errno = system ? system : EBADMSG;
	return -1;
}

int
index_each(struct index *x,
    int (*each)(void *ctx, const struct pc_id *, const struct index_entry *),
    void *ctx)
{
	datum key = gdbm_firstkey(x->db), next;
	struct index_entry e;
	struct pc_id id;
	int r = 0;

	while (r == 0 && key.dptr) {
		r = key.dsize == sizeof id.b ? 0 : -1;
		if (r == 0) {
			memcpy(id.b, key.dptr, sizeof id.b);
			r = index_get(x, &id, &e) == 0 ? each(ctx, &id, &e)
						       : -1;
		}
		/* In a damaged index, the next key may be the same one
		 * again. */
		next = r == 0 ? gdbm_nextkey(x->db, key) : (datum){0};
		free(key.dptr);
		key = next;
	}
	if (r == 0 && gdbm_last_errno(x->db) != GDBM_ITEM_NOT_FOUND)
		r = -1;
	if (r < 0)
		errno = EBADMSG;
	return r;
}

int
index_put(struct index *x, const struct pc_id *key, const struct index_entry *e)
{
	unsigned char p[ENTRY] = {0};
	datum d = {.dptr = (char *)p, .dsize = sizeof p};

	if (!x)
		return 0;
	pc_encode_u64(p + AT_OFFSET, e->offset);
	pc_encode_u64(p + AT_LENGTH, e->length);
	pc_encode_u64(p + AT_EXPIRES, (uint64_t)e->expires);
	p[AT_EXTERNAL] = (unsigned char)e->external;
	entry_check(key, p, p + AT_CHECK);
	return changed(x, gdbm_store(x->db, key_datum(key), d, GDBM_REPLACE));
}

int
index_remove(struct index *x, const struct pc_id *key)
{
	int said;

	if (!x)
		return 1;
	said = gdbm_delete(x->db, key_datum(key));
	if (said != 0 && gdbm_last_errno(x->db) == GDBM_ITEM_NOT_FOUND)
		return 1;
	return changed(x, said);
}

int
index_apply(struct index *x, const struct record *r)
{
	const struct pc_id *key = &r->pub.key;
	struct index_entry e;
	int found;

	switch (r->type) {
	case RECORD_PUT:
		e = (struct index_entry){.offset = r->offset,
		    .length = r->length,
		    .expires = r->pub.expires,
		    .external = r->external};
		return index_put(x, key, &e);
	case RECORD_REMOVE:
	case RECORD_LOST:
		return index_remove(x, key) < 0 ? -1 : 0;
	case RECORD_TOUCH:
		found = index_get(x, key, &e);
		if (found != 0)
			return found < 0 ? -1 : 0;
		e.expires = r->pub.expires;
		return index_put(x, key, &e);
	case RECORD_GAP:
		break;
	}
	return 0;
}

void
index_close(struct index *x)
{
	int null = -1, e = errno;

	if (!x)
		return;
	/* gdbm_close() of a writer always syncs.  That costs 150 us and is
	 * useless, since only the log must survive.  So the descriptor is
	 * replaced by one that cannot be synced; errno is kept, because the
	 * sync fails. */
	if (x->writable)
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup3(null, x->fd, O_CLOEXEC);
		close(null);
	}
	gdbm_close(x->db);
	free(x);
	errno = e;
}
