/* selection.c - which pages, and the password that opens them. */
#include "selection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RANGES_MAX = 10000, PASSWORD_MAX = 1024 };

static unsigned
page_number(struct cli *c, const char *all, const char **s)
{
	unsigned long n;
	char *end;

	n = **s >= '0' && **s <= '9' ? strtoul(*s, &end, 10) : 0;
	if (n == 0 || n > PAGES_MAX)
		cli_usage(c, "bad --pages '%s': give it as 1-3,7,9-", all);
	*s = end;
	return (unsigned)n;
}

void
selection_parse(struct cli *c, struct ocr_options *o, const char *text)
{
	const char *s = text;

	for (;;) {
		struct range r = {.from = page_number(c, text, &s)};

		r.to = r.from;
		if (*s == '-') {
			s++;
			r.to = *s == ',' || *s == '\0'
			    ? 0
			    : page_number(c, text, &s);
		}
		if ((r.to && r.to < r.from) || (*s && *s != ',') ||
		    o->range_count == RANGES_MAX)
			cli_usage(c, "bad --pages '%s': give it as 1-3,7,9-",
			    text);
		o->ranges = realloc(o->ranges,
		    (o->range_count + 1) * sizeof *o->ranges);
		if (!o->ranges)
			cli_die(c, "%s", strerror(errno));
		o->ranges[o->range_count++] = r;
		if (!*s)
			return;
		s++;
	}
}

const char *
selection_password(struct cli *c, const char *path)
{
	static char word[PASSWORD_MAX];
	struct stat st;
	ssize_t n;
	int fd;

	if (!path)
		return getenv("PC_OCR_PASSWORD");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0)
		cli_die(c, "cannot open '%s': %s", path, strerror(errno));
	if (S_ISREG(st.st_mode) && st.st_mode & 077)
		cli_die(c,
		    "'%s' can be read by others: 'chmod 600' it, and "
		    "change the password",
		    path);
	n = pc_read_full(fd, word, sizeof word - 1);
	if (n < 0)
		cli_die(c, "cannot read '%s': %s", path, strerror(errno));
	close(fd);
	word[n] = '\0';
	word[strcspn(word, "\r\n")] = '\0';
	return word;
}
