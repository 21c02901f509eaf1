/* inputs.c - see inputs.h. */
#include "inputs.h"

#include "cli/cli.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file, whatever its name.  It has no padding, as its bytes are compared. */
struct file_place {
	uint64_t device, inode;
};

static void *inputs; /* a tree of them */

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct file_place));
}

static struct file_place
place_of(const struct stat *st)
{
	return (struct file_place){st->st_dev, st->st_ino};
}

void
inputs_note(struct cli *c, const char *path)
{
	struct file_place *new, **at;
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	new = malloc(sizeof *new);
	if (!new)
		cli_die(c, "%s", strerror(errno));
	*new = place_of(&st);
	at = tsearch(new, &inputs, compare);
	if (!at)
		cli_die(c, "%s", strerror(ENOMEM));
	if (*at != new)
		free(new);
}

int
inputs_has(const char *path)
{
	struct file_place place;
	struct stat st;

	if (stat(path, &st) < 0)
		return 0;
	place = place_of(&st);
	return tfind(&place, &inputs, compare) != NULL;
}
