/* import.c - pc-gc --import: store the records of an export. */
#include "export_stream.h"
#include "gc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct export_stream import;

/* Has the key a record that must not be replaced? */
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

/* Import one record.  0; 1: it was skipped; -1: the stream has ended. */
static int
import_record(struct gc *g, struct export_stream *s, struct pc_record *r,
    struct pc_error *err)
{
	const int64_t max = pc_config_int(g->cli->config, "caching.max_bytes");
	const int fits = filter_matches(&g->filter, r);
	const char *doubt = fits ? export_stream_doubt(r) : NULL;
	struct pc_spool *value = NULL;
	int wanted, result;

	if (fits && !doubt && (uint64_t)max < r->size)
		doubt = "its value is larger than caching.max_bytes";
	if (doubt)
		cli_warn(g->cli, "record %llu skipped: %s",
		    (unsigned long long)s->count, doubt);
	/* A record from a clock that is ahead must not win for ever. */
	if (r->created > g->filter.now) {
		if (r->expires != PC_NEVER && r->expires > r->created)
			r->expires -= r->created - g->filter.now;
		r->created = g->filter.now;
	}
	wanted = fits && !doubt && r->expires > g->filter.now && !is_kept(g, r);
	if (wanted && !g->dry_run)
		value = pc_spool_new(g->cli->store);
	if (wanted && !g->dry_run && !value)
		cli_die(g->cli, "%s", strerror(errno));
	result = export_stream_read_value(s, r, value, err);
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
	if (export_stream_read_begin(&import, fd, &err) < 0)
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
	while ((more = export_stream_read_record(&import, &r, &err)) == 0) {
		int taken = import_record(g, &import, &r, &err);

		g->failed += taken > 0;
		cli_progress(g->cli, import.count, 0);
		if (taken < 0) {
			more = -1;
			break;
		}
	}
	export_stream_clear(&import);
	if (import.fd != 0)
		close(import.fd);
	if (more < 0) {
		cli_warn(g->cli, "'%s': %s; %llu records %s imported",
		    g->import, err.text, (unsigned long long)g->deleted,
		    g->dry_run ? "would have been" : "were");
		cli_exit(g->cli, PC_EXIT_FAIL);
	}
}
