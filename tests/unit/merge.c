/* merge - a page's text layer and what OCR read of it become one page. */
#include "ocr/page/merge.h"
#include "pc.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

enum { HEIGHT = 1000, LETTER = 500, LEAD = 1500 };

/* Words of a line, in the form of page.h. */
static void
add_line(struct pc_buf *b, int x, int y, int confidence, const char *text)
{
	while (*text) {
		const int n = (int)strcspn(text, " ");

		pc_buf_addf(b, "w\t%d\t%d\t%d\t%d\t%d\t%.*s\n", x, y,
		    x + n * LETTER, y + HEIGHT, confidence, n, text);
		x += (n + 1) * LETTER;
		text += n + (text[n] == ' ');
	}
}

/* A page as OCR gives it: a block and a line for each text. */
static struct page
recognised(int confidence, const char *const *lines)
{
	struct page p = {.parsed = 1, .source = SOURCE_MIXED, .dpi = 300};
	struct pc_buf b = {0};

	for (int y = LEAD; *lines; lines++, y += LEAD) {
		pc_buf_addf(&b,
		    "b\t0\t%d\t50000\t%d\ttext\nl\t0\t%d\t50000\t"
		    "%d\n",
		    y, y + HEIGHT, y, y + HEIGHT);
		add_line(&b, 0, y, confidence, *lines);
	}
	p.data = b.data;
	p.length = b.len;
	p.confidence = confidence;
	OK(page_parse(&p) == 0, "the page can be read");
	return p;
}

static struct page_layer
layer(enum layer_quality quality, int x, int y, const char *const *lines)
{
	struct pc_buf b = {0};
	struct page_layer l = {.quality = quality};

	for (y += LEAD; *lines; lines++, y += LEAD)
		add_line(&b, x, y, -1, *lines);
	l.words = b.len;
	pc_buf_add(&b, "", 1);
	l.data = b.data;
	return l;
}

/* Do these words, in this order, make the page? */
static void
test(struct page p, struct page_layer l, enum page_source source,
    const char *want, const char *name)
{
	struct pc_buf got = {0};

	OK(page_merge(&p, &l) == 0 && !l.data, "%s: merged", name);
	for (size_t i = 0; i < p.word_count; i++)
		pc_buf_addf(&got, "%s%.*s", i ? " " : "",
		    (int)p.words[i].length, p.words[i].text);
	pc_buf_add(&got, "", 1);
	OK(p.source == source, "%s: the source", name);
	OK(strcmp((char *)got.data, want) == 0, "%s: '%s'", name, got.data);
	pc_buf_clear(&got);
	page_drop(&p);
}

/* Words that are too many to compare. */
static void
test_too_many(void)
{
	enum { WORDS = 7100 };
	struct pc_buf text = {0};
	struct page p;
	struct page_layer l;

	for (int i = 0; i < WORDS; i++)
		pc_buf_addf(&text, "%sw%d", i ? " " : "", i);
	pc_buf_add(&text, "", 1);
	p = recognised(9500, (const char *[]){(char *)text.data, NULL});
	l = layer(LAYER_GOOD, 0, 3 * LEAD,
	    (const char *[]){(char *)text.data, NULL});
	OK(page_merge(&p, &l) == 0 && p.source == SOURCE_TEXT_LAYER,
	    "of too many words the layer stays");
	OK(p.marks & MARK_LOW_CONFIDENCE, "and the page is marked");
	page_drop(&p);
	pc_buf_clear(&text);
}

/* A layer in doubt that OCR confirms. */
static void
test_confirmed(const char *const *print)
{
	struct page p = recognised(9500, print);
	struct page_layer l = layer(LAYER_DOUBTFUL, 0, 0, print);

	OK(page_merge(&p, &l) == 0 && p.source == SOURCE_TEXT_LAYER &&
		p.marks == 0,
	    "a layer in doubt that OCR reads too has no mark");
	page_drop(&p);
	p = recognised(4500, print);
	l = layer(LAYER_DOUBTFUL, 0, 0, print);
	OK(page_merge(&p, &l) == 0 && p.marks & MARK_LOW_CONFIDENCE,
	    "it has one if OCR is not sure");
	page_drop(&p);
}

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

int
main(void)
{
	const char *const *print = LINES("one two three", "four five six",
	    "seven eight nine", "ten eleven twelve");
	const char *const *no_line = LINES("");
	const char *const *wrong = LINES("bar gjb guerr", "sbhe svir fvk",
	    "frira rvtug avar", "gra ryrira gjryir");

	test_too_many();
	test_confirmed(print);
	test(recognised(9500, print), layer(LAYER_GOOD, 0, 0, print),
	    SOURCE_TEXT_LAYER,
	    "one two three four five six seven eight nine ten eleven twelve",
	    "a complete layer stays alone");
	test(recognised(9500, print),
	    layer(LAYER_GOOD, 0, 0, LINES("one two three", "four five six")),
	    SOURCE_MIXED,
	    "seven eight nine ten eleven twelve one two three four five six",
	    "OCR adds what half a layer lacks");
	test(recognised(9500, print), layer(LAYER_GOOD, 700, 700, print),
	    SOURCE_TEXT_LAYER,
	    "one two three four five six seven eight nine ten eleven twelve",
	    "a layer beside its scan is not doubled");
	test(recognised(9500, LINES("one two", "three")),
	    layer(LAYER_GOOD, 5000, 0, LINES("stamp")), SOURCE_MIXED,
	    "one two stamp three", "a stamp joins its line");
	test(recognised(3000, print),
	    layer(LAYER_GOOD, 0, 9000, LINES("stamp")), SOURCE_TEXT_LAYER,
	    "stamp", "doubtful words are not added");
	test(recognised(9500, no_line), layer(LAYER_GOOD, 0, 0, print),
	    SOURCE_TEXT_LAYER,
	    "one two three four five six seven eight nine ten eleven twelve",
	    "OCR that read nothing replaces nothing");
	test(recognised(9500, no_line), layer(LAYER_GARBAGE, 0, 0, wrong),
	    SOURCE_TEXT_LAYER,
	    "bar gjb guerr sbhe svir fvk frira rvtug avar gra ryrira gjryir",
	    "not even garbage");
	test(recognised(9500, print), layer(LAYER_DOUBTFUL, 0, 0, wrong),
	    SOURCE_BAD_TEXT,
	    "one two three four five six seven eight nine ten eleven twelve",
	    "a layer in doubt that OCR refutes is gone");
	test(recognised(9500, print), layer(LAYER_DOUBTFUL, 0, 0, print),
	    SOURCE_TEXT_LAYER,
	    "one two three four five six seven eight nine ten eleven twelve",
	    "a layer in doubt that OCR confirms stays");
	test(
	    recognised(9500,
		LINES("one two three", "four five six", "seven eight nine",
		    "ten eleven twelve", "red green blue", "north south east")),
	    layer(LAYER_DOUBTFUL, 0, 0,
		LINES("one two three", "four five six", "seven eight nine",
		    "gra ryrira", "erq terra oyhr", "abegu fbhgu")),
	    SOURCE_MIXED,
	    "ten eleven twelve red green blue north south east one two three "
	    "four five six seven eight nine",
	    "only the wrong part of a layer in doubt is replaced");
	test(recognised(9500, LINES("10 small 20 30", "40 large 50 60")),
	    layer(LAYER_DOUBTFUL, 0, 0,
		LINES("10 fznyy 20 30", "40 ynetr 50 60")),
	    SOURCE_MIXED, "10 small 20 30 40 large 50 60",
	    "digits that are right do not confirm the letters beside them");
	test(recognised(4000, print), layer(LAYER_DOUBTFUL, 0, 0, wrong),
	    SOURCE_TEXT_LAYER,
	    "bar gjb guerr sbhe svir fvk frira rvtug avar gra ryrira gjryir",
	    "OCR without confidence refutes nothing");
	test(recognised(4000, print), layer(LAYER_GARBAGE, 0, 0, wrong),
	    SOURCE_BAD_TEXT,
	    "one two three four five six seven eight nine ten eleven twelve",
	    "but it replaces garbage");
	return tap_done();
}
