/* layout - lines, blocks, reading order and types from words with boxes. */
#include "ocr/layout/layout.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	SIZE = 1000,
	LEAD = 1200,
	LETTER = 500, /* width of any */
	MANY = 200000,
};

static const char prose[] = "visitor calls later reaches the night watch";

/* ---- pages, made by hand ---- */

static void
add_size(struct pc_buf *b, int x, int y, int size, const char *text)
{
	const int letter = LETTER * size / SIZE;

	while (*text) {
		const int n = (int)strcspn(text, " ");

		pc_buf_addf(b, "w\t%d\t%d\t%d\t%d\t-1\t%.*s\n", x, y,
		    x + n * letter, y + size, n, text);
		x += (n + 1) * letter;
		text += n + (text[n] == ' ');
	}
}

static void
add(struct pc_buf *b, int x, int y, const char *text)
{
	add_size(b, x, y, SIZE, text);
}

/* A paragraph; returns where the next line would be. */
static int
add_prose(struct pc_buf *b, int x, int y, int lines)
{
	for (; lines > 0; lines--, y += LEAD)
		add(b, x, y, lines > 1 ? prose : "who knows little.");
	return y;
}

static struct page
lay_out(struct pc_buf *b)
{
	struct page p = {.width = 60000, .height = 84000};
	int r;

	p.data = b->data;
	p.length = b->len;
	r = page_parse(&p);
	OK(r == 0, "the page can be read");
	r = page_lay_out(&p);
	OK(r == 0, "and laid out");
	return p;
}

/* ---- what came of it ---- */

/* Every word is in one line, every line in one block. */
static int
is_whole(const struct page *p)
{
	size_t words = 0, lines = 0;

	for (size_t i = 0; i < p->block_count; i++) {
		const struct block *b = &p->blocks[i];

		lines += b->count;
		for (size_t j = 0; j < b->count; j++)
			words += p->lines[b->first + j].count;
	}
	return words == p->word_count && lines == p->line_count;
}

/* Do the blocks have these types and begin with these words? */
static void
expect(struct page *p, const char *want)
{
	struct pc_buf got = {0};
	int same;

	for (size_t i = 0; i < p->block_count; i++) {
		const struct block *b = &p->blocks[i];
		const struct word *w = p->words + p->lines[b->first].first;

		pc_buf_addf(&got, "%s%s", i ? ", " : "", block_names[b->type]);
		if (b->level)
			pc_buf_addf(&got, " %d", b->level);
		pc_buf_addf(&got, " %.*s/%zu", (int)w->length, w->text,
		    b->count);
	}
	pc_buf_add(&got, "", 1);
	same = strcmp((char *)got.data, want) == 0;
	OK(same, "%s", want);
	if (!same)
		printf("# got: %s\n", (char *)got.data);
	OK(is_whole(p), "no word is lost");
	free(got.data);
	page_drop(p);
}

/* ---- the cases ---- */

static void
headings(void)
{
	struct pc_buf b = {0};
	struct page p;
	int y;

	add_size(&b, 5000, 10000, 1800, "Title of all");
	y = add_prose(&b, 5000, 14000, 4);
	add_size(&b, 5000, y + 1000, 1400, "1.2 Section");
	y = add_prose(&b, 5000, y + 3600, 4);
	add(&b, 5000, y + 1500, "Plain heading");
	y = add_prose(&b, 5000, y + 3000, 3);
	add(&b, 5000, y + 600, "No heading, for it ends with a stop.");
	add_prose(&b, 5000, y + 600 + LEAD + 600, 3);
	p = lay_out(&b);
	expect(&p,
	    "heading 1 Title/1, paragraph visitor/4, "
	    "heading 2 1.2/1, paragraph visitor/4, "
	    "heading 4 Plain/1, paragraph visitor/3, "
	    "paragraph No/1, paragraph visitor/3");
}

static void
paragraphs(void)
{
	struct pc_buf b = {0};
	struct page p;
	int y = add_prose(&b, 5000, 10000, 4);

	/* By an indent alone. */
	add(&b, 6500, y, prose);
	add_prose(&b, 5000, y + LEAD, 3);
	p = lay_out(&b);
	expect(&p, "paragraph visitor/4, paragraph visitor/4");
}

static void
lists(void)
{
	struct pc_buf b = {0};
	struct page p;
	int y = add_prose(&b, 5000, 10000, 3);

	add(&b, 5000, y += 600, "•");
	add(&b, 7500, y, "far from its bullet");
	add(&b, 7500, y += LEAD, "and on two lines");
	add(&b, 5000, y += LEAD, "• second");
	y = add_prose(&b, 5000, y + LEAD + 600, 3);
	add(&b, 5000, y += 600, "1. one");
	add(&b, 5000, y += LEAD, "2. two");
	add(&b, 5000, y += LEAD, "3. three");
	add_prose(&b, 5000, y + LEAD + 600, 3);
	p = lay_out(&b);
	expect(&p,
	    "paragraph visitor/3, list •/3, paragraph visitor/3, "
	    "list 1./3, paragraph visitor/3");
}

static const char *const cells[4][3] = {{"Article", "Colour", "Price"},
    {"Lantern of brass", "yellow", "17.50"}, {"Kettle", "copper red", "9.00"},
    {"Chair", "brown", "44.00"}};

static void
add_cell(struct pc_buf *b, int y, int row, int column)
{
	static const int x[] = {8000, 18000, 30000};
	int shift = column == 2 ? (6 - (int)strlen(cells[row][2])) * LETTER : 0;

	add(b, x[column] + shift, y + row * LEAD, cells[row][column]);
}

static void
tables(int by_column)
{
	struct pc_buf b = {0};
	struct page p;
	int y = add_prose(&b, 5000, 10000, 3) + 600;

	for (int i = 0; i < 12; i++)
		add_cell(&b, y, by_column ? i % 4 : i / 3,
		    by_column ? i / 4 : i % 3);
	add(&b, 8000, y + 4 * LEAD + 600, "Table 2: What they cost");
	add_prose(&b, 5000, y + 6 * LEAD + 600, 3);
	p = lay_out(&b);
	OK(p.block_count > 1 && p.blocks[1].count == 4 &&
		p.lines[p.blocks[1].first + 1].count == 5 &&
		memcmp(p.words[p.lines[p.blocks[1].first + 1].first + 3].text,
		    "yellow", 6) == 0,
	    "rows have their cells from left to right");
	expect(&p,
	    "paragraph visitor/3, table Article/4, caption Table/1, "
	    "paragraph visitor/3");
}

/* Figures in the text are not captions. */
static void
captions(void)
{
	struct pc_buf b = {0};
	struct page p;

	add(&b, 5000, 10000, "Figure 3. The harbour");
	add(&b, 5000, 14000, "Abb. 4: Der Hafen");
	add(&b, 5000, 18000, "Figure 3 shows that the harbour is full.");
	p = lay_out(&b);
	expect(&p, "caption Figure/1, caption Abb./1, paragraph Figure/1");
}

static void
columns(void)
{
	struct pc_buf b = {0};
	struct page p;

	/* As badly ordered as can be: right before left, title last. */
	add(&b, 32000, 15000, "Right:");
	add_prose(&b, 32000, 18000, 4);
	add_prose(&b, 32000, 26000, 6);
	add(&b, 5000, 15000, "Left:");
	add_prose(&b, 5000, 18000, 6);
	add_prose(&b, 5000, 26000, 4);
	add_size(&b, 20000, 10000, 1800, "Title over both");
	p = lay_out(&b);
	expect(&p,
	    "heading 1 Title/1, paragraph Left:/1, paragraph visitor/6, "
	    "paragraph visitor/4, paragraph Right:/1, "
	    "paragraph visitor/4, paragraph visitor/6");
}

/* Lines side by side, as poppler joins them: the gutter is narrower than the
 * letters are high, and no wider than some spaces of justified text. */
static void
narrow_gutter(void)
{
	static const int left = 5000, right = left + 43 * LETTER + 700;
	struct pc_buf b = {0};
	struct page p;

	for (int y = 10000; y < 10000 + 6 * LEAD; y += LEAD) {
		if (y == 10000 + 3 * LEAD) {
			add(&b, left, y, "visitor");
			add(&b, left + 5500, y, "calls");
			add(&b, left + 10000, y, "later");
		} else {
			add(&b, left, y, prose);
		}
		add(&b, right, y, prose);
	}
	p = lay_out(&b);
	expect(&p, "paragraph visitor/6, paragraph visitor/6");
}

/* The strip between the columns of a table is not a gutter. */
static void
wide_table(void)
{
	struct pc_buf b = {0};
	struct page p;

	for (int y = 10000; y < 10000 + 6 * LEAD; y += LEAD) {
		add(&b, 5000, y, "copper kettles");
		add(&b, 20000, y, "from Bergen");
		add(&b, 35000, y, "129.00");
	}
	p = lay_out(&b);
	expect(&p, "table copper/6");
}

static void
margins(void)
{
	struct pc_buf b = {0};
	struct page p;

	add_prose(&b, 5000, 12000, 5);
	add(&b, 5000, 5000, "Report");
	add(&b, 50000, 5000, "2026");
	add(&b, 25000, 80000, "Page 1");
	p = lay_out(&b);
	expect(&p,
	    "header Report/1, header 2026/1, paragraph visitor/5, "
	    "footer Page/1");
	/* Text that goes on to the edge has none. */
	b = (struct pc_buf){0};
	add_prose(&b, 5000, 6000, 61);
	p = lay_out(&b);
	expect(&p, "paragraph visitor/61");
}

/* Labels up and down the edges are neither headings nor parts of lines, and
 * over the columns of a table each is a cell. */
static void
labels(void)
{
	static const char *const heads[] = {"Mon", "Tue", "Wed"};
	struct pc_buf b = {0};
	struct page p;
	int y = add_prose(&b, 5000, 10000, 4);

	add(&b, 5000, y + 4000, "Anna");
	add(&b, 5000, y + 4000 + LEAD, "Carl");
	add(&b, 5000, y + 4000 + 2 * LEAD, "Ruth");
	for (int i = 0; i < 3; i++)
		for (int row = 0; row < 3; row++)
			add(&b, 15000 + 4000 * i, y + 4000 + row * LEAD, "12");
	pc_buf_addf(&b, "q\t1\n");
	for (int i = 0; i < 3; i++)
		pc_buf_addf(&b, "w\t%d\t%d\t%d\t%d\t-1\t%s\n", 15000 + 4000 * i,
		    y + 1700, 15000 + 4000 * i + SIZE, y + 3200, heads[i]);
	pc_buf_addf(&b,
	    "w\t2000\t51000\t3000\t52300\t-1\tForm\n"
	    "w\t2000\t49200\t3000\t50700\t-1\t7b\n"
	    "q\t3\nw\t56000\t60000\t57000\t61400\t-1\tNo\n"
	    "w\t56000\t61700\t57000\t62800\t-1\t12\n"
	    "w\t58000\t65000\t59000\t66400\t-1\tA\nq\t0\n");
	add_prose(&b, 5000, 55000, 4);
	p = lay_out(&b);
	expect(&p,
	    "paragraph visitor/4, table Mon/4, paragraph Form/1, "
	    "paragraph visitor/4, paragraph No/1, paragraph A/1");
}

/* OCR says what it thinks; it is judged by sizes.  turned: the page lies on
 * its side. */
static void
ocr(int turned)
{
	static const char page[] =
	    "b\t5000\t10000\t25000\t11400\ttext\n"
	    "l\t5000\t10000\t25000\t11400\n"
	    "w\t5000\t10000\t25000\t11400\t9000\tHighletters\n"
	    "b\t5000\t14000\t25000\t15900\theading\n"
	    "l\t5000\t14000\t25000\t14700\n"
	    "w\t5000\t14000\t15000\t14700\t9000\tthe\n"
	    "w\t15300\t14000\t25000\t14920\t9000\tlong\n"
	    "l\t5000\t15200\t25000\t15900\n"
	    "w\t5000\t15200\t15000\t15900\t9000\tbody\n"
	    "w\t15300\t15200\t25000\t15900\t9000\ttext.\n"
	    "b\t5000\t20000\t25000\t30000\tfigure\n"
	    "b\t5000\t31000\t15000\t31700\ttext\n"
	    "l\t5000\t31000\t15000\t31700\n"
	    "w\t5000\t31000\t10000\t31700\t9000\tFigure\n"
	    "w\t10300\t31000\t15000\t31700\t9000\t3\n"
	    "b\t5000\t40000\t15000\t40100\ttext\n";
	struct page p = {.width = 60000, .height = 84000};
	struct box was;

	p.length = sizeof page - 1;
	p.data = malloc(p.length);
	memcpy(p.data, page, p.length);
	OK(page_parse(&p) == 0, "OCR's page can be read");
	p.rotation = turned;
	was = p.words[1].box;
	OK(page_lay_out(&p) == 0 &&
		memcmp(&was, &p.words[1].box, sizeof was) == 0,
	    "and laid out, its boxes as before");
	OK(p.block_count == 4 && p.blocks[2].type == BLOCK_FIGURE &&
		p.blocks[3].type == BLOCK_CAPTION,
	    "a figure, its caption, and no empty block");
	OK(turned ||
		(p.blocks[0].type == BLOCK_HEADING &&
		    p.blocks[1].type == BLOCK_PARAGRAPH),
	    "a heading is what is larger, not what OCR says");
	page_drop(&p);
}

/* A word that OCR read, with strokes of this width. */
static void
add_stroked(struct pc_buf *b, int x, int y, int stroke, const char *text)
{
	pc_buf_addf(b, "k\t%d\nw\t%d\t%d\t%d\t%d\t9000\t%s\n", stroke, x, y,
	    x + 4000, y + 700, text);
}

static void
add_lines(struct pc_buf *b, int y, int lines, int stroke, const char *text)
{
	for (; lines > 0; lines--, y += LEAD) {
		pc_buf_addf(b, "l\t5000\t%d\t13200\t%d\n", y, y + 700);
		add_stroked(b, 5000, y, stroke, text);
		add_stroked(b, 9200, y, stroke, "kettles");
	}
}

/* OCR takes a bold line for the first of the text below it, and the lines of
 * another for two. */
static void
bold_in_scan(void)
{
	struct pc_buf b = {0};
	struct page p;

	pc_buf_addf(&b, "b\t5000\t10000\t13200\t16000\ttext\n");
	add_lines(&b, 10000, 1, 130, "Brass");
	add_lines(&b, 10000 + LEAD, 5, 80, "Later");
	pc_buf_addf(&b, "b\t5000\t20000\t13200\t20700\ttext\n");
	add_lines(&b, 20000, 1, 130, "Copper");
	pc_buf_addf(&b, "b\t5000\t21200\t13200\t27900\ttext\n");
	add_lines(&b, 20000 + LEAD, 1, 130, "heavy");
	add_lines(&b, 20000 + 2 * LEAD, 5, 85, "Other");
	p = lay_out(&b);
	expect(&p,
	    "heading 4 Brass/1, paragraph Later/5, "
	    "heading 4 Copper/2, paragraph Other/5");
}

/* ---- what no page has ---- */

static void
hostile(void)
{
	static const int places[] = {-100000000, 100000000, 0, 1, -1, 500,
	    99999999, 20000};
	static const char *const texts[] = {"•", "1.", "Table", "3", "word", "",
	    ".", "e"};
	struct pc_buf b = {0};
	unsigned seed = 1;
	struct page p;

	for (int i = 0; i < 20000; i++) {
		int at[4];

		for (int j = 0; j < 4; j++) {
			seed = seed * 1103515245 + 12345;
			at[j] = places[seed >> 16 & 7];
		}
		seed = seed * 1103515245 + 12345;
		pc_buf_addf(&b, "w\t%d\t%d\t%d\t%d\t-1\t%s\n", at[0], at[1],
		    at[2], at[3], texts[seed >> 16 & 7]);
	}
	p = lay_out(&b);
	OK(is_whole(&p), "no word of junk is lost");
	page_drop(&p);
}

/* kind 0: a long page of prose; 1: one row; 2: all in one place; 3: a grid;
 * 4: a stair. */
static void
many(int kind)
{
	struct pc_buf b = {0};
	struct page p;
	clock_t start;
	double took;

	for (int i = 0; i < MANY; i++) {
		const int x = kind == 1 ? i * 400
		    : kind == 2         ? 0
		    : kind == 3         ? i % 400 * 4000
		    : kind == 4         ? i * 400
					: i % 10 * 2500;
		const int y = kind == 1 || kind == 2 ? 0
		    : kind == 3                      ? i / 400 * LEAD
		    : kind == 4                      ? i * 400
						     : i / 10 * LEAD;

		pc_buf_addf(&b, "w\t%d\t%d\t%d\t%d\t-1\tword\n", x, y,
		    x + (kind == 0 ? 2000 : 300), y + (kind == 4 ? 300 : 1000));
	}
	start = clock();
	p = lay_out(&b);
	took = (double)(clock() - start) / CLOCKS_PER_SEC;
	OK(is_whole(&p), "no word of %d is lost", MANY);
	/* It takes a tenth of a second; what grows with the square of MANY
	 * would take hours, even where valgrind counts every step. */
	OK(took < 60, "in good time");
	page_drop(&p);
}

/* A cell of many lines. */
static void
wrapped_cell(void)
{
	struct pc_buf b = {0};
	struct page p;

	for (int row = 0, y = 10000; row < 3; row++, y += 1500) {
		add(&b, 5000, y, row ? "Rope" : "Name");
		add(&b, 15000, y, row ? "made of hemp and" : "About");
		add(&b, 30000, y, row ? "12" : "Count");
		for (int i = 0; row == 1 && i < 4; i++)
			add(&b, 15000, y += LEAD, "twelve metres in");
	}
	p = lay_out(&b);
	OK(p.blocks[0].rows == 3 && p.blocks[0].columns == 3 &&
		p.blocks[0].cell_count == 9,
	    "a table of three rows, of which one has a cell of five lines");
	expect(&p, "table Name/7");
}

/* Lines that are as wide as their column: each with wide spaces of its own. */
static void
justified(void)
{
	static const int spaces[] = {1500, 2100, 1700, 2400};
	struct pc_buf b = {0};
	struct page p;

	for (int i = 0; i < 4; i++)
		for (int word = 0; word < 4; word++)
			add(&b, 5000 + word * (1500 + spaces[i]),
			    10000 + i * LEAD, word % 2 ? "and" : "The");
	p = lay_out(&b);
	for (size_t i = 0; i < p.block_count; i++)
		OK(p.blocks[i].type != BLOCK_TABLE,
		    "justified lines are not a table");
	OK(is_whole(&p), "no word is lost");
	page_drop(&p);
}

/* Lines of a table's contents, and one that OCR read as a letter. */
static void
contents_and_rules(void)
{
	struct pc_buf b = {0}, ink = {0};
	struct page p;

	for (int i = 0, y = 10000; i < 4; i++, y += LEAD) {
		add(&b, 5000, y, "The harbour office");
		add(&b, 16000, y, "............");
		add(&b, 30000, y, i % 2 ? "12" : "27");
	}
	p = lay_out(&b);
	OK(p.block_count > 0 && p.blocks[0].type != BLOCK_TABLE,
	    "dots that lead to a page number are not between cells");
	OK(is_whole(&p), "no word is lost");
	page_drop(&p);

	pc_buf_addf(&ink, "b\t5000\t10000\t30000\t14000\ttable\n");
	for (int i = 0, y = 10000; i < 3; i++, y += LEAD) {
		pc_buf_addf(&ink, "l\t5000\t%d\t30000\t%d\n", y, y + SIZE);
		add(&ink, 5000, y, "Chair");
		if (i == 1)
			add(&ink, 10000, y, "|");
		add(&ink, 15000, y, "88.25");
	}
	p = lay_out(&ink);
	OK(p.blocks[0].columns == 2 && p.blocks[0].cell_count == 6,
	    "a line that was read as a letter is not a cell");
	page_drop(&p);
}

/* A table that OCR read, and ink without text; word: the layer has one there.
 */
static void
unread_cell(int word)
{
	struct pc_buf b = {0};
	struct page p;

	pc_buf_addf(&b,
	    "u\t20000\t11000\t20500\t11700\n"
	    "u\t20000\t61000\t20500\t61700\n");
	for (int y = 10000; y < 14000; y += 1000) {
		pc_buf_addf(&b, "w\t5000\t%d\t8000\t%d\t-1\tRope\n", y,
		    y + 700);
		if (word || y != 11000)
			pc_buf_addf(&b, "w\t20000\t%d\t20500\t%d\t-1\t4\n", y,
			    y + 700);
		pc_buf_addf(&b, "w\t30000\t%d\t33000\t%d\t-1\t18.50\n", y,
		    y + 700);
	}
	p = lay_out(&b);
	OK(p.block_count == 1 && p.blocks[0].type == BLOCK_TABLE &&
		p.blocks[0].columns == 3,
	    "a table with a cell that OCR could not read is found");
	OK((p.marks & MARK_CELL_UNREAD) == (word ? 0 : MARK_CELL_UNREAD),
	    "its page is marked, unless there is a word");
	page_drop(&p);
}

int
main(void)
{
	struct page empty = {0};

	headings();
	paragraphs();
	lists();
	tables(0);
	tables(1);
	wrapped_cell();
	justified();
	contents_and_rules();
	captions();
	columns();
	narrow_gutter();
	wide_table();
	margins();
	labels();
	ocr(0);
	ocr(90);
	bold_in_scan();
	hostile();
	for (int kind = 0; kind < 5; kind++)
		many(kind);
	unread_cell(0);
	unread_cell(1);
	OK(page_lay_out(&empty) == 0, "a page of nothing");
	return tap_done();
}
