/* json.c - ask a parsed JSON value for its type and content, with json-c. */
#include "jsonlib.h"

#include <errno.h>
#include <math.h>

void
pc_json_free(struct pc_json *j)
{
	if (j)
		JSON(json_object_put)(json_object_of(j));
}

enum pc_json_type
pc_json_type(const struct pc_json *j)
{
	if (!j)
		return PC_JSON_NULL;
	switch (JSON(json_object_get_type)(json_object_of(j))) {
	case json_type_boolean:
		return PC_JSON_BOOL;
	case json_type_int:
		return PC_JSON_INT;
	case json_type_double:
		return PC_JSON_REAL;
	case json_type_string:
		return PC_JSON_TEXT;
	case json_type_array:
		return PC_JSON_ARRAY;
	case json_type_object:
		return PC_JSON_OBJECT;
	default:
		return PC_JSON_NULL;
	}
}

const struct pc_json *
pc_json_get(const struct pc_json *j, const char *name)
{
	struct json_object *value;

	if (pc_json_type(j) != PC_JSON_OBJECT ||
	    !JSON(json_object_object_get_ex)(json_object_of(j), name, &value))
		return NULL;
	return (const struct pc_json *)value;
}

const char *
pc_json_text(const struct pc_json *j, size_t *n)
{
	if (pc_json_type(j) != PC_JSON_TEXT)
		return NULL;
	*n = (size_t)JSON(json_object_get_string_len)(json_object_of(j));
	return JSON(json_object_get_string)(json_object_of(j));
}

int
pc_json_int(const struct pc_json *j, int64_t *v)
{
	if (pc_json_type(j) != PC_JSON_INT) {
		errno = EINVAL;
		return -1;
	}
	*v = JSON(json_object_get_int64)(json_object_of(j));
	/* json-c gives these two for every number that is out of range. */
	if (*v == INT64_MAX || *v == INT64_MIN) {
		errno = ERANGE;
		return -1;
	}
	return 0;
}

int
pc_json_real(const struct pc_json *j, double *v)
{
	enum pc_json_type type = pc_json_type(j);

	if (type != PC_JSON_INT && type != PC_JSON_REAL) {
		errno = EINVAL;
		return -1;
	}
	*v = JSON(json_object_get_double)(json_object_of(j));
	if (!isfinite(*v)) {
		errno = ERANGE;
		return -1;
	}
	return 0;
}

int
pc_json_bool(const struct pc_json *j)
{
	return pc_json_type(j) == PC_JSON_BOOL &&
	    JSON(json_object_get_boolean)(json_object_of(j));
}

size_t
pc_json_length(const struct pc_json *j)
{
	if (pc_json_type(j) != PC_JSON_ARRAY)
		return 0;
	return JSON(json_object_array_length)(json_object_of(j));
}

const struct pc_json *
pc_json_at(const struct pc_json *j, size_t i)
{
	if (i >= pc_json_length(j))
		return NULL;
	return (const struct pc_json *)JSON(
	    json_object_array_get_idx)(json_object_of(j), i);
}

int
pc_json_each(const struct pc_json *j,
    int (*each)(void *ctx, const char *name, const struct pc_json *value),
    void *ctx)
{
	struct json_object_iterator at, end;
	int r = 0;

	if (pc_json_type(j) != PC_JSON_OBJECT)
		return 0;
	at = JSON(json_object_iter_begin)(json_object_of(j));
	end = JSON(json_object_iter_end)(json_object_of(j));
	while (r == 0 && !JSON(json_object_iter_equal)(&at, &end)) {
		r = each(ctx, JSON(json_object_iter_peek_name)(&at),
		    (const struct pc_json *)JSON(json_object_iter_peek_value)(
			&at));
		JSON(json_object_iter_next)(&at);
	}
	return r;
}

int
pc_json_print(struct pc_buf *b, const struct pc_json *j)
{
	enum { HOW = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE };
	const char *text;
	size_t n;

	if (!j)
		return pc_buf_add(b, "null", 4);
	text = JSON(
	    json_object_to_json_string_length)(json_object_of(j), HOW, &n);
	if (!text) {
		b->failed = 1;
		errno = ENOMEM;
		return -1;
	}
	return pc_buf_add(b, text, n);
}
