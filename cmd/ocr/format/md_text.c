/* md_text.c - running text in Markdown.  Only what would be markup is escaped,
 * because most readers are people and models (CommonMark 0.31, GitHub's tables
 * and "~~"). */
#include "format_in.h"

#include "ocr/page/letters.h"

#include <string.h>

static int
digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
alpha(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Is it part of a word, by the rules for "_"? */
static int
inner(char c)
{
	return alpha(c) || digit(c) || (unsigned char)c >= 0x80;
}

static int
punctuation(char c)
{
	return c > ' ' && c < 0x7f && !alpha(c) && !digit(c);
}

/* Is "&" the start of something like "&amp;"? */
static int
entity(const char *s, size_t n)
{
	size_t i = 1;

	if (i < n && s[i] == '#')
		i++;
	while (i < n && i < 34 && (alpha(s[i]) || digit(s[i])))
		i++;
	return i > 1 && i < n && s[i] == ';';
}

/* Can a "[" in the text begin a link, a footnote, or the definition of one? */
static int
has_links(const char *s, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++)
		if ((s[i] == ']' && strchr("([:", s[i + 1]) && s[i + 1]) ||
		    (s[i] == '[' && s[i + 1] == '^'))
			return 1;
	return 0;
}

/* The index of the character that would make the line a block, or n. */
static size_t
start_sign(const char *s, size_t n)
{
	size_t i = 0;

	if (n > 0 && (s[0] == '-' || s[0] == '+')) {
		if (n == 1 || s[1] == ' ' || s[1] == s[0])
			return 0;
	} else if (n > 0 && s[0] == '#') {
		while (i < n && s[i] == '#')
			i++;
		if (i <= 6 && (i == n || s[i] == ' '))
			return 0;
	} else if (n > 0 && s[0] == '>') {
		return 0;
	}
	for (i = 0; i < n && i < 10 && digit(s[i]);)
		i++;
	if (i > 0 && i < 10 && i < n && (s[i] == '.' || s[i] == ')') &&
	    (i + 1 == n || s[i + 1] == ' '))
		return i;
	return n;
}

/* Is the character at i markup anywhere in a line? */
static int
sign(const char *s, size_t n, size_t i, int flags, int links)
{
	char last = i > 0 ? s[i - 1] : ' ', next = i + 1 < n ? s[i + 1] : ' ';

	switch (s[i]) {
	case '`':
		return 1;
	case '*':
		return i == 0 || last != ' ' || next != ' ';
	case '_':
		return !inner(last) || !inner(next);
	case '[':
		return links;
	case '<':
		return alpha(next) || next == '/' || next == '!' || next == '?';
	case '\\':
		return i + 1 == n || punctuation(next);
	case '~':
		return last == '~' || next == '~' ||
		    last == format_struck_mark || next == format_struck_mark;
	case '&':
		return entity(s + i, n - i);
	case '#': /* a "#" at a heading's end would disappear */
		return i > 0 && i + 1 == n && (last == ' ' || last == '#');
	case '|':
		return (flags & MD_CELL) != 0;
	default:
		return 0;
	}
}

/* Are the lines before and after the newline at i not separated by a blank? */
static int
lines_join(const char *s, size_t i, size_t n)
{
	return i + 1 < n && letters_join(s, i, s + i + 1, n - i - 1);
}

void
format_md_text(struct pc_buf *out, const char *s, size_t n, int flags)
{
	size_t first;
	int links;

	while (n > 0 && (*s == ' ' || *s == '\n')) {
		s++;
		n--;
	}
	links = has_links(s, n);
	first = flags & MD_START ? start_sign(s, n) : n;
	for (size_t i = 0; i < n; i++) {
		if (i == first || sign(s, n, i, flags, links))
			pc_buf_add(out, "\\", 1);
		if (s[i] == format_struck_mark)
			pc_buf_add(out, "~~", 2);
		else if (s[i] != '\n')
			pc_buf_add(out, s + i, 1);
		else if (!lines_join(s, i, n))
			pc_buf_add(out, " ", 1);
	}
}
