/* headers.c - headers of requests, plain or secret. */
#include "fetch.h"

#include "http/http_protocol.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* Headers whose values are secrets. */
static const char *const secret[] = {"auth", "cookie", "token", "secret",
    "password", "credential", "api-key", "apikey", "access-key", "session"};

/* Headers that the client sets itself. */
static const char *const own[] = {"accept-encoding", "connection",
    "content-length", "expect", "host", "if-match", "if-modified-since",
    "if-none-match", "if-range", "if-unmodified-since", "keep-alive", "range",
    "te", "trailer", "transfer-encoding", "upgrade"};

enum { NAME_SIZE = 128 }; /* bytes of a header's name, with a NUL */

/* Is it one line "Name: value" with a valid name? */
static int
is_header(const char *line)
{
	return http_header_valid(line) && strcspn(line, ":") < NAME_SIZE;
}

/* Add a line for which is_header was true. */
static void
lower_name(const char *line, char name[NAME_SIZE])
{
	const size_t n = strcspn(line, ":");

	for (size_t i = 0; i < n; i++)
		name[i] = (char)tolower((unsigned char)line[i]);
	name[n] = '\0';
}

static void
check_own(struct cli *c, const char *name)
{
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(name, own[i]) == 0)
			cli_usage(c, "header '%s' is pc-fetch's own to send",
			    name);
}

/* Find the parameter of the key that begins so; NULL: there is none. */
static struct pc_spec_field *
find_param(struct cli *c, const char *begin)
{
	for (size_t i = 0; i < c->spec.count; i++) {
		struct pc_spec_field *f = &c->spec.fields[i];

		if (f->kind == PC_FIELD_PARAM &&
		    strncmp(f->bytes, begin, strlen(begin)) == 0)
			return f;
	}
	return NULL;
}

static void
add_param(struct cli *c, const char *kind, const char *name, const char *value)
{
	struct pc_spec_field *f;
	struct pc_buf b = {0};

	if (pc_buf_addf(&b, "%s.%s=", kind, name) < 0)
		cli_die(c, "%s", strerror(errno));
	f = find_param(c, (char *)b.data);
	if (!f) {
		pc_buf_addf(&b, "%s", value);
		if (b.failed || pc_spec_param(&c->spec, (char *)b.data) < 0) {
			if (errno == EINVAL)
				cli_usage(c, "bad name of a header '%s'", name);
			cli_die(c, "%s", strerror(errno));
		}
		pc_buf_clear(&b);
		return;
	}
	/* Headers with one name form a list, in this order (RFC 9110, 5.3). */
	b.len = 0;
	if (pc_buf_addf(&b, "%s, %s", f->bytes, value) < 0)
		cli_die(c, "%s", strerror(errno));
	free(f->bytes);
	f->bytes = (char *)b.data;
	f->len = b.len;
}

static void
add_line(struct cli *c, struct pc_buf *b, const char *line)
{
	if (pc_buf_addf(b, "%s\n", line) < 0)
		cli_die(c, "%s", strerror(errno));
	if (b->len >= HTTP_HEADERS_MAX)
		cli_die(c, "the headers come to more than %d KiB",
		    HTTP_HEADERS_MAX >> 10);
}

void
headers_add(struct cli *c, struct fetch_options *o, const char *line)
{
	const char *value;
	char name[NAME_SIZE];

	/* These checks come before secrets are recognised, so their messages do
	 * not show the line. */
	if (strpbrk(line, "\r\n"))
		cli_usage(c,
		    "a header cannot contain a line break; use -H "
		    "once for each header");
	if (!is_header(line))
		cli_usage(c, "bad header: give it as 'Name: value'");
	lower_name(line, name);
	for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
		if (strstr(name, secret[i]))
			cli_usage(c,
			    "header '%.60s' would be visible in the process list; use "
			    "--header-file",
			    name);
	check_own(c, name);
	add_line(c, &o->headers, line);
	value = strchr(line, ':') + 1;
	add_param(c, "header", name, value + strspn(value, " \t"));
}

/* Read a file of lines.  No message shows what it contains. */
static void
take_lines(struct cli *c, struct fetch_options *o, const char *path, char *text)
{
	char *line, *end, name[NAME_SIZE];
	unsigned number = 0;

	for (line = text; *line; line = end) {
		size_t n = strcspn(line, "\n");

		end = line + n + (line[n] != '\0');
		number++;
		while (n > 0 && strchr("\r \t", line[n - 1]))
			n--;
		line[n] = '\0';
		if (n == 0 || *line == '#')
			continue;
		if (!is_header(line))
			cli_die(c,
			    "'%s', line %u is not a header; write it as "
			    "'Name: value'",
			    path, number);
		lower_name(line, name);
		check_own(c, name);
		add_line(c, &o->secrets, line);
		add_param(c, "secret", name, "yes");
	}
}

void
headers_read(struct cli *c, struct fetch_options *o, const char *path)
{
	struct pc_buf text = {0};
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 || fstat(fd, &st) < 0)
		cli_die(c, "cannot open '%s': %s", path, strerror(errno));
	if (S_ISREG(st.st_mode) && st.st_mode & 077)
		cli_die(c,
		    "'%s' can be read by others: 'chmod 600' it, and "
		    "have a new secret made",
		    path);
	if (S_ISREG(st.st_mode) && st.st_uid != geteuid())
		cli_die(c,
		    "'%s' belongs to another user: 'chown' it, or copy it "
		    "into a file of your own",
		    path);
	if (pc_read_all(fd, &text, HTTP_HEADERS_MAX) < 0 ||
	    pc_buf_add(&text, "", 1) < 0)
		cli_die(c, "cannot read '%s': %s", path, strerror(errno));
	close(fd);
	if (strlen((char *)text.data) != text.len - 1)
		cli_die(c, "'%s' is not a text file", path);
	take_lines(c, o, path, (char *)text.data);
	explicit_bzero(text.data, text.cap);
	pc_buf_clear(&text);
}
