/* docstream.c - reading what pc-doc answers, which is trusted in nothing. */
#include "pc.h"

#include <errno.h>
#include <string.h>

enum {
	LINE_MAX_BYTES = 64 * 1024,
	PAGES_MAX = 1000000,
	PAGE_MAX = 256 * 1024 * 1024, /* bytes of text */
};

static int
bad(void)
{
	errno = EBADMSG;
	return -1;
}

/* A member that must be a whole number from min to max. */
static int
number(const struct pc_json *j, const char *name, int64_t min, int64_t max,
    int64_t *v)
{
	return pc_json_int(pc_json_get(j, name), v) < 0 || *v < min || *v > max;
}

static int
known_source(const char *s, size_t n)
{
	static const char *const sources[] = {"text-layer", "no-text",
	    "bad-text", "forced", "image", "text"};

	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
		if (strlen(sources[i]) == n && memcmp(sources[i], s, n) == 0)
			return 1;
	return 0;
}

/* The line of a page. */
static int
take_page(struct pc_docstream *d, const struct pc_json *j)
{
	struct pc_page page = {.confidence = -1};
	int64_t at, pages, bytes = 0;
	const char *source;
	size_t n;

	/* Pages come one after the other, none twice, none left out. */
	if (number(j, "page", 1, PAGES_MAX, &at) ||
	    number(j, "pages", 1, PAGES_MAX, &pages) ||
	    at != (int64_t)d->pages + 1 || at > pages)
		return bad();
	page.page = (unsigned)at;
	page.pages = (unsigned)pages;
	page.error = pc_json_text(pc_json_get(j, "error"), &n);
	if (!page.error) {
		source = pc_json_text(pc_json_get(j, "source"), &n);
		if (!source || !known_source(source, n) ||
		    number(j, "bytes", 0, PAGE_MAX, &bytes))
			return bad();
		memcpy(page.source, source, n);
		if (pc_json_real(pc_json_get(j, "confidence"),
		        &page.confidence) == 0 &&
		    !(page.confidence >= 0 && page.confidence <= 100))
			return bad();
	}
	page.bytes = d->left = (uint64_t)bytes;
	d->pages++;
	d->errors += page.error != NULL;
	return d->page(d->ctx, &page);
}

static int
take_line(struct pc_docstream *d)
{
	struct pc_json *j;
	struct pc_error err;
	int64_t pages, errors;
	int r;

	if (d->ended)
		return bad();
	j = pc_json_parse((char *)d->line.data, d->line.len, &err);
	d->line.len = 0;
	if (!j)
		return bad();
	if (pc_json_bool(pc_json_get(j, "end"))) {
		d->ended = 1;
		r = number(j, "pages", 0, PAGES_MAX, &pages) ||
		        number(j, "errors", 0, PAGES_MAX, &errors) ||
		        pages != d->pages || errors != d->errors
		    ? bad()
		    : 0;
	} else {
		r = take_page(d, j);
	}
	pc_json_free(j);
	return r;
}

int
pc_docstream_feed(struct pc_docstream *d, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		const char *end;
		size_t take;

		if (d->left > 0) {
			take = n < d->left ? n : (size_t)d->left;
			d->left -= take;
			if (d->text(d->ctx, p, take) < 0)
				return -1;
		} else {
			end = memchr(p, '\n', n);
			take = end ? (size_t)(end - p) : n;
			if (d->line.len + take > LINE_MAX_BYTES)
				return bad();
			if (pc_buf_add(&d->line, p, take) < 0)
				return -1;
			if (end && take_line(d) < 0)
				return -1;
			take += end != NULL;
		}
		p += take;
		n -= take;
	}
	return 0;
}

void
pc_docstream_clear(struct pc_docstream *d)
{
	pc_buf_clear(&d->line);
}
