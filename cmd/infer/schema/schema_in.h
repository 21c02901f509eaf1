/* schema_in.h - what the files of schema.h share. */
#ifndef SCHEMA_IN_H
#define SCHEMA_IN_H

#include "schema.h"

#include <regex.h>

/* ---- places (place.c) ---- */

/* Where in a JSON value; NULL is the whole. */
struct place {
	const struct place *up;
	const char *name; /* of the member; NULL: it is an element */
	size_t index;
};

/* "POINTER: TEXT" into err, in which a long pointer lacks its beginning. */
void place_say(struct pc_error *err, const struct place *, const char *text);
/* How a message shows a value: scalars as they are, long ones cut. */
void place_show(struct pc_buf *, const struct pc_json *);

/* ---- one validation (schema.c) ---- */

enum { KEPT_PATTERNS = 16 };

struct run {
	const struct pc_json *root;
	uint64_t steps;      /* so much work is still allowed */
	struct pc_error why; /* what does not fit */
	unsigned rank;       /* of why: the higher the nearer it was */
	struct pattern {
		const char *source; /* in the schema */
		unsigned size;
		regex_t compiled;
	} patterns[KEPT_PATTERNS];
	unsigned patterns_made;
};

/* A schema, and the value that is to fit it. */
struct frame {
	const struct pc_json *schema, *value;
	const struct pc_json *word; /* of the schema's keyword in question */
	const struct place *at;
	unsigned depth;
	unsigned refs; /* that led here from nowhere else in the value */
};

/* This, and what is of a keyword, return 0 when the value fits; 1 when it does
 * not, which run->why says; or -1 when that cannot be told, which why says,
 * too. */
int schema_fits(struct run *, const struct frame *);
/* The same of a member or element of f's value, at.up aside. */
int schema_fits_there(struct run *, const struct frame *f,
    const struct pc_json *schema, const struct pc_json *value, struct place at);
/* Count steps.  -1: there are none left. */
int schema_spend(struct run *, uint64_t steps);
/* Say why the value does not fit.  Returns 1. */
int schema_misfit(struct run *, const struct frame *, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* It cannot be told.  Returns -1. */
int schema_give_up(struct run *, const struct frame *, const char *why);
/* Is there a member of that name, be it null? */
int schema_has(const struct pc_json *, const char *name);
/* The schema that a $ref names; NULL: there is none. */
const struct pc_json *schema_target(const struct pc_json *root,
    const struct pc_json *ref);

/* ---- keywords ---- */

/* What a keyword's value must be. */
enum form {
	FORM_NOTE,        /* an annotation: anything */
	FORM_UNSUPPORTED, /* it would assert something */
	FORM_SCHEMA,
	FORM_SCHEMAS,  /* an array of them, not empty */
	FORM_MEMBERS,  /* an object of them */
	FORM_PATTERNS, /* an object of them whose names are patterns */
	FORM_PATTERN,
	FORM_REF,
	FORM_TYPE,
	FORM_VALUES, /* an array, not empty */
	FORM_ANY,
	FORM_NAMES, /* an array of strings */
	FORM_NUMBER,
	FORM_POSITIVE,
	FORM_COUNT, /* a whole number, 0 or more */
	FORM_BOOL,
	FORM_TEXT,
};

struct keyword {
	const char *name;
	enum form form;
	/* NULL: it is another keyword's matter, or asserts nothing. */
	int (*fits)(struct run *, const struct frame *);
};

extern const struct keyword schema_keywords[]; /* ended by a NULL name */
const struct keyword *schema_keyword(const char *name);

/* ---- members and elements (object.c) ---- */

int object_properties(struct run *, const struct frame *);
int object_required(struct run *, const struct frame *);
int object_additional(struct run *, const struct frame *);
int object_patterns(struct run *, const struct frame *);
int object_names(struct run *, const struct frame *);
int object_min(struct run *, const struct frame *);
int object_max(struct run *, const struct frame *);
int array_items(struct run *, const struct frame *);
int array_prefix(struct run *, const struct frame *);
int array_contains(struct run *, const struct frame *);
int array_min(struct run *, const struct frame *);
int array_max(struct run *, const struct frame *);

/* ---- assertions about one value (assert.c) ---- */

int assert_type(struct run *, const struct frame *);
int assert_enum(struct run *, const struct frame *);
int assert_const(struct run *, const struct frame *);
int assert_minimum(struct run *, const struct frame *);
int assert_maximum(struct run *, const struct frame *);
int assert_above(struct run *, const struct frame *);
int assert_below(struct run *, const struct frame *);
int assert_multiple(struct run *, const struct frame *);
int assert_min_length(struct run *, const struct frame *);
int assert_max_length(struct run *, const struct frame *);
int assert_pattern(struct run *, const struct frame *);
int assert_format(struct run *, const struct frame *);
int assert_unique(struct run *, const struct frame *);

int assert_is_type(const char *name); /* "string", ... */
/* Is it a whole number, 1.0 too, of 0 or more?  Else -1. */
int assert_count(const struct pc_json *, uint64_t *);
/* Does text match the pattern?  Says nothing when it does not. */
int assert_matches(struct run *, const struct frame *, const char *pattern,
    const char *text, size_t n);
void assert_drop_patterns(struct run *);

/* ---- patterns (pattern.c) ---- */

/* A pattern of ECMA 262 as an extended one of POSIX that matches the same
 * UTF-8 in the C locale.  *size is how large a machine it takes.  -1 with why
 * when there is no such pattern, or it is too large. */
int pattern_translate(const char *, size_t n, struct pc_buf *posix,
    unsigned *size, struct pc_error *why);

/* ---- formats (format.c) ---- */

/* 1: it is of that format, or the name is of none that we know; else 0. */
int format_fits(const char *name, const char *text, size_t n);

#endif
