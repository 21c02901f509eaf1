/* engine_answer.c - see engine_answer.h. */
#include "engine_answer.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 1000 * 1000, COLUMNS = 12, WORD_LEVEL = 5 };

struct engine_word {
	double box[4];     /* pixels: left, top, right, bottom */
	double confidence; /* %; less than 0: none */
	unsigned block, line;
	size_t text, length; /* in the texts */
};

struct engine_words {
	const struct engine_picture *picture;
	struct pc_buf list; /* of struct engine_word */
	struct pc_buf texts;
	size_t count;
	int malformed;
};

static struct engine_word *
word_at(const struct engine_words *w, size_t i)
{
	return (struct engine_word *)(void *)w->list.data + i;
}

/* ---- words ---- */

static double
within(double v, double most)
{
	return v < 0 ? 0 : v > most ? most : v;
}

/* Is there something to be seen? */
static int
has_ink(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] > ' ')
			return 1;
	return 0;
}

/* The text is in texts, from `from` on. */
static void
add_word(struct engine_words *w, struct engine_word word, size_t from)
{
	char *text;

	word.text = from;
	word.length = w->texts.len - from;
	if (w->texts.failed || word.length == 0)
		return;
	text = (char *)w->texts.data + from;
	if (!has_ink(text, word.length))
		return;
	/* In a page, a blank would end the word's field. */
	for (size_t i = 0; i < word.length; i++)
		if ((unsigned char)text[i] <= ' ' || text[i] == 127)
			text[i] = '_';
	for (int i = 0; i < 4; i++)
		word.box[i] = within(word.box[i],
		    i % 2 ? w->picture->height : w->picture->width);
	if (w->count == WORDS_MAX || !(word.box[2] > word.box[0]) ||
	    !(word.box[3] > word.box[1]) || word.confidence > 100) {
		w->malformed = 1;
		return;
	}
	pc_buf_add(&w->list, &word, sizeof word);
	w->count++;
}

/* ---- TSV ---- */

static int
is_tsv(const char *text)
{
	return strncmp(text, "level\t", 6) == 0;
}

/* Read a number that a tab ends. */
static int
take_number(const char **at, double *v)
{
	char *end;

	*v = strtod(*at, &end);
	if (end == *at || *end != '\t' || !(*v > -1e7 && *v < 1e7))
		return -1;
	*at = end + 1;
	return 0;
}

static void
take_row(struct engine_words *w, const char *row, size_t n)
{
	double v[COLUMNS - 1];
	const char *at = row;
	struct engine_word word;
	const size_t from = w->texts.len;

	for (int i = 0; i < COLUMNS - 1; i++)
		if (take_number(&at, &v[i]) < 0 || at > row + n) {
			w->malformed = 1;
			return;
		}
	if (v[0] != WORD_LEVEL)
		return;
	word = (struct engine_word){
	    .box = {v[6], v[7], v[6] + v[8], v[7] + v[9]},
	    .confidence = v[10],
	    .block = (unsigned)(within(v[2], 1e6) * 1000 + within(v[3], 999)),
	    .line = (unsigned)within(v[4], 1e6)};
	pc_buf_add(&w->texts, at, (size_t)(row + n - at));
	add_word(w, word, from);
}

static void
read_tsv(struct engine_words *w, const char *text)
{
	size_t n = strcspn(text, "\n");

	while (text[n] && !w->malformed) {
		text += n + 1;
		n = strcspn(text, "\n");
		if (n > 0)
			take_row(w, text, n - (text[n - 1] == '\r' ? 1 : 0));
	}
}

/* ---- hOCR ---- */

static int
is_hocr(const char *text)
{
	return *text == '<' && strstr(text, "ocr_page") != NULL;
}

static int
tag_has(const char *tag, const char *end, const char *word)
{
	return memmem(tag, (size_t)(end - tag), word, strlen(word)) != NULL;
}

static void
add_character(struct pc_buf *b, unsigned long c)
{
	char utf8[5];
	int n = 0;

	if (c < 0x80) {
		utf8[n++] = (char)c;
	} else if (c < 0x800) {
		utf8[n++] = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		utf8[n++] = (char)(0xe0 | c >> 12);
		utf8[n++] = (char)(0x80 | (c >> 6 & 63));
	} else {
		utf8[n++] = (char)(0xf0 | (c >> 18 & 7));
		utf8[n++] = (char)(0x80 | (c >> 12 & 63));
		utf8[n++] = (char)(0x80 | (c >> 6 & 63));
	}
	if (c >= 0x80)
		utf8[n++] = (char)(0x80 | (c & 63));
	pc_buf_add(b, utf8, (size_t)n);
}

/* Append a reference such as &amp; or &#39;.  Its length; 0: it is none. */
static size_t
add_reference(struct pc_buf *b, const char *s)
{
	static const struct {
		const char *name;
		char c;
	} names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'},
	    {"&quot;", '"'}, {"&apos;", '\''}};
	unsigned long c;
	char *end;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strncmp(s, names[i].name, strlen(names[i].name)) == 0) {
			pc_buf_add(b, &names[i].c, 1);
			return strlen(names[i].name);
		}
	if (strncmp(s, "&#", 2) != 0)
		return 0;
	c = s[2] == 'x' || s[2] == 'X' ? strtoul(s + 3, &end, 16)
				       : strtoul(s + 2, &end, 10);
	if (*end != ';' || c == 0 || c > 0x10ffff)
		return 0;
	add_character(b, c);
	return (size_t)(end + 1 - s);
}

/* Append the text of an element, which may hold other elements of its kind.
 * The place behind its end; NULL: it has none. */
static const char *
take_text(struct engine_words *w, const char *s)
{
	int depth = 1;
	size_t n;

	while (*s && depth > 0) {
		if (*s == '<') {
			depth += strncmp(s, "<span", 5) == 0;
			depth -= strncmp(s, "</span", 6) == 0;
			s = strchr(s, '>');
			if (!s)
				return NULL;
			s++;
		} else if (*s == '&' && (n = add_reference(&w->texts, s)) > 0) {
			s += n;
		} else {
			if (*s != '\n' && *s != '\r')
				pc_buf_add(&w->texts, s, 1);
			s++;
		}
	}
	return depth == 0 ? s : NULL;
}

/* From the tag's title. */
static int
take_title(const char *tag, const char *end, struct engine_word *word)
{
	const char *box = memmem(tag, (size_t)(end - tag), "bbox ", 5);
	const char *sure = memmem(tag, (size_t)(end - tag), "x_wconf ", 8);
	double *b = word->box;

	word->confidence = sure ? strtod(sure + 8, NULL) : -1;
	return box &&
		sscanf(box, "bbox %lf %lf %lf %lf", &b[0], &b[1], &b[2],
		    &b[3]) == 4
	    ? 0
	    : -1;
}

static const char *
take_element(struct engine_words *w, const char *tag, const char *end,
    struct engine_word *place)
{
	struct engine_word word = *place;
	const size_t from = w->texts.len;
	const char *next = end + 1;

	/* This names the elements that the file may have. */
	if (strncmp(tag, "<meta", 5) == 0)
		return next;
	if (tag_has(tag, end, "ocrx_word")) {
		next = take_title(tag, end, &word) == 0 ? take_text(w, end + 1)
							: NULL;
		w->malformed |= !next;
		if (next)
			add_word(w, word, from);
		return next;
	}
	place->block += tag_has(tag, end, "ocr_carea") ||
	    tag_has(tag, end, "ocr_par");
	place->line += tag_has(tag, end, "ocr_line") ||
	    tag_has(tag, end, "ocr_header") ||
	    tag_has(tag, end, "ocr_caption") ||
	    tag_has(tag, end, "ocr_textfloat");
	return next;
}

static void
read_hocr(struct engine_words *w, const char *text)
{
	struct engine_word place = {.confidence = -1};
	const char *end;

	while (text && !w->malformed && (text = strchr(text, '<'))) {
		end = strchr(text, '>');
		if (!end) {
			w->malformed = 1;
			return;
		}
		text = take_element(w, text, end, &place);
	}
}

/* ---- as a page ---- */

static int
same_line(const struct engine_word *a, const struct engine_word *b)
{
	return a->block == b->block && a->line == b->line;
}

/* Write an item with the box around words from..to. */
static void
write_item(const struct engine_words *w, char kind, size_t from, size_t to,
    struct pc_buf *out)
{
	const double scale = 7200.0 / w->picture->dpi;
	double b[4];

	memcpy(b, word_at(w, from)->box, sizeof b);
	for (size_t i = from; i < to; i++) {
		const double *v = word_at(w, i)->box;

		b[0] = v[0] < b[0] ? v[0] : b[0];
		b[1] = v[1] < b[1] ? v[1] : b[1];
		b[2] = v[2] > b[2] ? v[2] : b[2];
		b[3] = v[3] > b[3] ? v[3] : b[3];
	}
	pc_buf_addf(out, "%c\t%.0f\t%.0f\t%.0f\t%.0f", kind, b[0] * scale,
	    b[1] * scale, b[2] * scale, b[3] * scale);
}

static void
write_line(const struct engine_words *w, size_t from, size_t to,
    struct pc_buf *out)
{
	write_item(w, 'l', from, to, out);
	pc_buf_addf(out, "\n");
	for (size_t i = from; i < to; i++) {
		const struct engine_word *word = word_at(w, i);

		write_item(w, 'w', i, i + 1, out);
		pc_buf_addf(out, "\t%d\t%.*s\n",
		    word->confidence < 0 ? -1 : (int)(word->confidence * 100),
		    (int)word->length, (char *)w->texts.data + word->text);
	}
}

static void
write_block(const struct engine_words *w, size_t from, size_t to,
    struct pc_buf *out)
{
	write_item(w, 'b', from, to, out);
	pc_buf_addf(out, "\ttext\n");
	for (size_t i = from, next; i < to; i = next) {
		for (next = i + 1;
		     next < to && same_line(word_at(w, i), word_at(w, next));)
			next++;
		write_line(w, i, next, out);
	}
}

static int32_t
mean_confidence(const struct engine_words *w)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < w->count; i++)
		if (word_at(w, i)->confidence >= 0) {
			sum += word_at(w, i)->confidence;
			n++;
		}
	return n ? (int32_t)(sum * 100 / (double)n) : -1;
}

int
engine_answer_parse(const char *text, size_t n,
    const struct engine_picture *picture, struct pc_buf *out,
    int32_t *confidence)
{
	struct engine_words w = {.picture = picture};

	if (strlen(text) != n || !pc_utf8_valid(text, n))
		w.malformed = 1;
	else if (is_tsv(text))
		read_tsv(&w, text);
	else if (is_hocr(text + strspn(text, " \t\r\n")))
		read_hocr(&w, text);
	else
		w.malformed = 1;
	w.malformed |= w.list.failed || w.texts.failed;
	for (size_t i = 0, next; !w.malformed && i < w.count; i = next) {
		for (next = i + 1; next < w.count &&
		     word_at(&w, i)->block == word_at(&w, next)->block;)
			next++;
		write_block(&w, i, next, out);
	}
	*confidence = mean_confidence(&w);
	pc_buf_clear(&w.list);
	pc_buf_clear(&w.texts);
	return w.malformed || out->failed ? -1 : 0;
}
