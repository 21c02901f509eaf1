/* move.c - --export and --import. */
#include "gc.h"
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- out ---- */

struct export {
	struct gc *g;
	struct stream stream;
	struct pc_hit hit;
	uint64_t bytes;
};

static int
export_record(void *ctx, const struct pc_record *r)
{
	struct export *x = ctx;
	struct gc *g = x->g;
	int found;

	if (!selection_fits(&g->select, r))
		return 0;
	if (g->dry_run) {
		g->deleted += r->expires > g->select.now;
		return 0;
	}
	/* It may be another record by now: one that is whole will do. */
	found = pc_store_get(g->cli->store, &r->key, 0, &x->hit);
	if (found != 0)
		return found < 0 ? -1 : 0;
	if (stream_write_record(&x->stream, &x->hit.record) < 0 ||
	    pc_hit_send(&x->hit, x->stream.fd) < 0)
		cli_die(g->cli, "cannot write the export: %s",
		    errno == EBADMSG ? "a value changed on the disk"
		                     : strerror(errno));
	x->bytes += x->hit.record.size;
	return 0;
}

static _Noreturn void
stopped(struct gc *g, const char *part)
{
	int e = errno;

	if (part)
		unlink(part);
	if (e != ECANCELED)
		cli_die(g->cli, "cannot read the store: %s", strerror(e));
	cli_warn(g->cli, "stopped; the export is not whole");
	cli_exit(g->cli, PC_EXIT_LATER);
}

/* A file on its way to be g->export, without a name if that can be: then
 * nothing is left of it when this process dies. */
static int
open_part(struct gc *g, char **part)
{
	const char *slash = strrchr(g->export, '/');
	char *dir = slash ? strndup(g->export, (size_t)(slash - g->export) + 1)
	                  : strdup(".");
	int fd;

	if (!dir || asprintf(part, "%s.XXXXXX", g->export) < 0)
		cli_die(g->cli, "%s", strerror(errno));
	fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	free(dir);
	if (fd < 0)
		fd = mkostemp(*part, O_CLOEXEC);
	if (fd < 0)
		cli_die(g->cli, "cannot make '%s': %s", g->export,
		    strerror(errno));
	return fd;
}

/* What was there before stays until the new one is whole. */
static int
close_part(struct gc *g, int fd, char *part)
{
	char self[32];
	struct stat st;

	if (fsync(fd) < 0 || fstat(fd, &st) < 0)
		return -1;
	if (st.st_nlink == 0) {
		snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
		snprintf(strrchr(part, '.'), 8, ".%06lx",
		    (unsigned long)getpid() & 0xffffff);
		if (linkat(AT_FDCWD, self, AT_FDCWD, part,
		        AT_SYMLINK_FOLLOW) < 0)
			return -1;
	}
	if (rename(part, g->export) < 0) {
		int e = errno;

		unlink(part);
		errno = e;
		return -1;
	}
	return close(fd);
}

void
gc_export(struct gc *g)
{
	struct export x = {.g = g};
	const struct pc_compact_options o = {
	    .flags = PC_COMPACT_DRY_RUN, .drop = export_record, .ctx = &x};
	struct pc_compact_report report = {0};
	char *part = NULL;
	int fd = 1;

	if (!g->dry_run && strcmp(g->export, "-") != 0)
		fd = open_part(g, &part);
	if (!g->dry_run && stream_write_begin(&x.stream, fd) < 0)
		cli_die(g->cli, "cannot write the export: %s",
		    strerror(errno));
	if (gc_pass(g, &o, &report) < 0)
		stopped(g, part);
	if (!g->dry_run &&
	    (stream_write_end(&x.stream) < 0 ||
	        (part && close_part(g, fd, part) < 0)))
		cli_die(g->cli, "cannot write the export: %s",
		    strerror(errno));
	if (!g->dry_run)
		g->deleted = x.stream.count;
	g->deleted_bytes = x.bytes;
	pc_hit_clear(&x.hit);
	stream_clear(&x.stream);
	free(part);
}

/* ---- in ---- */

/* Is there a record of that key that is not to be replaced? */
static int
is_kept(struct gc *g, const struct pc_record *r)
{
	struct pc_hit hit = {0};
	int found;

	if (!g->cli->store)
		return 0;
	found = pc_store_get(g->cli->store, &r->key, PC_GET_EXPIRED, &hit);
	if (found < 0)
		cli_die(g->cli, "cannot read the store: %s", strerror(errno));
	found = found == 0 &&
	    (hit.record.created >= r->created ||
	        (memcmp(hit.record.output.b, r->output.b,
	             sizeof r->output.b) == 0 &&
	            hit.record.expires >= r->expires));
	pc_hit_clear(&hit);
	return found;
}

/* Take one record.  0; 1: it is not taken; -1: the stream is at its end. */
static int
import_record(struct gc *g, struct stream *s, struct pc_record *r,
    struct pc_error *err)
{
	const int64_t max =
	    pc_config_int(g->cli->config, "caching.max_bytes");
	const int fits = selection_fits(&g->select, r);
	const char *doubt = fits ? stream_doubt(r) : NULL;
	struct pc_spool *value = NULL;
	int wanted, result;

	if (fits && !doubt && (uint64_t)max < r->size)
		doubt = "its value is larger than caching.max_bytes";
	if (doubt)
		cli_warn(g->cli, "record %llu is not taken: %s",
		    (unsigned long long)s->count, doubt);
	/* A clock that is ahead must not make a record win for ever. */
	if (r->created > g->select.now)
		r->created = g->select.now;
	wanted = fits && !doubt && r->expires > g->select.now &&
	    !is_kept(g, r);
	if (wanted && !g->dry_run)
		value = pc_spool_new(g->cli->store);
	if (wanted && !g->dry_run && !value)
		cli_die(g->cli, "%s", strerror(errno));
	result = stream_read_value(s, r, value, err);
	if (result == 0 && value)
		result = pc_store_put(g->cli->store, r, value) < 0;
	if (result == 1)
		cli_warn(g->cli, "record %llu cannot be stored: %s",
		    (unsigned long long)s->count, strerror(errno));
	pc_spool_free(value);
	if (result < 0)
		return -1;
	if (result == 0 && wanted) {
		g->deleted++;
		g->deleted_bytes += r->size;
	}
	return result == 1 || doubt ? 1 : 0;
}

void
gc_import(struct gc *g)
{
	int fd = strcmp(g->import, "-") == 0
	    ? 0
	    : open(g->import, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stream stream;
	struct pc_record r;
	struct pc_error err;
	int more;

	if (fd < 0)
		cli_die(g->cli, "cannot open '%s': %s", g->import,
		    strerror(errno));
	more = stream_read_begin(&stream, fd, &err);
	while (more == 0 && !*gc_stop &&
	    (more = stream_read_record(&stream, &r, &err)) == 0) {
		int taken = import_record(g, &stream, &r, &err);

		if (taken < 0)
			more = -1;
		g->failed += taken > 0;
		cli_progress(g->cli, stream.count, 0);
	}
	stream_clear(&stream);
	if (fd != 0)
		close(fd);
	if (more < 0) {
		cli_warn(g->cli, "'%s': %s; %llu records of it were taken",
		    g->import, err.text, (unsigned long long)g->deleted);
		cli_exit(g->cli, PC_EXIT_FAIL);
	}
	if (more == 0) {
		cli_warn(g->cli, "stopped; %llu records were taken",
		    (unsigned long long)g->deleted);
		cli_exit(g->cli, PC_EXIT_LATER);
	}
}
