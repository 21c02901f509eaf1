/* same_word.c - compare two words from different readers. */
#include "same_word.h"

#include <ctype.h>
#include <string.h>

enum { LETTERS_MAX = 64 };

/* Copy the word's letters and digits; ASCII letters become lower case. */
static size_t
fold(const struct word *w, unsigned char out[LETTERS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < w->length && n < LETTERS_MAX; i++) {
		const unsigned char c = (unsigned char)w->text[i];

		if (c >= 0x80 || isalnum(c))
			out[n++] = (unsigned char)tolower(c);
	}
	return n;
}

size_t
same_word_letters(const struct word *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->length; i++) {
		const unsigned char c = (unsigned char)w->text[i];

		n += c >= 0xc0 || (c < 0x80 && isalnum(c));
	}
	return n;
}

int
same_word_exactly(const struct word *a, const struct word *b)
{
	unsigned char x[LETTERS_MAX], y[LETTERS_MAX];
	const size_t n = fold(a, x);

	return n > 0 && n == fold(b, y) && memcmp(x, y, n) == 0;
}

/* The length of the longest common subsequence of bytes. */
static size_t
common(const unsigned char *x, size_t nx, const unsigned char *y, size_t ny)
{
	unsigned char row[LETTERS_MAX + 1] = {0};

	for (size_t i = 0; i < nx; i++) {
		unsigned char diagonal = 0;

		for (size_t j = 0; j < ny; j++) {
			const unsigned char above = row[j + 1];

			if (x[i] == y[j])
				row[j + 1] = (unsigned char)(diagonal + 1);
			else if (row[j] > above)
				row[j + 1] = row[j];
			diagonal = above;
		}
	}
	return row[ny];
}

int
same_word_nearly(const struct word *a, const struct word *b)
{
	unsigned char x[LETTERS_MAX], y[LETTERS_MAX];
	const size_t nx = fold(a, x), ny = fold(b, y);
	const size_t shorter = nx < ny ? nx : ny, longer = nx < ny ? ny : nx;

	if (shorter == 0)
		return longer == 0;
	if (shorter >= 3 &&
	    memmem(nx < ny ? y : x, longer, nx < ny ? x : y, shorter))
		return 1;
	return 10 * common(x, nx, y, ny) >= 6 * longer;
}

int
same_word_partly(const struct word *a, const struct word *b)
{
	unsigned char x[LETTERS_MAX], y[LETTERS_MAX];
	const size_t nx = fold(a, x), ny = fold(b, y);

	return 3 * common(x, nx, y, ny) >= (nx > ny ? nx : ny);
}
