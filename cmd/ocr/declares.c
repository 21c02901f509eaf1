/* declares.c - what a document declares, on its way to the output. */
#include "declares.h"

#include "ocr/damage.h"

#include <errno.h>
#include <string.h>

void
declares_take(struct doc *d, const void *payload, size_t n)
{
	struct doc_output *out = &d->out;

	if (declared_parse(&out->declared, payload, n, d->queue.pages) < 0) {
		doc_fail(d, "%s",
		    errno == EBADMSG ? "pc-doc's answer is not valid"
				     : strerror(errno));
		d->state = DOC_DONE;
		return;
	}
	out->form.declared = declared_of(&out->declared, 0);
	pc_buf_add(&out->declares, out->form.declared.text,
	    out->form.declared.length);
}

void
declares_add_extra(const struct doc *d, struct pc_buf *extra)
{
	const struct pc_buf *b = &d->out.declares;

	if (b->len == 0)
		return;
	pc_buf_add(extra, "{", 1);
	pc_buf_add(extra, b->data, b->len);
	pc_buf_add(extra, "}\n", 2);
}

void
declares_take_extra(struct doc *d, const struct pc_record *r)
{
	const char *end,
	    *line = (const char *)r->extra + damage_records_length(r);
	const char *const extra_end = (const char *)r->extra + r->extra_len;

	if (d->out.declares.len > 0)
		return;
	for (line++; line < extra_end; line = end + 1) {
		end = memchr(line, '\n', (size_t)(extra_end - line));
		if (!end)
			return;
		if (*line != '{')
			continue;
		pc_buf_add(&d->out.declares, line + 1,
		    (size_t)(end - line) - 2);
		return;
	}
}
