/* bucket.c - is a miss in an index really one?
 *
 * GDBM has no checksums.  A page of zeros, which a bad disk or a hole after a
 * restore leaves, is to it a bucket without the key, or a key that is another
 * one: a miss, for ever.  So the bucket that the key would be in is read once
 * more before a miss is believed.  That costs three short reads, and a hit
 * nothing.  It is sound if
 *
 *   - it has as many used elements as it says,
 *   - each of them belongs into this bucket, and is found from its place,
 *   - none is of a key with this hash and these first bytes; for then the
 *     key's own bytes, elsewhere in the file, are no longer what they were.
 *
 * The layout is that of GDBM's gdbmdefs.h, in the machine's own types, and the
 * same since its version 1.8.  Of a file that has another one nothing is
 * said. */
#include "index.h"

#include <string.h>

enum {
	MAGIC = 0x13579acf,
	MAGIC_NUMSYNC = 0x13579ad1,
	HASH_BITS = 31,
	START = 4, /* bytes of a key in its element */
	AVAIL = 6,
	UNUSED = -1,
	BUCKET_MAX = 64 * 1024,
};

struct header {
	int magic, block_size;
	int64_t dir;
	int dir_size, dir_bits, bucket_size, bucket_elems;
};

struct element {
	int hash; /* UNUSED: it is */
	char start[START];
	int64_t at;
	int key_size, data_size;
};

struct bucket {
	int av_count;
	struct {
		int size;
		int64_t at;
	} avail[AVAIL];
	int bits; /* bits of the hash that all elements share */
	int count;
	struct element all[1];
};

/* As hash.c of GDBM; char is signed there if it is on this machine. */
static int
hash_of(const struct pc_id *key)
{
	const unsigned size = sizeof key->b;
	unsigned value = 0x238f13afU * size;

	for (unsigned i = 0; i < size; i++)
		value = (value +
			    ((unsigned)(int)(char)key->b[i] << (i * 5 % 24))) &
		    0x7fffffff;
	return (int)((1103515243U * value + 12345) & 0x7fffffff);
}

static int
layout_known(const struct header *h)
{
	return (h->magic == MAGIC || h->magic == MAGIC_NUMSYNC) &&
	    h->dir_bits >= 0 && h->dir_bits < HASH_BITS && h->dir_size >= 0 &&
	    (uint64_t)h->dir_size == sizeof(int64_t) << h->dir_bits &&
	    h->bucket_size >= (int)sizeof(struct bucket) &&
	    h->bucket_size <= BUCKET_MAX &&
	    (size_t)h->bucket_elems ==
	    ((size_t)h->bucket_size - sizeof(struct bucket)) /
		    sizeof(struct element) +
		1;
}

/* Would a search find the i-th element? */
static int
is_found(const struct bucket *b, int elements, int i)
{
	for (int at = b->all[i].hash % elements; at != i;
	     at = (at + 1) % elements)
		if (b->all[at].hash == UNUSED)
			return 0;
	return 1;
}

static int
bucket_sound(const struct bucket *b, const struct header *h, int hash,
    const struct pc_id *key)
{
	int used = 0;

	if (b->bits < 0 || b->bits > h->dir_bits)
		return 0;
	for (int i = 0; i < h->bucket_elems; i++) {
		const struct element *e = &b->all[i];

		if (e->hash == UNUSED)
			continue;
		used++;
		if (e->hash < 0 ||
		    (unsigned)(e->hash ^ hash) >> (HASH_BITS - b->bits) != 0 ||
		    !is_found(b, h->bucket_elems, i) ||
		    (e->hash == hash && memcmp(e->start, key->b, START) == 0))
			return 0;
	}
	return used == b->count;
}

int
index_miss_sound(struct index *x, const struct pc_id *key)
{
	const int fd = index_fd(x), hash = hash_of(key);
	union {
		struct bucket bucket;
		unsigned char bytes[BUCKET_MAX];
	} u;
	struct header h;
	int64_t at;

	if (pc_pread_full(fd, &h, sizeof h, 0) != sizeof h || !layout_known(&h))
		return 1;
	return pc_pread_full(fd, &at, sizeof at,
		   (off_t)(h.dir +
		       (int64_t)sizeof at *
			   (hash >> (HASH_BITS - h.dir_bits)))) == sizeof at &&
	    at >= h.block_size &&
	    pc_pread_full(fd, &u, (size_t)h.bucket_size, (off_t)at) ==
	    h.bucket_size &&
	    bucket_sound(&u.bucket, &h, hash, key);
}
