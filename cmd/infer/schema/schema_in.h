/* schema_in.h - what the files of the schema validator share. */
#ifndef SCHEMA_IN_H
#define SCHEMA_IN_H

#include "schema.h"

/* ---- positions in JSON values (place.c) ---- */

/* A position in a value; NULL is the whole value. */
struct json_place {
	const struct json_place *up;
	const char *pointer; /* a JSON pointer; then up is NULL */
	const char *name;    /* of the member; NULL: an element */
	size_t index;
};

/* Set err to "POINTER: TEXT".  A long pointer loses its beginning. */
void place_say(struct pc_error *err, const struct json_place *,
    const char *text);
/* The JSON pointer, shortened as in place_say.  The caller owns it; NULL:
 * ENOMEM. */
char *place_pointer(const struct json_place *);
/* Show a value in a message: scalars as they are, long ones shortened. */
void place_show(struct pc_buf *, const struct pc_json *);

/* ---- members of objects (member.c) ---- */

uint64_t object_count(const struct pc_json *); /* of members */
/* Is there a member of that name, even if it is null? */
int json_has(const struct pc_json *, const char *name);

/* ---- URIs (uri.c) ---- */

/* Append reference, resolved against base, without its fragment and with a
 * NUL.  -1: out of memory. */
int uri_resolve(struct pc_buf *, const char *base, const char *reference);

/* ---- identifiers and references (refs.c) ---- */

/* A schema with its own URI, and all schemas in it that have none. */
struct resource {
	struct resource *next;
	char *uri;
};

struct refs {
	struct resource *resources;
	void *names;   /* targets of URIs and anchors */
	void *schemas; /* the resource of each schema that was read */
	void *targets; /* the schema of each reference */
};

/* Functions that return -1 or NULL set why to the reason, if they have that
 * parameter. */
int refs_open(struct refs *, const struct pc_json *root, struct pc_error *why);
void refs_close(struct refs *);
/* Add the resource that the $id of schema makes within another. */
struct resource *refs_add_resource(struct refs *, const struct resource *in,
    const char *id, const struct pc_json *schema, struct pc_error *why);
int refs_add_anchor(struct refs *, const struct resource *in,
    const char *anchor, const struct pc_json *schema, int dynamic,
    struct pc_error *why);
/* Record that the schema belongs to the resource.  -1: ENOMEM. */
int refs_add_schema(struct refs *, const struct pc_json *schema,
    const struct resource *in);
/* The schema's resource; NULL: the schema was not read. */
const struct resource *refs_resource(const struct refs *,
    const struct pc_json *schema);
/* Record that the value of a $ref leads to the schema.  -1: ENOMEM. */
int refs_add_target(struct refs *, const struct pc_json *ref,
    const struct pc_json *schema);
const struct pc_json *refs_target(const struct refs *,
    const struct pc_json *ref);
/* The schema with the anchor in the resource with that URI; "" is the
 * resource's root.  NULL: none. */
const struct pc_json *refs_named(const struct refs *, const char *uri,
    const char *anchor);
/* The schema with the anchor, if that was set by $dynamicAnchor. */
const struct pc_json *refs_dynamic(const struct refs *, const char *uri,
    const char *anchor);

/* The schema that ref, in the resource *in, names; *in becomes its resource
 * (resolve.c). */
const struct pc_json *refs_resolve(const struct refs *, const char *ref,
    const struct resource **in, struct pc_error *why);

/* ---- reading a schema (check.c) ---- */

/* Check the whole schema, and resolve its references.  Close refs even after
 * -1; err has the reason. */
int schema_read(const struct pc_json *schema, struct refs *, struct pc_error *);

/* ---- patterns (pattern.c) ---- */

struct pattern;

/* Compile an ECMA-262 pattern.  NULL with why. */
struct pattern *pattern_compile(const char *, size_t n, struct pc_error *why);
void pattern_free(struct pattern *);
/* 1: it matches somewhere in text (UTF-8); 0: it does not; -1 with why: a
 * limit was reached.  The work is subtracted from *steps. */
int pattern_matches(const struct pattern *, const char *text, size_t n,
    uint64_t *steps, struct pc_error *why);

/* Append an ECMA-262 pattern translated for PCRE2 (ecma.c).  -1 with why: it
 * is invalid or has no translation. */
int ecma_translate(const char *, size_t n, struct pc_buf *,
    struct pc_error *why);
/* Append the name of a Unicode property (property.c).  -1: it is not one. */
int property_translate(const char *name, size_t n, struct pc_buf *);

/* ---- one validation (run.c, apply.c) ---- */

enum { KEPT_PATTERNS = 16 };

struct schema_run {
	const struct keyword *keywords; /* the last one has no name */
	const struct refs *refs;
	uint64_t steps;      /* how many are left */
	struct pc_error why; /* why the value does not fit */
	unsigned rank;       /* of why: the higher, the closer to fitting */
	struct {
		const char *source; /* in the schema */
		struct pattern *compiled;
	} patterns[KEPT_PATTERNS];
	unsigned patterns_made;
};

/* The members or elements of a value that a schema has evaluated (seen.c). */
struct seen {
	unsigned char *marks; /* one for each, in the value's order */
	size_t n;
};

/* The resources that were entered on the way to a schema. */
struct scope {
	const struct scope *outer;
	const struct resource *in;
};

/* A schema, and the value that is checked against it. */
struct schema_frame {
	const struct pc_json *schema, *value;
	const struct pc_json *word; /* the value of the schema's current
				     * keyword */
	const struct json_place *at;
	struct seen *seen; /* NULL: no unevaluated... keyword needs it */
	const struct scope *scope;
	unsigned depth;
	unsigned refs; /* references followed since the position in the value
			* last changed */
};

/* Start with nothing of f's value evaluated.  -1 as schema_spend. */
int seen_open(struct schema_run *, const struct schema_frame *f, struct seen *);
/* Add all of it to outer, which may be NULL, and free it. */
void seen_close(struct seen *, struct seen *outer);

/* Mark the member or element with this index as evaluated. */
void seen_mark(const struct schema_frame *, size_t i);

/* This function and those of keywords return 0 if the value fits; 1 if it does
 * not, with run->why; -1 if this cannot be decided, also with run->why. */
int schema_fits(struct schema_run *, const struct schema_frame *);
/* Check the same value against another schema that is part of f's. */
int schema_fits_too(struct schema_run *, const struct schema_frame *f,
    const struct pc_json *schema);
/* The same if f's value may fit without fitting that schema. */
int schema_fits_branch(struct schema_run *, const struct schema_frame *f,
    const struct pc_json *schema);
/* Check a member or element of f's value; at.up need not be set. */
int schema_fits_there(struct schema_run *, const struct schema_frame *f,
    const struct pc_json *schema, const struct pc_json *value,
    struct json_place at);
/* Count steps.  -1: none are left. */
int schema_spend(struct schema_run *, uint64_t steps);
/* Record why the value does not fit.  Returns 1. */
int schema_misfit(struct schema_run *, const struct schema_frame *,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Record why this cannot be decided.  Returns -1. */
int schema_give_up(struct schema_run *, const struct schema_frame *,
    const char *why);

/* ---- keywords (keyword.c, vocabulary.c) ---- */

/* The form that a keyword's value must have. */
enum word_form {
	FORM_UNSUPPORTED, /* refused: it would assert something */
	FORM_SCHEMA,
	FORM_LAST,     /* a schema that is applied after all other keywords */
	FORM_SCHEMAS,  /* a non-empty array of schemas */
	FORM_MEMBERS,  /* an object of schemas */
	FORM_PATTERNS, /* an object of schemas whose names are patterns */
	FORM_DEPENDENCIES, /* an object of schemas or arrays of strings */
	FORM_NAME_LISTS,   /* an object of arrays of strings */
	FORM_PATTERN,
	FORM_DIALECT,
	FORM_ANCHOR,
	FORM_DYNAMIC_ANCHOR,
	FORM_REF,
	FORM_TYPE,
	FORM_VALUES, /* an array */
	FORM_ANY,
	FORM_NAMES, /* an array of strings */
	FORM_NUMBER,
	FORM_UNIT,  /* above 0, with up to 18 digits */
	FORM_COUNT, /* a whole number, 0 or more */
	FORM_BOOL,
	FORM_TEXT,
};

struct keyword {
	const char *name;
	enum word_form form;
	/* NULL: another keyword handles it, or it asserts nothing. */
	int (*fits)(struct schema_run *, const struct schema_frame *);
};

/* What a keyword's plain value must be ("must be ..."); NULL: it is valid, or
 * the form has schemas.  *found is the invalid part: v or an element
 * (form.c). */
const char *form_wanted(enum word_form, const struct pc_json *v,
    const struct pc_json **found);

/* All keywords; the last one has no name. */
extern const struct keyword schema_vocabulary[];
/* The keyword of that name; NULL: unknown. */
const struct keyword *keyword_find(const struct keyword *all, const char *name);
/* The keyword that an unknown name probably misspells; NULL: none. */
const char *keyword_nearest(const struct keyword *all, const char *name);

/* ---- schemas for the value itself (combine.c) ---- */

int apply_ref(struct schema_run *, const struct schema_frame *);
int apply_dynamic_ref(struct schema_run *, const struct schema_frame *);
int apply_all(struct schema_run *, const struct schema_frame *);
int apply_any(struct schema_run *, const struct schema_frame *);
int apply_one(struct schema_run *, const struct schema_frame *);
int apply_not(struct schema_run *, const struct schema_frame *);
int apply_if(struct schema_run *, const struct schema_frame *);

/* ---- members (object.c, require.c) and elements (array.c) ---- */

int object_properties(struct schema_run *, const struct schema_frame *);
int object_additional(struct schema_run *, const struct schema_frame *);
int object_patterns(struct schema_run *, const struct schema_frame *);
int object_names(struct schema_run *, const struct schema_frame *);
int object_unevaluated(struct schema_run *, const struct schema_frame *);
int object_required(struct schema_run *, const struct schema_frame *);
int object_dependencies(struct schema_run *, const struct schema_frame *);
int object_min(struct schema_run *, const struct schema_frame *);
int object_max(struct schema_run *, const struct schema_frame *);

int array_items(struct schema_run *, const struct schema_frame *);
int array_prefix(struct schema_run *, const struct schema_frame *);
int array_contains(struct schema_run *, const struct schema_frame *);
int array_unevaluated(struct schema_run *, const struct schema_frame *);
int array_min(struct schema_run *, const struct schema_frame *);
int array_max(struct schema_run *, const struct schema_frame *);

/* ---- numbers (number.c) ---- */

/* 64-bit integers are compared as such, other numbers as double. */
struct number {
	int whole;
	int64_t i;
	double d;
};

int number_of(const struct pc_json *, struct number *); /* -1: not a number */
int number_compare(const struct number *, const struct number *); /* -1, 0, 1 */
/* Is it a whole number (1.0 is one)?  And one of 0 or more?  Else -1. */
int number_is_whole(const struct number *);
int number_count(const struct pc_json *, uint64_t *);

int assert_minimum(struct schema_run *, const struct schema_frame *);
int assert_maximum(struct schema_run *, const struct schema_frame *);
int assert_above(struct schema_run *, const struct schema_frame *);
int assert_below(struct schema_run *, const struct schema_frame *);

/* Can it be the value of multipleOf (multiple.c)? */
int multiple_is_unit(const struct pc_json *);
int assert_multiple(struct schema_run *, const struct schema_frame *);

/* ---- types and equality (assert.c) ---- */

int type_is_name(const char *name); /* "string", ... */
int assert_type(struct schema_run *, const struct schema_frame *);
int assert_enum(struct schema_run *, const struct schema_frame *);
int assert_const(struct schema_run *, const struct schema_frame *);
int assert_unique(struct schema_run *, const struct schema_frame *);

/* ---- strings (text.c, format.c) ---- */

int assert_min_length(struct schema_run *, const struct schema_frame *);
int assert_max_length(struct schema_run *, const struct schema_frame *);
int assert_pattern(struct schema_run *, const struct schema_frame *);
int assert_format(struct schema_run *, const struct schema_frame *);
/* Does text match the pattern?  A mismatch is not recorded. */
int text_matches(struct schema_run *, const struct schema_frame *,
    const char *pattern, const char *text, size_t n);
void text_drop_patterns(struct schema_run *);
/* 1: it has that format, or the format is unknown; else 0. */
int format_fits(const char *name, const char *text, size_t n);

#endif
