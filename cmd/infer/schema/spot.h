/* spot.h - a position in a schema that is being read. */
#ifndef SPOT_H
#define SPOT_H

#include "pc.h"

/* A $ref to be resolved when all identifiers are known. */
struct pending {
	struct pending *next;
	const struct pc_json *ref;
	const struct resource *in;
	char *at; /* its position, for a message */
};

struct schema_reading {
	struct refs *refs;
	struct pending *first, **last;
	struct pc_error *err;
};

/* A position in the schema. */
struct spot {
	struct schema_reading *reading;
	const struct json_place *at;
	const struct resource *in;
	const struct pc_json *schema; /* the schema that has the keyword */
};

/* Report an error there.  Returns -1. */
int spot_refuse(const struct spot *, const char *why);
/* Report "must be WANTED, not V".  Returns -1. */
int spot_refuse_value(const struct spot *, const char *wanted,
    const struct pc_json *v);
/* Make the schema a resource with this $id; s->in becomes that resource. */
int spot_enter_resource(struct spot *s, const struct pc_json *id);
int spot_add_anchor(const struct spot *, const struct pc_json *name,
    int dynamic);
int spot_add_pending(const struct spot *, const struct pc_json *ref);

#endif
