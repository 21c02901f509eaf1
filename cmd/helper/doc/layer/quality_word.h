/* quality_word.h - does one word of a text layer look like a word? */
#ifndef QUALITY_WORD_H
#define QUALITY_WORD_H

#include <stddef.h>
#include <stdint.h>

enum { QUALITY_LETTERS = 32 };

/* Numbers of characters. */
struct quality_word {
	size_t all, names, rubbish; /* names: characters of glyph names, in
				     * ASCII */
	size_t gaps;                /* U+0001 and U+0003; they are rubbish
				     * too */
	size_t odd, quotes, ascii;  /* signs above ASCII; of these, quotation
				     * marks; signs in ASCII */
	uint32_t signs[3];          /* a set of the different ones */
	size_t sign_kinds;
	size_t latin, greek, cyrillic;          /* letters */
	size_t other;                           /* letters that are not Latin */
	size_t accents, upper;                  /* of the Latin letters */
	unsigned char letters[QUALITY_LETTERS]; /* Latin, without accents */
	size_t letter_count;
	int capital; /* the first letter is a capital */
	int ended;   /* something follows the letters */
	int broken;  /* letters follow that, or letters of other scripts */
};

enum word_quality {
	WORD_GOOD,
	WORD_NEUTRAL, /* too short, or only numbers */
	WORD_SIGNS,   /* signs as in code, which may stand for letters */
	WORD_BAD,
};

/* Read the word at the start of this UTF-8 text.  Returns its length in bytes;
 * 0: white space comes first. */
size_t quality_word_read(struct quality_word *, const char *text, size_t n);
enum word_quality quality_word_judge(const struct quality_word *);
/* Is it a word of Latin letters, as in running text? */
int quality_word_is_plain(const struct quality_word *);

#endif
