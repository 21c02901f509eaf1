/* walk.c - see walk.h. */
#include "walk.h"

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

void
walk_begin(struct cli *c, struct walk *w, const char *directory)
{
	/* fts_open(3) lacks a const, but does not write here. */
	char *const paths[] = {(char *)(uintptr_t)directory, NULL};

	/* Only links on the command line are followed. */
	w->fts = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
	    by_name);
	if (!w->fts)
		cli_die(c, "cannot list '%s': %s", directory, strerror(errno));
	for (int i = 0; i < 2; i++)
		if (fstat(STDOUT_FILENO + i, &w->own[i]) < 0)
			w->own[i] = (struct stat){0};
}

/* ---- what is left out ---- */

/* Has it a tag as https://bford.info/cachedir/ describes it?  A store has.  The
 * directory that was given itself is read all the same. */
static int
is_cache(const FTSENT *e)
{
	static const char signature[] =
	    "Signature: 8a477f597d28d172789f06886806bc55";
	char path[PATH_MAX], begins[sizeof signature - 1];
	int fd, r;

	if (e->fts_level == 0 ||
	    snprintf(path, sizeof path, "%s/CACHEDIR.TAG", e->fts_path) >=
		(int)sizeof path)
		return 0;
	/* It may be a named pipe. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return 0;
	r = pc_read_full(fd, begins, sizeof begins) == sizeof begins &&
	    memcmp(begins, signature, sizeof begins) == 0;
	close(fd);
	return r;
}

static int
is_own_output(const struct walk *w, const FTSENT *e)
{
	for (int i = 0; i < 2; i++)
		if (S_ISREG(w->own[i].st_mode) &&
		    e->fts_statp->st_dev == w->own[i].st_dev &&
		    e->fts_statp->st_ino == w->own[i].st_ino)
			return 1;
	return 0;
}

static int
is_left_out(struct walk *w, const FTSENT *e)
{
	if (e->fts_level > 0 && e->fts_name[0] == '.')
		return 1;
	if (e->fts_info == FTS_D)
		return is_cache(e);
	if (e->fts_info != FTS_F)
		return 0;
	if (is_own_output(w, e))
		return 1;
	if (!w->skips || !w->skips(w->ctx, e->fts_path))
		return 0;
	w->skipped++;
	return 1;
}

/* ---- the next file ---- */

int
walk_next(struct cli *c, struct walk *w, const char **path)
{
	FTSENT *e;

	while ((e = fts_read(w->fts))) {
		if (is_left_out(w, e)) {
			fts_set(w->fts, e, FTS_SKIP);
			continue;
		}
		if (e->fts_info == FTS_F) {
			*path = e->fts_path;
			return 0;
		}
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR ||
		    e->fts_info == FTS_NS) {
			cli_warn(c, "cannot read '%s': %s", e->fts_path,
			    strerror(e->fts_errno));
			return -1;
		}
	}
	walk_end(w);
	return 1;
}

void
walk_end(struct walk *w)
{
	if (w->fts)
		fts_close(w->fts);
	w->fts = NULL;
}
