/* letter_pairs.c - do Latin letters follow each other as in a language?
 *
 * A shifted or permuted alphabet keeps the lengths of words and how often
 * letters occur, but not which letter follows which.  The table was counted in
 * translations of free programs into 35 languages, without accents, so that
 * every language is close to it.  Their paragraphs need 3.7 to 4.6 bits per
 * letter; shifted alphabets need 4.9 and more, random letters 6.
 *
 * A title in such letters is too short for a mean.  But what its words need
 * beyond RUN_BITS adds up from word to word, and in other text it does not:
 * one page in 250 of manuals in 60 languages is taken for one, mostly for its
 * lists of programs. */
#include "letter_pairs.h"

#include <string.h>

enum {
	BORDER = LETTER_KINDS - 1, /* before and after a word */
	UNITS = 8,                 /* of the table, per bit */
	PAIRS_MIN = 240,           /* with fewer, chance can cause a
				    * deviation */
	KINDS_MIN = 12, /* fewer different letters are a code, such as genes */
	RUN_BITS = 5 * UNITS,      /* per letter: more than in languages */
	RUN_WORD_MAX = 12 * UNITS, /* of one word, which may be a name */
	RUN_MIN = 18 * UNITS,      /* of words that fit no language */
};

static const double bits_max = 4.95, mixed_max = 4.4;

/* The bits that a letter needs after another, in 1/8 bit.  The column is the
 * second letter; the last row and column are the border. */
static const unsigned char bits[LETTER_KINDS][LETTER_KINDS] = {
    {49, 46, 40, 37, 72, 59, 45, 55, 38, 51, 37, 30, 39, 23, 57, 45, 68, 27, 33,
	30, 47, 47, 66, 70, 52, 47, 18},
    {19, 60, 81, 79, 20, 82, 74, 48, 23, 48, 74, 30, 58, 60, 25, 79, 110, 30,
	51, 58, 28, 65, 76, 87, 39, 91, 38},
    {22, 81, 53, 75, 26, 91, 110, 22, 22, 62, 45, 48, 77, 58, 22, 83, 100, 44,
	52, 35, 35, 86, 80, 101, 57, 52, 30},
    {20, 73, 79, 44, 15, 76, 63, 53, 21, 69, 61, 54, 65, 49, 28, 65, 112, 45,
	52, 61, 34, 61, 71, 95, 56, 57, 26},
    {45, 53, 43, 41, 49, 55, 44, 58, 43, 59, 41, 32, 40, 23, 70, 53, 75, 23, 29,
	33, 59, 53, 65, 55, 64, 51, 16},
    {26, 80, 79, 60, 24, 34, 71, 56, 17, 68, 72, 42, 88, 51, 19, 84, 84, 37, 51,
	44, 33, 93, 72, 106, 55, 102, 27},
    {24, 61, 67, 57, 22, 75, 46, 46, 27, 51, 54, 47, 68, 40, 31, 67, 112, 34,
	47, 44, 30, 77, 58, 108, 44, 85, 17},
    {18, 69, 68, 61, 19, 57, 97, 64, 27, 62, 51, 53, 61, 57, 24, 74, 82, 45, 66,
	34, 33, 50, 53, 111, 51, 92, 22},
    {40, 52, 37, 38, 30, 49, 41, 61, 59, 52, 37, 33, 38, 23, 36, 52, 68, 36, 29,
	31, 53, 47, 77, 63, 64, 46, 21},
    {17, 88, 101, 55, 12, 77, 82, 98, 34, 104, 63, 50, 60, 39, 32, 67, 104, 75,
	48, 43, 29, 62, 95, 104, 61, 70, 25},
    {18, 69, 59, 66, 26, 86, 77, 48, 31, 74, 43, 38, 70, 55, 21, 72, 107, 42,
	32, 34, 30, 67, 86, 112, 51, 78, 24},
    {19, 69, 68, 47, 20, 65, 55, 67, 22, 52, 54, 31, 52, 52, 29, 64, 99, 79, 44,
	41, 36, 66, 67, 112, 50, 74, 24},
    {18, 36, 84, 71, 17, 81, 60, 47, 26, 68, 65, 60, 45, 54, 28, 38, 108, 66,
	52, 61, 36, 79, 72, 105, 65, 88, 24},
    {26, 76, 47, 30, 28, 54, 28, 53, 28, 54, 54, 65, 66, 46, 34, 73, 98, 74, 42,
	29, 40, 59, 79, 101, 47, 74, 16},
    {55, 46, 44, 35, 51, 52, 43, 57, 45, 49, 43, 33, 33, 23, 50, 41, 84, 24, 31,
	38, 44, 41, 56, 74, 73, 47, 19},
    {19, 87, 50, 66, 22, 80, 67, 57, 29, 71, 62, 35, 71, 56, 20, 43, 112, 21,
	54, 47, 37, 80, 86, 111, 61, 92, 33},
    {43, 85, 85, 46, 28, 72, 85, 85, 30, 69, 85, 37, 85, 77, 51, 85, 67, 49, 74,
	64, 6, 85, 67, 85, 71, 85, 28},
    {22, 59, 54, 40, 20, 67, 50, 58, 25, 64, 49, 55, 44, 51, 31, 63, 72, 45, 41,
	37, 36, 53, 65, 91, 56, 57, 18},
    {28, 74, 46, 68, 24, 74, 70, 49, 26, 76, 41, 45, 55, 59, 36, 42, 74, 70, 41,
	21, 36, 64, 75, 112, 50, 52, 17},
    {21, 79, 74, 74, 19, 73, 74, 39, 24, 72, 56, 61, 62, 56, 29, 77, 112, 34,
	48, 42, 32, 63, 67, 68, 49, 55, 20},
    {38, 46, 45, 44, 37, 55, 51, 55, 37, 47, 37, 32, 32, 24, 46, 41, 83, 29, 30,
	31, 55, 62, 72, 68, 54, 45, 20},
    {15, 75, 76, 77, 15, 92, 93, 74, 22, 82, 63, 50, 84, 42, 25, 69, 100, 46,
	49, 64, 46, 80, 110, 107, 40, 62, 35},
    {18, 71, 54, 58, 20, 95, 59, 48, 20, 97, 63, 59, 55, 35, 26, 64, 97, 45, 46,
	69, 56, 97, 85, 94, 27, 69, 31},
    {24, 51, 43, 54, 21, 52, 88, 78, 22, 83, 58, 50, 47, 78, 38, 34, 82, 72, 56,
	22, 37, 67, 77, 55, 56, 84, 23},
    {27, 49, 40, 38, 34, 47, 49, 60, 39, 56, 47, 38, 33, 31, 33, 37, 107, 41,
	35, 32, 46, 57, 56, 107, 59, 62, 17},
    {19, 51, 60, 46, 21, 93, 54, 61, 23, 73, 47, 47, 45, 29, 32, 50, 104, 58,
	58, 41, 40, 48, 57, 107, 40, 60, 25},
    {31, 38, 37, 28, 34, 41, 42, 45, 36, 52, 36, 37, 36, 32, 39, 30, 62, 43, 29,
	32, 41, 38, 51, 73, 54, 50, 112},
};

size_t
letter_pairs_add(struct letter_pairs *p, const unsigned char *word, size_t n)
{
	const size_t before = p->bits;
	unsigned last = BORDER, seen = 0, all = 0;

	for (size_t i = 0; i < n; i++) {
		all += bits[last][word[i]];
		seen |= 1u << word[i];
		last = word[i];
	}
	p->bits += all + bits[last][BORDER];
	p->seen |= seen;
	p->pairs += n + 1;
	p->words++;
	p->lengths[n < LETTER_LENGTHS ? n : LETTER_LENGTHS - 1]++;
	return p->bits - before;
}

/* A word that is repeated, as in a list of commands, shows nothing new. */
static int
is_repeated(struct letter_run *r, const unsigned char *word, size_t n)
{
	unsigned char begin[LETTER_LENGTHS] = {0};

	begin[0] = (unsigned char)n;
	memcpy(begin + 1, word, n < sizeof begin - 1 ? n : sizeof begin - 1);
	if (memcmp(begin, r->last, sizeof begin) == 0)
		return 1;
	memcpy(r->last, begin, sizeof begin);
	return 0;
}

void
letter_run_add(struct letter_run *r, const unsigned char *word, size_t n,
    size_t word_bits)
{
	int more = (int)word_bits - RUN_BITS * (int)(n + 1);

	if (is_repeated(r, word, n))
		return;
	if (more > RUN_WORD_MAX)
		more = RUN_WORD_MAX;
	r->sum = r->sum + more > 0 ? r->sum + more : 0;
	if (r->sum > r->most)
		r->most = r->sum;
}

int
letter_run_odd(const struct letter_run *r)
{
	return r->most > RUN_MIN;
}

int
letter_run_mixed(const struct letter_run *r)
{
	return r->most > RUN_MIN / 2;
}

/* Columns of a code, such as proteins, have words of equal length. */
static int
is_column(const struct letter_pairs *p)
{
	for (int i = 0; i < LETTER_LENGTHS; i++)
		if (p->lengths[i] * 2 > p->words)
			return 1;
	return 0;
}

int
letter_pairs_odd(const struct letter_pairs *p)
{
	return p->pairs >= PAIRS_MIN &&
	    __builtin_popcount(p->seen) >= KINDS_MIN && !is_column(p) &&
	    (double)p->bits > bits_max * UNITS * (double)p->pairs;
}

int
letter_pairs_mixed(const struct letter_pairs *p)
{
	return p->pairs >= PAIRS_MIN &&
	    (double)p->bits > mixed_max * UNITS * (double)p->pairs;
}
