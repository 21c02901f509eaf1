/* layer_words.c - see layer_words.h. */
#include "layer_words.h"
#include "helper/doc/base/late.h"
#include "helper/doc/base/layer_word.h"
#include "pictures.h"

#include <string.h>

/* Append what holds for the words from here on, where it changes. */
static void
add_state(struct layer_words *all, const struct pdf_word *w)
{
	struct pc_buf *b = &all->text;
	const int struck = pdf_strikes_hit(&all->strikes, w);
	const struct pdf_tag tag = pdf_tags_of(&all->tags, w);
	const int style = pdf_styles_of(&all->styles, w);

	all->turned[w->quarters & 3]++;
	if (struck != all->struck) {
		all->struck = struck;
		pc_buf_addf(b, "s\t%d\n", struck);
	}
	if ((w->quarters & 3) != all->quarters) {
		all->quarters = w->quarters & 3;
		pc_buf_addf(b, "q\t%d\n", all->quarters);
	}
	pdf_tag_print(b, &all->tag, &tag);
	all->tag = tag;
	if (style != all->style) {
		all->style = style;
		pc_buf_addf(b, "f\t%d\n", style);
	}
}

static void
put_word(void *ctx, const struct pdf_word *w)
{
	struct layer_words *all = ctx;
	struct pc_buf *b = &all->text;

	add_state(all, w);
	layer_add_word(b, w);
	pc_buf_add(&all->bare, w->text, w->length);
	pc_buf_add(&all->bare, "\n", 1);
	if (all->pictures)
		pictures_cover(all->pictures, w->x0 * 100, w->y0 * 100,
		    w->x1 * 100, w->y1 * 100);
}

static void
add_word(void *ctx, const struct pdf_word *w)
{
	struct layer_words *all = ctx;

	if (!form_values_replace(&all->fields, w))
		put_word(all, w);
}

/* Forget the words, but not what they are compared with. */
static void
drop_words(struct layer_words *all)
{
	pc_buf_clear(&all->text);
	pc_buf_clear(&all->bare);
	memset(all->turned, 0, sizeof all->turned);
	all->found = all->struck = all->style = all->quarters = 0;
	all->tag = (struct pdf_tag){.role = ROLE_NONE};
}

int
layer_words_find(struct pdf_page *page, struct layer_words *all)
{
	int r;

	drop_words(all);
	late_begin();
	r = pdf_page_words(page, add_word, all);
	late_end();
	form_values_each(&all->fields, put_word, all);
	if (all->text.len > 0)
		pc_buf_add(&all->text, all->rules.text.data,
		    all->rules.text.len);
	all->text.failed |= all->rules.text.failed;
	all->found = r == 0 && !all->text.failed && !all->bare.failed;
	if (!all->found)
		drop_words(all);
	return all->found ? 0 : -1;
}

void
layer_words_clear(struct layer_words *all)
{
	drop_words(all);
	form_values_clear(&all->fields);
	pdf_strikes_clear(&all->strikes);
	pdf_rules_clear(&all->rules);
	pdf_tags_clear(&all->tags);
	pdf_styles_clear(&all->styles);
}
