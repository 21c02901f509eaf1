/* schema.h - JSON Schema, draft 2020-12: does a model's answer have the
 * requested form?
 *
 * Supported: all keywords of the draft that assert something, with $ref to any
 * part of the schema itself (by JSON pointer, $anchor or $id), $dynamicRef,
 * unevaluatedProperties and unevaluatedItems; also "definitions" and
 * "dependencies" of older drafts.  Annotations and unknown keywords are
 * ignored.
 *
 * Refused, by schema_check with an error that names the keyword:
 * - references to other documents, because none is loaded;
 * - a custom $schema, because its $vocabulary could change the meaning of
 *   keywords;
 * - keywords of older drafts that now assert something else: items as an
 *   array, additionalItems, $recursiveRef;
 * - unknown names that are close to a keyword, as likely misspellings;
 * - patterns that PCRE2 cannot match as ECMA-262 requires, see pattern.c.
 *
 * Unlike in the draft, format is checked for date, time, date-time, email, uri
 * and uuid; other formats are annotations.  64-bit integers are compared
 * exactly, other numbers as double.
 *
 * Schemas and answers are untrusted, so depth, references in a row, the length
 * of patterns and the work of a validation are limited.
 *
 * Debian has no such library in C.  valijson is C++, which a program that runs
 * on every hit must not load; the others are for Perl, Python, JavaScript, Go
 * and PHP.  The tests run the official test suite. */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "pc.h"

/* Can schema_validate handle the whole schema?  -1 with the JSON pointer of
 * the first keyword that is malformed or unsupported, and why. */
int schema_check(const struct pc_json *schema, struct pc_error *err);

/* Does value fit the schema?  -1 with a message for a person or a model: where
 * (a JSON pointer into value), what is required, what is there.  If a limit is
 * reached, the value does not fit, and err names the limit. */
int schema_validate(const struct pc_json *schema, const struct pc_json *value,
    struct pc_error *err);

#endif
