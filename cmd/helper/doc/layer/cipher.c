/* cipher.c - is a text a language whose letters are other characters?
 *
 * A font that does not say what its glyphs mean may give any character for each
 * letter.  Words keep their lengths then, and letters their frequencies, but
 * most words mix letters, digits and signs.  In code and part numbers words do
 * so too, but they are longer, or their characters are more evenly used; in
 * numbers, also hexadecimal ones, there are fewer different characters. */
#include "cipher.h"

#include <ctype.h>
#include <string.h>

enum {
	WORDS_MIN = 30,
	KINDS_MIN = 18, /* different characters */
	KINDS_MAX = 50,
	LINE_MIN = 4, /* words of a line; lists have fewer */
};

/* Share of words that are neither words nor numbers. */
static const double mixed_min = 0.6;
/* Mean length of words. */
static const double length_min = 3, length_max = 6.5;
/* The chance that two characters are the same: 0.06 to 0.08 in languages. */
static const double same_min = 0.056, same_max = 0.1;
/* Share of bytes that are not ASCII. */
static const double foreign_max = 0.1;

struct cipher_sample {
	size_t count[128]; /* of each character */
	size_t all, foreign, lines;
	size_t words, mixed, letters; /* letters: characters of words */
};

/* Signs that stand at the ends of words. */
static int
is_around(int c)
{
	return c && strchr(".,;:!?\"'()[]{}<>*-/", c);
}

static int
is_joint(int c)
{
	return c == '-' || c == '\'' || c == '/';
}

/* Does it look neither like a word of letters nor like a number? */
static int
is_mixed(const unsigned char *word, size_t n)
{
	size_t lower = 0, upper = 0, digits = 0, signs = 0;

	for (size_t i = 0; i < n; i++) {
		lower += islower(word[i]) != 0;
		upper += isupper(word[i]) != 0;
		digits += isdigit(word[i]) != 0;
		signs += ispunct(word[i]) && !is_joint(word[i]);
	}
	if (lower + upper == 0)
		return signs > digits;
	return digits + signs > 0 ||
	    (lower > 0 && upper > (isupper(word[0]) != 0));
}

static void
add_word(struct cipher_sample *s, const unsigned char *word, size_t n)
{
	size_t length;

	for (size_t i = 0; i < n; i++)
		if (word[i] < 128)
			s->count[word[i]]++;
		else
			s->foreign++;
	s->all += n;
	length = n;
	while (n > 0 && is_around(*word)) {
		word++;
		n--;
	}
	while (n > 0 && is_around(word[n - 1]))
		n--;
	if (n < 2 && length < 3)
		return;
	s->words++;
	s->letters += n < 2 ? length : n;
	s->mixed += n < 2 || is_mixed(word, n);
}

static int
is_language(const struct cipher_sample *s)
{
	const double all = (double)s->all, words = (double)s->words;
	const double letters = (double)s->letters;
	double same = 0;
	int kinds = 0;

	for (size_t i = 0; i < 128; i++) {
		const double n = (double)s->count[i];

		kinds += n > 0;
		same += n * (n - 1);
	}
	same /= all * (all - 1);
	return kinds >= KINDS_MIN && kinds <= KINDS_MAX && same >= same_min &&
	    same <= same_max && letters >= length_min * words &&
	    letters <= length_max * words;
}

int
cipher_likely(const char *text, size_t n)
{
	struct cipher_sample s = {0};
	const unsigned char *at = (const unsigned char *)text;

	for (size_t i = 0; i < n;) {
		size_t length = 0;

		while (i + length < n && at[i + length] > ' ')
			length++;
		add_word(&s, at + i, length);
		i += length + 1;
		s.lines += i <= n && at[i - 1] == '\n';
	}
	return s.words >= WORDS_MIN && s.words >= LINE_MIN * s.lines &&
	    (double)s.mixed >= mixed_min * (double)s.words &&
	    (double)s.foreign <= foreign_max * (double)s.all && is_language(&s);
}
