/* ident.c - content ids of files, cached while the file is unchanged.
 *
 * STORE/ids is a table of buckets, one page each.  An entry has its own check
 * and is written by one pwrite(2), so it needs no lock: if it is torn, damaged
 * or overwritten by another process, the file is only hashed again. */
#include "disk/disk.h"
#include "disk/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	REMEMBER_MIN = 64 * 1024, /* bytes; hashing a smaller file is as fast */
	BUCKETS = 32 * 1024,      /* a sparse file of up to 128 MiB, but at */
	CAP_PART = 32,            /* most the store's cap divided by this */
	BUCKET = 4096,
	AT_DEV = 0,
	AT_INO = 8,
	AT_SIZE = 16,
	AT_MTIME = 24,
	AT_CTIME = 32,
	AT_ID = 40,
	AT_CHECK = 72,
	ENTRY = 80,
	ENTRIES = BUCKET / ENTRY,
	/* Steps of file times.  A kernel's clock tick is at most 10 ms; file
	 * systems without nanoseconds use steps of 1 s, FAT of 2 s. */
	GRAIN_FINE = 20 * 1000, /* us */
	GRAIN_COARSE = 2 * 1000 * 1000 + GRAIN_FINE,
};

static uint64_t
nanoseconds(const struct timespec *t)
{
	return (uint64_t)t->tv_sec * 1000000000u + (uint64_t)t->tv_nsec;
}

/* Encode the file's current state: all of an entry but the id and the check. */
static void
describe(const struct stat *st, unsigned char p[ENTRY])
{
	pc_encode_u64(p + AT_DEV, st->st_dev);
	pc_encode_u64(p + AT_INO, st->st_ino);
	pc_encode_u64(p + AT_SIZE, (uint64_t)st->st_size);
	pc_encode_u64(p + AT_MTIME, nanoseconds(&st->st_mtim));
	pc_encode_u64(p + AT_CTIME, nanoseconds(&st->st_ctim));
}

static void
check_bytes(const unsigned char p[ENTRY], unsigned char out[8])
{
	struct pc_id id;

	pc_sha256(p, AT_CHECK, &id);
	memcpy(out, id.b, 8);
}

/* The offset of a file's bucket.  Files that were created together have
 * neighbouring inodes, and so share pages of the table. */
static off_t
bucket_of(const struct pc_store *s, const unsigned char p[ENTRY])
{
	const uint64_t part = s->max / CAP_PART / BUCKET;
	const uint64_t buckets = !s->max || part > BUCKETS ? BUCKETS : part + 1;
	uint64_t place = pc_decode_u64(p + AT_INO) / (ENTRIES / 2);

	place += pc_decode_u64(p + AT_DEV) * 0x9e3779b97f4a7c15u >> 32;
	return (off_t)(place % buckets) * BUCKET;
}

static int
table_open(struct pc_store *s)
{
	return file_open(s, STORE_TOP, "ids",
	    s->flags & PC_STORE_READ_ONLY ? O_RDONLY : O_RDWR | O_CREAT);
}

static int
recall(const struct pc_store *s, int table, const unsigned char want[ENTRY],
    struct pc_id *id)
{
	unsigned char bucket[BUCKET], check[8];
	ssize_t n = pc_pread_full(table, bucket, sizeof bucket,
	    bucket_of(s, want));

	for (ssize_t at = 0; at + ENTRY <= n; at += ENTRY) {
		const unsigned char *p = bucket + at;

		if (memcmp(p, want, AT_ID) != 0)
			continue;
		check_bytes(p, check);
		if (memcmp(check, p + AT_CHECK, sizeof check) != 0)
			continue;
		memcpy(id->b, p + AT_ID, sizeof id->b);
		return 0;
	}
	return 1;
}

/* Replace the entry of the same file if there is one; else use a free place, or
 * overwrite another entry. */
static void
remember(struct pc_store *s, int table, unsigned char entry[ENTRY],
    const struct pc_id *id)
{
	static const unsigned char unused[ENTRY];
	unsigned char bucket[BUCKET] = {0};
	off_t at = bucket_of(s, entry);
	int place = -1, used = 0;

	memcpy(entry + AT_ID, id->b, sizeof id->b);
	check_bytes(entry, entry + AT_CHECK);
	if (pc_pread_full(table, bucket, sizeof bucket, at) < 0)
		return;
	for (int i = 0; i < ENTRIES; i++) {
		const unsigned char *p = bucket + (size_t)i * ENTRY;

		used |= memcmp(p, unused, ENTRY) != 0;
		if (memcmp(p, entry, AT_SIZE) == 0) {
			place = i;
			break;
		}
		if (place < 0 && memcmp(p, unused, ENTRY) == 0)
			place = i;
	}
	if (place < 0)
		place = (int)(pc_decode_u32(id->b) % ENTRIES);
	if (!used)
		room_grow(s, BUCKET);
	/* If this fails, the file is only hashed again next time. */
	(void)pc_pwrite_full(table, entry, ENTRY, at + (off_t)place * ENTRY);
}

/* Was the last change long enough ago that a further one must change the file's
 * times?  (Git calls other files racily clean.) */
static int
settled(const struct stat *st, int64_t began)
{
	int64_t mtime = (int64_t)(nanoseconds(&st->st_mtim) / 1000);
	int64_t ctime = (int64_t)(nanoseconds(&st->st_ctim) / 1000);
	int64_t last = mtime > ctime ? mtime : ctime;
	int coarse = st->st_mtim.tv_nsec == 0 && st->st_ctim.tv_nsec == 0;

	return last + (coarse ? GRAIN_COARSE : GRAIN_FINE) < began;
}

static int
hash_fd(int fd, struct pc_id *id)
{
	unsigned char small[4096];
	unsigned char *buf = small;
	size_t cap = sizeof small;
	struct pc_sha256 h;
	ssize_t n;

	pc_sha256_init(&h);
	while ((n = pc_read_full(fd, buf, cap)) > 0) {
		pc_sha256_add(&h, buf, (size_t)n);
		if ((size_t)n < cap)
			break;
		if (buf == small) {
			buf = malloc(PC_IO_CHUNK);
			if (!buf)
				return -1;
			cap = PC_IO_CHUNK;
		}
	}
	if (buf != small) {
		int e = errno;

		free(buf);
		errno = e;
	}
	if (n < 0)
		return -1;
	pc_sha256_end(&h, id);
	return 0;
}

int
pc_ident_fd(struct pc_store *s, int fd, unsigned flags, struct pc_id *id,
    int *known)
{
	unsigned char entry[ENTRY] = {0};
	struct stat st, after;
	int table = -1, r = 1;
	int64_t began;

	if (known)
		*known = 0;
	if (fstat(fd, &st) < 0)
		return -1;
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	if (s && S_ISREG(st.st_mode) && st.st_size >= REMEMBER_MIN &&
	    lseek(fd, 0, SEEK_CUR) == 0)
		table = table_open(s);
	if (table >= 0) {
		describe(&st, entry);
		if (!(flags & PC_IDENT_REHASH))
			r = recall(s, table, entry, id);
	}
	if (r == 0) {
		if (known)
			*known = 1;
		close(table);
		return 0;
	}
	began = pc_now();
	r = hash_fd(fd, id);
	if (r == 0 && table >= 0 && !(s->flags & PC_STORE_READ_ONLY) &&
	    settled(&st, began) && fstat(fd, &after) == 0) {
		unsigned char now[ENTRY] = {0};

		describe(&after, now);
		if (memcmp(now, entry, AT_ID) == 0)
			remember(s, table, entry, id);
	}
	if (table >= 0) {
		int e = errno;

		close(table);
		errno = e;
	}
	return r;
}

int
pc_ident_file(struct pc_store *s, const char *path, unsigned flags,
    struct pc_id *id, int *known)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int r, e;

	if (fd < 0)
		return -1;
	r = pc_ident_fd(s, fd, flags, id, known);
	e = errno;
	close(fd);
	errno = e;
	return r;
}

int
pc_ident_remembers(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size >= REMEMBER_MIN;
}
