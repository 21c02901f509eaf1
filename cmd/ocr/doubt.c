/* doubt.c - pages that OCR read badly: one warning names them all. */
#include "doubt.h"

#include "ocr/damage.h"

#include <errno.h>
#include <string.h>

enum {
	/* 1/100 %: words read with less confidence are guesses.  Marked pages
	 * with more are too many to warn about. */
	VERY_LOW = 5000,
	RANGES_MAX = 8, /* ranges that a warning names */
};

static int
has_text(const struct page *p)
{
	return p->parsed ? p->word_count > 0 : p->length > 0;
}

void
doubt_note_page(struct doc *d, const struct page *p)
{
	struct pc_buf *pages = NULL;

	if (p->marks & MARK_CELL_UNREAD)
		pc_buf_add(&d->out.cells, &p->number, sizeof p->number);
	if (!(p->marks & MARK_LOW_CONFIDENCE))
		return;
	if (!has_text(p))
		pages = &d->out.unread;
	else if (p->confidence >= 0 && p->confidence < VERY_LOW)
		pages = &d->out.unsure;
	if (pages)
		pc_buf_add(pages, &p->number, sizeof p->number);
}

static size_t
page_count(const struct pc_buf *pages)
{
	return pages->len / sizeof(unsigned);
}

static unsigned
page_at(const struct pc_buf *pages, size_t i)
{
	unsigned number;

	memcpy(&number, pages->data + i * sizeof number, sizeof number);
	return number;
}

/* Append "page 3", or "pages 3, 5-7 and 12 more". */
static void
add_pages(struct pc_buf *line, const struct pc_buf *pages)
{
	const size_t count = page_count(pages);
	size_t i = 0, end;

	pc_buf_addf(line, "page%s", count == 1 ? "" : "s");
	for (int range = 0; i < count && range < RANGES_MAX; range++, i = end) {
		const unsigned first = page_at(pages, i);

		for (end = i + 1;
		     end < count && page_at(pages, end) == first + (end - i);)
			end++;
		pc_buf_addf(line, "%s %u", range ? "," : "", first);
		if (end - i > 1)
			pc_buf_addf(line, "-%u", page_at(pages, end - 1));
	}
	if (i < count)
		pc_buf_addf(line, " and %zu more", count - i);
}

static void
warn(struct cli *c, struct doc *d, const struct pc_buf *pages,
    const char *before, const char *after)
{
	struct pc_buf line = {0};

	pc_buf_addf(&line, ": %s ", before);
	add_pages(&line, pages);
	pc_buf_addf(&line, "%s", after);
	if (line.failed || pages->failed)
		cli_die(c, "%s", strerror(ENOMEM));
	doc_warn(c, d, "%.*s", (int)line.len, (const char *)line.data);
	pc_buf_addf(&d->out.warnings, "%c%.*s\n", DAMAGE_NONE, (int)line.len,
	    (const char *)line.data);
	pc_buf_clear(&line);
}

void
doubt_warn(struct cli *c, struct doc *d)
{
	const size_t unread = page_count(&d->out.unread);

	if (unread > 0)
		warn(c, d, &d->out.unread, "no text was found on",
		    unread == 1 ? ", although it is not blank"
				: ", although they are not blank");
	if (page_count(&d->out.unsure) > 0)
		warn(c, d, &d->out.unsure, "OCR has very low confidence in",
		    "; text may be wrong");
	if (page_count(&d->out.cells) > 0)
		warn(c, d, &d->out.cells,
		    "OCR could not read all cells of tables in", "");
}
