/* jsonparse.c - parse a text with json-c. */
#include "json.h"
#include "jsonlib.h"

#include <limits.h>

enum { DEPTH = 64 };

static unsigned
line_of(const char *text, size_t at)
{
	unsigned line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

/* *o is NULL for the value null, and if the text is not valid JSON. */
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
	why = n < INT_MAX ? json_find_fault(text, n, &at) : "too long";
	if (why) {
		*line = n < INT_MAX ? line_of(text, at) : 1;
		pc_error_set(err, "%s", why);
		return -1;
	}
	if (jsonlib_load(err) < 0)
		return -1;
	t = JSON(json_tokener_new_ex)(DEPTH);
	if (!t) {
		pc_error_set(err, "out of memory");
		return -1;
	}
	*o = JSON(json_tokener_parse_ex)(t, text, (int)n);
	e = JSON(json_tokener_get_error)(t);
	at = JSON(json_tokener_get_parse_end)(t);
	/* json-c waits for more digits of a number; a NUL byte ends it. */
	if (e == json_tokener_continue) {
		*o = JSON(json_tokener_parse_ex)(t, "", 1);
		e = JSON(json_tokener_get_error)(t);
		at = n;
	}
	while (e == json_tokener_success && at < n && json_is_space(text[at]))
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
