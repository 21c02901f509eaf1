/* uri.c - resolve URI references against a base (RFC 3986, section 5.2). */
#include "schema_in.h"

#include <string.h>

/* A part of a URI; s is NULL if the part is missing. */
struct uri_part {
	const char *s;
	size_t n;
};

struct uri {
	struct uri_part scheme, authority, path, query;
};

/* The length of the scheme before a ':'; 0 if the URI is relative. */
static size_t
scheme_length(const char *s)
{
	size_t n = 0;

	if ((*s | 32) < 'a' || (*s | 32) > 'z')
		return 0;
	while (((s[n] | 32) >= 'a' && (s[n] | 32) <= 'z') ||
	    (s[n] && strchr("0123456789+.-", s[n])))
		n++;
	return s[n] == ':' ? n : 0;
}

/* The part up to one of the characters in end. */
static struct uri_part
take(const char **s, const char *end)
{
	const struct uri_part p = {*s, strcspn(*s, end)};

	*s += p.n;
	return p;
}

static struct uri
split(const char *s)
{
	struct uri u = {0};
	const size_t n = scheme_length(s);

	if (n > 0) {
		u.scheme = (struct uri_part){s, n};
		s += n + 1;
	}
	if (strncmp(s, "//", 2) == 0) {
		s += 2;
		u.authority = take(&s, "/?#");
	}
	u.path = take(&s, "?#");
	if (*s == '?') {
		s++;
		u.query = take(&s, "#");
	}
	return u;
}

/* Append a relative path behind the last / of the base's path. */
static void
merge_paths(struct pc_buf *b, const struct uri *base, struct uri_part path)
{
	const char *slash = base->path.n
	    ? memrchr(base->path.s, '/', base->path.n)
	    : NULL;

	if (slash)
		pc_buf_add(b, base->path.s, (size_t)(slash - base->path.s) + 1);
	else if (base->authority.s)
		pc_buf_add(b, "/", 1);
	pc_buf_add(b, path.s, path.n);
}

/* Remove the last segment that was added behind from. */
static void
drop_segment(struct pc_buf *b, size_t from)
{
	while (b->len > from && b->data[b->len - 1] != '/')
		b->len--;
	if (b->len > from)
		b->len--;
}

/* Append path without its "." and ".." segments. */
static void
add_path(struct pc_buf *b, const char *path, size_t n)
{
	const size_t from = b->len;
	const char *end = path + n;

	while (path < end) {
		const size_t lead = *path == '/';
		const char *next = memchr(path + lead, '/',
		    (size_t)(end - path) - lead);
		const size_t len = (size_t)((next ? next : end) - path) - lead;
		const int up = len == 2 && memcmp(path + lead, "..", 2) == 0;
		const int is_dot = len == 1 && path[lead] == '.';

		if (up)
			drop_segment(b, from);
		if (!up && !is_dot)
			pc_buf_add(b, path, lead + len);
		else if (!next && lead)
			pc_buf_add(b, "/", 1);
		path += lead + len;
		/* If all segments cancel out, a relative path must not become
		 * "/". */
		if (!lead && next && (up || is_dot))
			path++;
	}
}

static void
add_part(struct pc_buf *b, const char *before, struct uri_part p,
    const char *after)
{
	if (p.s)
		pc_buf_addf(b, "%s%.*s%s", before, (int)p.n, p.s, after);
}

int
uri_resolve(struct pc_buf *b, const char *base_text, const char *reference)
{
	const struct uri base = split(base_text), ref = split(reference);
	const int own_authority = ref.scheme.s || ref.authority.s;
	const int same_path = !own_authority && ref.path.n == 0;
	struct pc_buf path = {0};

	add_part(b, "", ref.scheme.s ? ref.scheme : base.scheme, ":");
	add_part(b, "//", own_authority ? ref.authority : base.authority, "");
	if (own_authority || ref.path.n == 0 || *ref.path.s == '/')
		pc_buf_add(&path, same_path ? base.path.s : ref.path.s,
		    same_path ? base.path.n : ref.path.n);
	else
		merge_paths(&path, &base, ref.path);
	add_path(b, (char *)path.data, path.len);
	add_part(b, "?", same_path && !ref.query.s ? base.query : ref.query,
	    "");
	pc_buf_add(b, "", 1);
	b->failed |= path.failed;
	pc_buf_clear(&path);
	return b->failed ? -1 : 0;
}
