/* template_file.c - the user's templates: where they are, and reading one. */
#include "template_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1024 * 1024 }; /* bytes */

char *
template_directory(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct pc_buf b = {0};

	if (xdg && *xdg == '/')
		pc_buf_addf(&b, "%s/pc/templates/", xdg);
	else if (home && *home)
		pc_buf_addf(&b, "%s/.config/pc/templates/", home);
	return (char *)b.data;
}

int
template_read_file(struct template *t, const char *path, struct pc_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), r = -1;
	struct pc_buf text = {0};

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 1;
	if (fd < 0 || pc_read_all(fd, &text, FILE_MAX) < 0)
		pc_error_set(err, "cannot read template '%s': %s", path,
		    errno == EFBIG ? "it is larger than 1 MiB"
				   : strerror(errno));
	else
		r = template_read(t, path, text.data ? (char *)text.data : "",
		    text.len, err);
	if (fd >= 0)
		close(fd);
	pc_buf_clear(&text);
	return r;
}
