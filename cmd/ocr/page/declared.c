/* declared.c - what a PDF declares beside the text of its pages. */
#include "declared.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const of_document[] = {"metadata", "bookmarks",
    "attachments", "declared_incomplete", NULL};
static const char *const of_page[] = {"label", "alt", "links", "fields",
    "annotations", NULL};

struct members {
	const char *const *allowed;
	struct pc_buf *text;
	size_t from;
};

static int
add_member(void *ctx, const char *name, const struct pc_json *value)
{
	const struct members *m = ctx;
	const char *const *allowed = m->allowed;

	while (*allowed && strcmp(*allowed, name) != 0)
		allowed++;
	if (!*allowed)
		return -1;
	if (m->text->len > m->from)
		pc_buf_add(m->text, ",", 1);
	pc_json_string(m->text, name, strlen(name));
	pc_buf_add(m->text, ":", 1);
	return pc_json_print(m->text, value);
}

static int
add_item(struct declared *d, unsigned page, const char *json, size_t n)
{
	struct members m = {page ? of_page : of_document, &d->text,
	    d->text.len};
	struct declared_item *grown = d->items;
	struct pc_error err;
	struct pc_json *object = pc_json_parse(json, n, &err);
	const int bad = pc_json_type(object) != PC_JSON_OBJECT ||
	    pc_json_each(object, add_member, &m) != 0;

	pc_json_free(object);
	if (bad) {
		errno = EBADMSG;
		return -1;
	}
	if ((d->count & (d->count + 1)) == 0)
		grown = realloc(d->items,
		    2 * (d->count + 1) * sizeof *d->items);
	if (!grown)
		return -1;
	d->items = grown;
	d->items[d->count++] = (struct declared_item){page, m.from,
	    d->text.len - m.from};
	return 0;
}

/* Read a page's number, which is larger than that of the line before. */
static int
parse_page(const char **s, const char *end, unsigned pages, unsigned *page)
{
	unsigned n = 0;
	const char *p = *s;

	for (; p < end && *p >= '0' && *p <= '9' && n <= pages; p++)
		n = n * 10 + (unsigned)(*p - '0');
	if (p == *s || p == end || *p != '\t' || n > pages)
		return -1;
	*s = p + 1;
	*page = n;
	return 0;
}

int
declared_parse(struct declared *d, const void *text, size_t n, unsigned pages)
{
	const char *s = text, *end = s + n, *line_end;
	unsigned page, last = 0;

	for (; s < end; s = line_end + 1) {
		line_end = memchr(s, '\n', (size_t)(end - s));
		if (!line_end || parse_page(&s, line_end, pages, &page) < 0 ||
		    (d->count > 0 && page <= last)) {
			errno = EBADMSG;
			return -1;
		}
		if (add_item(d, page, s, (size_t)(line_end - s)) < 0)
			return -1;
		last = page;
	}
	if (!d->text.failed)
		return 0;
	errno = ENOMEM;
	return -1;
}

static int
compare(const void *a, const void *b)
{
	const unsigned x = ((const struct declared_item *)a)->page;
	const unsigned y = ((const struct declared_item *)b)->page;

	return x < y ? -1 : x > y;
}

struct declared_members
declared_of(const struct declared *d, unsigned page)
{
	const struct declared_item key = {.page = page};
	const struct declared_item *found = d->count > 0
	    ? bsearch(&key, d->items, d->count, sizeof key, compare)
	    : NULL;

	if (!found || found->length == 0)
		return (struct declared_members){NULL, 0};
	return (
	    struct declared_members){d->text.data + found->from, found->length};
}

void
declared_clear(struct declared *d)
{
	pc_buf_clear(&d->text);
	free(d->items);
	*d = (struct declared){0};
}
