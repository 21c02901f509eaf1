/* bucket.c - verify that a miss in an index is really one.
 *
 * GDBM has no checksums.  A bad disk, or a restore that leaves holes, can turn
 * a page into zeros.  To GDBM this is a bucket without the key, or a different
 * key: a permanent miss.  So before a miss is believed, the bucket that would
 * have the key is read again.  That costs three short reads for a miss, and
 * nothing for a hit.  The bucket is sound if
 *
 *   - it has as many used elements as it says,
 *   - each element belongs to this bucket, and a search would find it,
 *   - no element has this hash and these first bytes of the key.  If one has,
 *     the full key, elsewhere in the file, was damaged.
 *
 * The layout is that of GDBM's gdbmdefs.h, in the machine's own types; it has
 * been the same since version 1.8.  A file with another layout is not
 * checked. */
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
	int hash; /* UNUSED: no key */
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
	int bits; /* bits of the hash that all elements have in common */
	int count;
	struct element all[1];
};

/* As in GDBM's hash.c, where char is signed if this machine's char is. */
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

/* Would a search find element i? */
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
