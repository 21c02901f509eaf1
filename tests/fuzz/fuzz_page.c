/* fuzz_page.c - any bytes as a page: parsed parts are within its bytes, and can
 * be laid out and printed in every format; JSON formats are valid JSON. */
#include "ocr/format/format.h"
#include "ocr/layout/layout.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* The first bytes of the input set the other properties of the page. */
enum { KNOWN = 4 };

static void
check(int holds)
{
	if (!holds)
		abort();
}

static void
check_word(const struct page *p, const struct word *w)
{
	const char *data = (const char *)p->data;

	check(w->text >= data && w->length <= p->length &&
	    w->text + w->length <= data + p->length);
	check(w->confidence >= -1 && w->confidence <= 10000);
	check(pc_utf8_valid(w->text, w->length));
}

static void
check_page(const struct page *p)
{
	for (size_t i = 0; i < p->word_count; i++)
		check_word(p, &p->words[i]);
	for (size_t i = 0; i < p->line_count; i++)
		check(p->lines[i].first <= p->word_count &&
		    p->lines[i].count <= p->word_count - p->lines[i].first);
	for (size_t i = 0; i < p->block_count; i++)
		check(p->blocks[i].type < BLOCK_TYPES &&
		    p->blocks[i].first <= p->line_count &&
		    p->blocks[i].count <= p->line_count - p->blocks[i].first);
	for (size_t i = 0; i < p->cell_count; i++)
		check(p->cells[i].first < p->cells[i].end &&
		    p->cells[i].end <= p->line_count &&
		    p->cells[i].column + p->cells[i].columns <=
			TABLE_COLUMNS_MAX);
}

/* Is each word of a table in one of its cells, unless it is a line that was
 * read as a letter? */
static void
check_tables(const struct page *p)
{
	for (size_t i = 0; i < p->block_count; i++) {
		const struct block *b = &p->blocks[i];

		for (size_t j = b->first; j < b->first + b->count; j++)
			for (size_t k = 0; k < p->lines[j].count; k++) {
				const struct word
				    *w = &p->words[p->lines[j].first + k];
				const size_t cell = w->cell;

				if (cell == 0 && w->length == 1 &&
				    *w->text == '|')
					continue;
				check(b->type == BLOCK_TABLE
					? cell > b->first_cell &&
					    cell <=
						b->first_cell + b->cell_count
					: cell == 0);
			}
	}
}

static void
print(const struct page *p, enum format f, int dehyphenate, int grid)
{
	const struct format_options o = {.format = f,
	    .dehyphenate = dehyphenate,
	    .grid = grid};
	struct format_state state = {0};
	struct pc_buf out = {0};

	format_begin(&o, &state, &out);
	format_page(&o, &state, p, 0, &out);
	format_page(&o, &state, p, 1, &out);
	format_end(&o, &state, &out);
	format_state_clear(&state);
	check(!out.failed);
	check(f == FORMAT_PDF || pc_utf8_valid(out.data, out.len));
	if (f == FORMAT_LAYOUT || f == FORMAT_TABLES) {
		struct pc_error err;
		struct pc_json *all = pc_json_parse((char *)out.data, out.len,
		    &err);

		check(f == FORMAT_LAYOUT
			? pc_json_length(pc_json_get(all, "pages")) == 2
			: pc_json_get(all, "tables") != NULL);
		pc_json_free(all);
	}
	pc_buf_clear(&out);
}

/* Compare the page with one that is its like. */
static void
compare(struct page *p)
{
	struct page other = *p;
	const struct page *near[] = {&other, NULL, &other};
	struct heading_levels levels = {0};

	other.number++;
	page_find_repeated(p, near, 3);
	page_set_levels(&levels, p, near, 1);
	for (size_t i = 0; i < p->block_count; i++)
		check(p->blocks[i].level >= 0 && p->blocks[i].level <= 6);
}

static struct page
page_of(const uint8_t *p, size_t n)
{
	struct page page = {.number = 1,
	    .confidence = -1,
	    .source = (enum page_source)(1 + p[0] % (SOURCES - 1)),
	    .rotation = p[1] % 4 * 90,
	    .parsed = !(p[2] & 1),
	    .width = p[3] * 600u,
	    .height = p[3] * 800u};

	page.length = n - KNOWN;
	page.data = malloc(page.length + 1);
	check(page.data != NULL);
	memcpy(page.data, p + KNOWN, page.length);
	page.data[page.length] = '\0';
	return page;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct page page;
	int good;

	if (n < KNOWN)
		return 0;
	page = page_of(p, n);
	good = page.parsed ? page_parse(&page) == 0
			   : pc_utf8_valid(page.data, page.length);
	if (good && page.parsed) {
		check_page(&page);
		check(page_lay_out(&page) == 0);
		compare(&page);
		check_page(&page);
		check_tables(&page);
	}
	for (int f = 0; f < FORMATS && good; f++)
		for (int d = 0; d <= 2; d++)
			print(&page, (enum format)f, d == 1, d == 2);
	page_drop(&page);
	return 0;
}
