/* format.c - pages in every form that pc-ocr prints. */
#include "ocr/format/format.h"
#include "ocr/layout/layout.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

/* ---- pages by hand ---- */

/* A page of words, and what its blocks are when the text cannot say so. */
static struct page
words(unsigned number, const char *data, const enum block_type *types)
{
	struct page p = {.number = number,
	    .width = 59528,
	    .height = 84189,
	    .source = SOURCE_NO_TEXT,
	    .confidence = 9530,
	    .parsed = 1};

	p.length = strlen(data);
	p.data = (unsigned char *)strdup(data);
	if (!p.data || page_parse(&p) < 0)
		abort();
	for (size_t i = 0; types && i < p.block_count; i++) {
		p.blocks[i].type = types[i];
		p.blocks[i].level = 2;
	}
	return p;
}

static struct page
plain(unsigned number, enum page_source source, const char *text)
{
	struct page p = {.number = number, .source = source, .confidence = -1};

	p.length = strlen(text);
	p.data = (unsigned char *)strdup(text);
	if (!p.data)
		abort();
	return p;
}

static struct page
failed(unsigned number, const char *error)
{
	struct page p = {.number = number, .confidence = -1};

	snprintf(p.error, sizeof p.error, "%s", error);
	return p;
}

/* All of them in a form; the pages are freed. */
static char *
form(enum format f, int dehyphenate, size_t n, struct page *p)
{
	struct format_options o = {.format = f, .dehyphenate = dehyphenate};
	struct format_state state = {0};
	struct pc_buf out = {0};

	format_begin(&o, &state, &out);
	for (size_t i = 0; i < n; i++) {
		format_page(&o, &state, &p[i], i, &out);
		page_drop(&p[i]);
	}
	format_end(&o, &state, &out);
	format_state_clear(&state);
	pc_buf_add(&out, "", 1);
	if (out.failed)
		abort();
	return (char *)out.data;
}

static char *
form1(enum format f, int dehyphenate, struct page p)
{
	return form(f, dehyphenate, 1, &p);
}

/* Is it that?  Frees it. */
static int
is(char *got, const char *want)
{
	int same = strcmp(got, want) == 0;

	if (!same)
		printf("# got:\n%s\n# but not:\n%s\n", got, want);
	free(got);
	return same;
}

/* Is it part of that?  Frees it. */
static int
has(char *got, const char *part)
{
	int found = strstr(got, part) != NULL;

	free(got);
	return found;
}

#define HOSTILE "<a&amp;\"b'>]]>\\\xef\xbf\xbf\xc3\xa4"

/* A heading, two lines of text, a figure. */
static const char simple[] = "b\t7200\t7200\t30000\t9000\theading\n"
			     "l\t7200\t7200\t30000\t9000\n"
			     "w\t7200\t7200\t12000\t9000\t9611\tOn\n"
			     "w\t12600\t7200\t30000\t9000\t-1\tMice\n"
			     "b\t7200\t10000\t30000\t13000\ttext\n"
			     "l\t7200\t10000\t30000\t11000\n"
			     "w\t7200\t10000\t12000\t11000\t10000\tAn\n"
			     "w\t13000\t10000\t30000\t11000\t9000\texam-\n"
			     "l\t7200\t12000\t30000\t13000\n"
			     "w\t7200\t12000\t12000\t13000\t5\tple\n"
			     "w\t13000\t12000\t30000\t13000\t0\t" HOSTILE "\n"
			     "b\t7200\t20000\t30000\t40000\tfigure\n";

/* ---- text ---- */

static void
test_text(void)
{
	struct page pages[4];

	OK(is(form1(FORMAT_TEXT, 0, words(1, simple, NULL)),
	       "On Mice\n\nAn exam-\nple " HOSTILE "\n"),
	    "words as text");
	OK(is(form1(FORMAT_TEXT, 1, words(1, simple, NULL)),
	       "On Mice\n\nAn example\n" HOSTILE "\n"),
	    "and without hyphens");
	OK(is(form1(FORMAT_TEXT, 0,
		  plain(1, SOURCE_TEXT_LAYER, "a \n\n  b\t\n \f\n\f")),
	       "a \n\n  b\n"),
	    "a layer's end is one newline");
	OK(is(form1(FORMAT_TEXT, 0, plain(1, SOURCE_TEXT_LAYER, "a\fb")),
	       "a\nb\n"),
	    "no form feed within a page");
	OK(is(form1(FORMAT_TEXT, 0, plain(1, SOURCE_TEXT_LAYER, " \n\f")), ""),
	    "an empty page is empty");
	OK(is(form1(FORMAT_TEXT, 0, plain(1, SOURCE_TEXT, "a\r\n \f\n\n")),
	       "a\r\n \f\n\n"),
	    "a text file is as it is");
	OK(is(form1(FORMAT_TEXT, 0, plain(1, SOURCE_TEXT, "")), ""),
	    "or empty");
	OK(is(form1(FORMAT_TEXT, 0,
		  words(1, "w\t0\t0\t1\t1\t-1\ta\nw\t2\t0\t3\t1\t-1\tb\n",
		      NULL)),
	       "a b\n"),
	    "words without a layout are not lost");
	pages[0] = plain(1, SOURCE_TEXT_LAYER, "one\n");
	pages[1] = failed(2, "broken");
	pages[2] = words(3, "", NULL);
	pages[3] = plain(4, SOURCE_TEXT_LAYER, "four");
	OK(is(form(FORMAT_TEXT, 0, 4, pages), "one\n\f\f\ffour\n"),
	    "a form feed before each page but the first");
	OK(is(form(FORMAT_TEXT, 0, 0, NULL), ""), "no pages, no text");
}

static void
test_hyphens(void)
{
	static const struct {
		const char *text, *want;
	} t[] = {
	    {"an exam-\nple of it\n", "an example\nof it\n"},
	    {"an exam- \r\n\tple\nof it\n", "an example\nof it\n"},
	    {"ab-\ncd-\nef gh", "abcdef\ngh\n"},
	    {"exam-\nple", "example\n"},
	    {"\xc3\xbc"
	     "ber-\n\xc3\xa4ngstlich",
		"\xc3\xbc"
		"ber"
		"\xc3\xa4ngstlich\n"},
	    {"exam\xe2\x80\x90\nple", "example\n"},
	    {"exam\xc2\xad\nple", "example\n"},
	    {"A\xc2\xad\nor b", "Aor\nb\n"},
	    {"\xd0\xbf\xd1\x80\xd0\xb8-\n\xd0\xbc\xd0\xb5\xd1\x80",
		"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80\n"},
	    /* and what stays */
	    {"exam-\n\nple", NULL},
	    {"exam-\nPle", NULL},
	    {"exam-\n1", NULL},
	    {"exam -\nple", NULL},
	    {"-\nple", NULL},
	    {"--\nple", NULL},
	    {"e-\nmail", NULL},
	    {"NATO-\nfree", NULL},
	    {"covid19-\nlike", NULL},
	    {"state-of-the-\nart", NULL},
	    {"see a.org/my-\npage", NULL},
	    {"Ein-\nund Ausgabe", NULL},
	    {"pre-\nor postfix", NULL},
	    {"exam-\na", NULL},
	    {"exam-", NULL},
	    {"\nple", NULL},
	    {"\xc2\xad\nple", NULL},
	};
	char *big = malloc(400001);

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct page p = plain(1, SOURCE_TEXT_LAYER, t[i].text);
		char same[64];

		snprintf(same, sizeof same, "%s\n", t[i].text);
		OK(is(form1(FORMAT_TEXT, 1, p), t[i].want ? t[i].want : same),
		    "hyphen %zu %s", i, t[i].want ? "goes" : "stays");
	}
	for (size_t i = 0; i < 400000; i += 4)
		memcpy(big + i, "ab-\n", 4);
	big[400000] = '\0';
	free(form1(FORMAT_TEXT, 1, plain(1, SOURCE_TEXT_LAYER, big)));
	free(big);
	OK(1, "nothing but hyphens takes no time");
}

/* ---- letters and blanks ---- */

/* A line of these words, ten points high, each a gap of points after the one
 * before, which is twenty points wide. */
static struct page
spaced(int gap, const char *const *texts)
{
	struct pc_buf data = {0};
	struct page p;
	int x = 1000;

	pc_buf_addf(&data,
	    "b\t0\t0\t50000\t1000\ttext\nl\t0\t0\t50000\t1000\n");
	for (; *texts; texts++, x += 2000 + gap)
		pc_buf_addf(&data, "w\t%d\t0\t%d\t1000\t-1\t%s\n", x, x + 2000,
		    *texts);
	pc_buf_add(&data, "", 1);
	p = words(1, (char *)data.data, NULL);
	free(data.data);
	return p;
}

static void
test_blanks(void)
{
	static const struct {
		int gap;
		const char *words[4], *want, *name;
	} t[] = {
	    {300, {"中", "文"}, "中文\n", "no blank between Chinese words"},
	    {300, {"かな", "漢字"}, "かな漢字\n",
		"no blank between Japanese words"},
	    {2000, {"中", "文"}, "中 文\n",
		"a gap of two characters is a blank"},
	    {900, {"中。", "文"}, "中。文\n",
		"punctuation fills only a part of its square"},
	    {100, {"ภาษา", "ไทย"}, "ภาษาไทย\n", "no blank between Thai words"},
	    {400, {"ภาษา", "ไทย"}, "ภาษา ไทย\n",
		"a blank between Thai sentences"},
	    {300, {"한국", "어"}, "한국 어\n", "blanks between Korean words"},
	    {300, {"中", "abc", "文"}, "中 abc 文\n",
		"a blank between Chinese and Latin words"},
	    {300, {"\xef\xac\x83", "a\xc2\xad", "\xe2\x80\x8f"}, "ffi a-\n",
		"words are cleaned, and those of marks dropped"},
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		OK(is(form1(FORMAT_TEXT, 0, spaced(t[i].gap, t[i].words)),
		       t[i].want),
		    "%s", t[i].name);
	OK(is(form1(FORMAT_MD, 0, spaced(300, t[0].words)), "中文\n"),
	    "no blank between Chinese words in Markdown");
	OK(!has(form1(FORMAT_HOCR, 0, spaced(300, t[0].words)),
	       "</span> <span"),
	    "no blank between Chinese words in hOCR");
	OK(!has(form1(FORMAT_ALTO, 0, spaced(300, t[0].words)), "<SP/>"),
	    "no blank between Chinese words in ALTO");
	OK(has(form1(FORMAT_ALTO, 0, spaced(2000, t[0].words)), "<SP/>"),
	    "but one across a wide gap");
}

/* ---- layout ---- */

static int
json_is(const struct pc_json *j, const char *want)
{
	size_t n;
	const char *s = pc_json_text(j, &n);

	return s && n == strlen(want) && memcmp(s, want, n) == 0;
}

static double
real_at(const struct pc_json *j, size_t i)
{
	double v = -1;

	pc_json_real(pc_json_at(j, i), &v);
	return v;
}

static void
check_words(const struct pc_json *page)
{
	const struct pc_json *block, *line, *word;
	double v = 0;
	int64_t n = 0;

	OK(pc_json_int(pc_json_get(page, "page"), &n) == 0 && n == 1, "page");
	OK(pc_json_real(pc_json_get(page, "height"), &v) == 0 && v > 841.885 &&
		v < 841.895,
	    "height in points");
	OK(json_is(pc_json_get(page, "source"), "no-text"), "source");
	OK(pc_json_length(pc_json_get(page, "blocks")) == 3, "blocks");
	block = pc_json_at(pc_json_get(page, "blocks"), 0);
	OK(json_is(pc_json_get(block, "type"), "heading"), "type");
	OK(json_is(pc_json_get(block, "text"), "On Mice"), "text");
	OK(pc_json_get(block, "level") != NULL, "a heading's level");
	block = pc_json_at(pc_json_get(page, "blocks"), 1);
	OK(pc_json_get(block, "level") == NULL, "which others have not");
	OK(json_is(pc_json_get(block, "text"), "An exam-\nple " HOSTILE),
	    "lines of text");
	line = pc_json_at(pc_json_get(block, "lines"), 1);
	OK(real_at(pc_json_get(line, "box"), 1) == 120, "a line's box");
	word = pc_json_at(pc_json_get(line, "words"), 1);
	OK(json_is(pc_json_get(word, "text"), HOSTILE), "a word");
	OK(pc_json_real(pc_json_get(word, "confidence"), &v) == 0 && v == 0,
	    "its confidence");
	block = pc_json_at(pc_json_get(page, "blocks"), 2);
	OK(json_is(pc_json_get(block, "type"), "figure") &&
		pc_json_length(pc_json_get(block, "lines")) == 0,
	    "a figure");
}

static void
test_layout(void)
{
	struct page pages[4] = {words(1, simple, NULL),
	    failed(2, "a \"quote\" & \xc3"), words(3, "", NULL),
	    plain(4, SOURCE_TEXT, "a\x01\n\"b\"\n")};
	char *text = form(FORMAT_LAYOUT, 0, 4, pages);
	struct pc_error err = {0};
	struct pc_json *j = pc_json_parse(text, strlen(text), &err);
	const struct pc_json *list = pc_json_get(j, "pages"), *p;

	OK(j && pc_json_length(list) == 4, "four pages in JSON %s", err.text);
	check_words(pc_json_at(list, 0));
	p = pc_json_at(list, 1);
	OK(json_is(pc_json_get(p, "error"), "a \"quote\" & \xef\xbf\xbd") &&
		!pc_json_get(p, "blocks"),
	    "a page with an error");
	p = pc_json_at(list, 3);
	OK(json_is(pc_json_get(p, "text"), "a\x01\n\"b\"\n") &&
		!pc_json_get(p, "confidence") && !pc_json_get(p, "width"),
	    "a page of text");
	OK(strstr(text,
	       "\"width\":595.28,\"height\":841.89,"
	       "\"source\":\"no-text\",\"confidence\":95.3,"
	       "\"rotation\":0,\"blocks\":[{") != NULL,
	    "numbers as they were");
	OK(strstr(text,
	       "{\"text\":\"Mice\",\"box\":[126.00,72.00,300.00,"
	       "90.00]}]}]}") != NULL,
	    "no confidence where there is none");
	free(text);
	pc_json_free(j);
	text = form(FORMAT_LAYOUT, 0, 0, NULL);
	j = pc_json_parse(text, strlen(text), &err);
	OK(j && pc_json_length(pc_json_get(j, "pages")) == 0, "no pages");
	free(text);
	pc_json_free(j);
}

/* ---- TSV ---- */

#define TSV_HEADER                                                             \
	"level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\t"      \
	"top\twidth\theight\tconf\ttext\n"

static void
test_tsv(void)
{
	struct page pages[3] = {words(7,
				    "b\t-50\t100\t2000\t1200\ttext\n"
				    "l\t-50\t100\t2000\t1200\n"
				    "w\t-50\t100\t1000\t1200\t9550\ta\"b\n"
				    "w\t1100\t100\t1000\t1200\t-1\tc\n"
				    "b\t0\t5000\t100\t6000\tfigure\n",
				    NULL),
	    failed(8, "broken"), plain(9, SOURCE_TEXT, "\n x y\n\n\nz")};

	OK(is(form(FORMAT_TSV, 0, 3, pages),
	       TSV_HEADER
	       "1\t7\t0\t0\t0\t0\t0.00\t0.00\t595.28\t841.89\t-1\t\n"
	       "2\t7\t1\t0\t0\t0\t-0.50\t1.00\t20.50\t11.00\t-1\t\n"
	       "3\t7\t1\t1\t0\t0\t-0.50\t1.00\t20.50\t11.00\t-1\t\n"
	       "4\t7\t1\t1\t1\t0\t-0.50\t1.00\t20.50\t11.00\t-1\t\n"
	       "5\t7\t1\t1\t1\t1\t-0.50\t1.00\t10.50\t11.00\t95.5\ta\"b\n"
	       "5\t7\t1\t1\t1\t2\t11.00\t1.00\t0.00\t11.00\t-1\tc\n"
	       "2\t7\t2\t0\t0\t0\t0.00\t50.00\t1.00\t10.00\t-1\t\n"
	       "1\t8\t0\t0\t0\t0\t0.00\t0.00\t0.00\t0.00\t-1\t\n"
	       "1\t9\t0\t0\t0\t0\t0.00\t0.00\t0.00\t0.00\t-1\t\n"
	       "5\t9\t1\t1\t1\t1\t0.00\t0.00\t0.00\t0.00\t-1\tx\n"
	       "5\t9\t1\t1\t1\t2\t0.00\t0.00\t0.00\t0.00\t-1\ty\n"
	       "5\t9\t1\t1\t2\t1\t0.00\t0.00\t0.00\t0.00\t-1\tz\n"),
	    "tesseract's columns");
	OK(is(form(FORMAT_TSV, 0, 0, NULL), TSV_HEADER), "no pages");
}

/* ---- XML ---- */

/* Does xmllint(1), where there is one, take it? */
static void
check_xml(const char *text, const char *what)
{
	FILE *f;

	if (system("command -v xmllint >/dev/null 2>&1") != 0) {
		OK(1, "%s # SKIP no xmllint", what);
		return;
	}
	f = popen("xmllint --nonet --noout - 2>&1 | sed 's/^/# /'", "w");
	if (!f)
		abort();
	fputs(text, f);
	pclose(f);
	f = popen("xmllint --nonet --noout - 2>/dev/null", "w");
	if (!f)
		abort();
	fputs(text, f);
	OK(pclose(f) == 0, "%s is well-formed", what);
}

#define HOSTILE_XML "&lt;a&amp;amp;&quot;b&#39;&gt;]]&gt;\\\xef\xbf\xbd\xc3\xa4"

static char *
many_pages(enum format f)
{
	struct page pages[5] = {words(1, simple, NULL),
	    failed(2, "a \"quote\" < \xc3"), words(3, "", NULL),
	    plain(4, SOURCE_TEXT, "a\x01\r\n\f<b>\n\n]]>"),
	    words(5,
		"b\t0\t0\t900\t900\ttext\nl\t0\t0\t900\t900\n"
		"w\t0\t0\t900\t900\t-1\thead\n"
		"b\t0\t0\t900\t900\ttext\nl\t0\t0\t900\t900\n"
		"b\t-9\t-9\t-90\t900\ttext\nl\t0\t0\t900\t900\n"
		"w\t900\t900\t0\t0\t-1\t\n",
		(enum block_type[]){BLOCK_HEADER, BLOCK_FIGURE, BLOCK_FOOTER})};

	return form(f, 0, 5, pages);
}

static void
test_hocr(void)
{
	char *text = many_pages(FORMAT_HOCR);

	check_xml(text, "hOCR");
	OK(strstr(text,
	       "<div class=\"ocr_page\" id=\"page_1\" title=\"bbox 0 "
	       "0 2480 3508; ppageno 0; scan_res 300 300\">\n"
	       "<div class=\"ocr_carea\" id=\"block_1_1\" "
	       "title=\"bbox 300 300 1250 375; x_type heading; "
	       "x_level 0\">\n"
	       "<p class=\"ocr_par\" id=\"par_1_1\" "
	       "title=\"bbox 300 300 1250 375\">\n"
	       "<span class=\"ocr_line\" id=\"line_1_1\" "
	       "title=\"bbox 300 300 1250 375\">"
	       "<span class=\"ocrx_word\" id=\"word_1_1\" "
	       "title=\"bbox 300 300 500 375; x_wconf 96\">On</span> "
	       "<span class=\"ocrx_word\" id=\"word_1_2\" "
	       "title=\"bbox 525 300 1250 375\">Mice</span></span>\n"
	       "</p>\n</div>\n") != NULL,
	    "page, area, paragraph, line, word");
	OK(strstr(text, "x_wconf 0\">" HOSTILE_XML "</span>") != NULL,
	    "escaped words");
	OK(strstr(text, "class=\"ocr_photo\" id=\"figure_1_3\"") != NULL,
	    "a figure");
	OK(strstr(text, "class=\"ocr_header\"") != NULL &&
		strstr(text, "class=\"ocr_footer\"") != NULL,
	    "header and footer");
	OK(strstr(text,
	       " data-error=\"a &quot;quote&quot; &lt; "
	       "\xef\xbf\xbd\">\n</div>\n") != NULL,
	    "an error");
	OK(strstr(text,
	       "<pre>a\xef\xbf\xbd&#13;\n\xef\xbf\xbd&lt;b&gt;\n\n"
	       "]]&gt;</pre>") != NULL,
	    "plain text");
	free(text);
	text = form(FORMAT_HOCR, 0, 0, NULL);
	check_xml(text, "hOCR of nothing");
	free(text);
}

static void
test_alto(void)
{
	char *text = many_pages(FORMAT_ALTO);

	check_xml(text, "ALTO");
	OK(strstr(text,
	       "<Page ID=\"page_1\" PHYSICAL_IMG_NR=\"1\" "
	       "WIDTH=\"2100\" HEIGHT=\"2970\" PC=\"0.9530\">\n"
	       "<PrintSpace HPOS=\"0\" VPOS=\"0\" WIDTH=\"2100\" "
	       "HEIGHT=\"2970\">\n"
	       "<TextBlock ID=\"block_1_1\" HPOS=\"254\" "
	       "VPOS=\"254\" WIDTH=\"804\" HEIGHT=\"64\" "
	       "TAGREFS=\"heading\">\n"
	       "<TextLine ID=\"line_1_1\" HPOS=\"254\" VPOS=\"254\" "
	       "WIDTH=\"804\" HEIGHT=\"64\">\n"
	       "<String ID=\"string_1_1\" HPOS=\"254\" VPOS=\"254\" "
	       "WIDTH=\"169\" HEIGHT=\"64\" WC=\"0.9611\" "
	       "CONTENT=\"On\"/>\n<SP/>\n"
	       "<String ID=\"string_1_2\" HPOS=\"445\" VPOS=\"254\" "
	       "WIDTH=\"613\" HEIGHT=\"64\" CONTENT=\"Mice\"/>\n"
	       "</TextLine>\n</TextBlock>\n") != NULL,
	    "page, block, line, strings");
	OK(strstr(text, "WC=\"1.0000\"") && strstr(text, "WC=\"0.0000\""),
	    "confidences from 0 to 1");
	OK(strstr(text, " CONTENT=\"" HOSTILE_XML "\"/>") != NULL,
	    "escaped words");
	OK(strstr(text, "<Illustration ID=\"figure_1_3\"") != NULL, "a figure");
	OK(strstr(text,
	       " QUALITY=\"Damaged\" QUALITY_DETAIL=\"a "
	       "&quot;quote&quot; &lt; \xef\xbf\xbd\"/>") != NULL,
	    "an error");
	OK(strstr(text,
	       "<TextLine>\n<String CONTENT=\"&lt;b&gt;\"/>\n"
	       "</TextLine>\n") != NULL,
	    "plain text");
	free(text);
}

/* ---- Markdown ---- */

/* A block of lines of words of 10 points, given as text: a line each, a
 * character is 5 points wide. */
static struct page
typed(const char *text, enum block_type type)
{
	struct pc_buf b = {0};
	struct page p;
	int y = 0;

	pc_buf_addf(&b, "b\t0\t0\t0\t0\ttext\n");
	for (; *text; y += 1200) {
		size_t n = strcspn(text, "\n");

		pc_buf_addf(&b, "l\t0\t%d\t%d\t%d\n", y, (int)n * 500,
		    y + 1000);
		for (size_t i = 0, len; i < n; i += len) {
			i += strspn(text + i, " ");
			len = strcspn(text + i, " \n");
			if (len > 0)
				pc_buf_addf(&b, "w\t%d\t%d\t%d\t%d\t-1\t%.*s\n",
				    (int)i * 500, y, (int)(i + len) * 500,
				    y + 1000, (int)len, text + i);
		}
		text += n + (text[n] == '\n');
	}
	pc_buf_add(&b, "", 1);
	p = words(1, (const char *)b.data, &type);
	pc_buf_clear(&b);
	return p;
}

static void
test_md_escapes(void)
{
	static const struct {
		const char *text, *want;
	} t[] = {
	    {"# no heading", "\\# no heading"},
	    {"#hash C# ####### x", NULL},
	    {"- no item", "\\- no item"},
	    {"--- x", "\\--- x"},
	    {"-5 degrees - and + more", NULL},
	    {"+ no item", "\\+ no item"},
	    {"* no item * x*y", "\\* no item * x\\*y"},
	    {"> no quote > 5", "\\> no quote > 5"},
	    {"2020. A year", "2020\\. A year"},
	    {"3) three", "3\\) three"},
	    {"3.5 litres", NULL},
	    {"1234567890. no list", NULL},
	    {"snake_case _so_", "snake_case \\_so\\_"},
	    {"`x`", "\\`x\\`"},
	    {"[1] a footnote", NULL},
	    {"[a](b) [1]", "\\[a](b) \\[1]"},
	    {"a < b <b> </b> <!-- <3", "a < b \\<b> \\</b> \\<!-- <3"},
	    {"AT&T &lt; &#60; & co; &", "AT&T \\&lt; \\&#60; & co; &"},
	    {"a\\*b C:\\dir \\", "a\\\\\\*b C:\\dir \\\\"},
	    {"~~no~~ ~5", "\\~\\~no\\~\\~ ~5"},
	    {"a | b", NULL},
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		char want[64];

		snprintf(want, sizeof want, "%s\n",
		    t[i].want ? t[i].want : t[i].text);
		OK(is(form1(FORMAT_MD, 0, typed(t[i].text, BLOCK_PARAGRAPH)),
		       want),
		    "Markdown: %s", t[i].text);
	}
}

static void
test_md_lists(void)
{
	OK(is(form1(FORMAT_MD, 0,
		  typed("• one\ngoes on\n•two\n– # three\n* four", BLOCK_LIST)),
	       "- one goes on\n- two\n- \\# three\n- four\n"),
	    "bullets");
	OK(is(form1(FORMAT_MD, 0,
		  typed("1. exam-\nple\n12) b\n2020. was\n3.5 l", BLOCK_LIST)),
	       "1. example\n12) b 2020. was 3.5 l\n"),
	    "numbers stay");
	OK(is(form1(FORMAT_MD, 0,
		  typed("a) x\n(ii) y\nof all. z\nB. w", BLOCK_LIST)),
	       "- a) x\n- (ii) y of all. z\n- B. w\n"),
	    "letters stay");
	OK(is(form1(FORMAT_MD, 0, typed("no sign\nof any", BLOCK_LIST)),
	       "- no sign of any\n"),
	    "one item at least");
}

static struct page
laid_out(struct page p)
{
	if (page_lay_out(&p) < 0)
		abort();
	return p;
}

/* How many columns does a row of n words become? */
static size_t
columns_of(size_t n)
{
	struct pc_buf line = {0};
	size_t bars = 0;
	char *text;

	for (int row = 0; row < 3; row++)
		for (size_t i = 1; i <= n; i++)
			pc_buf_addf(&line, "7%s", i < n ? "   " : "\n");
	pc_buf_add(&line, "", 1);
	text = form1(FORMAT_MD, 0,
	    laid_out(typed((const char *)line.data, BLOCK_TABLE)));
	for (const char *s = text; *s && *s != '\n'; s++)
		bars += *s == '|';
	free(text);
	pc_buf_clear(&line);
	return bars - 1;
}

static const char years[] = "                 Year of 2023\n"
			    "Region        <Adults        All\n"
			    "North, east        98        118\n"
			    "\"South\"                       92\n";
static const char more_years[] = "                 Year of 2023\n"
				 "Region        <Adults        All\n"
				 "West               77         95\n";

static void
test_md_tables(void)
{
	OK(is(form1(FORMAT_MD, 0,
		  laid_out(typed("Name of it     Price    Left\n"
				 "A very long name   5       x\n"
				 "b                500\n"
				 "c                          a|b\n",
		      BLOCK_TABLE))),
	       "| Name of it | Price | Left |\n"
	       "| --- | --- | --- |\n"
	       "| A very long name | 5 | x |\n"
	       "| b | 500 |  |\n"
	       "| c |  | a\\|b |\n"),
	    "columns flush left and right");
	OK(is(form1(FORMAT_MD, 0,
		  laid_out(words(1,
		      "b\t0\t0\t0\t0\ttable\n"
		      "l\t0\t0\t400\t1000\nw\t0\t0\t400\t1000\t-1\ta\n"
		      "l\t1600\t100\t2000\t1100\nw\t1600\t100\t2000\t1100\t-1\tb\n",
		      NULL))),
	       "| a | b |\n| --- | --- |\n"),
	    "lines side by side are a row");
	OK(is(form1(FORMAT_MD, 0, words(1, "b\t0\t0\t0\t0\ttable\n", NULL)),
	       ""),
	    "an empty table is none");
	OK(is(form1(FORMAT_MD, 0, laid_out(typed(years, BLOCK_TABLE))),
	       "<table>\n"
	       "<tr><td></td><th colspan=\"2\">Year of 2023</th></tr>\n"
	       "<tr><th>Region</th><th>&lt;Adults</th><th>All</th></tr>\n"
	       "<tr><td>North, east</td><td>98</td><td>118</td></tr>\n"
	       "<tr><td>&quot;South&quot;</td><td></td><td>92</td></tr>\n"
	       "</table>\n"),
	    "a cell that covers others needs HTML");
	OK(columns_of(50) == 50 && columns_of(100) == 64,
	    "as many columns as there can be");
}

/* A page with a table. */
static struct page
table(unsigned number, const char *text)
{
	struct page p = laid_out(typed(text, BLOCK_TABLE));

	p.number = number;
	return p;
}

static void
test_csv(void)
{
	struct page joined[] = {table(1, years), table(2, more_years)},
		    apart[] = {table(1, years), table(3, more_years)};

	OK(is(form(FORMAT_CSV, 0, 2, joined),
	       ",Year of 2023,\r\nRegion,<Adults,All\r\n"
	       "\"North, east\",98,118\r\n\"\"\"South\"\"\",,92\r\n"
	       "West,77,95\r\n"),
	    "CSV: a header that the next page repeats joins both tables");
	OK(is(form(FORMAT_CSV, 0, 2, apart),
	       ",Year of 2023,\r\nRegion,<Adults,All\r\n"
	       "\"North, east\",98,118\r\n\"\"\"South\"\"\",,92\r\n\r\n"
	       ",Year of 2023,\r\nRegion,<Adults,All\r\nWest,77,95\r\n"),
	    "CSV: an empty line separates tables");
	OK(is(form1(FORMAT_CSV, 0, words(1, simple, NULL)), ""),
	    "CSV: text is left out");
}

/* The value of a member, or -1. */
static int64_t
count(const struct pc_json *j, const char *key)
{
	int64_t v;

	return pc_json_int(pc_json_get(j, key), &v) == 0 ? v : -1;
}

static void
test_tables(void)
{
	struct page pages[] = {table(1, years), table(2, more_years),
	    table(4, more_years)};
	char *text = form(FORMAT_TABLES, 0, 3, pages);
	struct pc_error err;
	struct pc_json *all = pc_json_parse(text, strlen(text), &err);
	const struct pc_json *tables = pc_json_get(all, "tables"),
			     *one = pc_json_at(tables, 0),
			     *cells = pc_json_get(one, "cells");

	OK(pc_json_length(tables) == 2 && count(one, "rows") == 5 &&
		count(one, "columns") == 3 && count(one, "page") == 1,
	    "tables: one that goes on is one table");
	OK(count(pc_json_at(cells, 0), "row") == 0 &&
		count(pc_json_at(cells, 0), "column") == 1 &&
		count(pc_json_at(cells, 0), "columns") == 2,
	    "tables: a cell says how many columns it covers");
	OK(pc_json_length(cells) == 12 &&
		count(pc_json_at(cells, 11), "row") == 4 &&
		count(pc_json_at(cells, 11), "page") == 2,
	    "tables: a cell of another page says which");
	pc_json_free(all);
	free(text);
}

static void
test_md(void)
{
	static const char six[] =
	    "b\t0\t0\t9\t9\ttext\nl\t0\t0\t9\t9\nw\t0\t0\t9\t9\t-1\ta\n"
	    "b\t0\t0\t9\t9\ttext\nl\t0\t0\t9\t9\nw\t0\t0\t9\t9\t-1\tb\n"
	    "b\t0\t0\t9\t9\ttext\nl\t0\t0\t9\t9\nw\t0\t0\t9\t9\t-1\tc\n"
	    "b\t0\t0\t9\t9\ttext\nl\t0\t0\t9\t9\nw\t0\t0\t9\t9\t-1\t-7-\n"
	    "b\t0\t0\t9\t9\ttext\nl\t0\t0\t9\t9\nw\t0\t0\t9\t9\t-1\te#\n"
	    "b\t0\t0\t9\t9\ttext\nl\t0\t0\t9\t9\nw\t0\t0\t9\t9\t-1\tf*\n";
	struct page pages[4] = {
	    words(3, six,
		(enum block_type[]){BLOCK_HEADER, BLOCK_LIST, BLOCK_LIST,
		    BLOCK_FOOTER, BLOCK_HEADING, BLOCK_CAPTION}),
	    failed(4, "broken"), plain(5, SOURCE_TEXT, "# as it *is*"),
	    words(6, "b\t0\t0\t9\t9\tfigure\n", NULL)};

	OK(is(form(FORMAT_MD, 0, 4, pages),
	       "- b\n- c\n\n## e#\n\n*f\\**\n\n---\n\n\n---\n\n"
	       "# as it *is*\n\n---\n\n![figure](#page-6)\n"),
	    "blocks and pages in Markdown, without headers and footers");
	OK(is(form1(FORMAT_MD, 1, words(1, simple, NULL)),
	       "# On Mice\n\nAn example "
	       "\\<a\\&amp;\"b'>]]>\\\xef\xbf\xbf\xc3\xa4\n\n"
	       "![figure](#page-1)\n"),
	    "a paragraph is one line");
	OK(is(form1(FORMAT_MD, 0, typed("a # b #", BLOCK_HEADING)),
	       "## a # b \\#\n"),
	    "a heading's last sign");
}

/* Out of memory from the start: nothing is printed, nothing breaks. */
static void
test_failed(void)
{
	for (int f = 0; f < FORMATS; f++) {
		struct format_options o = {.format = (enum format)f,
		    .dehyphenate = 1};
		struct format_state state = {0};
		struct pc_buf out = {.failed = 1};
		struct page p[2] = {words(1, simple, NULL),
		    plain(2, SOURCE_TEXT_LAYER, "exam-\nple")};

		format_begin(&o, &state, &out);
		for (size_t i = 0; i < 2; i++) {
			format_page(&o, &state, &p[i], i, &out);
			page_drop(&p[i]);
		}
		format_end(&o, &state, &out);
		format_state_clear(&state);
		OK(out.failed && !out.data, "no memory for %s",
		    format_names[f]);
	}
}

/* A space in the text of a PDF is the code <0020>. */
static int
pdf_spaces(const char *data)
{
	static const char space[] = "<0020> Tj";
	const struct format_options o = {.format = FORMAT_PDF};
	struct page p = words(1, data, NULL);
	struct format_state state = {0};
	struct pc_buf out = {0};
	const unsigned char *at, *end;
	int n = 0;

	format_begin(&o, &state, &out);
	format_page(&o, &state, &p, 0, &out);
	format_end(&o, &state, &out);
	end = out.data + out.len;
	for (at = out.data; at; n += at != NULL) {
		at = memmem(at, (size_t)(end - at), space, sizeof space - 1);
		at = at ? at + 1 : NULL;
	}
	page_drop(&p);
	format_state_clear(&state);
	pc_buf_clear(&out);
	return n;
}

static void
test_pdf_spaces(void)
{
	OK(pdf_spaces("b\t0\t0\t9000\t1000\ttext\nl\t0\t0\t9000\t1000\n"
		      "w\t0\t0\t2000\t1000\t9000\tone\n"
		      "w\t2500\t0\t5000\t1000\t9000\ttwo\n") == 1,
	    "a PDF has a space between two words");
	OK(pdf_spaces("b\t0\t0\t9000\t1000\ttext\nl\t0\t0\t9000\t1000\n"
		      "w\t0\t0\t2000\t1000\t9000\t中文\n"
		      "w\t2500\t0\t5000\t1000\t9000\t文字\n"
		      "w\t5500\t0\t8000\t1000\t9000\tone\n") == 1,
	    "a PDF has no space between two Chinese words");
}

static int
needs_words(enum format format, int grid)
{
	return format_needs_words(
	    &(struct format_options){.format = format, .grid = grid});
}

int
main(void)
{
	OK(!needs_words(FORMAT_TEXT, 0) && needs_words(FORMAT_MD, 0) &&
		needs_words(FORMAT_LAYOUT, 0) && needs_words(FORMAT_TEXT, 1),
	    "text needs no words except with columns, others do");
	OK(strcmp(format_names[FORMAT_ALTO], "alto") == 0, "names");
	test_text();
	test_hyphens();
	test_blanks();
	test_layout();
	test_tsv();
	test_hocr();
	test_alto();
	test_md_escapes();
	test_md_lists();
	test_md_tables();
	test_csv();
	test_tables();
	test_md();
	test_failed();
	test_pdf_spaces();
	return tap_done();
}
