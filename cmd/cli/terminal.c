/* terminal.c - text from outside on a terminal: in texts, answers, pages and
 * names, control characters must not act as commands. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* How many bytes of a UTF-8 character follow its first byte. */
static int
more_bytes(unsigned char c)
{
	return c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc2 ? 1 : 0;
}

size_t
terminal_clean(struct terminal *t, char *s, size_t n, int lines)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		const unsigned char c = (unsigned char)s[i];
		const int goes_on = t->more > 0 && c >= 0x80 && c < 0xc0;
		/* U+0080 to U+009F, or one byte that a terminal takes for it.
		 */
		const int c1 = c >= 0x80 && c < 0xa0 &&
		    (!goes_on || t->last == 0xc2);
		const int control = c < ' ' || c == 0x7f;

		t->more = goes_on ? t->more - 1 : more_bytes(c);
		t->last = c;
		if (lines && c == '\r')
			continue;
		if (c1 && goes_on && len > 0)
			s[len - 1] = '?';
		s[len++] = c1 ||
			(control && !(lines && (c == '\n' || c == '\t')))
		    ? '?'
		    : s[i];
	}
	return len;
}

void
terminal_line(char *s)
{
	struct terminal t = {0};

	s[terminal_clean(&t, s, strlen(s), 0)] = '\0';
}

int
terminal_escape(struct pc_buf *out, const char *s)
{
	char *clean = strdup(s);
	int changed = 0;

	if (!clean) {
		out->failed = 1;
		return -1;
	}
	terminal_line(clean);
	for (size_t i = 0; s[i]; i++) {
		const unsigned char c = (unsigned char)s[i];

		if (c == '\n' || c == '\r' || c == '\\')
			pc_buf_addf(out, "\\%c",
			    c == '\n'       ? 'n'
				: c == '\r' ? 'r'
					    : '\\');
		else if (clean[i] != s[i] && c != '\t')
			pc_buf_addf(out, "\\%03o", c);
		else {
			pc_buf_add(out, s + i, 1);
			continue;
		}
		changed = 1;
	}
	free(clean);
	return out->failed ? -1 : changed;
}

static int
on_terminal(struct cli *c)
{
	if (c->terminal < 0)
		c->terminal = isatty(1);
	return c->terminal;
}

int
cli_write(struct cli *c, const void *p, size_t n)
{
	char *copy;
	int r;

	if (!on_terminal(c))
		return pc_write_full(1, p, n);
	copy = malloc(n + 1);
	if (!copy)
		return -1;
	memcpy(copy, p, n);
	r = pc_write_full(1, copy, terminal_clean(&c->screen, copy, n, 1));
	free(copy);
	return r;
}

int
cli_send(struct cli *c, int (*send)(const void *, int out), const void *what)
{
	unsigned char *chunk;
	ssize_t n = -1;
	int fd;

	if (!on_terminal(c))
		return send(what, 1);
	chunk = malloc(PC_IO_CHUNK);
	fd = chunk ? memfd_create("output", MFD_CLOEXEC) : -1;
	if (fd >= 0 && send(what, fd) == 0 && lseek(fd, 0, SEEK_SET) == 0)
		while ((n = pc_read_full(fd, chunk, PC_IO_CHUNK)) > 0)
			if (cli_write(c, chunk, (size_t)n) < 0) {
				n = -1;
				break;
			}
	if (fd >= 0)
		close(fd);
	free(chunk);
	return n < 0 ? -1 : 0;
}
