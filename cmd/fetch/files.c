/* files.c - names of output files, which a URL must not choose freely. */
#include "fetch.h"

#include "cli/place.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { PART_MAX = 200 }; /* bytes of a name that come from a URL */

/* ---- names ---- */

/* The length of the conversion that s, which begins with '%', has; 0: it is
 * invalid. */
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
			cli_usage(c,
			    "bad -o '%s': %%i or %%03i is the URL's "
			    "number, %%h its host, %%b the last part "
			    "of its path, %%k its key, %%%% is %%",
			    pattern);
	}
	if (!*pattern || pattern[strlen(pattern) - 1] == '/')
		cli_usage(c, "bad -o '%s': it names no file", pattern);
}

/* Never a directory, a hidden file, or characters that a terminal or a shell
 * interprets. */
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
		    strchr("_~%+=@,", p[i]) || (i > 0 && strchr(".-", p[i]));

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
	pc_id_hex(&it->result->entry.key, key);
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

/* ---- files ---- */

static int
send_body(const void *result, int fd)
{
	return result_send(result, fd);
}

int
files_write(struct fetch *f, struct item *it, struct pc_buf *name)
{
	const char *s, *url = it->result->url;

	add_name(name, f->o->output, it);
	if (name->failed)
		cli_die(f->cli, "%s", strerror(ENOMEM));
	s = (const char *)name->data;
	if (place_file(s, url, strlen(url), send_body, it->result) == 0)
		return 0;
	if (errno == EEXIST)
		snprintf(it->error, sizeof it->error,
		    "'%.300s' is another URL's file already: "
		    "%%i or %%k in -o tells them apart",
		    s);
	else
		snprintf(it->error, sizeof it->error,
		    "cannot write '%.300s': "
		    "%s",
		    s, strerror(errno));
	return -1;
}
