/* spot.h - a place in a schema that is read. */
#ifndef SPOT_H
#define SPOT_H

#include "pc.h"

/* A $ref that is to be resolved when all identifiers are known. */
struct pending {
	struct pending *next;
	const struct pc_json *ref;
	const struct resource *in;
	char *at; /* where it is, for a message */
};

struct schema_reading {
	struct refs *refs;
	struct pending *first, **last;
	struct pc_error *err;
};

/* Where in the schema. */
struct spot {
	struct schema_reading *reading;
	const struct json_place *at;
	const struct resource *in;
	const struct pc_json *schema; /* that the keyword is in */
};

/* Say what is wrong.  Returns -1. */
int spot_refuse(const struct spot *, const char *why);
/* "must be WANTED, not V" */
int spot_refuse_value(const struct spot *, const char *wanted,
    const struct pc_json *v);
/* The schema's $id makes it a resource of its own, which becomes s->in. */
int spot_enter_resource(struct spot *s, const struct pc_json *id);
int spot_add_anchor(const struct spot *, const struct pc_json *name,
    int dynamic);
int spot_add_pending(const struct spot *, const struct pc_json *ref);

#endif
