/* pattern.c - patterns of ECMA 262, as JSON Schema has them, as POSIX
 * extended regular expressions.
 *
 * The C library matches bytes in the C locale, where no program of ours ever
 * leaves it; so a set of characters becomes one of bytes, and what is not
 * ASCII an alternative to it.  No step goes back: the library makes an
 * automaton, whose size is bounded here. */
#include "schema_in.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum {
	PATTERN_MAX = 1024, /* bytes */
	PLACES_MAX = 2000,  /* places in the automaton */
	TIMES_MAX = 1000,
	GROUPS_MAX = 16, /* within each other */
};

struct reader {
	const unsigned char *p, *end;
	struct pc_buf *out;
	unsigned groups;
	struct pc_error *why;
};

/* Characters.  What is in others is UTF-8, one after the other. */
struct set {
	unsigned char ascii[128];
	int beyond; /* all that are not ASCII */
	unsigned char others[256];
	size_t others_len;
};

static int alternatives(struct reader *, unsigned *size);

static int
refuse(struct reader *r, const char *why)
{
	pc_error_set(r->why, "%s", why);
	return -1;
}

/* ---- out ---- */

/* One character that stands for itself. */
static void
put_literal(struct reader *r, const unsigned char *c, size_t n)
{
	if (n > 1)
		pc_buf_addf(r->out, "(%.*s)", (int)n, (const char *)c);
	else
		pc_buf_addf(r->out, "%s%c",
		    strchr(".[\\()*+?{|^$", *c) ? "\\" : "", *c);
}

/* The part of a bracket expression that has the characters, and high ones. */
static void
put_ranges(struct pc_buf *b, const unsigned char has[128], const char *high)
{
	static const char special[] = "][^-"; /* in an order that is safe */

	if (has[']'])
		pc_buf_add(b, "]", 1);
	for (int c = 1, to; c < 128; c = to + 1) {
		to = c;
		if (!has[c] || strchr(special, c))
			continue;
		while (to < 127 && has[to + 1] && !strchr(special, to + 1))
			to++;
		pc_buf_addf(b, to > c ? "%c-%c" : "%c", c, to);
	}
	pc_buf_addf(b, "%s", high);
	for (const char *s = special + 1; *s; s++)
		if (has[(unsigned char)*s])
			pc_buf_add(b, s, 1);
}

static void
put_ascii(struct pc_buf *b, const unsigned char has[128])
{
	unsigned char not [128];
	int count = 0;

	for (int i = 0; i < 128; i++) {
		not [i] = !has[i];
		count += has[i];
	}
	/* No pattern can name NUL, but the others. */
	if (has[0]) {
		pc_buf_addf(b, "[^");
		put_ranges(b, not, "\x80-\xff");
		pc_buf_addf(b, "]");
	} else if (has['^'] && count == 1 + has['-']) {
		pc_buf_addf(b, has['-'] ? "[-^]" : "\\^");
	} else {
		pc_buf_addf(b, "[");
		put_ranges(b, has, "");
		pc_buf_addf(b, "]");
	}
}

static void
put_set(struct reader *r, const struct set *s)
{
	const char *bar = "";
	size_t n;

	pc_buf_addf(r->out, "(");
	if (memchr(s->ascii, 1, sizeof s->ascii)) {
		put_ascii(r->out, s->ascii);
		bar = "|";
	}
	for (size_t i = 0; i < s->others_len && !s->beyond; i += n, bar = "|") {
		n = s->others[i] < 0xe0 ? 2 : s->others[i] < 0xf0 ? 3 : 4;
		pc_buf_addf(r->out, "%s%.*s", bar, (int)n,
		    (char *)s->others + i);
	}
	/* Text is UTF-8, so that nothing else could follow the first. */
	if (s->beyond)
		pc_buf_addf(r->out, "%s[\xc2-\xf4][\x80-\xbf]+", bar);
	pc_buf_addf(r->out, ")");
}

/* ---- escapes ---- */

static void
invert(struct set *s)
{
	for (int i = 0; i < 128; i++)
		s->ascii[i] = !s->ascii[i];
	s->beyond = !s->beyond;
}

/* \d, \w, \s and their opposites.  0: it is none of them. */
static int class(unsigned char letter, struct set *s)
{
	*s = (struct set){.beyond = 0};
	for (int i = 1; i < 128; i++) {
		const int digit = i >= '0' && i <= '9';
		const int word = digit || i == '_' ||
		    ((i | 32) >= 'a' && (i | 32) <= 'z');

		s->ascii[i] = (letter | 32) == 'd' ? digit
		    : (letter | 32) == 'w'         ? word
					   : i == ' ' || (i >= 9 && i <= 13);
	}
	if (letter < 'a')
		invert(s);
	return letter && strchr("dDwWsS", letter);
}

static int
hex(struct reader *r, int digits, unsigned *v)
{
	*v = 0;
	for (; digits > 0; digits--, r->p++) {
		static const char all[] = "0123456789abcdef";
		const char *at = r->p < r->end && *r->p
		    ? strchr(all,
			  *r->p >= 'A' && *r->p <= 'F' ? *r->p | 32 : *r->p)
		    : NULL;

		if (!at)
			return refuse(r, "\\x or \\u lacks digits");
		*v = *v << 4 | (unsigned)(at - all);
	}
	return 0;
}

static size_t
put_utf8(unsigned c, unsigned char out[4])
{
	const size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (unsigned char)(0x80 | (c & 0x3f));
	out[0] = (unsigned char)(c | first[n]);
	return n;
}

/* The character that \x or \u mean, r->p after the letter. */
static int
numbered(struct reader *r, unsigned char letter, unsigned char out[4])
{
	unsigned c, low;

	if (hex(r, letter == 'x' ? 2 : 4, &c) < 0)
		return -1;
	if (c >= 0xd800 && c < 0xdc00 && r->end - r->p >= 6 &&
	    r->p[0] == '\\' && r->p[1] == 'u') {
		r->p += 2;
		if (hex(r, 4, &low) < 0)
			return -1;
		c = low >= 0xdc00 && low < 0xe000
		    ? 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff)
		    : 0;
	}
	if (c == 0 || (c >= 0xd800 && c < 0xe000))
		return refuse(r, "\\u names no character that can be there");
	return (int)put_utf8(c, out);
}

/* One character, escaped or not, of *n bytes; or a class, *n 0. */
static int
character(struct reader *r, struct set *s, unsigned char c[4], size_t *n)
{
	static const char controls[] = "t\tn\nv\vf\fr\r";
	const char *at;
	int len;

	*n = 1;
	c[0] = *r->p++;
	if (c[0] >= 0x80) {
		*n = c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
		memcpy(c + 1, r->p, *n - 1);
		r->p += *n - 1;
		return 0;
	}
	if (c[0] != '\\')
		return 0;
	if (r->p == r->end)
		return refuse(r, "it ends with a \\");
	c[0] = *r->p++;
	if (class(c[0], s)) {
		*n = 0;
		return 0;
	}
	if (c[0] == 'x' || c[0] == 'u') {
		len = numbered(r, c[0], c);
		*n = (size_t)len;
		return len < 0 ? -1 : 0;
	}
	for (at = controls; *at; at += 2)
		if (c[0] == (unsigned char)*at) {
			c[0] = (unsigned char)at[1];
			return 0;
		}
	if (c[0] >= 0x80 || (c[0] >= '0' && c[0] <= '9') ||
	    ((c[0] | 32) >= 'a' && (c[0] | 32) <= 'z')) {
		pc_error_set(r->why,
		    c[0] < 0x80 ? "\\%c is not supported"
				: "a \\ before what is not ASCII",
		    c[0]);
		return -1;
	}
	return 0;
}

/* ---- in ---- */

/* What a - in a bracket comes to, from one character to the next. */
static int
range(struct reader *r, struct set *s, unsigned char from)
{
	unsigned char to[4];
	struct set ignored;
	size_t n;

	r->p++;
	if (character(r, &ignored, to, &n) < 0)
		return -1;
	if (n != 1 || from >= 0x80)
		return refuse(r, "a range in [ ] that is not of ASCII");
	if (to[0] < from)
		return refuse(r, "a range in [ ] that is turned round");
	for (int i = from; i <= to[0]; i++)
		s->ascii[i] = 1;
	return 0;
}

static int
bracket(struct reader *r)
{
	struct set s = {.beyond = 0}, more;
	int negated = 0, any = 0;
	unsigned char c[4];
	size_t n;

	if (r->p < r->end && *r->p == '^') {
		negated = 1;
		r->p++;
	}
	for (; r->p < r->end && *r->p != ']'; any = 1) {
		if (character(r, &more, c, &n) < 0)
			return -1;
		if (r->end - r->p > 1 && r->p[0] == '-' && r->p[1] != ']') {
			if (range(r, &s, n == 1 ? c[0] : 0xff) < 0)
				return -1;
		} else if (n == 1) {
			s.ascii[c[0]] = 1;
		} else if (n == 0) {
			for (int i = 0; i < 128; i++)
				s.ascii[i] |= more.ascii[i];
			s.beyond |= more.beyond;
		} else if (s.others_len + n > sizeof s.others) {
			return refuse(r, "too many characters in [ ]");
		} else {
			memcpy(s.others + s.others_len, c, n);
			s.others_len += n;
		}
	}
	if (r->p == r->end || !any)
		return refuse(r, any ? "a [ without its ]" : "an empty [ ]");
	r->p++;
	if (negated && s.others_len > 0 && !s.beyond)
		return refuse(r, "[^ ] of what is not ASCII");
	if (negated)
		invert(&s);
	if (!s.beyond && !s.others_len && !memchr(s.ascii, 1, sizeof s.ascii))
		return refuse(r, "a [ ] that nothing can match");
	put_set(r, &s);
	return 0;
}

static int
group(struct reader *r, unsigned *size)
{
	if (++r->groups > GROUPS_MAX)
		return refuse(r, "too many ( within each other");
	if (r->p < r->end && *r->p == '?') {
		if (r->end - r->p < 2 || r->p[1] != ':')
			return refuse(r,
			    "(?...) other than (?:...) is not "
			    "supported");
		r->p += 2;
	}
	pc_buf_add(r->out, "(", 1);
	if (alternatives(r, size) < 0)
		return -1;
	if (r->p == r->end)
		return refuse(r, "a ( without its )");
	r->p++;
	pc_buf_add(r->out, ")", 1);
	r->groups--;
	return 0;
}

/* *size 0: it is no place in the text that could be repeated. */
static int
atom(struct reader *r, unsigned *size)
{
	struct set s;
	unsigned char c[4];
	size_t n;

	*size = 4;
	switch (*r->p) {
	case '^':
	case '$':
		*size = 0;
		return pc_buf_add(r->out, r->p++, 1);
	case '*':
	case '+':
	case '?':
	case '{':
		return refuse(r, "nothing before a *, +, ? or {");
	case '(':
		r->p++;
		return group(r, size);
	case '[':
		r->p++;
		return bracket(r);
	case '.':
		r->p++;
		s = (struct set){.ascii = {['\n'] = 1, ['\r'] = 1}};
		invert(&s);
		put_set(r, &s);
		return 0;
	}
	if (character(r, &s, c, &n) < 0)
		return -1;
	*size = n ? (unsigned)n : 4;
	if (n)
		put_literal(r, c, n);
	else
		put_set(r, &s);
	return 0;
}

/* A number of times, cut at what is too many; *any: there was one. */
static unsigned
times(struct reader *r, int *any)
{
	unsigned n = 0;

	for (*any = 0; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++) {
		*any = 1;
		if (n <= TIMES_MAX)
			n = n * 10 + (*r->p - '0');
	}
	return n;
}

/* {m}, {m,} or {m,n}. */
static int
interval(struct reader *r, unsigned *most)
{
	const unsigned char *from = r->p++;
	int any, second = 1;
	unsigned least = times(r, &any);

	*most = least;
	if (any && r->p < r->end && *r->p == ',') {
		r->p++;
		*most = times(r, &second);
		if (!second)
			*most = least + 1;
	}
	if (!any || r->p == r->end || *r->p != '}' || *most < least)
		return refuse(r, "a { that is not {m}, {m,} or {m,n}");
	if (*most > TIMES_MAX)
		return refuse(r, "more than 1000 times the same");
	r->p++;
	return pc_buf_add(r->out, from, (size_t)(r->p - from));
}

static int
repetition(struct reader *r, unsigned *size)
{
	unsigned most = 1;

	if (r->p == r->end || !strchr("*+?{", *r->p) || !*r->p)
		return 0;
	if (*size == 0)
		return refuse(r, "a ^ or $ that is repeated");
	if (*r->p == '{') {
		if (interval(r, &most) < 0)
			return -1;
	} else {
		/* The library doubles what comes before a +. */
		most = *r->p == '+' ? 2 : 1;
		pc_buf_add(r->out, r->p++, 1);
	}
	/* Whether there is a match does not depend on how much it takes. */
	if (r->p < r->end && *r->p == '?')
		r->p++;
	if (r->p < r->end && *r->p && strchr("*+?{", *r->p))
		return refuse(r, "a repetition of a repetition");
	*size *= most > 0 ? most : 1;
	return 0;
}

static int
alternatives(struct reader *r, unsigned *size)
{
	unsigned one;

	*size = 1;
	while (r->p < r->end && !(*r->p == ')' && r->groups > 0)) {
		if (*r->p == ')')
			return refuse(r, "a ) without its (");
		if (*r->p == '|') {
			pc_buf_add(r->out, r->p++, 1);
			continue;
		}
		if (atom(r, &one) < 0 || repetition(r, &one) < 0)
			return -1;
		*size += one;
		if (*size > PLACES_MAX)
			return refuse(r, "it repeats too much");
	}
	return 0;
}

static int
translate(const char *text, size_t n, struct pc_buf *posix, unsigned *size,
    struct pc_error *why)
{
	struct reader r = {.p = (const unsigned char *)text,
	    .out = posix,
	    .why = why};

	r.end = r.p + n;
	if (n > PATTERN_MAX)
		return refuse(&r, "it is longer than 1024 bytes");
	if (memchr(text, '\0', n))
		return refuse(&r, "it has a NUL in it");
	if (!pc_utf8_valid(text, n))
		return refuse(&r, "it is not UTF-8");
	if (alternatives(&r, size) < 0)
		return -1;
	if (pc_buf_add(posix, "", 1) < 0)
		return refuse(&r, "out of memory");
	return 0;
}

/* ---- compiled ---- */

struct pattern {
	unsigned size;
	regex_t posix;
};

struct pattern *
pattern_compile(const char *text, size_t n, struct pc_error *why)
{
	struct pattern *p = calloc(1, sizeof *p);
	struct pc_buf b = {0};
	int e = -1;

	pc_error_set(why, "out of memory");
	if (p && translate(text, n, &b, &p->size, why) == 0) {
		e = regcomp(&p->posix, (char *)b.data,
		    REG_EXTENDED | REG_NOSUB);
		if (e != 0)
			regerror(e, &p->posix, why->text, sizeof why->text);
	}
	pc_buf_clear(&b);
	if (e == 0)
		return p;
	free(p);
	return NULL;
}

void
pattern_free(struct pattern *p)
{
	if (p)
		regfree(&p->posix);
	free(p);
}

int
pattern_matches(const struct pattern *p, const char *text, size_t n,
    uint64_t *steps, struct pc_error *why)
{
	/* It is tried from each character on. */
	const uint64_t cost = (n * n / 256 + n / 4) * (1 + p->size / 100);
	regmatch_t where = {.rm_so = 0, .rm_eo = (regoff_t)n};
	int e;

	if (cost > *steps) {
		pc_error_set(why, "it takes too long for this text");
		return -1;
	}
	*steps -= cost;
	e = regexec(&p->posix, text, 1, &where, REG_STARTEND);
	if (e == REG_ESPACE) {
		pc_error_set(why, "out of memory");
		return -1;
	}
	return e == 0;
}
