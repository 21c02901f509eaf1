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

struct export
{
	struct gc *g;
	struct stream stream;
	struct pc_hit hit;
	uint64_t bytes;
	int fd;
	char *name; /* of the file that it will be; NULL: it is written there */
	char *part; /* and that it has until it is whole */
	int named;  /* it has that already */
};

static _Noreturn void
cannot(const struct export *x, const char *what)
{
	const int e = errno;

	if (x->named)
		unlink(x->part);
	cli_die(x->g->cli, "cannot %s '%s': %s", what, x->g->export,
	    e == EBADMSG ? "a value changed on the disk"
			 : pc_store_error(x->g->cli->store, e));
}

/* A file on its way to its name, without one if that can be: then nothing is
 * left of it when this process dies. */
static void
open_part(struct export *x)
{
	const char *slash = strrchr(x->name, '/');
	char *dir = slash ? strndup(x->name, (size_t)(slash - x->name) + 1)
			  : strdup(".");

	if (!dir || asprintf(&x->part, "%s.XXXXXX", x->name) < 0)
		cannot(x, "make");
	x->fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	free(dir);
	if (x->fd >= 0)
		return;
	x->fd = mkostemp(x->part, O_CLOEXEC);
	if (x->fd < 0)
		cannot(x, "make");
	x->named = 1;
}

static void
open_target(struct export *x)
{
	const char *name = x->g->export;
	struct stat st;
	int there;

	x->fd = 1;
	if (strcmp(name, "-") == 0)
		return;
	there = stat(name, &st) == 0;
	/* A pipe or a device must never give its name to a file. */
	if (there && !S_ISREG(st.st_mode)) {
		x->fd = open(name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		if (x->fd < 0)
			cannot(x, "open");
		return;
	}
	/* A link to a file stays one. */
	x->name = there ? realpath(name, NULL) : strdup(name);
	if (!x->name)
		cannot(x, "make");
	open_part(x);
}

/* What was there before stays until the new one is whole. */
static int
close_target(struct export *x)
{
	char self[32];

	if (!x->name)
		return x->fd == 1 ? 0 : close(x->fd);
	if (fsync(x->fd) < 0)
		return -1;
	if (!x->named) {
		snprintf(self, sizeof self, "/proc/self/fd/%d", x->fd);
		snprintf(strrchr(x->part, '.'), 8, ".%06lx",
		    (unsigned long)getpid() & 0xffffff);
		if (linkat(AT_FDCWD, self, AT_FDCWD, x->part,
			AT_SYMLINK_FOLLOW) < 0)
			return -1;
		x->named = 1;
	}
	if (rename(x->part, x->name) < 0)
		return -1;
	x->named = 0;
	return close(x->fd);
}

static int
export_record(void *ctx, const struct pc_record *r)
{
	struct export *x = ctx;
	struct gc *g = x->g;
	int found;

	if (!selection_fits(&g->select, r))
		return 0;
	if (g->dry_run) {
		if (r->expires > g->select.now) {
			g->deleted++;
			x->bytes += r->size;
		}
		return 0;
	}
	/* It may be another record by now: one that is whole will do. */
	found = pc_store_get(g->cli->store, &r->key, 0, &x->hit);
	if (found != PC_HIT)
		return found < 0 ? -1 : 0;
	if (stream_write_record(&x->stream, &x->hit.record) < 0 ||
	    pc_hit_send(&x->hit, x->stream.fd) < 0)
		cannot(x, "write");
	x->bytes += x->hit.record.size;
	return 0;
}

void
gc_export(struct gc *g)
{
	struct export x = {.g = g};
	const struct pc_compact_options o = {.flags = PC_COMPACT_DRY_RUN,
	    .drop = export_record,
	    .ctx = &x};
	struct pc_compact_report report = {0};

	if (!g->dry_run)
		open_target(&x);
	gc_end_by_signals(g, "pc-gc: stopped; the export is incomplete\n",
	    x.named ? x.part : NULL);
	if (!g->dry_run && stream_write_begin(&x.stream, x.fd) < 0)
		cannot(&x, "write");
	if (gc_pass(g, &o, &report) < 0)
		cannot(&x, "read the store for");
	if (!g->dry_run &&
	    (stream_write_end(&x.stream) < 0 || close_target(&x) < 0))
		cannot(&x, "write");
	if (!g->dry_run)
		g->deleted = x.stream.count;
	g->deleted_bytes = x.bytes;
	gc_end_by_signals(g, NULL, NULL);
	pc_hit_clear(&x.hit);
	stream_clear(&x.stream);
	free(x.name);
	free(x.part);
}

/* ---- in ---- */

static struct stream import;

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
		cli_store_die(g->cli, "read the store");
	found = found == PC_HIT && pc_record_stands(&hit.record, r);
	pc_hit_clear(&hit);
	return found;
}

/* Take one record.  0; 1: it is not taken; -1: the stream is at its end. */
static int
import_record(struct gc *g, struct stream *s, struct pc_record *r,
    struct pc_error *err)
{
	const int64_t max = pc_config_int(g->cli->config, "caching.max_bytes");
	const int fits = selection_fits(&g->select, r);
	const char *doubt = fits ? stream_doubt(r) : NULL;
	struct pc_spool *value = NULL;
	int wanted, result;

	if (fits && !doubt && (uint64_t)max < r->size)
		doubt = "its value is larger than caching.max_bytes";
	if (doubt)
		cli_warn(g->cli, "record %llu skipped: %s",
		    (unsigned long long)s->count, doubt);
	/* A clock that is ahead must not make a record win for ever. */
	if (r->created > g->select.now) {
		if (r->expires != PC_NEVER && r->expires > r->created)
			r->expires -= r->created - g->select.now;
		r->created = g->select.now;
	}
	wanted = fits && !doubt && r->expires > g->select.now && !is_kept(g, r);
	if (wanted && !g->dry_run)
		value = pc_spool_new(g->cli->store);
	if (wanted && !g->dry_run && !value)
		cli_die(g->cli, "%s", strerror(errno));
	result = stream_read_value(s, r, value, err);
	if (result == 0 && value) {
		int put = pc_store_put_newer(g->cli->store, r, value);

		wanted = put == 0;
		result = put < 0;
	}
	if (result == 1)
		cli_warn(g->cli, "record %llu cannot be stored: %s",
		    (unsigned long long)s->count,
		    pc_store_error(g->cli->store, errno));
	pc_spool_free(value);
	if (result < 0)
		return -1;
	if (result == 0 && wanted) {
		g->deleted++;
		g->deleted_bytes += r->size;
	}
	return result == 1 || doubt ? 1 : 0;
}

/* A file that is not an export is refused before the store is touched. */
void
gc_import_open(struct gc *g)
{
	struct pc_error err;
	int fd = strcmp(g->import, "-") == 0
	    ? 0
	    : open(g->import, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		cli_die(g->cli, "cannot open '%s': %s", g->import,
		    strerror(errno));
	if (stream_read_begin(&import, fd, &err) < 0)
		cli_die(g->cli, "cannot import '%s': %s", g->import, err.text);
}

void
gc_import(struct gc *g)
{
	struct pc_record r;
	struct pc_error err;
	int more;

	gc_end_by_signals(g,
	    "pc-gc: stopped; the records imported so far stay\n", NULL);
	while ((more = stream_read_record(&import, &r, &err)) == 0) {
		int taken = import_record(g, &import, &r, &err);

		g->failed += taken > 0;
		cli_progress(g->cli, import.count, 0);
		if (taken < 0) {
			more = -1;
			break;
		}
	}
	stream_clear(&import);
	if (import.fd != 0)
		close(import.fd);
	if (more < 0) {
		cli_warn(g->cli, "'%s': %s; %llu records %s imported",
		    g->import, err.text, (unsigned long long)g->deleted,
		    g->dry_run ? "would have been" : "were");
		cli_exit(g->cli, PC_EXIT_FAIL);
	}
}
