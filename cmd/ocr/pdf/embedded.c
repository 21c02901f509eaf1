/* embedded.c - read from pdftohtml's XML which images are embedded in a PDF. */
#include "embedded.h"

#include <stdlib.h>
#include <string.h>

/* The value of an attribute in a tag, or NULL; *n gets its length. */
static const char *
attribute(const char *tag, const char *end, const char *name, size_t *n)
{
	const size_t len = strlen(name);
	const char *s, *close;

	for (s = tag; s < end; s++) {
		if (*s == '"') { /* skip a value */
			s = memchr(s + 1, '"', (size_t)(end - s - 1));
			if (!s)
				return NULL;
			continue;
		}
		if (s[-1] != ' ' || (size_t)(end - s) < len + 3 ||
		    memcmp(s, name, len) != 0 || s[len] != '=' ||
		    s[len + 1] != '"')
			continue;
		s += len + 2;
		close = memchr(s, '"', (size_t)(end - s));
		*n = close ? (size_t)(close - s) : 0;
		return close ? s : NULL;
	}
	return NULL;
}

static int
number(const char *tag, const char *end, const char *name, double *v)
{
	size_t n;
	const char *s = attribute(tag, end, name, &n);
	char text[64], *rest;

	if (!s || n == 0 || n >= sizeof text)
		return -1;
	memcpy(text, s, n);
	text[n] = '\0';
	*v = strtod(text, &rest);
	/* This also excludes NaN. */
	return *rest == '\0' && *v > -1e7 && *v < 1e7 ? 0 : -1;
}

/* The last part of src, if it is a valid file name of pdftohtml; else "". */
static void
take_name(const char *tag, const char *end, char name[EMBEDDED_NAME_SIZE])
{
	size_t n;
	const char *s = attribute(tag, end, "src", &n);
	const char *slash = s ? memrchr(s, '/', n) : NULL;

	if (slash) {
		n -= (size_t)(slash + 1 - s);
		s = slash + 1;
	}
	name[0] = '\0';
	/* pdftohtml's names begin so. */
	if (!s || n < 3 || n >= EMBEDDED_NAME_SIZE || memcmp(s, "x-", 2) != 0)
		return;
	memcpy(name, s, n);
	name[n] = '\0';
}

/* Read the box of an <image> tag.  -1: it has none. */
static int
take_box(const char *tag, const char *end, double box[4])
{
	double left, top, width, height;

	if (number(tag, end, "left", &left) < 0 ||
	    number(tag, end, "top", &top) < 0 ||
	    number(tag, end, "width", &width) < 0 ||
	    number(tag, end, "height", &height) < 0)
		return -1;
	box[0] = width < 0 ? left + width : left;
	box[1] = height < 0 ? top + height : top;
	box[2] = width < 0 ? left : left + width;
	box[3] = height < 0 ? top : top + height;
	for (int i = 0; i < 4; i++)
		if (box[i] > -0.005 && box[i] < 0.005)
			box[i] = 0; /* not "-0.00" */
	return 0;
}

static struct embedded *
add_image(struct embedded_list *all)
{
	if (all->count == all->cap) {
		size_t cap = all->cap ? 2 * all->cap : 64;
		struct embedded *more = realloc(all->list, cap * sizeof *more);

		if (!more)
			return NULL;
		all->list = more;
		all->cap = cap;
	}
	all->list[all->count] = (struct embedded){.taken = 0};
	return &all->list[all->count++];
}

int
embedded_xml_whole(const char *xml, size_t n)
{
	static const char last[] = "</pdf2xml>\n";
	const size_t len = sizeof last - 1;

	return n >= len && memcmp(xml + n - len, last, len) == 0;
}

/* pdftohtml's pages ascend; images on other pages are skipped. */
int
embedded_parse(const char *xml, struct embedded_list *all)
{
	unsigned page = 0, count = 0;
	const char *s = xml, *end;

	while ((s = strchr(s, '<')) && (end = strchr(s, '>'))) {
		double v;

		if (strncmp(s, "<page ", 6) == 0 &&
		    number(s + 6, end, "number", &v) == 0 && v > page) {
			page = (unsigned)v;
			count = 0;
		} else if (strncmp(s, "<image ", 7) == 0 && page > 0) {
			struct embedded *image = add_image(all);

			if (!image)
				return -1;
			image->page = page;
			image->number = ++count;
			if (take_box(s + 7, end, image->box) == 0)
				take_name(s + 7, end, image->name);
		}
		s = end;
	}
	return 0;
}

static int
compare_page(const void *key, const void *p)
{
	const unsigned page = *(const unsigned *)key;
	const struct embedded *image = p;

	return (page > image->page) - (page < image->page);
}

struct embedded *
embedded_on_page(const struct embedded_list *all, unsigned page)
{
	struct embedded *image = all->count
	    ? bsearch(&page, all->list, all->count, sizeof *image, compare_page)
	    : NULL;

	while (image && image > all->list && image[-1].page == page)
		image--;
	return image;
}
