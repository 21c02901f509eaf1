/* password.c - the password of locked PDFs, from a file or the environment.
 * It is never an argument, as other users can see those. */
#include "password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PASSWORD_MAX = 1024 };

const char *
password_find(struct cli *c, const char *path)
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
		    "other users can read '%s'; run 'chmod 600' on it and "
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
