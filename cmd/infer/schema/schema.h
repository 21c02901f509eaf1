/* schema.h - JSON Schema: is a model's answer what was asked for?
 *
 * A subset of draft 2020-12 over what pc_json_parse gives:
 *	type, enum, const, minimum, maximum, exclusiveMinimum,
 *	exclusiveMaximum, multipleOf, minLength, maxLength (characters),
 *	pattern, format (date, time, date-time, email, uri, uuid; another is
 *	an annotation), properties, required, additionalProperties,
 *	patternProperties, propertyNames, minProperties, maxProperties, items,
 *	prefixItems, contains, minItems, maxItems, uniqueItems, anyOf, allOf,
 *	oneOf, not, if, then, else, $ref (to "#", "#/$defs/NAME" or
 *	"#/definitions/NAME"), true and false.
 * Patterns are those of ECMA 262 as far as POSIX has the like: no looking
 * ahead or behind, back references or \b.
 *
 * It is ours since Debian has no such library in C: valijson is C++, which no
 * program that runs on every hit is to load, and the others are of Perl,
 * Python, JavaScript, Go and PHP. */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "pc.h"

/* Is it a schema that schema_validate understands all of?  -1 with the JSON
 * pointer of the first keyword that would be wrongly left out or is malformed,
 * and what it must be.  Annotations, unknown ones too, are none of these. */
int schema_check(const struct pc_json *schema, struct pc_error *err);

/* Does value fit a schema that was checked?  -1 with what to tell a person or
 * a model: where (a JSON pointer into value), what is wanted, what is there.
 * A schema that refers to itself in circles, or takes more than some seconds,
 * fits nothing. */
int schema_validate(const struct pc_json *schema, const struct pc_json *value,
    struct pc_error *err);

#endif
