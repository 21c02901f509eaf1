/* png.c - pages as PNG files: their names, their places, and the list of them
 * that is a document's record. */
#include "ocr.h"

#include "cli/place.h"

#include <errno.h>
#include <string.h>

enum { LIST_MAX = 256 * 1024 * 1024 };

/* What a file is of.  It has no gaps: its bytes are compared. */
struct origin {
	struct pc_id document;
	unsigned page, image;
};

/* ---- names ---- */

/* How many bytes of s, which begins with '%', are a conversion, the digits
 * that it has at least, and whether it is of the image, not the page.  0: none
 * that there is. */
static size_t
conversion(const char *s, int *digits, int *image)
{
	size_t n = 2;

	*digits = 1;
	if (s[1] == '0' && s[2] >= '1' && s[2] <= '9') {
		*digits = s[2] - '0';
		n = 4;
	}
	*image = s[n - 1] == 'i';
	return *image || s[n - 1] == 'd' ? n : 0;
}

void
png_check_pattern(const struct cli *c, const char *pattern, int images,
    int many)
{
	int numbers[2] = {0, 0}, digits, image = 0;
	size_t n;

	for (const char *s = pattern; *s; s += n) {
		n = 1;
		if (*s != '%')
			continue;
		n = s[1] == '%' ? 2 : conversion(s, &digits, &image);
		if (n == 0 || (s[1] != '%' && image && !images))
			cli_usage(c,
			    "bad -o '%s': a page's number is %%d or "
			    "%%03d, and %%%% is %%",
			    pattern);
		if (s[1] != '%')
			numbers[image]++;
	}
	if (numbers[0] != 1)
		cli_usage(c,
		    "bad -o '%s': the page's number, %%d or %%03d, "
		    "belongs there once",
		    pattern);
	if (images && numbers[1] != 1)
		cli_usage(c,
		    "bad -o '%s': the image's number on its page, "
		    "%%i or %%03i, belongs there once",
		    pattern);
	if (many && !strstr(pattern, "{}"))
		cli_usage(c,
		    "bad -o '%s': with more than one document, {} "
		    "for its name belongs there",
		    pattern);
}

/* The name without directories and what comes after its last dot, but never
 * a name that means a directory. */
static size_t
base_name(const char *name, const char **base)
{
	const char *slash = strrchr(name, '/'), *dot;
	size_t n;

	*base = "stdin";
	if (strcmp(name, "-") == 0)
		return strlen(*base);
	*base = slash ? slash + 1 : name;
	dot = strrchr(*base, '.');
	n = dot && dot > *base ? (size_t)(dot - *base) : strlen(*base);
	return n <= 2 && strspn(*base, ".") >= n ? strlen(*base) : n;
}

/* What the file is called, ended by NUL. */
static void
add_name(struct pc_buf *b, const char *pattern, const struct doc *d,
    const struct file_of *f)
{
	const char *base;
	int digits, image;
	size_t n;

	while (*pattern) {
		if (pattern[0] == '%' && pattern[1] != '%') {
			n = conversion(pattern, &digits, &image);
			pc_buf_addf(b, "%0*u", digits,
			    image ? f->image : f->page);
		} else if (pattern[0] == '{' && pattern[1] == '}') {
			n = base_name(d->name, &base);
			pc_buf_add(b, base, n);
			n = 2;
		} else {
			n = pattern[0] == '%' ? 2 : 1;
			pc_buf_add(b, pattern, 1);
		}
		pattern += n;
	}
	pc_buf_add(b, f->ending, strlen(f->ending) + 1);
}

/* ---- files ---- */

struct bytes {
	const void *p;
	size_t n;
};

static int
write_bytes(const void *what, int fd)
{
	const struct bytes *b = what;

	return pc_write_full(fd, b->p, b->n);
}

int
png_place_file(const struct ocr_options *o, const struct doc *d,
    const struct file_of *f, const void *p, size_t n, struct pc_buf *name,
    char error[MESSAGE_SIZE])
{
	const struct origin of = {d->id, f->page, f->image};
	const struct bytes bytes = {p, n};
	const char *s;

	add_name(name, o->output, d, f);
	s = (const char *)name->data;
	error[0] = '\0';
	if (name->failed)
		snprintf(error, MESSAGE_SIZE, "%s", strerror(ENOMEM));
	else if (place_file(s, &of, sizeof of, write_bytes, &bytes) == 0)
		return 0;
	else if (errno == EEXIST)
		snprintf(error, MESSAGE_SIZE,
		    "'%.180s' is another %s's name "
		    "already",
		    s, f->image ? "image" : "page");
	else
		snprintf(error, MESSAGE_SIZE, "cannot write '%.160s': %s", s,
		    strerror(errno));
	return -1;
}

void
png_place(const struct ocr_options *o, struct doc *d, struct page *p)
{
	struct pc_buf name = {0};

	if (!o->output)
		return;
	png_place_file(o, d, &(struct file_of){p->number, 0, ""}, p->data,
	    p->length, &name, p->error);
	page_drop(p);
	pc_buf_clear(&name);
}

int
png_valid(const void *data, size_t n, const struct pixels *p)
{
	static const unsigned char head[] = {0x89, 'P', 'N', 'G', '\r', '\n',
	    0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
	const unsigned char *size = (const unsigned char *)data + sizeof head;
	const uint32_t want[2] = {p->width, p->height};

	if (n < sizeof head + 8 || memcmp(data, head, sizeof head) != 0)
		return 0;
	for (int i = 0; i < 8; i++)
		if (size[i] != (unsigned char)(want[i / 4] >> (24 - i % 4 * 8)))
			return 0;
	return 1;
}

/* ---- what is said of them ---- */

void
png_say(const struct cli *c, const struct ocr_options *o, struct doc *d,
    const struct page *p, const struct pixels *pixels)
{
	struct pc_buf name = {0}, *b = &d->says;

	if (!o->output) {
		pc_buf_add(&d->out, p->data, p->length);
		return;
	}
	add_name(&name, o->output, d, &(struct file_of){p->number, 0, ""});
	if (name.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	if (c->jsonl) {
		pc_buf_addf(b, "%s{\"page\":%u,\"output\":", b->len ? "," : "",
		    p->number);
		pc_json_string(b, (char *)name.data, name.len - 1);
		pc_buf_addf(b, ",\"width\":%u,\"height\":%u,\"dpi\":%u}",
		    pixels->width, pixels->height, pixels->dpi);
	} else {
		pc_buf_addf(&d->out, "%s\n", (char *)name.data);
	}
	pc_buf_clear(&name);
}

void
png_list(struct pc_buf *b, const struct page *p, const struct pixels *pixels)
{
	pc_buf_addf(b, "{\"page\":%u,\"width\":%u,\"height\":%u,\"dpi\":%u}\n",
	    p->number, pixels->width, pixels->height, pixels->dpi);
}

/* One of the list's pages. */
static int
find(struct cli *c, const struct ocr_options *o, struct doc *d,
    const char *line)
{
	struct page p = {0};
	struct pixels pixels;
	int r = 1;

	if (sscanf(line, "{\"page\":%u,", &p.number) == 1)
		r = pages_find_png(c, o, &d->id, &p, &pixels);
	if (r == 0)
		png_place(o, d, &p);
	r = r != 0 || p.error[0];
	if (!r)
		png_say(c, o, d, &p, &pixels);
	page_drop(&p);
	return r;
}

int
png_find_all(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	struct pc_buf list = {0};
	int r = pc_hit_read(&d->hit, &list, LIST_MAX);
	char *line, *end;
	unsigned n = 0;

	if (r < 0 || pc_buf_add(&list, "", 1) < 0)
		r = -1;
	for (line = (char *)list.data; r == 0 && *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end != '\0';
		/* Reading it will say that -o is needed. */
		r = (++n > 1 && !o->output) || find(c, o, d, line) != 0;
	}
	if (r != 0)
		d->out.len = d->says.len = 0;
	pc_buf_clear(&list);
	return r == 0 ? 0 : 1;
}
