/* store.c - open and close a store, and report its counters. */
#include "care/evict.h"
#include "disk/disk.h"
#include "flight.h"
#include "ledger/rotate.h"
#include "open.h"
#include "shard/shard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A number that changes with every boot; 0 if the system has none. */
static uint64_t
boot_number(void)
{
	char text[38] = ""; /* one read gives all of it */
	struct pc_id id;
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (pc_read_full(fd, text, sizeof text - 1) < 0)
		text[0] = '\0';
	close(fd);
	pc_sha256(text, strlen(text), &id);
	return pc_decode_u64(id.b);
}

struct pc_store *
pc_store_open(const char *dir, unsigned flags, struct pc_error *err)
{
	struct pc_store *s = calloc(1, sizeof *s);

	if (!s) {
		pc_error_set(err, "out of memory");
		return NULL;
	}
	s->dir = s->state = s->events = -1;
	s->room.place = -1;
	s->flags = flags;
	s->boot = boot_number();
	for (unsigned i = 0; i < PC_SHARDS; i++)
		s->shard[i].dir = s->shard[i].log = -1;
	if (store_open_dir(s, dir, err) < 0) {
		int e = errno;

		pc_store_close(s);
		errno = e;
		return NULL;
	}
	return s;
}

void
pc_store_close(struct pc_store *s)
{
	uint64_t sum;

	if (!s)
		return;
	if (s->evict_due && s->state >= 0) {
		flight_land_all(s);
		evict_if_due(s);
	}
	rotate_if_due(s);
	if (s->recount && s->state >= 0)
		(void)room_count(s, &sum);
	if (s->state >= 0)
		room_close(s);
	for (unsigned i = 0; i < PC_SHARDS; i++)
		shard_close(&s->shard[i]);
	if (s->events >= 0)
		close(s->events);
	if (s->state >= 0)
		close(s->state);
	if (s->dir >= 0)
		close(s->dir);
	free(s->path);
	free(s->error);
	free(s);
}

unsigned
pc_store_flags(const struct pc_store *s)
{
	return s->flags;
}

unsigned
pc_store_damaged(const struct pc_store *s)
{
	return s->damaged;
}

unsigned
pc_store_rebuilt(const struct pc_store *s)
{
	return s->rebuilt;
}

int64_t
pc_store_lock_wait(struct pc_store *s)
{
	int64_t wait = s->lock_wait;

	s->lock_wait = 0;
	return wait;
}

int
pc_store_rebuild(struct pc_store *s, unsigned shard)
{
	struct slot t;

	/* A shard that was never used needs no rebuilding. */
	if (state_read(s, shard, &t) == SLOT_UNUSED)
		return 0;
	if (shard_distrust(s, shard) < 0 || shard_enter(s, shard, 1) < 0)
		return -1;
	shard_leave(s, shard);
	return 0;
}
