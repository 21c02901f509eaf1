/* quality.c - rate a text layer, because some are wrong.
 *
 * If a font does not say what its glyphs mean, text comes out as signs,
 * accented letters, other letters, or glyph names.  A page is rated in parts,
 * as only one of its fonts may be wrong.  Each word is judged by its
 * characters, and running text by which Latin letter follows which
 * (letter_pairs.c), or by how it would look if its letters were other
 * characters (cipher.c). */
#include "quality.h"
#include "cipher.h"
#include "letter_pairs.h"
#include "quality_word.h"

#include <string.h>

enum {
	PART_WORDS = 60,  /* a part ends with the line that reaches this */
	JUDGED_MIN = 20,  /* characters needed to judge a part */
	SIGNS_MIN = 150,  /* the same for signs as in code */
	SINGLES_MIN = 20, /* single-letter words that show spaced-out letters */
	NESTED_MAX = 32,  /* open brackets that are remembered */
	CAPITALS_MIN = 6, /* letters of a word of capitals */
	COUNTED_MAX = 32, /* characters of a word; dots of contents have more */
};

/* Which share must be bad: of a part, of a part with signs as in code, of a
 * page. */
static const double part_bad = 0.3, signs_bad = 0.7, page_bad = 0.5,
		    singles_bad = 0.75;
/* Share of a part's characters that are brackets, and of these with a partner,
 * in code. */
static const double brackets_min = 0.04, matched_min = 0.9;
/* Share of plain words: with fewer, the text does not show a language; with
 * more, it is not a cipher of signs. */
static const double plain_min = 0.5, plain_all = 0.75;

/* A paragraph, or a section of a long one. */
struct part {
	const char *text;
	size_t length;
	size_t words, singles;
	size_t all, judged, bad, signs; /* characters of words */
};

/* Running text of several parts: recognising a language takes more of it. */
struct prose {
	const char *text;
	size_t length;
	size_t words, plain;
	struct letter_pairs pairs;
};

struct rating {
	struct part part;
	struct prose prose;
	size_t judged, bad, signs; /* characters of the page */
	/* How much single-letter words outnumber others: here, and where that
	 * is most. */
	size_t singles, singles_most;
	int doubtful;
	int mixed; /* some prose may have a part that fits no language */
	struct letter_run run;
	size_t capitals; /* letters of the last word of capitals */
};

/* In code, brackets are frequent and most of them have a partner.  Signs that
 * stand for letters come in any order. */
static int
part_is_code(const struct part *p)
{
	static const char brackets[] = "([{)]}";
	int open[NESTED_MAX];
	size_t depth = 0, all = 0, matched = 0;

	for (size_t i = 0; i < p->length; i++) {
		const char *found = p->text[i] ? strchr(brackets, p->text[i])
					       : NULL;
		const int kind = found ? (int)(found - brackets) : -1;

		all += kind >= 0;
		if (kind >= 3 && depth > 0 && open[depth - 1] == kind - 3) {
			depth--;
			matched += 2;
		} else if (kind >= 0 && kind < 3 && depth < NESTED_MAX) {
			open[depth++] = kind;
		}
	}
	return (double)all >= brackets_min * (double)p->all &&
	    (double)matched >= matched_min * (double)all;
}

static int
part_doubtful(const struct part *p)
{
	if (p->judged >= JUDGED_MIN &&
	    (double)p->bad > part_bad * (double)p->judged)
		return 1;
	/* Real code may consist of little else. */
	if (p->all >= SIGNS_MIN &&
	    (double)(p->bad + p->signs) > signs_bad * (double)p->all &&
	    !part_is_code(p))
		return 1;
	/* Spaced-out letters. */
	return p->words >= SINGLES_MIN &&
	    (double)p->singles > singles_bad * (double)p->words;
}

static void
end_part(struct rating *r)
{
	r->doubtful |= part_doubtful(&r->part);
	r->judged += r->part.judged;
	r->bad += r->part.bad;
	r->signs += r->part.signs;
	r->part = (struct part){0};
}

static void
end_prose(struct rating *r)
{
	const struct prose *p = &r->prose;

	if ((double)p->plain >= plain_min * (double)p->words)
		r->doubtful |= letter_pairs_odd(&p->pairs);
	if ((double)p->plain < plain_all * (double)p->words)
		r->doubtful |= cipher_likely(p->text, p->length);
	r->mixed |= letter_pairs_mixed(&p->pairs);
	r->prose = (struct prose){0};
}

static void
end_line(struct rating *r, int blank)
{
	if (blank || r->part.words >= PART_WORDS)
		end_part(r);
	if (r->prose.words >= PART_WORDS)
		end_prose(r);
}

static void
add_letters(struct rating *r, const struct quality_word *w)
{
	const size_t bits = letter_pairs_add(&r->prose.pairs, w->letters,
	    w->letter_count);
	const int capitals = w->upper > 1;
	/* Short ones may be abbreviations, and those of one length a code. */
	const int counts = !capitals ||
	    (w->letter_count >= CAPITALS_MIN && r->capitals > 0 &&
		w->letter_count != r->capitals);

	if (capitals)
		r->capitals = w->letter_count;
	if (counts)
		letter_run_add(&r->run, w->letters, w->letter_count, bits);
}

static void
add_word(struct rating *r, const struct quality_word *w)
{
	const enum word_quality quality = quality_word_judge(w);
	const int single = w->all == 1 && w->letter_count == 1;
	const int wrong = quality == WORD_BAD || quality == WORD_SIGNS;
	const size_t all = wrong || w->all < COUNTED_MAX ? w->all : COUNTED_MAX;
	struct part *p = &r->part;

	p->words++;
	r->prose.words++;
	p->singles += single;
	if (single)
		r->singles++;
	else if (r->singles > 0)
		r->singles--;
	if (r->singles > r->singles_most)
		r->singles_most = r->singles;
	p->all += all;
	if (quality != WORD_NEUTRAL)
		p->judged += all;
	if (quality == WORD_BAD) {
		p->bad += all;
	} else if (quality == WORD_SIGNS) {
		p->signs += all;
	} else if (quality_word_is_plain(w)) {
		r->prose.plain++;
		add_letters(r, w);
	}
}

/* The length of the white space at the start of text. */
static size_t
skip_space(struct rating *r, const char *text, size_t n)
{
	size_t length = 1;

	while (length < n && ((unsigned char)text[length] & 0xc0) == 0x80)
		length++;
	if (*text == '\n')
		end_line(r, n > 1 && text[1] == '\n');
	return length;
}

static void
rate(struct rating *r, const char *text, size_t n)
{
	struct quality_word w;
	size_t length;

	for (size_t i = 0; i < n; i += length) {
		length = text[i] == ' '
		    ? 0
		    : quality_word_read(&w, text + i, n - i);
		if (r->part.words == 0)
			r->part.text = text + i;
		if (r->prose.words == 0)
			r->prose.text = text + i;
		r->part.length = (size_t)(text + i + length - r->part.text);
		r->prose.length = (size_t)(text + i + length - r->prose.text);
		if (length > 0)
			add_word(r, &w);
		else
			length = skip_space(r, text + i, n - i);
	}
	end_part(r);
	end_prose(r);
	r->doubtful |= letter_run_odd(&r->run);
	r->mixed |= letter_run_mixed(&r->run);
}

enum layer_quality
quality_of(const char *text, size_t n)
{
	struct rating r = {0};

	rate(&r, text, n);
	if (r.judged >= JUDGED_MIN &&
	    (double)r.bad > page_bad * (double)r.judged)
		return LAYER_GARBAGE;
	return r.doubtful ? LAYER_DOUBTFUL : LAYER_GOOD;
}

/* The whole page has less of each fault than a part needs to be doubtful. */
int
quality_is_good_anyhow(const char *text, size_t n)
{
	struct rating r = {0};

	rate(&r, text, n);
	return !r.doubtful && !r.mixed &&
	    (double)r.bad <= part_bad * JUDGED_MIN &&
	    (double)(r.bad + r.signs) <= signs_bad * SIGNS_MIN &&
	    (double)r.singles_most <= (2 * singles_bad - 1) * SINGLES_MIN;
}
