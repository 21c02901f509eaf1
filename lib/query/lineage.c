/* lineage.c - find everything that was made from a document.  Records have the
 * ids of their inputs and of their output, and an output can be another
 * record's input.
 *
 * The logs are read again until a pass finds nothing new.  Chains are short,
 * and keeping the ids of all records would take far more memory. */
#include "pc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NODES_MAX = 1000000, DEPTH_MAX = 64 };

struct node {
	struct pc_id key, output;
	size_t from; /* the node it was made from; SIZE_MAX: the document */
	unsigned depth;
};

struct candidate {
	struct pc_id key;
	size_t from;
};

struct lineage_search {
	struct pc_store *store;
	struct pc_id doc, nothing; /* ids of the document, of an empty input */
	struct node *nodes;        /* owned; sorted by depth */
	size_t count, cap;
	struct pc_set keys, outputs; /* indexes in nodes */
	unsigned depth;              /* the depth of this pass */
	struct pc_buf met;           /* struct candidate: found in this pass */
	struct pc_hit hit;
};

static uint64_t
hash_of(const struct pc_id *id)
{
	return pc_decode_u64(id->b + 8);
}

static size_t
find_key(const struct lineage_search *s, const struct pc_id *key)
{
	uint32_t i;

	for (size_t at = 0; pc_set_next(&s->keys, hash_of(key), &at, &i);)
		if (memcmp(s->nodes[i].key.b, key->b, sizeof key->b) == 0)
			return i;
	return SIZE_MAX;
}

/* Find the first node with that output. */
static size_t
find_output(const struct lineage_search *s, const struct pc_id *id)
{
	uint32_t i;

	for (size_t at = 0; pc_set_next(&s->outputs, hash_of(id), &at, &i);)
		if (memcmp(s->nodes[i].output.b, id->b, sizeof id->b) == 0)
			return i;
	return SIZE_MAX;
}

static int
grow(struct lineage_search *s)
{
	const size_t cap = s->cap ? 2 * s->cap : 64;
	struct node *nodes = realloc(s->nodes, cap * sizeof *nodes);

	if (!nodes)
		return -1;
	s->nodes = nodes;
	s->cap = cap;
	return 0;
}

static int
add(struct lineage_search *s, size_t from)
{
	const struct pc_record *r = &s->hit.record;

	if (s->count == s->cap && grow(s) < 0)
		return -1;
	s->nodes[s->count] = (struct node){.key = r->key,
	    .output = r->output,
	    .from = from,
	    .depth = s->depth};
	if (pc_set_add(&s->keys, hash_of(&r->key), (uint32_t)s->count) < 0 ||
	    pc_set_add(&s->outputs, hash_of(&r->output), (uint32_t)s->count) <
		0)
		return -1;
	s->count++;
	return 0;
}

/* Is the record made from a result of the last pass? */
static int
consider(void *ctx, const struct pc_record *r)
{
	struct lineage_search *s = ctx;
	const unsigned char *p;
	enum pc_field kind;
	size_t at = 0, n, from = SIZE_MAX;
	struct pc_id id;
	int ours = 0;

	while (!ours &&
	    pc_material_next(r->material, r->material_len, &at, &kind, &p,
		&n) == 0) {
		if (kind != PC_FIELD_INPUT || n != sizeof id.b)
			continue;
		memcpy(id.b, p, n);
		if (s->depth == 1) {
			ours = memcmp(id.b, s->doc.b, sizeof id.b) == 0;
			continue;
		}
		/* An empty output connects nothing, since unrelated results
		 * share it. */
		if (memcmp(id.b, s->nothing.b, sizeof id.b) == 0)
			continue;
		from = find_output(s, &id);
		ours = from != SIZE_MAX && s->nodes[from].depth < s->depth;
	}
	if (!ours || find_key(s, &r->key) != SIZE_MAX)
		return 0;
	return pc_buf_add(&s->met,
	    &(struct candidate){.key = r->key, .from = from},
	    sizeof(struct candidate));
}

/* Take the candidates that are still stored, each once.  This waits until the
 * log was read, since a lookup may open another log. */
static int
take_candidates(struct lineage_search *s)
{
	struct candidate c;

	for (size_t at = 0; at < s->met.len; at += sizeof c) {
		memcpy(&c, s->met.data + at, sizeof c);
		if (find_key(s, &c.key) != SIZE_MAX || s->count >= NODES_MAX ||
		    pc_store_get(s->store, &c.key,
			PC_GET_HEADER | PC_GET_EXPIRED, &s->hit) != PC_HIT)
			continue;
		if (add(s, c.from) < 0)
			return -1;
	}
	s->met.len = 0;
	return 0;
}

int
pc_lineage(struct pc_store *store, const struct pc_id *doc,
    int (*each)(void *ctx, const struct pc_hit *, unsigned depth,
	const struct pc_record *from),
    void *ctx)
{
	struct lineage_search s = {.store = store, .doc = *doc};
	size_t before;
	int r = 0, e;

	pc_sha256("", 0, &s.nothing);
	do {
		before = s.count;
		s.depth++;
		r = pc_store_each(store, 0, consider, &s);
		if (r == 0)
			r = take_candidates(&s);
	} while (r == 0 && s.count > before && s.depth < DEPTH_MAX);
	for (size_t i = 0; r == 0 && i < s.count; i++) {
		const struct node *n = &s.nodes[i];
		struct pc_record from = {0};

		if (n->from != SIZE_MAX) {
			from.key = s.nodes[n->from].key;
			from.output = s.nodes[n->from].output;
		}
		if (pc_store_get(store, &n->key, PC_GET_HEADER | PC_GET_EXPIRED,
			&s.hit) == PC_HIT)
			r = each(ctx, &s.hit, n->depth,
			    n->from == SIZE_MAX ? NULL : &from);
	}
	e = errno;
	pc_hit_clear(&s.hit);
	pc_buf_clear(&s.met);
	free(s.nodes);
	pc_set_clear(&s.keys);
	pc_set_clear(&s.outputs);
	errno = e;
	return r;
}
