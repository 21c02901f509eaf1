/* refs.c - the identifiers in a schema ($id, $anchor), and the targets of its
 * references.
 *
 * A schema with an $id is a resource: its references are relative to that URI,
 * and its anchors belong to it.  Balanced trees, by address and by URI, avoid
 * quadratic time for a large schema. */
#include "schema_in.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

enum { URI_MAX = 512 }; /* bytes of a resolved URI */

/* Maps a schema to its resource, or a $ref's text to its schema. */
struct link {
	const struct pc_json *from;
	const struct pc_json *to;
	const struct resource *in;
};

/* The target of a URI. */
struct name {
	char *uri; /* "URI#ANCHOR"; "URI#" for a whole resource */
	const struct pc_json *schema;
	int dynamic; /* set by $dynamicAnchor */
};

static int
compare_links(const void *a, const void *b)
{
	const uintptr_t x = (uintptr_t)((const struct link *)a)->from;
	const uintptr_t y = (uintptr_t)((const struct link *)b)->from;

	return (x > y) - (x < y);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->uri,
	    ((const struct name *)b)->uri);
}

static const struct link *
find_link(void *tree, const struct pc_json *from)
{
	const struct link key = {.from = from};
	void *const *found = tfind(&key, &tree, compare_links);

	return found ? *found : NULL;
}

static int
add_link(void **tree, struct link link)
{
	struct link *l = malloc(sizeof *l);

	if (!l)
		return -1;
	*l = link;
	if (tsearch(l, tree, compare_links))
		return 0;
	free(l);
	return -1;
}

/* ---- identifiers ---- */

/* Make "URI#ANCHOR"; NULL: out of memory. */
static char *
full_name(const char *uri, const char *anchor)
{
	struct pc_buf b = {0};

	if (pc_buf_addf(&b, "%s#%s", uri, anchor) < 0) {
		pc_buf_clear(&b);
		return NULL;
	}
	return (char *)b.data;
}

static struct name *
find_name(const struct refs *refs, const char *uri, const char *anchor)
{
	struct name key = {.uri = full_name(uri, anchor)};
	void *const *found = key.uri ? tfind(&key, &refs->names, compare_names)
				     : NULL;

	free(key.uri);
	return found ? *found : NULL;
}

static void
free_name(void *p)
{
	struct name *name = p;

	free(name->uri);
	free(name);
}

static int
add_name(struct refs *refs, struct name given, struct pc_error *why)
{
	struct name *name = malloc(sizeof *name);
	struct name **found = NULL;

	if (name) {
		*name = given;
		found = name->uri ? tsearch(name, &refs->names, compare_names)
				  : NULL;
	}
	if (found && *found == name)
		return 0;
	if (found)
		pc_error_set(why, "another schema has this name too");
	else
		pc_error_set(why, "out of memory");
	free(given.uri);
	free(name);
	return -1;
}

int
refs_add_anchor(struct refs *refs, const struct resource *in,
    const char *anchor, const struct pc_json *schema, int dynamic,
    struct pc_error *why)
{
	struct name *same = find_name(refs, in->uri, anchor);

	/* One schema may have both kinds of anchor. */
	if (same && same->schema == schema) {
		same->dynamic |= dynamic;
		return 0;
	}
	return add_name(refs,
	    (struct name){full_name(in->uri, anchor), schema, dynamic}, why);
}

struct resource *
refs_add_resource(struct refs *refs, const struct resource *in, const char *id,
    const struct pc_json *schema, struct pc_error *why)
{
	struct resource *new = calloc(1, sizeof *new);
	struct pc_buf uri = {0};

	if (!new || uri_resolve(&uri, in ? in->uri : "", id) < 0) {
		pc_error_set(why, "out of memory");
		free(new);
		return NULL;
	}
	new->uri = (char *)uri.data;
	new->next = refs->resources;
	refs->resources = new;
	if (uri.len > URI_MAX) {
		pc_error_set(why, "the URI is longer than %d bytes", URI_MAX);
		return NULL;
	}
	/* The document's own URI may be given again while it is empty. */
	if (in && strcmp(in->uri, new->uri) == 0 &&
	    find_name(refs, in->uri, "")->schema == schema)
		return new;
	return add_name(refs, (struct name){full_name(new->uri, ""), schema, 0},
		   why) < 0
	    ? NULL
	    : new;
}

int
refs_open(struct refs *refs, const struct pc_json *root, struct pc_error *why)
{
	*refs = (struct refs){0};
	return refs_add_resource(refs, NULL, "", root, why) ? 0 : -1;
}

void
refs_close(struct refs *refs)
{
	struct resource *next;

	for (struct resource *r = refs->resources; r; r = next) {
		next = r->next;
		free(r->uri);
		free(r);
	}
	tdestroy(refs->names, free_name);
	tdestroy(refs->schemas, free);
	tdestroy(refs->targets, free);
	*refs = (struct refs){0};
}

/* ---- schemas and references ---- */

int
refs_add_schema(struct refs *refs, const struct pc_json *schema,
    const struct resource *in)
{
	return add_link(&refs->schemas, (struct link){schema, schema, in});
}

const struct resource *
refs_resource(const struct refs *refs, const struct pc_json *schema)
{
	const struct link *l = find_link(refs->schemas, schema);

	return l ? l->in : NULL;
}

int
refs_add_target(struct refs *refs, const struct pc_json *ref,
    const struct pc_json *schema)
{
	return add_link(&refs->targets, (struct link){ref, schema, NULL});
}

const struct pc_json *
refs_target(const struct refs *refs, const struct pc_json *ref)
{
	const struct link *l = find_link(refs->targets, ref);

	return l ? l->to : NULL;
}

const struct pc_json *
refs_named(const struct refs *refs, const char *uri, const char *anchor)
{
	const struct name *name = find_name(refs, uri, anchor);

	return name ? name->schema : NULL;
}

const struct pc_json *
refs_dynamic(const struct refs *refs, const char *uri, const char *anchor)
{
	const struct name *name = find_name(refs, uri, anchor);

	return name && name->dynamic ? name->schema : NULL;
}
