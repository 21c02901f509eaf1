/* schema_in.h - what the files of the schema validator share. */
#ifndef SCHEMA_IN_H
#define SCHEMA_IN_H

#include "schema.h"

/* ---- places in JSON values (place.c) ---- */

/* NULL is the whole value. */
struct json_place {
	const struct json_place *up;
	const char *pointer; /* a JSON pointer; up is NULL then */
	const char *name;    /* of the member; NULL: it is an element */
	size_t index;
};

/* "POINTER: TEXT" into err, in which a long pointer lacks its beginning. */
void place_say(struct pc_error *err, const struct json_place *,
    const char *text);
/* The JSON pointer, cut as in place_say.  Owned by the caller; NULL ENOMEM. */
char *place_pointer(const struct json_place *);
/* How a message shows a value: scalars as they are, long ones cut. */
void place_show(struct pc_buf *, const struct pc_json *);

/* ---- members of objects (member.c) ---- */

uint64_t object_count(const struct pc_json *); /* of members */
/* Is there a member of that name, be it null? */
int json_has(const struct pc_json *, const char *name);

/* ---- URIs (uri.c) ---- */

/* Add reference, resolved against base, without its fragment and with a NUL.
 * -1: memory is short. */
int uri_resolve(struct pc_buf *, const char *base, const char *reference);

/* ---- identifiers and references (refs.c) ---- */

/* A schema with a URI of its own, and all in it that has none. */
struct resource {
	struct resource *next;
	char *uri;
};

struct refs {
	struct resource *resources;
	void *names;   /* what URIs and anchors name */
	void *schemas; /* the resources of all schemas that were read */
	void *targets; /* the schemas of all references */
};

/* Functions that return -1 or NULL and take a why say there what is wrong. */
int refs_open(struct refs *, const struct pc_json *root, struct pc_error *why);
void refs_close(struct refs *);
/* The resource that the $id of schema makes, within another. */
struct resource *refs_add_resource(struct refs *, const struct resource *in,
    const char *id, const struct pc_json *schema, struct pc_error *why);
int refs_add_anchor(struct refs *, const struct resource *in,
    const char *anchor, const struct pc_json *schema, int dynamic,
    struct pc_error *why);
/* The schema that was read belongs to the resource.  -1 ENOMEM. */
int refs_add_schema(struct refs *, const struct pc_json *schema,
    const struct resource *in);
/* NULL: the schema was not read. */
const struct resource *refs_resource(const struct refs *,
    const struct pc_json *schema);
/* The value of a $ref leads to the schema.  -1 ENOMEM. */
int refs_add_target(struct refs *, const struct pc_json *ref,
    const struct pc_json *schema);
const struct pc_json *refs_target(const struct refs *,
    const struct pc_json *ref);
/* The schema with the anchor in the resource with that URI; "" is the
 * resource's root.  NULL: there is none. */
const struct pc_json *refs_named(const struct refs *, const char *uri,
    const char *anchor);
/* The schema with the anchor if $dynamicAnchor gave it. */
const struct pc_json *refs_dynamic(const struct refs *, const char *uri,
    const char *anchor);

/* The schema that ref, which is in the resource *in, names; *in becomes that
 * schema's resource (resolve.c). */
const struct pc_json *refs_resolve(const struct refs *, const char *ref,
    const struct resource **in, struct pc_error *why);

/* ---- reading a schema (check.c) ---- */

/* Check all of it, and find out what its references lead to.  refs is to be
 * closed also after -1, when err says what is wrong. */
int schema_read(const struct pc_json *schema, struct refs *, struct pc_error *);

/* ---- patterns (pattern.c) ---- */

struct pattern;

/* A pattern of ECMA-262 as a compiled one.  NULL with why. */
struct pattern *pattern_compile(const char *, size_t n, struct pc_error *why);
void pattern_free(struct pattern *);
/* 1: it matches somewhere in text, which is UTF-8; 0: it does not; -1 with why:
 * a limit was reached.  The work is taken off *steps. */
int pattern_matches(const struct pattern *, const char *text, size_t n,
    uint64_t *steps, struct pc_error *why);

/* Add a pattern of ECMA-262 as PCRE2 has it (ecma.c).  -1 with why: it has no
 * such pattern. */
int ecma_translate(const char *, size_t n, struct pc_buf *,
    struct pc_error *why);
/* Add the name of a Unicode property (property.c).  -1: it is none. */
int property_translate(const char *name, size_t n, struct pc_buf *);

/* ---- one validation (run.c, apply.c) ---- */

enum { KEPT_PATTERNS = 16 };

struct schema_run {
	const struct keyword *keywords; /* ended by one without a name */
	const struct refs *refs;
	uint64_t steps;      /* steps that are still allowed */
	struct pc_error why; /* what does not fit */
	unsigned rank;       /* of why: the higher the nearer it was */
	struct {
		const char *source; /* in the schema */
		struct pattern *compiled;
	} patterns[KEPT_PATTERNS];
	unsigned patterns_made;
};

/* Which members or elements of a value a schema has evaluated (seen.c). */
struct seen {
	unsigned char *marks; /* one for each, in the value's order */
	size_t n;
};

/* The resources that were entered on the way to a schema. */
struct scope {
	const struct scope *outer;
	const struct resource *in;
};

/* A schema, and the value that is to fit it. */
struct schema_frame {
	const struct pc_json *schema, *value;
	const struct pc_json *word; /* of the schema's keyword in question */
	const struct json_place *at;
	struct seen *seen; /* NULL: no unevaluated... asks for it */
	const struct scope *scope;
	unsigned depth;
	unsigned refs; /* that led here from nowhere else in the value */
};

/* Nothing of f's value is yet.  -1 as schema_spend. */
int seen_open(struct schema_run *, const struct schema_frame *f, struct seen *);
/* Free it, after all of it was added to outer, which may be NULL. */
void seen_close(struct seen *, struct seen *outer);

/* The member or element with that index is evaluated. */
void seen_mark(const struct schema_frame *, size_t i);

/* This, and what is of a keyword, return 0 when the value fits; 1 when it does
 * not, which run->why says; or -1 when that cannot be told, which why says,
 * too. */
int schema_fits(struct schema_run *, const struct schema_frame *);
/* Another schema for the same value, as a part of f's. */
int schema_fits_too(struct schema_run *, const struct schema_frame *f,
    const struct pc_json *schema);
/* The same where f's value may fit although it does not fit that schema. */
int schema_fits_branch(struct schema_run *, const struct schema_frame *f,
    const struct pc_json *schema);
/* A schema for a member or element of f's value, at.up aside. */
int schema_fits_there(struct schema_run *, const struct schema_frame *f,
    const struct pc_json *schema, const struct pc_json *value,
    struct json_place at);
/* Count steps.  -1: there are none left. */
int schema_spend(struct schema_run *, uint64_t steps);
/* Say why the value does not fit.  Returns 1. */
int schema_misfit(struct schema_run *, const struct schema_frame *,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* It cannot be told.  Returns -1. */
int schema_give_up(struct schema_run *, const struct schema_frame *,
    const char *why);

/* ---- keywords (keyword.c, vocabulary.c) ---- */

/* What a keyword's value must be. */
enum word_form {
	FORM_UNSUPPORTED, /* it would assert something */
	FORM_SCHEMA,
	FORM_LAST,     /* a schema, which is applied after all other keywords */
	FORM_SCHEMAS,  /* an array of them, not empty */
	FORM_MEMBERS,  /* an object of them */
	FORM_PATTERNS, /* an object of them whose names are patterns */
	FORM_DEPENDENCIES, /* an object of them or of arrays of strings */
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
	/* NULL: it is another keyword's matter, or asserts nothing. */
	int (*fits)(struct schema_run *, const struct schema_frame *);
};

/* What a keyword's plain value must be, "must be ..."; NULL: it is that, or the
 * form has schemas.  *found is what is wrong, v or an element (form.c). */
const char *form_wanted(enum word_form, const struct pc_json *v,
    const struct pc_json **found);

/* All that there are; ended by one without a name. */
extern const struct keyword schema_vocabulary[];
/* The keyword of that name; NULL: none. */
const struct keyword *keyword_find(const struct keyword *all, const char *name);
/* The keyword that an unknown name is a slip of; NULL: none. */
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

/* Whole numbers of 64 bits are compared as such, all else as double. */
struct number {
	int whole;
	int64_t i;
	double d;
};

int number_of(const struct pc_json *, struct number *); /* -1: it is none */
int number_compare(const struct number *, const struct number *); /* -1, 0, 1 */
/* Is it a whole number, 1.0 too?  And one of 0 or more?  Else -1. */
int number_is_whole(const struct number *);
int number_count(const struct pc_json *, uint64_t *);

int assert_minimum(struct schema_run *, const struct schema_frame *);
int assert_maximum(struct schema_run *, const struct schema_frame *);
int assert_above(struct schema_run *, const struct schema_frame *);
int assert_below(struct schema_run *, const struct schema_frame *);

/* Can it be a multipleOf (multiple.c)? */
int multiple_is_unit(const struct pc_json *);
int assert_multiple(struct schema_run *, const struct schema_frame *);

/* ---- types, and what a value equals (assert.c) ---- */

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
/* Does text match the pattern?  Says nothing when it does not. */
int text_matches(struct schema_run *, const struct schema_frame *,
    const char *pattern, const char *text, size_t n);
void text_drop_patterns(struct schema_run *);
/* 1: it is of that format, or the name is of none that we know; else 0. */
int format_fits(const char *name, const char *text, size_t n);

#endif
