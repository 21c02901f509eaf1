/* schema.h - JSON Schema, draft 2020-12: is a model's answer what was asked
 *for?
 *
 * Supported: all keywords of the draft that assert something, with $ref to any
 * part of the schema itself (by JSON pointer, $anchor or $id), $dynamicRef,
 * unevaluatedProperties and unevaluatedItems; also "definitions" and
 * "dependencies" of older drafts.  Annotations and unknown keywords are
 * ignored.
 *
 * Refused, by schema_check with an error that names the keyword:
 *	- references to other documents, as none is loaded;
 *	- a $schema of one's own, as its $vocabulary could change what keywords
 *	  mean;
 *	- keywords of older drafts that assert something else now: items as an
 *	  array, additionalItems, $recursiveRef;
 *	- what is one slip from a keyword and is none;
 *	- patterns that PCRE2 cannot match as ECMA-262 says, see pattern.c.
 *
 * Other than in the draft, format is checked for date, time, date-time, email,
 * uri and uuid; other formats are annotations.  Whole numbers of 64 bits are
 * compared exactly, others as double.
 *
 * Schemas and answers come from outside, so that depth, references in a row,
 * the length of patterns and the work of a validation are limited.
 *
 * It is ours since Debian has no such library in C: valijson is C++, which no
 * program that runs on every hit is to load, and the others are of Perl,
 * Python, JavaScript, Go and PHP.  The official test suite runs in the tests.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "pc.h"

/* Is it a schema of which schema_validate understands everything?  -1 with the
 * JSON pointer of the first keyword that is malformed or not supported, and
 * why. */
int schema_check(const struct pc_json *schema, struct pc_error *err);

/* Does value fit the schema?  -1 with what to tell a person or a model: where
 * (a JSON pointer into value), what is wanted, what is there.  Where a limit is
 * reached the value does not fit, and err says which. */
int schema_validate(const struct pc_json *schema, const struct pc_json *value,
    struct pc_error *err);

#endif
