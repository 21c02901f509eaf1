/* files.c - bodies as files: their names, which a URL must not choose freely,
 * and their being there whole or not at all. */
#include "fetch.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PART_MAX = 200 }; /* bytes of a name that a URL gives */

/* A name that this run has given to a file. */
struct claim {
	char *name, *url;
};

static void *claims;

/* ---- names ---- */

/* How many bytes of s, which begins with '%', are a conversion; 0: none that
 * there is. */
static size_t
conversion(const char *s, int *digits)
{
	*digits = 1;
	if (s[1] == '0' && s[2] >= '1' && s[2] <= '9' && s[3] == 'i') {
		*digits = s[2] - '0';
		return 4;
	}
	return s[1] && strchr("ihbk%", s[1]) ? 2 : 0;
}

void
files_check(struct cli *c, const char *pattern)
{
	int digits;
	size_t n;

	for (const char *s = pattern; *s; s += n) {
		n = *s == '%' ? conversion(s, &digits) : 1;
		if (n == 0)
			cli_usage(c, "bad -o '%s': %%i or %%03i is the URL's "
			             "number, %%h its host, %%b the last part "
			             "of its path, %%k its key, %%%% is %%",
			    pattern);
	}
	if (!*pattern || pattern[strlen(pattern) - 1] == '/')
		cli_usage(c, "bad -o '%s': it names no file", pattern);
}

/* Never a directory, a hidden file, or what a terminal or shell minds. */
static void
add_part(struct pc_buf *b, const char *p, size_t n)
{
	if (n == 0) {
		pc_buf_addf(b, "index");
		return;
	}
	if (n > PART_MAX)
		n = PART_MAX;
	for (size_t i = 0; i < n; i++) {
		const int good = isalnum((unsigned char)p[i]) ||
		    strchr("_~%+=@,", p[i]) ||
		    (i > 0 && strchr(".-", p[i]));

		pc_buf_addf(b, "%c", good ? p[i] : '_');
	}
}

static void
add_name(struct pc_buf *b, const char *s, const struct item *it)
{
	const char *host, *base;
	size_t n_host, n_base, n;
	char key[PC_ID_HEX];
	int digits;

	url_parts(it->result->url, &host, &n_host, &base, &n_base);
	pc_id_hex(&it->result->key, key);
	for (; *s; s += n) {
		n = *s == '%' ? conversion(s, &digits) : 1;
		if (n == 1) {
			pc_buf_add(b, s, 1);
			continue;
		}
		switch (s[n - 1]) {
		case 'h':
			add_part(b, host, n_host);
			break;
		case 'b':
			add_part(b, base, n_base);
			break;
		case 'k':
			pc_buf_addf(b, "%s", key);
			break;
		case 'i':
			pc_buf_addf(b, "%0*llu", digits,
			    (unsigned long long)it->index);
			break;
		default:
			pc_buf_addf(b, "%%");
		}
	}
	pc_buf_add(b, "", 1);
}

static int
compare(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Is the name for this URL, and for no other of this run's? */
static int
claim(const char *name, const char *url)
{
	struct claim *new = malloc(sizeof *new);
	struct claim **at = NULL, *old;

	if (new) {
		*new = (struct claim){strdup(name), strdup(url)};
		if (new->name && new->url)
			at = tsearch(new, &claims, compare);
	}
	old = at ? *at : NULL;
	if (new && old != new) {
		free(new->name);
		free(new->url);
		free(new);
	}
	errno = old ? EEXIST : ENOMEM;
	return old && strcmp(old->url, url) == 0;
}

/* ---- files ---- */

/* A file of a name that nobody has, beside the one of that name. */
static int
open_beside(const char *name, struct pc_buf *path)
{
	static unsigned number;
	const char *slash = strrchr(name, '/');
	int fd;

	do {
		path->len = 0;
		if (slash)
			pc_buf_add(path, name, (size_t)(slash + 1 - name));
		if (pc_buf_addf(path, ".pc-%ld-%u", (long)getpid(),
		        number++) < 0)
			return -1;
		fd = open((char *)path->data,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	} while (fd < 0 && errno == EEXIST);
	return fd;
}

/* The file is there whole, or as it was.  -1: errno. */
static int
write_file(const struct result *r, const char *name)
{
	struct pc_buf path = {0};
	int fd = open_beside(name, &path), bad = 1, e = errno;

	if (fd >= 0) {
		bad = result_send(r, fd) < 0;
		e = errno;
		if (close(fd) < 0 && !bad) {
			bad = 1;
			e = errno;
		}
		if (!bad && rename((char *)path.data, name) < 0) {
			bad = 1;
			e = errno;
		}
		if (bad)
			unlink((char *)path.data);
	}
	pc_buf_clear(&path);
	errno = e;
	return bad ? -1 : 0;
}

/* A device or pipe stays what it is, and takes many. */
static int
write_into(const struct result *r, const char *name)
{
	const int fd = open(name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int bad, e;

	if (fd < 0)
		return -1;
	bad = result_send(r, fd) < 0;
	e = errno;
	if (close(fd) < 0 && !bad)
		return -1;
	errno = e;
	return bad ? -1 : 0;
}

int
files_write(struct fetch *f, struct item *it, struct pc_buf *name)
{
	struct stat st;
	const char *s;
	int into;

	add_name(name, f->o->output, it);
	if (name->failed)
		cli_die(f->cli, "%s", strerror(ENOMEM));
	s = (const char *)name->data;
	into = stat(s, &st) == 0 && !S_ISREG(st.st_mode);
	if (!into && !claim(s, it->result->url))
		snprintf(it->error, sizeof it->error,
		    errno == EEXIST ? "'%.300s' is another URL's file already: "
		                      "%%i or %%k in -o tells them apart"
		                    : "no memory for the name '%.300s'", s);
	else if ((into ? write_into : write_file)(it->result, s) < 0)
		snprintf(it->error, sizeof it->error, "cannot write '%.300s': "
		                                      "%s", s,
		    strerror(errno));
	return it->error[0] ? -1 : 0;
}
