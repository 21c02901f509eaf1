/* quality_word.c - does one word of a text layer look like a word? */
#include "quality_word.h"

#include <ctype.h>
#include <string.h>

enum {
	SIGNS_MIN = 3,   /* characters that a word of bad signs has at least */
	ACCENTS_MIN = 4, /* the same for accented letters */
	FOREIGN_MIN = 2, /* letters of each of two scripts in one word */
};

/* ---- characters ---- */

/* Decode the character at p, and set its length; an invalid byte gives
 * U+FFFD. */
static uint32_t
next_character(const unsigned char *p, size_t n, size_t *length)
{
	size_t more = p[0] < 0x80 ? 0 : p[0] < 0xe0 ? 1 : p[0] < 0xf0 ? 2 : 3;
	uint32_t c = more ? p[0] & (0x3fu >> more) : p[0];

	if (more >= n) {
		*length = 1;
		return 0xfffd;
	}
	for (size_t i = 1; i <= more; i++)
		c = c << 6 | (p[i] & 0x3f);
	*length = more + 1;
	return c;
}

static int
is_space(uint32_t c)
{
	return c == ' ' || (c < ' ' && c && strchr("\t\n\r\f", (int)c)) ||
	    c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a) ||
	    c == 0x202f;
}

static int
is_private(uint32_t c)
{
	return (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
}

/* Characters that never occur in text: they stand for unknown glyphs. */
static int
is_rubbish(uint32_t c)
{
	return c == 0xfffd || c < ' ' || (c >= 0x7f && c < 0xa0) ||
	    is_private(c);
}

/* Is it a mark without width? */
static int
is_mark(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	    c == 0xfeff;
}

/* Signs above ASCII that stand alone or beside numbers in good text. */
static int
is_sign(uint32_t c)
{
	return (c >= 0xa1 && c <= 0xbf && c != 0xaa && c != 0xb5 &&
		   c != 0xba) ||
	    c == 0xd7 || c == 0xf7 || c == 0x192 || c == 0x2c6 || c == 0x2dc ||
	    (c >= 0x2010 && c <= 0x205e) || c == 0x20ac || c == 0x2122;
}

/* Signs that stand in groups around good words. */
static int
is_quote(uint32_t c)
{
	return c == 0xab || c == 0xbb || (c >= 0x2010 && c <= 0x201f) ||
	    c == 0x2026 || c == 0x2039 || c == 0x203a;
}

/* The Latin letter without its accent, from 0; -1: it is not one. */
static int
base_letter(uint32_t c)
{
	static const char bases[] =
	    "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty"
	    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
	    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

	if (c < 0x80)
		return isalpha((int)c) ? ((int)c | 32) - 'a' : -1;
	if (c < 0xc0 || c > 0x17f || bases[c - 0xc0] == '.')
		return -1;
	return bases[c - 0xc0] - 'a';
}

static int
is_upper(uint32_t c)
{
	return c < 0x80 ? isupper((int)c) != 0
	    : c < 0x100 ? c < 0xdf
			: (c & 1) == 0;
}

/* ---- words ---- */

/* The length of a glyph name at p, as extractors write what they cannot
 * decode: GLYPH<12>, (cid:12), /12; 0: none. */
static size_t
glyph_name(const char *p, size_t n)
{
	static const char *const starts[] = {"GLYPH<", "(cid:", "/"};
	static const char ends[] = ">)";

	if (n == 0 || (*p != 'G' && *p != '(' && *p != '/'))
		return 0;
	for (size_t i = 0; i < 3; i++) {
		size_t k = strlen(starts[i]), digits = 0;

		if (n <= k || memcmp(p, starts[i], k) != 0)
			continue;
		while (k + digits < n && isdigit((unsigned char)p[k + digits]))
			digits++;
		k += digits;
		if (digits == 0 || digits > 5)
			continue;
		if (i < 2 && k < n && p[k] == ends[i])
			return k + 1;
		/* 1/2 is a fraction, and a date has more slashes; " /12 "
		 * occurs in no good text. */
		if (i == 2 && (k == n || isspace((unsigned char)p[k])))
			return k;
	}
	return 0;
}

static void
note_sign(struct quality_word *w, uint32_t c)
{
	for (size_t i = 0; i < w->sign_kinds; i++)
		if (w->signs[i] == c)
			return;
	if (w->sign_kinds < sizeof w->signs / sizeof w->signs[0])
		w->signs[w->sign_kinds++] = c;
}

static void
note_letter(struct quality_word *w, uint32_t c, int letter)
{
	const int upper = is_upper(c);

	if (w->ended || w->letter_count == QUALITY_LETTERS) {
		w->broken = 1;
	} else {
		w->capital |= w->letter_count == 0 && upper;
		w->letters[w->letter_count++] = (unsigned char)letter;
	}
	w->latin++;
	w->upper += upper != 0;
	w->accents += c >= 0xc0 && c <= 0xff;
}

static void
note_character(struct quality_word *w, uint32_t c)
{
	const int letter = base_letter(c);

	if (is_mark(c))
		return;
	w->all++;
	if (letter >= 0) {
		note_letter(w, c, letter);
		return;
	}
	w->ended |= w->letter_count > 0;
	if (is_rubbish(c)) {
		w->rubbish++;
		w->gaps += c == 1 || c == 3;
	} else if (is_sign(c)) {
		w->odd++;
		w->quotes += is_quote(c);
		note_sign(w, c);
	} else if (c < 0x80 && ispunct((int)c)) {
		w->ascii++;
		note_sign(w, c);
	} else {
		w->greek += c >= 0x370 && c < 0x400;
		w->cyrillic += c >= 0x400 && c < 0x530;
		w->other += c >= 0x180;
		w->broken = 1;
	}
}

/* Read the letters in ASCII at the start of a word: most text is such letters,
 * so this is what makes rating a page cheap.  Returns their number. */
static size_t
read_letters(struct quality_word *w, const unsigned char *p, size_t n)
{
	const size_t most = n < QUALITY_LETTERS ? n : QUALITY_LETTERS;
	size_t count = 0, upper = 0;

	for (; count < most; count++) {
		const unsigned char letter = (unsigned char)((p[count] | 32) -
		    'a');

		if (letter > 'z' - 'a')
			break;
		w->letters[count] = letter;
		upper += !(p[count] & 32);
	}
	w->upper = upper;
	w->capital = count > 0 && !(p[0] & 32);
	w->all = w->latin = w->letter_count = count;
	return count;
}

size_t
quality_word_read(struct quality_word *w, const char *text, size_t n)
{
	size_t at, length;

	*w = (struct quality_word){0};
	at = glyph_name(text, n)
	    ? 0
	    : read_letters(w, (const unsigned char *)text, n);
	/* Most words end here. */
	if (at < n && (text[at] == ' ' || text[at] == '\n'))
		return at;
	for (; at < n; at += length) {
		const uint32_t c = next_character(
		    (const unsigned char *)text + at, n - at, &length);
		const size_t glyph = c < 0x80 && at == w->names
		    ? glyph_name(text + at, n - at)
		    : 0;

		if (glyph) {
			w->names += glyph;
			w->all += glyph;
			length = glyph;
		} else if (is_space(c)) {
			break;
		} else {
			note_character(w, c);
		}
	}
	return at;
}

/* Does it mix alphabets?  Formulas may have single letters of another. */
static int
is_mixed(const struct quality_word *w)
{
	return w->ascii + w->odd == 0 &&
	    ((w->latin >= FOREIGN_MIN) + (w->greek >= FOREIGN_MIN) +
		(w->cyrillic >= FOREIGN_MIN)) > 1;
}

enum word_quality
quality_word_judge(const struct quality_word *w)
{
	/* Glyph 3 is the space of most TrueType fonts, and glyph 1 of most
	 * fonts of Type 1: U+0003 between others shows that numbers of glyphs
	 * were taken for characters.  A single rubbish character is a bullet
	 * or an icon. */
	if (w->names * 2 > w->all || (w->gaps > 0 && w->all > 1) ||
	    (w->rubbish * 3 >= w->all && w->rubbish > 0 && w->all > 1) ||
	    is_mixed(w))
		return WORD_BAD;
	if (w->all >= SIGNS_MIN && w->odd * 2 >= w->all && w->odd > w->quotes &&
	    w->sign_kinds > 1)
		return WORD_BAD;
	/* No natural language has as many accents. */
	if (w->all >= ACCENTS_MIN && w->accents > 1 &&
	    (w->accents + w->odd) * 5 >= w->all * 4)
		return WORD_BAD;
	if (w->all >= SIGNS_MIN && (w->ascii + w->odd) * 2 > w->all &&
	    w->sign_kinds > 2)
		return WORD_SIGNS;
	return w->all < SIGNS_MIN || w->latin + w->other == 0 ? WORD_NEUTRAL
							      : WORD_GOOD;
}

int
quality_word_is_plain(const struct quality_word *w)
{
	return !w->broken && w->letter_count > 1 &&
	    (w->upper == 0 || w->upper == w->letter_count ||
		(w->upper == 1 && w->capital));
}
