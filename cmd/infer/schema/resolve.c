/* resolve.c - find the schema that a $ref names: the URI of a resource in the
 * document, and a fragment that is an anchor or a JSON pointer (RFC 6901). */
#include "schema_in.h"

#include <stdlib.h>
#include <string.h>

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9'              ? c - '0'
	    : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
						 : -1;
}

/* Decode the %XX of a URI in place.  -1: invalid digits, or a NUL. */
static int
decode_percent(char *s)
{
	char *to = s;

	for (; *s; s++, to++) {
		*to = *s;
		if (*s != '%')
			continue;
		if (hex_digit(s[1]) < 0 || hex_digit(s[2]) < 0)
			return -1;
		*to = (char)(hex_digit(s[1]) << 4 | hex_digit(s[2]));
		if (!*to)
			return -1;
		s += 2;
	}
	*to = '\0';
	return 0;
}

/* Decode the ~0 and ~1 of a JSON pointer in place. */
static void
decode_tilde(char *s)
{
	char *to = s;

	for (; *s; s++, to++) {
		*to = *s;
		if (*s == '~' && (s[1] == '0' || s[1] == '1'))
			*to = *++s == '0' ? '~' : '/';
	}
	*to = '\0';
}

/* Find a member by name, or an element by index. */
static const struct pc_json *
step_into(const struct pc_json *v, const char *token)
{
	uint64_t i = 0;

	if (pc_json_type(v) != PC_JSON_ARRAY)
		return pc_json_get(v, token);
	if (!*token || (token[0] == '0' && token[1]) || strlen(token) > 18)
		return NULL;
	for (; *token >= '0' && *token <= '9'; token++)
		i = i * 10 + (uint64_t)(*token - '0');
	return *token ? NULL : pc_json_at(v, i);
}

/* Follow a JSON pointer, which is overwritten; *in becomes the resource of its
 * target. */
static const struct pc_json *
follow(const struct refs *refs, const struct pc_json *v, char *pointer,
    const struct resource **in)
{
	for (char *next = pointer + 1, *token; next && v;) {
		const struct resource *inner;

		token = strsep(&next, "/");
		decode_tilde(token);
		v = step_into(v, token);
		inner = v ? refs_resource(refs, v) : NULL;
		if (inner)
			*in = inner;
	}
	return v;
}

/* Find the schema that the fragment (overwritten) names in the resource uri. */
static const struct pc_json *
find_part(const struct refs *refs, const char *uri, char *fragment,
    const struct resource **in, struct pc_error *why)
{
	const struct pc_json *root = refs_named(refs, uri, ""), *found;

	if (!root) {
		pc_error_set(why,
		    "refers to '%.200s', which is another document; only "
		    "references within the schema are supported",
		    uri);
		return NULL;
	}
	*in = refs_resource(refs, root);
	if (decode_percent(fragment) < 0)
		found = NULL;
	else if (*fragment == '/')
		found = follow(refs, root, fragment, in);
	else
		found = refs_named(refs, uri, fragment);
	if (found && *fragment && *fragment != '/')
		*in = refs_resource(refs, found);
	return found;
}

const struct pc_json *
refs_resolve(const struct refs *refs, const char *ref,
    const struct resource **in, struct pc_error *why)
{
	const struct pc_json *found = NULL;
	char *own = strdup(ref), *hash = own ? strchr(own, '#') : NULL;
	char none[] = "";
	struct pc_buf uri = {0};

	pc_error_set(why, "refers to '%.200s', which is not in the schema",
	    ref);
	if (hash)
		*hash++ = '\0';
	if (own && uri_resolve(&uri, (*in)->uri, own) == 0)
		found = find_part(refs, (char *)uri.data, hash ? hash : none,
		    in, why);
	else
		pc_error_set(why, "out of memory");
	pc_buf_clear(&uri);
	free(own);
	return found;
}
