/* external.c - large values, each in a file of its own beside the log.
 *
 * Appending one to the log would block the shard while it is copied, and
 * compaction would copy it again. */
#include "external.h"

#include "disk/disk.h"
#include "disk/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
external_name(const struct record *r, char out[NAME_EXTERNAL])
{
	char key[PC_ID_HEX];

	pc_id_hex(&r->pub.key, key);
	snprintf(out, NAME_EXTERNAL, "%s.%08lx", key, (unsigned long)r->serial);
}

void
external_unlink(struct pc_store *s, unsigned shard, const char *name)
{
	const int dir = dir_of(s, shard);

	if (dir >= 0)
		unlinkat(dir, name, 0);
}

/* Hash size bytes from fd's position.  0; 1: the bytes are different or too
 * few; -1 with errno. */
static int
verify(int fd, const struct pc_record *r)
{
	unsigned char buf[64 * 1024];
	struct pc_sha256 h;
	uint64_t left = r->size;
	struct pc_id id;

	pc_sha256_init(&h);
	while (left > 0) {
		size_t ask = left < sizeof buf ? (size_t)left : sizeof buf;
		ssize_t n = pc_read_full(fd, buf, ask);

		if (n < 0)
			return -1;
		if (n == 0)
			return 1;
		pc_sha256_add(&h, buf, (size_t)n);
		left -= (uint64_t)n;
	}
	pc_sha256_end(&h, &id);
	return memcmp(id.b, r->output.b, sizeof id.b) != 0;
}

int
external_open(struct pc_store *s, const struct record *r, int *fd)
{
	char name[NAME_EXTERNAL];

	external_name(r, name);
	*fd = file_open(s, shard_of(&r->pub.key), name, O_RDONLY);
	if (*fd < 0)
		return errno == ENOENT || errno == EBADMSG ? 1 : -1;
	return 0;
}

int
external_settle(struct pc_store *s, unsigned shard, const struct record *r)
{
	const struct shard *h = &s->shard[shard];
	int fd, bad;

	if (!h->slot.synced)
		return 0;
	if (r->external) {
		if (external_open(s, r, &fd) != 0)
			return -1;
		bad = fdatasync(fd);
		close(fd);
		if (bad < 0)
			return -1;
	}
	return file_sync(s, shard, h->log);
}

int
external_verify(const struct pc_record *r, int fd)
{
	struct stat st;
	int bad;

	if (fstat(fd, &st) < 0)
		return -1;
	if ((uint64_t)st.st_size != r->size)
		return 1;
	bad = verify(fd, r);
	if (bad == 0 && lseek(fd, 0, SEEK_SET) < 0)
		return -1;
	return bad;
}
