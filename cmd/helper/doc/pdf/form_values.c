/* form_values.c - values of form fields that a PDF page shows, but that its
 * text layer lacks. */
#include "form_values.h"
#include "details.h"
#include "name.h"
#include "opened.h"

#include "declare_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIELDS_MAX = 2000, /* of a page */
	LINES_MAX = 200,   /* of a value */
	LONG_VALUE = 12,   /* bytes: it is not in a page's text by chance */
};

static const double line_height = 12, letter_width = 6, margin = 2; /* points */

static int
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
add_dense(struct pc_buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_blank(s[i]))
			pc_buf_add(b, s + i, 1);
}

/* ---- which fields there are ---- */

struct field_finding {
	struct form_values *values;
	struct pdf_shown shown;
};

static void
add_field(void *ctx, const struct declaring *c, qpdf_oh widget)
{
	struct field_finding *f = ctx;
	struct form_value v = {0};
	double box[4];

	if (f->values->count >= FIELDS_MAX ||
	    pdf_read_box(c, pdf_get(c, widget, "/Rect"), 0, box) < 0)
		return;
	pdf_field_text(c, widget, &v.text);
	if (v.text.len == 0 || v.text.failed ||
	    !pc_utf8_valid(v.text.data, v.text.len)) {
		pc_buf_clear(&v.text);
		return;
	}
	pdf_shown_place(&f->shown, box, v.box);
	f->values->items[f->values->count++] = v;
}

/* Does the document have a form?  -1 or 1, as in struct document. */
static int
has_form(struct document *d)
{
	static const char *const names[] = {"/AcroForm", NULL};

	if (d->has_form == 0)
		d->has_form = pdf_may_name(d->bytes, names) ? 1 : -1;
	return d->has_form > 0;
}

static void
find_fields(struct document *d, struct pdf_page *page, unsigned number,
    struct form_values *values)
{
	struct declaring c = {.document = d, .s = document_details(d)};
	struct field_finding f = {.values = values};

	if (pdf_details_pages(c.s) != d->pages)
		return;
	values->items = calloc(FIELDS_MAX, sizeof *values->items);
	pdf_page_shown(page, f.shown.box, &f.shown.quarters);
	if (values->items)
		pdf_each_drawn_field(&c, number, add_field, &f);
	qpdf.oh_release_all(c.s->pdf);
}

/* ---- what the text layer has of them ---- */

static int
contains(const struct form_value *v, const struct pdf_word *w)
{
	const double x = (w->x0 + w->x1) / 2, y = (w->y0 + w->y1) / 2;

	return x >= v->box[0] && x <= v->box[2] && y >= v->box[1] &&
	    y <= v->box[3];
}

static void
note_word(void *ctx, const struct pdf_word *w)
{
	struct form_values *values = ctx;

	for (size_t i = 0; i < values->count; i++)
		if (contains(&values->items[i], w))
			add_dense(&values->items[i].shown, w->text, w->length);
}

/* Are the letters of a in b, in their order? */
static int
is_part(const struct pc_buf *a, const struct pc_buf *b)
{
	size_t found = 0;

	for (size_t i = 0; i < b->len && found < a->len; i++)
		found += a->data[found] == b->data[i];
	return found == a->len;
}

/* A field that shows something else is left as it is: it may format its
 * value. */
static int
is_lost(const struct form_value *v, const struct pc_buf *page)
{
	struct pc_buf value = {0};
	int lost;

	add_dense(&value, (const char *)v->text.data, v->text.len);
	lost = v->shown.len < value.len && is_part(&v->shown, &value) &&
	    (value.len < LONG_VALUE ||
		!memmem(page->data, page->len, value.data, value.len));
	pc_buf_clear(&value);
	return lost;
}

int
form_values_possible(struct document *d, const struct page_request *ask)
{
	return !ask->plain && !d->rescued && has_form(d);
}

void
form_values_find(struct document *d, struct pdf_page *page,
    const struct page_request *ask, const char *text, size_t n,
    struct form_values *values)
{
	struct pc_buf dense = {0};

	if (!form_values_possible(d, ask))
		return;
	find_fields(d, page, ask->page - 1, values);
	if (values->count == 0 || pdf_page_words(page, note_word, values) < 0)
		return;
	add_dense(&dense, text, n);
	for (size_t i = 0; i < values->count; i++) {
		values->items[i].lost = is_lost(&values->items[i], &dense);
		values->lost += values->items[i].lost != 0;
	}
	pc_buf_clear(&dense);
}

/* ---- putting them in their place ---- */

int
form_values_replace(const struct form_values *values, const struct pdf_word *w)
{
	for (size_t i = 0; values->lost && i < values->count; i++)
		if (values->items[i].lost && contains(&values->items[i], w))
			return 1;
	return 0;
}

/* Words of a line at this height, as wide as letters usually are. */
static void
each_word(const struct form_value *v, const char *s, size_t n, double top,
    double bottom, void (*each)(void *, const struct pdf_word *), void *ctx)
{
	const double wide = v->box[2] - v->box[0] - 2 * margin;
	const double step = fmin(letter_width, wide / (double)n);
	size_t from = 0;

	for (size_t i = 0; i <= n; i++) {
		if (i < n && !is_blank(s[i]))
			continue;
		if (i > from)
			each(ctx,
			    &(struct pdf_word){.x0 = v->box[0] + margin +
				    step * (double)from,
				.y0 = top,
				.x1 = v->box[0] + margin + step * (double)i,
				.y1 = bottom,
				.text = s + from,
				.length = i - from});
		from = i + 1;
	}
}

static size_t
line_end(const struct pc_buf *text, size_t at)
{
	while (
	    at < text->len && text->data[at] != '\n' && text->data[at] != '\r')
		at++;
	return at;
}

static size_t
count_lines(const struct pc_buf *text)
{
	size_t lines = 0;

	for (size_t at = 0; at <= text->len; at = line_end(text, at) + 1)
		lines++;
	return lines < LINES_MAX ? lines : LINES_MAX;
}

static void
each_line(const struct form_value *v,
    void (*each)(void *, const struct pdf_word *), void *ctx)
{
	const double lines = (double)count_lines(&v->text);
	const double high = v->box[3] - v->box[1];
	const double step = fmin(line_height, high / lines);
	/* One line is in the middle of its field. */
	double top = lines > 1 ? v->box[1] : v->box[1] + (high - step) / 2;
	size_t end;

	for (size_t at = 0; at < v->text.len; at = end + 1) {
		end = line_end(&v->text, at);
		if (end > at)
			each_word(v, (const char *)v->text.data + at, end - at,
			    top, top + step, each, ctx);
		top += step;
	}
}

void
form_values_each(const struct form_values *values,
    void (*each)(void *ctx, const struct pdf_word *), void *ctx)
{
	for (size_t i = 0; values->lost && i < values->count; i++)
		if (values->items[i].lost)
			each_line(&values->items[i], each, ctx);
}

void
form_values_add(const struct form_values *values, struct pc_buf *out)
{
	for (size_t i = 0; values->lost && i < values->count; i++) {
		const struct pc_buf *text = &values->items[i].text;

		if (!values->items[i].lost)
			continue;
		pc_buf_add(out, text->data, text->len);
		pc_buf_add(out, "\n", 1);
	}
}

void
form_values_clear(struct form_values *values)
{
	for (size_t i = 0; i < values->count; i++) {
		pc_buf_clear(&values->items[i].text);
		pc_buf_clear(&values->items[i].shown);
	}
	free(values->items);
	*values = (struct form_values){0};
}
