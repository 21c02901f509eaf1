/* quality.c - rating a text layer, since some lie.
 *
 * If a font does not say what its letters are, they become signs, letters with
 * accents, other letters, or names of glyphs.  A page is rated in parts, since
 * only one of its fonts may lie.  Each word is judged by its own characters,
 * and the Latin letters of a part by which of them follow which
 * (letter_pairs.c). */
#include "doc.h"
#include "letter_pairs.h"
#include "quality_word.h"

enum {
	PART_WORDS = 60,  /* then a part ends with its line */
	JUDGED_MIN = 20,  /* characters that decide on a part */
	SIGNS_MIN = 150,  /* the same of signs as in code */
	SINGLES_MIN = 20, /* words that show that letters are set apart */
};

/* How much must be bad of a part, of one with signs as in code, of a page. */
static const double part_bad = 0.3, signs_bad = 0.7, page_bad = 0.5,
		    singles_bad = 0.75;
/* Words in running text; less of them do not show a language. */
static const double plain_min = 0.5;

/* A paragraph, or a piece of a long one. */
struct part {
	size_t words, singles;
	size_t all, judged, bad, signs; /* characters of words */
};

/* Running text, over several of them: it takes more to show a language. */
struct prose {
	size_t words, plain;
	struct letter_pairs pairs;
};

struct rating {
	struct part part;
	struct prose prose;
	size_t judged, bad; /* characters of the page */
	int doubtful;
};

static int
part_doubtful(const struct part *p)
{
	if (p->judged >= JUDGED_MIN &&
	    (double)p->bad > part_bad * (double)p->judged)
		return 1;
	/* A line of code may have little else. */
	if (p->all >= SIGNS_MIN &&
	    (double)(p->bad + p->signs) > signs_bad * (double)p->all)
		return 1;
	/* Letters set apart. */
	return p->words >= SINGLES_MIN &&
	    (double)p->singles > singles_bad * (double)p->words;
}

static void
end_part(struct rating *r)
{
	r->doubtful |= part_doubtful(&r->part);
	r->judged += r->part.judged;
	r->bad += r->part.bad;
	r->part = (struct part){0};
}

static void
end_prose(struct rating *r)
{
	r->doubtful |= (double)r->prose.plain >=
		plain_min * (double)r->prose.words &&
	    letter_pairs_odd(&r->prose.pairs);
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
add_word(struct rating *r, const struct quality_word *w)
{
	const enum word_quality quality = quality_word_judge(w);
	struct part *p = &r->part;

	p->words++;
	r->prose.words++;
	p->singles += w->all == 1 && w->letter_count == 1;
	p->all += w->all;
	if (quality != WORD_NEUTRAL)
		p->judged += w->all;
	if (quality == WORD_BAD) {
		p->bad += w->all;
	} else if (quality == WORD_SIGNS) {
		p->signs += w->all;
	} else if (quality_word_is_plain(w)) {
		r->prose.plain++;
		letter_pairs_add(&r->prose.pairs, w->letters, w->letter_count);
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

enum layer_quality
quality_of(const char *text, size_t n)
{
	struct rating r = {0};
	struct quality_word w;
	size_t length;

	for (size_t i = 0; i < n; i += length) {
		length = quality_word_read(&w, text + i, n - i);
		if (length > 0)
			add_word(&r, &w);
		else
			length = skip_space(&r, text + i, n - i);
	}
	end_part(&r);
	end_prose(&r);
	if (r.judged >= JUDGED_MIN &&
	    (double)r.bad > page_bad * (double)r.judged)
		return LAYER_GARBAGE;
	return r.doubtful ? LAYER_DOUBTFUL : LAYER_GOOD;
}
