/* json.c - reading JSON, by json-c.
 *
 * Programs that are not linked statically load json-c when the first text is
 * parsed, since most runs parse none. */
#include "json.h"

#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <math.h>
#include <string.h>

enum { DEPTH = 64 };

#ifdef PC_SHARED

#include <dlfcn.h>

#ifndef PC_JSON_SONAME
#define PC_JSON_SONAME "libjson-c.so.5"
#endif

#define EACH_FUNCTION(X)                                                       \
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

/* The one library-wide state: where json-c's functions are. */
static struct {
#define X(name) __typeof__(name) *name;
	EACH_FUNCTION(X)
#undef X
	void *handle;
} api;

static int
load(struct pc_error *err)
{
	if (api.handle)
		return 0;
	api.handle = dlopen(PC_JSON_SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!api.handle) {
		pc_error_set(err,
		    "cannot load %s, which reading JSON needs: "
		    "install libjson-c5",
		    PC_JSON_SONAME);
		return -1;
	}
#define X(name)                                                                \
	*(void **)(&api.name) = dlsym(api.handle, #name);                      \
	if (!api.name) {                                                       \
		pc_error_set(err, "%s has no %s", PC_JSON_SONAME, #name);      \
		dlclose(api.handle);                                           \
		api.handle = NULL;                                             \
		return -1;                                                     \
	}
	EACH_FUNCTION(X)
#undef X
	return 0;
}
#define JSON(name) (api.name)

#else

static int
load(struct pc_error *err)
{
	(void)err;
	return 0;
}
#define JSON(name) (name)

#endif

/* struct pc_json is json-c's object by another name. */
static struct json_object *
object(const struct pc_json *j)
{
	return (struct json_object *)(uintptr_t)j;
}

static unsigned
line_of(const char *text, size_t at)
{
	unsigned line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t
digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && is_digit(s[i]))
		i++;
	return i;
}

/* Is it a number as RFC 8259 has them? */
static int
is_number(const char *s, size_t n)
{
	size_t i = n > 0 && s[0] == '-', whole = digits(s + i, n - i), more;

	if (!whole || (whole > 1 && s[i] == '0'))
		return 0;
	i += whole;
	if (i < n && s[i] == '.') {
		more = digits(s + i + 1, n - i - 1);
		if (!more)
			return 0;
		i += 1 + more;
	}
	if (i < n && (s[i] == 'e' || s[i] == 'E')) {
		i++;
		i += i < n && (s[i] == '+' || s[i] == '-');
		more = digits(s + i, n - i);
		if (!more)
			return 0;
		i += more;
	}
	return i == n;
}

static int
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The string whose " is before *at, which is moved past the other one. */
static const char *
loose_string(const char *text, size_t n, size_t *at)
{
	for (; *at < n; ++*at) {
		unsigned char c = (unsigned char)text[*at];

		if (c == '\0')
			return "a NUL byte";
		if (c < ' ')
			return "a control character in a string, which \" ends";
		if (c == '"') {
			++*at;
			return NULL;
		}
		if (c == '\\' && *at + 1 < n && text[*at + 1])
			++*at;
	}
	return NULL; /* that it has no end is said by json-c */
}

/* The number or word at *at, which is moved past it. */
static const char *
loose_word(const char *text, size_t n, size_t *at)
{
	const char *s = text + *at;
	size_t len = 0;

	while (*at + len < n && !is_space(s[len]) && s[len] &&
	    !strchr("{}[]:,\"", s[len]))
		len++;
	if (is_number(s, len) || (len == 4 && memcmp(s, "true", 4) == 0) ||
	    (len == 5 && memcmp(s, "false", 5) == 0) ||
	    (len == 4 && memcmp(s, "null", 4) == 0)) {
		*at += len;
		return NULL;
	}
	if (!len)
		return "a NUL byte";
	if (*s == '\'')
		return "' for \"";
	if (strchr("+-.0123456789NI", *s))
		return "a number that is none";
	if ((*s | 0x20) >= 'a' && (*s | 0x20) <= 'z')
		return "a word that is none of JSON's";
	return "unexpected character";
}

/* What json-c takes for JSON although it is none; or NULL.  *at is where.
 * json-c's own strict mode does not help: 0.16 lets much of this through, and
 * 0.18 refuses all bytes above 0x7f and all numbers that it cannot hold. */
static const char *
loose(const char *text, size_t n, size_t *at)
{
	const char *end, *why = NULL;
	char last = '\0';

	for (*at = 0; *at < n && !why;) {
		char c = text[*at];

		if (is_space(c)) {
			++*at;
			continue;
		}
		if (last == ',' && (c == '}' || c == ']'))
			return "a comma that nothing follows";
		last = c;
		if (c && strchr("{}[]:,", c)) {
			++*at;
		} else if (c == '"') {
			++*at;
			why = loose_string(text, n, at);
		} else {
			why = loose_word(text, n, at);
		}
	}
	if (why)
		return why;
	for (*at = 0; *at < n; *at = (size_t)(end - text) + 1) {
		end = memchr(text + *at, '\n', n - *at);
		if (!end)
			end = text + n;
		if (!pc_utf8_valid(text + *at, (size_t)(end - text) - *at))
			return "bytes that are not UTF-8";
	}
	return NULL;
}

/* *o is NULL for null, and for what is none. */
static int
read_any(const char *text, size_t n, struct json_object **o, unsigned *line,
    struct pc_error *err)
{
	struct json_tokener *t;
	enum json_tokener_error e;
	const char *why;
	size_t at;

	*o = NULL;
	*line = 1;
	why = n < INT_MAX ? loose(text, n, &at) : "too long";
	if (why) {
		*line = n < INT_MAX ? line_of(text, at) : 1;
		pc_error_set(err, "%s", why);
		return -1;
	}
	if (load(err) < 0)
		return -1;
	t = JSON(json_tokener_new_ex)(DEPTH);
	if (!t) {
		pc_error_set(err, "out of memory");
		return -1;
	}
	*o = JSON(json_tokener_parse_ex)(t, text, (int)n);
	e = JSON(json_tokener_get_error)(t);
	at = JSON(json_tokener_get_parse_end)(t);
	/* A number could go on; an end says that it does not. */
	if (e == json_tokener_continue) {
		*o = JSON(json_tokener_parse_ex)(t, "", 1);
		e = JSON(json_tokener_get_error)(t);
		at = n;
	}
	while (e == json_tokener_success && at < n && is_space(text[at]))
		at++;
	if (!*o || at < n)
		*line = line_of(text, at < n ? at : n);
	if (e == json_tokener_success && at < n) {
		pc_error_set(err, "unexpected text after the value");
		e = json_tokener_error_parse_unexpected;
	} else if (e != json_tokener_success) {
		pc_error_set(err, "%s", JSON(json_tokener_error_desc)(e));
	}
	if (e != json_tokener_success) {
		JSON(json_object_put)(*o);
		*o = NULL;
	}
	JSON(json_tokener_free)(t);
	return e == json_tokener_success ? 0 : -1;
}

struct pc_json *
json_read(const char *text, size_t n, unsigned *line, struct pc_error *err)
{
	struct json_object *o;

	if (read_any(text, n, &o, line, err) == 0 && !o)
		pc_error_set(err, "null is not allowed here");
	return (struct pc_json *)o;
}

struct pc_json *
pc_json_parse(const char *text, size_t n, struct pc_error *err)
{
	struct pc_error why;
	unsigned line;
	struct pc_json *j = json_read(text, n, &line, &why);

	if (!j)
		pc_error_set(err, "line %u: %s", line, why.text);
	return j;
}

int
pc_json_parse_any(const char *text, size_t n, struct pc_json **j,
    struct pc_error *err)
{
	struct json_object *o;
	struct pc_error why;
	unsigned line;
	int r = read_any(text, n, &o, &line, &why);

	if (r < 0)
		pc_error_set(err, "line %u: %s", line, why.text);
	*j = (struct pc_json *)o;
	return r;
}

void
pc_json_free(struct pc_json *j)
{
	if (j)
		JSON(json_object_put)(object(j));
}

enum pc_json_type
pc_json_type(const struct pc_json *j)
{
	if (!j)
		return PC_JSON_NULL;
	switch (JSON(json_object_get_type)(object(j))) {
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
	    !JSON(json_object_object_get_ex)(object(j), name, &value))
		return NULL;
	return (const struct pc_json *)value;
}

const char *
pc_json_text(const struct pc_json *j, size_t *n)
{
	if (pc_json_type(j) != PC_JSON_TEXT)
		return NULL;
	*n = (size_t)JSON(json_object_get_string_len)(object(j));
	return JSON(json_object_get_string)(object(j));
}

int
pc_json_int(const struct pc_json *j, int64_t *v)
{
	if (pc_json_type(j) != PC_JSON_INT) {
		errno = EINVAL;
		return -1;
	}
	*v = JSON(json_object_get_int64)(object(j));
	/* json-c makes these of all that is out of range. */
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
	*v = JSON(json_object_get_double)(object(j));
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
	    JSON(json_object_get_boolean)(object(j));
}

size_t
pc_json_length(const struct pc_json *j)
{
	if (pc_json_type(j) != PC_JSON_ARRAY)
		return 0;
	return JSON(json_object_array_length)(object(j));
}

const struct pc_json *
pc_json_at(const struct pc_json *j, size_t i)
{
	if (i >= pc_json_length(j))
		return NULL;
	return (const struct pc_json *)JSON(
	    json_object_array_get_idx)(object(j), i);
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
	at = JSON(json_object_iter_begin)(object(j));
	end = JSON(json_object_iter_end)(object(j));
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
	text = JSON(json_object_to_json_string_length)(object(j), HOW, &n);
	if (!text) {
		b->failed = 1;
		errno = ENOMEM;
		return -1;
	}
	return pc_buf_add(b, text, n);
}
