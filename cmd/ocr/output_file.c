/* output_file.c - the files of pages and images that -o names. */
#include "output_file.h"

#include "cli/place.h"
#include "ocr/inputs.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* Identifies one file among all others.  It has no padding, as its bytes are
 * compared. */
struct origin {
	struct pc_id document;
	unsigned page, image;
};

/* ---- names ---- */

/* The length of the conversion at s, which begins with '%'; its least number
 * of digits; whether it stands for the image and not the page.  0: it is not a
 * known conversion. */
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

/* How often the pattern has the number of the page, and of the image. */
static void
count_numbers(const struct cli *c, const char *pattern, enum output_each each,
    int numbers[2])
{
	int digits, image = 0;
	size_t n;

	for (const char *s = pattern; *s; s += n) {
		n = 1;
		if (*s != '%')
			continue;
		n = s[1] == '%' ? 2 : conversion(s, &digits, &image);
		if (s[1] != '%' && each == OUTPUT_DOCUMENT)
			cli_usage(c,
			    "bad -o '%s': -f pdf writes one file per document; "
			    "write %%%% for a percent sign",
			    pattern);
		if (n == 0 || (s[1] != '%' && image && each != OUTPUT_IMAGE))
			cli_usage(c,
			    "bad -o '%s': write %%d or %%03d for the page's "
			    "number and %%%% for a percent sign",
			    pattern);
		if (s[1] != '%')
			numbers[image]++;
	}
}

void
output_file_check_pattern(const struct cli *c, const char *pattern,
    enum output_each each, int many)
{
	int numbers[2] = {0, 0};

	count_numbers(c, pattern, each, numbers);
	if (each != OUTPUT_DOCUMENT && numbers[0] != 1)
		cli_usage(c,
		    "bad -o '%s': it must contain the page's number, %%d or "
		    "%%03d, once",
		    pattern);
	if (each == OUTPUT_IMAGE && numbers[1] != 1)
		cli_usage(c,
		    "bad -o '%s': it must contain the image's number on its "
		    "page, %%i or %%03i, once",
		    pattern);
	if (many && !strstr(pattern, "{}"))
		cli_usage(c,
		    "bad -o '%s': with more than one document, it must "
		    "contain {}, the document's name",
		    pattern);
}

/* The name without directories and suffix, but never "." or "..". */
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

void
output_file_name(struct pc_buf *b, const char *pattern,
    const struct output_file *f)
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
			n = base_name(f->document_name, &base);
			pc_buf_add(b, base, n);
			n = 2;
		} else {
			n = pattern[0] == '%' ? 2 : 1;
			pc_buf_add(b, pattern, 1);
		}
		pattern += n;
	}
	pc_buf_add(b, f->suffix, strlen(f->suffix) + 1);
}

/* ---- files of earlier runs ---- */

static int matches(const char *pattern, const char *name);

static int
matches_digits(const char *pattern, const char *name, int digits)
{
	const size_t n = strspn(name, "0123456789");

	for (size_t i = (size_t)digits; i <= n; i++)
		if (matches(pattern, name + i))
			return 1;
	return 0;
}

static int
matches_name(const char *pattern, const char *name)
{
	for (; *name; name++)
		if (matches(pattern, name + 1))
			return 1;
	return 0;
}

/* Could the (checked) pattern produce this name? */
static int
matches(const char *pattern, const char *name)
{
	int digits, image;
	size_t n;

	if (!*pattern)
		return !*name || strcmp(name, ".jpg") == 0 ||
		    strcmp(name, ".png") == 0;
	if (pattern[0] == '{' && pattern[1] == '}')
		return matches_name(pattern + 2, name);
	if (pattern[0] == '%' && pattern[1] != '%') {
		n = conversion(pattern, &digits, &image);
		return matches_digits(pattern + n, name, digits);
	}
	return *pattern == *name &&
	    matches(pattern + (*pattern == '%' ? 2 : 1), name + 1);
}

/* The length of the part before the last slash. */
static int
stat_directory(const char *path, struct stat *st)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	if (!slash)
		return stat(".", st);
	if (snprintf(dir, sizeof dir, "%.*s", (int)(slash - path + 1), path) >=
	    (int)sizeof dir)
		return -1;
	return stat(dir, st);
}

int
output_file_named_by(const void *pattern, const char *path)
{
	const char *p = strrchr(pattern, '/'), *f = strrchr(path, '/');
	struct stat there, here;

	return matches(p ? p + 1 : pattern, f ? f + 1 : path) &&
	    stat_directory(pattern, &there) == 0 &&
	    stat_directory(path, &here) == 0 && there.st_dev == here.st_dev &&
	    there.st_ino == here.st_ino;
}

/* ---- files ---- */

struct output_content {
	const void *bytes;
	size_t n;
};

static int
write_content(const void *what, int fd)
{
	const struct output_content *c = what;

	return pc_write_full(fd, c->bytes, c->n);
}

int
output_file_write(const char *pattern, const struct output_file *f,
    const void *bytes, size_t n, struct pc_buf *name, char error[MESSAGE_SIZE])
{
	const struct origin origin = {*f->document, f->page, f->image};
	const struct output_content content = {bytes, n};
	const char *s;

	output_file_name(name, pattern, f);
	s = (const char *)name->data;
	error[0] = '\0';
	if (name->failed)
		snprintf(error, MESSAGE_SIZE, "%s", strerror(ENOMEM));
	else if (inputs_has(s))
		snprintf(error, MESSAGE_SIZE, "its output '%.180s' is an input",
		    s);
	else if (place_file(s, &origin, sizeof origin, write_content,
		     &content) == 0)
		return 0;
	else if (errno == EEXIST)
		snprintf(error, MESSAGE_SIZE,
		    "'%.180s' is already the file of another %s", s,
		    f->image ? "image" : "page");
	else
		snprintf(error, MESSAGE_SIZE, "cannot write '%.160s': %s", s,
		    strerror(errno));
	return -1;
}
