/* escape.c - translate \ escapes of an ECMA-262 pattern for PCRE2. */
#include "ecma.h"
#include "schema_in.h"

#include <string.h>

/* White space and its complement, within [ ]. They begin and end with classes,
 * so that an adjacent - does not make a range. */
#define SPACE "\\s\\u{feff}\\p{Z}"
#define NO_SPACE                                                               \
	"\\w\\x00-\\x08\\x0e-\\x1f\\x21-\\x9f\\u{a1}-\\u{167f}"                \
	"\\u{1681}-\\u{1fff}\\u{200b}-\\u{2027}\\u{202a}-\\u{202e}"            \
	"\\u{2030}-\\u{205e}\\u{2060}-\\u{2fff}\\u{3001}-\\u{fefe}"            \
	"\\u{ff00}-\\u{10ffff}\\w"

int
ecma_refuse(struct ecma_reader *r, const char *why)
{
	pc_error_set(r->why, "%s", why);
	return -1;
}

int
ecma_copy(struct ecma_reader *r, size_t n)
{
	pc_buf_add(r->out, r->p, n);
	r->p += n;
	return 0;
}

int
ecma_starts_with(const struct ecma_reader *r, const char *what)
{
	const size_t n = strlen(what);

	return (size_t)(r->end - r->p) >= n && memcmp(r->p, what, n) == 0;
}

int
ecma_is_one_of(char c, const char *all)
{
	return c && strchr(all, c);
}

static int
hex_digits(struct ecma_reader *r, size_t least, size_t most, unsigned *v)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	for (*v = 0; n < most && r->p < r->end; n++, r->p++) {
		const char c = *r->p >= 'A' && *r->p <= 'F' ? *r->p | 32
							    : *r->p;

		if (!ecma_is_one_of(c, digits))
			break;
		*v = *v << 4 | (unsigned)(strchr(digits, c) - digits);
	}
	return n >= least ? 0 : ecma_refuse(r, "\\x or \\u lacks digits");
}

/* \uHHHH (two for a surrogate pair) or \u{H...}. */
static int
code_point(struct ecma_reader *r)
{
	unsigned c, low;

	r->p++;
	if (ecma_starts_with(r, "{")) {
		r->p++;
		if (hex_digits(r, 1, 6, &c) < 0)
			return -1;
		if (!ecma_starts_with(r, "}"))
			return ecma_refuse(r, "\\u{ lacks its }");
		r->p++;
	} else {
		if (hex_digits(r, 4, 4, &c) < 0)
			return -1;
		if (c >= 0xd800 && c < 0xdc00 && ecma_starts_with(r, "\\u")) {
			r->p += 2;
			if (hex_digits(r, 4, 4, &low) < 0)
				return -1;
			if (low >= 0xdc00 && low < 0xe000)
				c = 0x10000 + ((c & 0x3ff) << 10) +
				    (low & 0x3ff);
		}
	}
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return ecma_refuse(r,
		    "\\u names no character that can be there");
	return pc_buf_addf(r->out, "\\u{%x}", c);
}

/* \p{...} or \P{...} */
static int
property(struct ecma_reader *r)
{
	const char *end = memchr(r->p, '}', (size_t)(r->end - r->p));
	const char *name = r->p + 2;

	if (r->end - r->p < 2 || r->p[1] != '{' || !end)
		return ecma_refuse(r, "\\p lacks its {...}");
	pc_buf_addf(r->out, "\\%c{", *r->p);
	if (property_translate(name, (size_t)(end - name), r->out) < 0) {
		pc_error_set(r->why, "\\p{%.*s} is not supported",
		    (int)(end - name), name);
		return -1;
	}
	r->p = end + 1;
	return pc_buf_add(r->out, "}", 1);
}

static int
back_reference(struct ecma_reader *r)
{
	size_t n = 0;

	if (*r->p == 'k') {
		const char *end = memchr(r->p, '>', (size_t)(r->end - r->p));

		if (!ecma_starts_with(r, "k<") || !end)
			return ecma_refuse(r, "\\k lacks its <name>");
		pc_buf_add(r->out, "\\", 1);
		return ecma_copy(r, (size_t)(end - r->p) + 1);
	}
	while (r->p + n < r->end && ecma_is_one_of(r->p[n], "0123456789"))
		n++;
	pc_buf_addf(r->out, "\\g{%.*s}", (int)n, r->p);
	r->p += n;
	return 0;
}

static int
is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* A letter whose escape means something else in PCRE2. */
static int
rewritten(struct ecma_reader *r, int in_set)
{
	static const struct {
		char letter;
		const char *alone, *in_set;
	} rows[] = {
	    {'s', "[" SPACE "]", SPACE},
	    {'S', "[^" SPACE "]", NO_SPACE},
	    {'v', "\\x0b", "\\x0b"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (*r->p == rows[i].letter) {
			r->p++;
			pc_buf_addf(r->out, "%s",
			    in_set ? rows[i].in_set : rows[i].alone);
			return 1;
		}
	return 0;
}

static int
hex_byte(struct ecma_reader *r)
{
	unsigned v;

	r->p++;
	if (hex_digits(r, 2, 2, &v) < 0)
		return -1;
	return pc_buf_addf(r->out, "\\u{%x}", v);
}

static int
nul(struct ecma_reader *r)
{
	r->p++;
	if (r->p < r->end && ecma_is_one_of(*r->p, "0123456789"))
		return ecma_refuse(r, "octal numbers are not supported");
	return pc_buf_addf(r->out, "\\x00");
}

/* A letter or digit that stands for a set, a position or a character. */
static int
lettered(struct ecma_reader *r, int in_set)
{
	const int control = *r->p == 'c' && r->end - r->p > 1 &&
	    (r->p[1] | 32) >= 'a' && (r->p[1] | 32) <= 'z';

	if (rewritten(r, in_set))
		return 0;
	if (*r->p == '0')
		return nul(r);
	if (*r->p == 'x')
		return hex_byte(r);
	if (control ||
	    ecma_is_one_of(*r->p, in_set ? "dDwWbtnfr" : "dDwWbBtnfr")) {
		pc_buf_add(r->out, "\\", 1);
		return ecma_copy(r, control ? 2 : 1);
	}
	pc_error_set(r->why, "\\%c is not supported", *r->p);
	return -1;
}

int
ecma_escape(struct ecma_reader *r, int in_set)
{
	if (++r->p == r->end)
		return ecma_refuse(r, "it ends with a \\");
	if (*r->p == 'u')
		return code_point(r);
	if (*r->p == 'p' || *r->p == 'P')
		return property(r);
	if (!in_set && ecma_is_one_of(*r->p, "123456789k"))
		return back_reference(r);
	if (is_letter_or_digit(*r->p))
		return lettered(r, in_set);
	if ((unsigned char)*r->p >= 0x80)
		return ecma_refuse(r, "a \\ before what is not ASCII");
	pc_buf_add(r->out, "\\", 1);
	return ecma_copy(r, 1);
}
