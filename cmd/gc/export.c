/* export.c - pc-gc --export: write records to a file or a pipe. */
#include "export_stream.h"
#include "gc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct export
{
	struct gc *g;
	struct export_stream stream;
	struct pc_hit hit;
	uint64_t bytes;
	int fd;
	char *name; /* name of the file; NULL: standard output or a device */
	char *part; /* its temporary name */
	int named;  /* it has the temporary name */
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

/* Create the file, without a name if the file system can: then nothing is left
 * of it if this process dies. */
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
	/* A pipe or a device is written to directly, not replaced by a file. */
	if (there && !S_ISREG(st.st_mode)) {
		x->fd = open(name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		if (x->fd < 0)
			cannot(x, "open");
		return;
	}
	/* A symbolic link stays one: the file that it names is replaced. */
	x->name = there ? realpath(name, NULL) : strdup(name);
	if (!x->name)
		cannot(x, "make");
	open_part(x);
}

/* The old file stays until the new one is complete. */
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

	if (!filter_matches(&g->filter, r))
		return 0;
	if (g->dry_run) {
		if (r->expires > g->filter.now) {
			g->deleted++;
			x->bytes += r->size;
		}
		return 0;
	}
	/* The record may have been replaced meanwhile; the new one will do,
	 * too. */
	found = pc_store_get(g->cli->store, &r->key, 0, &x->hit);
	if (found != PC_HIT)
		return found < 0 ? -1 : 0;
	if (export_stream_write_record(&x->stream, &x->hit.record) < 0 ||
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
	if (!g->dry_run && export_stream_write_begin(&x.stream, x.fd) < 0)
		cannot(&x, "write");
	if (gc_pass(g, &o, &report) < 0)
		cannot(&x, "read the store for");
	if (!g->dry_run &&
	    (export_stream_write_end(&x.stream) < 0 || close_target(&x) < 0))
		cannot(&x, "write");
	if (!g->dry_run)
		g->deleted = x.stream.count;
	g->deleted_bytes = x.bytes;
	gc_end_by_signals(g, NULL, NULL);
	pc_hit_clear(&x.hit);
	export_stream_clear(&x.stream);
	free(x.name);
	free(x.part);
}
