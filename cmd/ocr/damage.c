/* damage.c - documents of which a part is lost. */
#include "damage.h"

#include <stdlib.h>
#include <string.h>

static void
note(struct cli *c, struct doc *d, struct pc_buf *line)
{
	d->damaged = 1;
	if (line->failed)
		return;
	doc_warn(c, d, "%.*s", (int)line->len, (const char *)line->data);
	pc_buf_add(&d->out.warnings, line->data, line->len);
	pc_buf_add(&d->out.warnings, "\n", 1);
}

void
damage_warn_document(struct cli *c, struct doc *d, const char *what)
{
	struct pc_buf line = {0};

	pc_buf_addf(&line, ": %s", what);
	note(c, d, &line);
	pc_buf_clear(&line);
}

void
damage_warn_page(struct cli *c, struct doc *d, const struct page *p)
{
	struct pc_buf line = {0};
	const char *before = " ";

	pc_buf_addf(&line, ", page %u: damaged", p->number);
	for (int i = 0; i < DAMAGE_KINDS; i++) {
		const unsigned n = p->damage[i];

		if (n == 0)
			continue;
		pc_buf_addf(&line, "%s%s (%u error%s)", before, damage_names[i],
		    n, n == 1 ? "" : "s");
		before = ", ";
	}
	pc_buf_addf(&line, "; %s may be wrong or missing",
	    d->options->form.format == FORMAT_IMAGES ? "images" : "text");
	note(c, d, &line);
	pc_buf_clear(&line);
}

void
damage_warn_image(struct cli *c, struct doc *d, unsigned page, unsigned image)
{
	struct pc_buf line = {0};

	pc_buf_addf(&line, ", page %u, image %u: some of its pixels are lost",
	    page, image);
	note(c, d, &line);
	pc_buf_clear(&line);
}

void
damage_warn_unread(struct cli *c, struct doc *d, const struct page *p)
{
	struct pc_buf line = {0};

	d->ocr_failed = 1;
	pc_buf_addf(&line,
	    ", page %u: OCR failed, and only the text layer is printed: %s",
	    p->number, p->unread);
	note(c, d, &line);
	pc_buf_clear(&line);
}

void
damage_add_page(struct pc_buf *b, const struct page *p)
{
	pc_json_begin_object(b, "damage");
	for (int i = 0; i < DAMAGE_KINDS; i++)
		if (p->damage[i])
			pc_json_add_uint(b, damage_names[i], p->damage[i]);
	pc_json_end_object(b);
}

void
damage_add_extra(const struct doc *d, struct pc_buf *extra)
{
	const struct pc_buf *records = &d->out.records;
	const struct pc_buf *warnings = &d->out.warnings;

	pc_buf_add(extra, records->data, records->len);
	pc_buf_add(extra, "\n", 1);
	pc_buf_add(extra, warnings->data, warnings->len);
}

size_t
damage_records_length(const struct pc_record *r)
{
	const unsigned char *end = r->extra_len
	    ? memchr(r->extra, '\n', r->extra_len)
	    : NULL;

	return end ? (size_t)(end - r->extra) : r->extra_len;
}

void
damage_warn_hit(struct cli *c, struct doc *d)
{
	const struct pc_record *r = &d->stage.hit.record;
	const size_t begin = damage_records_length(r);
	const char *line, *end;

	for (size_t i = begin + 1; i < r->extra_len;
	     i += (size_t)(end - line) + 1) {
		line = (const char *)r->extra + i;
		end = memchr(line, '\n', r->extra_len - i);
		if (!end)
			return;
		if (*line == DAMAGE_NONE)
			line++;
		else if (*line == ',' || *line == ':')
			d->damaged = 1;
		else
			continue;
		doc_warn(c, d, "%.*s", (int)(end - line), line);
	}
}
