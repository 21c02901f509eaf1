/* engines.c - the programs and libraries that compute a text are part of its
 * key.
 *
 * A helper lists the files that its answers depend on, and directories, whose
 * names end in '/' and of which only the names in them count.  The list is
 * stored under the helper's own id, and so are the ids of the files.  So a hit
 * runs no helper and reads none of the files. */
#include "engines.h"

#include "cli/memo.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum {
	LIST_MAX = 64 * 1024,    /* bytes */
	IDLE_MAX = 30 * 1000000, /* us */
};

static int
collect(void *ctx, const void *p, size_t n)
{
	return pc_buf_add(ctx, p, n);
}

static void
ask(struct cli *c, char *const *argv, struct pc_buf *list)
{
	struct pc_child child = {.argv = argv,
	    .in = -1,
	    .out = collect,
	    .ctx = list,
	    .idle_max = IDLE_MAX,
	    .out_max = LIST_MAX};

	list->len = 0;
	if (pc_child_run(&child) < 0)
		cli_die(c, "cannot run '%s': %s%s", argv[0], strerror(errno),
		    pc_helper_remedy(errno));
	if (!WIFEXITED(child.status) || WEXITSTATUS(child.status) != 0 ||
	    pc_buf_add(list, "", 1) < 0)
		exit(PC_EXIT_FAIL); /* it has printed why */
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The id of a directory is that of the names in it. */
static int
directory_id(const char *path, struct pc_id *id)
{
	struct pc_buf b = {0};
	struct dirent **all;
	const int n = scandir(path, &all, is_visible, alphasort);
	int failed;

	for (int i = 0; i < n; i++) {
		pc_buf_add(&b, all[i]->d_name, strlen(all[i]->d_name) + 1);
		free(all[i]);
	}
	if (n >= 0)
		free(all);
	failed = n < 0 || b.failed;
	if (!failed)
		pc_sha256(b.data, b.len, id);
	pc_buf_clear(&b);
	return failed ? -1 : 0;
}

/* Add the ids of the listed files to the spec.  1: the list is outdated. */
static int
add(struct cli *c, struct pc_spec *spec, const struct pc_buf *list)
{
	const char *line = (const char *)list->data;
	struct pc_spec fresh = {0};
	int r = list->len < 2;

	for (; r == 0 && *line; line += strcspn(line, "\n") + 1) {
		int kind = (int)strcspn(line, "\t\n");
		const size_t n = strcspn(line, "\n");
		const char *path = memrchr(line, '\t', n);
		char name[4096], hex[PC_ID_HEX];
		struct pc_id id;

		if (!path || line[n] != '\n') {
			r = 1;
			break;
		}
		snprintf(name, sizeof name, "%.*s", (int)(line + n - path - 1),
		    path + 1);
		if ((line[n - 1] == '/' ? directory_id(name, &id)
					: pc_ident_file(c->store, name, 0, &id,
					      NULL)) < 0) {
			r = 1;
			break;
		}
		pc_id_hex(&id, hex);
		if (pc_spec_addf(&fresh, PC_FIELD_ENGINE, "%.*s=%s", kind, line,
			hex) < 0)
			cli_die(c, "%s", strerror(errno));
	}
	for (size_t i = 0; i < fresh.count && r == 0; i++)
		if (pc_spec_add(spec, PC_FIELD_ENGINE, fresh.fields[i].bytes,
			fresh.fields[i].len) < 0)
			cli_die(c, "%s", strerror(errno));
	pc_spec_clear(&fresh);
	return r;
}

/* Make the list's own key.  -1 with errno. */
static int
list_key(struct cli *c, char *const *argv, struct pc_id *key)
{
	const char *tessdata = getenv("TESSDATA_PREFIX");
	struct pc_buf b = {0};
	struct pc_id id;
	char hex[PC_ID_HEX];

	if (pc_ident_file(c->store, argv[0], 0, &id, NULL) < 0)
		return -1;
	pc_id_hex(&id, hex);
	pc_buf_addf(&b, "engines 1\n%s\n%s", hex, tessdata ? tessdata : "");
	for (; *argv; argv++)
		pc_buf_addf(&b, "\n%s", *argv);
	if (b.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	pc_sha256(b.data, b.len, key);
	pc_buf_clear(&b);
	return 0;
}

/* Add what the remembered list names.  1: there is none, or it is outdated. */
static int
recall(struct cli *c, struct pc_spec *spec, const struct pc_id *key)
{
	struct pc_buf list = {0};
	int64_t created;
	int r = memo_read(c, key, &list, &created);

	if (r == 0)
		r = add(c, spec, &list);
	pc_buf_clear(&list);
	return r;
}

int
engines_recall(struct cli *c, struct pc_spec *spec, char *const *argv)
{
	struct pc_id key;

	return list_key(c, argv, &key) < 0 ? 1 : recall(c, spec, &key);
}

void
engines_add(struct cli *c, char *const *argv)
{
	const struct pc_buf material = {0};
	struct pc_buf list = {0};
	struct pc_id key;

	if (list_key(c, argv, &key) < 0)
		cli_die(c, "cannot read '%s': %s%s", argv[0], strerror(errno),
		    pc_helper_remedy(errno));
	if (recall(c, &c->spec, &key) != 0) {
		ask(c, argv, &list);
		if (add(c, &c->spec, &list) != 0)
			cli_die(c, "cannot read an engine file that '%s' lists",
			    argv[0]);
		memo_write(c, &key, &material, &list);
	}
	pc_buf_clear(&list);
}

int
engines_add_program(struct cli *c, struct pc_spec *spec, const char *path)
{
	char hex[PC_ID_HEX];
	struct pc_id id;

	if (pc_ident_file(c->store, path, 0, &id, NULL) < 0)
		return -1;
	pc_id_hex(&id, hex);
	return pc_spec_addf(spec, PC_FIELD_ENGINE, "pc-ocr=%s", hex);
}
