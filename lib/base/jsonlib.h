/* jsonlib.h - json-c's functions; private to lib/base/.
 *
 * Programs that are not linked statically load json-c when the first text is
 * parsed, because most runs parse none. */
#ifndef PC_JSONLIB_H
#define PC_JSONLIB_H

#include "base.h"

#include <json-c/json.h>

/* Load json-c, so that JSON(name)(...) can call it.  -1 with err. */
int jsonlib_load(struct pc_error *err);

#ifdef PC_SHARED

#define JSONLIB_FUNCTIONS(X)                                                   \
	X(json_tokener_new_ex)                                                 \
	X(json_tokener_free)                                                   \
	X(json_tokener_parse_ex)                                               \
	X(json_tokener_get_error)                                              \
	X(json_tokener_get_parse_end)                                          \
	X(json_tokener_error_desc)                                             \
	X(json_object_put)                                                     \
	X(json_object_get_type)                                                \
	X(json_object_object_get_ex)                                           \
	X(json_object_get_string)                                              \
	X(json_object_get_string_len)                                          \
	X(json_object_get_int64)                                               \
	X(json_object_get_double)                                              \
	X(json_object_get_boolean)                                             \
	X(json_object_array_length)                                            \
	X(json_object_array_get_idx)                                           \
	X(json_object_iter_begin)                                              \
	X(json_object_iter_end)                                                \
	X(json_object_iter_equal)                                              \
	X(json_object_iter_next)                                               \
	X(json_object_iter_peek_name)                                          \
	X(json_object_iter_peek_value)                                         \
	X(json_object_to_json_string_length)

/* Addresses of the functions; all NULL until jsonlib_load. */
extern struct jsonlib {
#define X(name) __typeof__(name) *name;
	JSONLIB_FUNCTIONS(X)
#undef X
	void *handle;
} jsonlib;
#define JSON(name) (jsonlib.name)

#else
#define JSON(name) (name)
#endif

/* A struct pc_json is a json-c object under another name. */
static inline struct json_object *
json_object_of(const struct pc_json *j)
{
	return (struct json_object *)(uintptr_t)j;
}

#endif
