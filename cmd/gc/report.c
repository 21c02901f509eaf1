/* report.c - print what was done, as text or JSON. */
#include "cli/size.h"
#include "gc.h"

#include <errno.h>
#include <string.h>

static const char *
mode(const struct gc *g)
{
	return g->check                ? "check"
	    : g->repair                ? "repair"
	    : g->rebuild               ? "rebuild"
	    : g->export                ? "export"
	    : g->import                ? "import"
	    : g->all                   ? "all"
	    : g->max_bytes >= 0        ? "max-bytes"
	    : g->expired               ? "expired"
	    : filter_given(&g->filter) ? "selection"
				       : "compact";
}

/* If an export goes to standard output, the report goes to standard error. */
static FILE *
where(const struct gc *g)
{
	return g->export && strcmp(g->export, "-") == 0 ? stderr : stdout;
}

static void
add_pass(struct pc_buf *b, const struct pc_compact_report *r)
{
	pc_json_add_uint(b, "records", r->records);
	pc_json_add_uint(b, "bytes", r->bytes);
	pc_json_add_uint(b, "log_bytes_before", r->before);
	pc_json_add_uint(b, "log_bytes_after", r->after);
	pc_json_add_uint(b, "shards_rewritten", r->rewritten);
	pc_json_add_uint(b, "files_removed", r->files);
	pc_json_add_uint(b, "damaged", r->damaged);
}

static void
add_counts(struct pc_buf *b, const struct gc *g)
{
	if (g->export || g->import) {
		pc_json_add_uint(b, "records", g->deleted);
		pc_json_add_uint(b, "bytes", g->deleted_bytes);
		pc_json_add_uint(b, "refused", g->failed);
		return;
	}
	if (!g->rebuild) {
		pc_json_add_uint(b, "deleted", g->deleted);
		pc_json_add_uint(b, "deleted_bytes", g->deleted_bytes);
	}
	if (!g->rebuild && !g->partial)
		add_pass(b, &g->report);
	pc_json_add_uint(b, "failed", g->failed + g->busy);
}

static void
print_json(const struct gc *g)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_text(&b, "mode", mode(g));
	pc_json_add_bool(&b, "dry_run", g->dry_run);
	add_counts(&b, g);
	if (g->check)
		pc_json_add_uint(&b, "foreign", g->foreign);
	if (g->check || g->repair) {
		pc_json_add_uint(&b, "faults", g->faults);
		pc_json_begin_array(&b, "damage");
		pc_json_add_raw(&b, NULL, g->damage.data, g->damage.len);
		pc_json_end_array(&b);
	}
	pc_json_end_object(&b);
	if (pc_buf_add(&b, "\n", 1) < 0)
		cli_die(g->cli, "%s", strerror(ENOMEM));
	fwrite(b.data, 1, b.len, where(g));
	pc_buf_clear(&b);
}

static void
print_check(const struct gc *g, const char *would)
{
	const struct pc_compact_report *r = &g->report;

	if (g->check)
		printf("%llu records, %llu damaged",
		    (unsigned long long)r->records,
		    (unsigned long long)r->damaged);
	else
		printf("%s%s %llu damaged records", would,
		    *would ? "deleted" : "Deleted",
		    (unsigned long long)r->damaged);
	if (g->faults)
		printf("; %u fault%s in indexes and slots%s", g->faults,
		    g->faults == 1 ? "" : "s",
		    g->repair && !g->dry_run ? " repaired" : "");
	putchar('\n');
}

static void
print_text(const struct gc *g)
{
	const struct pc_compact_report *r = &g->report;
	const uint64_t less = r->before > r->after ? r->before - r->after : 0;
	const char *would = g->dry_run ? "Would have " : "";
	FILE *out = where(g);
	char size[HUMAN_SIZE];

	if (g->foreign)
		printf("%u entries can be changed by other users\n",
		    g->foreign);
	if (g->check || g->repair)
		print_check(g, would);
	else if (g->rebuild)
		printf("%s%s the indexes\n", would,
		    *would ? "rebuilt" : "Rebuilt");
	else if (g->export || g->import)
		fprintf(out, "%s%s %llu entries\n", would,
		    g->export ? (*would ? "exported" : "Exported")
			      : (*would ? "imported" : "Imported"),
		    (unsigned long long)g->deleted);
	else if (!g->all && !filter_given(&g->filter) && g->max_bytes < 0)
		printf("%s%s %u shards: %s less\n", would,
		    *would ? "compacted" : "Compacted", r->rewritten,
		    human(less, size));
	else
		printf("%s%s %llu %sentries\n", would,
		    *would ? "deleted" : "Deleted",
		    (unsigned long long)g->deleted,
		    g->expired && g->max_bytes < 0 ? "expired " : "");
}

/* Print what else a person should know. */
static void
tell_rest(const struct gc *g)
{
	if (g->cli->quiet)
		return;
	if (g->check && g->report.files)
		cli_warn(g->cli,
		    "%llu files of values have no record (a "
		    "process was killed); pc-gc --repair deletes "
		    "them",
		    (unsigned long long)g->report.files);
	if (g->report.aside)
		cli_warn(g->cli,
		    "%s %llu log.damaged files with unreadable records",
		    g->dry_run ? "would delete" : "deleted",
		    (unsigned long long)g->report.aside);
	if (g->filter.by_file && g->max_bytes < 0 && !g->export && !g->import)
		cli_warn(g->cli,
		    "not deleted: chats (use pc-infer --chat-clear), exports, and results of text that was changed outside pc");
}

void
gc_finish(struct gc *g)
{
	int status = PC_EXIT_OK;

	if (g->json)
		print_json(g);
	else if (!g->cli->quiet)
		print_text(g);
	/* An import counts records, everything else shards. */
	if (g->failed)
		status = g->import || g->failed < PC_SHARDS ? PC_EXIT_SOME
							    : PC_EXIT_FAIL;
	else if (g->busy)
		status = PC_EXIT_LATER;
	else if (g->check && (g->report.damaged || g->faults || g->foreign))
		status = PC_EXIT_NO;
	tell_rest(g);
	/* Damage is printed even if --check was not given. */
	if (g->report.damaged && !g->check && !g->repair)
		cli_warn(g->cli,
		    "%llu damaged records found%s; check the disk (dmesg)",
		    (unsigned long long)g->report.damaged,
		    g->erases
			? " and deleted, because they may belong to the records to delete"
			: "");
	if (g->busy && !g->cli->quiet)
		cli_warn(g->cli,
		    "%u shards skipped: another process is compacting them",
		    g->busy);
	pc_ranks_clear(&g->ranks);
	filter_clear(&g->filter);
	pc_buf_clear(&g->damage);
	cli_exit(g->cli, status);
}
