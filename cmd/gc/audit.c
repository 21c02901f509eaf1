/* audit.c - check that everything in the store belongs to the user alone. */
#include "gc.h"

#include <errno.h>
#include <string.h>

static int
take(void *ctx, enum pc_fault fault, const char *path, const char *what)
{
	struct gc *g = ctx;
	struct pc_error text;

	(void)fault;
	g->foreign++;
	if (!g->json) {
		pc_error_set(&text, "%s: %s", path, what);
		terminal_line(text.text);
		printf("%s\n", text.text);
		return 0;
	}
	pc_json_begin_object(&g->damage, NULL);
	pc_json_add_text(&g->damage, "path", path);
	pc_json_add_text(&g->damage, "what", what);
	pc_json_end_object(&g->damage);
	if (g->damage.failed)
		cli_die(g->cli, "%s", strerror(ENOMEM));
	return 0;
}

void
gc_audit(struct gc *g, const char *dir)
{
	/* Opening the store reports why it cannot be opened. */
	if (pc_store_audit(dir, take, g) < 0 && errno == ENOMEM)
		cli_die(g->cli, "%s", strerror(errno));
}

void
gc_refused(struct gc *g)
{
	if (!g->foreign)
		cli_store_die(g->cli, "use the store");
	/* The entry is one of those named above, so the check has its
	 * answer. */
	cli_warn(g->cli, "%s; the other files were not checked",
	    pc_store_refusal(g->cli->store));
	g->cli->store_failed = 1;
}
