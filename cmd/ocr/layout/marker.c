/* marker.c - words that mark items of lists, sections and captions. */
#include "layout_in.h"

#include <string.h>

enum {
	NUMBER_DIGITS = 3, /* with more it is a year or an amount */
	ROMAN_MAX = 5,     /* letters, as in xviii */
	SECTION_DEPTH = 6,
	LABEL_MAX = 16, /* bytes */
};

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static int
is_letter(char c)
{
	return is_lower((char)(c | 32));
}

static int
is_bullet(const struct word *w)
{
	/* The first group are always bullets, even with text right behind
	 * them; the others only if they stand alone. */
	static const char *const sure[] = {"•", "‣", "▪", "■", "●", "○", "◦",
	    "►", "➢", "➤", "✓", "❖", "□", "\xef\x82\xb7" /* in the Symbol
							  * font */};
	static const char *const alone[] = {"-", "–", "—", "*", "·", "∗", "−",
	    "+", "¢", "«", "»", "°" /* OCR of bullets */};

	for (size_t i = 0; i < sizeof sure / sizeof sure[0]; i++)
		if (w->length >= strlen(sure[i]) &&
		    memcmp(w->text, sure[i], strlen(sure[i])) == 0)
			return 1;
	for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++)
		if (w->length == strlen(alone[i]) &&
		    memcmp(w->text, alone[i], w->length) == 0)
			return 1;
	return 0;
}

/* 3.  3)  (3)  a.  a)  (a)  iv.  iv)  (iv) */
enum marker
marker_of(const struct word *w)
{
	const char *s = w->text, *end = s + w->length;
	enum marker kind = MARKER_NUMBER;
	size_t n = 0;
	int open;

	if (is_bullet(w))
		return MARKER_BULLET;
	open = s < end && *s == '(';
	s += open;
	while (s + n < end && is_digit(s[n]))
		n++;
	if (n == 0) {
		kind = MARKER_LETTER;
		while (s + n < end && n <= ROMAN_MAX && is_letter(s[n]))
			n++;
		for (size_t i = 0; n > 1 && i < n; i++)
			if (s[i] != 'i' && s[i] != 'v' && s[i] != 'x')
				return MARKER_NONE;
	}
	if (n == 0 || n > (kind == MARKER_NUMBER ? NUMBER_DIGITS : ROMAN_MAX) ||
	    s + n + 1 != end)
		return MARKER_NONE;
	if (s[n] == ')')
		return kind;
	/* "A." is more often an initial. */
	if (s[n] == '.' && !open && (is_digit(*s) || is_lower(*s)))
		return kind;
	return MARKER_NONE;
}

/* 3.  3.1  3.1. */
int
marker_section(const struct word *w)
{
	const char *s = w->text, *end = s + w->length;
	int depth = 0, digits;

	while (s < end) {
		for (digits = 0; s < end && is_digit(*s); s++)
			digits++;
		if (digits < 1 || digits > NUMBER_DIGITS ||
		    ++depth > SECTION_DEPTH)
			return 0;
		if (s < end && *s++ != '.')
			return 0;
	}
	return depth;
}

static int
is_label(const struct word *w)
{
	static const char *const labels[] = {"figure", "fig.", "fig", "table",
	    "tab.", "tab", "abbildung", "abb.", "tabelle", "listing", "chart",
	    "scheme", "plate", "diagram", "grafik", "bild", "exhibit"};
	char lower[LABEL_MAX];

	/* Captions begin with a capital: "figure 3" is part of a sentence. */
	if (w->length == 0 || w->length > LABEL_MAX || is_lower(*w->text) ||
	    !is_letter(*w->text))
		return 0;
	for (size_t i = 0; i < w->length; i++)
		lower[i] = is_letter(w->text[i]) ? (char)(w->text[i] | 32)
						 : w->text[i];
	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (strlen(labels[i]) == w->length &&
		    memcmp(lower, labels[i], w->length) == 0)
			return 1;
	return 0;
}

/* 3  3:  3.1.  A.2  IV */
int
marker_caption(const struct word *w, size_t n)
{
	const char *s, *end;
	int numbered = 0;

	if (n < 2 || !is_label(w) || w[1].length == 0)
		return 0;
	s = w[1].text;
	end = s + w[1].length;
	for (; s < end - 1; s++) {
		numbered |= is_digit(*s) || strchr("IVX", *s);
		if (!is_digit(*s) && *s != '.' && *s != '-' &&
		    !(*s >= 'A' && *s <= 'Z'))
			return 0;
	}
	if (*s == ':' || *s == '.' || *s == '|')
		return numbered ? 2 : 0;
	if (!is_digit(*s) && !strchr("IVX", *s))
		return 0;
	return n == 2 ? 2 : 1;
}
