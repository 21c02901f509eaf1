/* jsonschema.c - the official test suite of JSON Schema, draft 2020-12: every
 * verdict is the suite's, but for those listed here with their cause. */
#include "infer/schema/schema.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUITE "tests/data/jsonschema"
#define OTHER_DOCUMENT "$ref: refers to 'http"
#define OWN_DIALECT "$schema: must be a dialect of json-schema.org"
enum { FILE_MAX_BYTES = 1024 * 1024 };

static struct {
	unsigned right, wrong, refused;
} total;

/* Schemas that are refused, and why: how many cases that makes. */
static struct cause {
	const char *file, *says;
	unsigned expected, found;
} causes[] = {
    {"defs.json", OTHER_DOCUMENT, 2, 0},
    {"dynamicRef.json", OTHER_DOCUMENT, 13, 0},
    {"ref.json", OTHER_DOCUMENT, 2, 0},
    {"refRemote.json", OTHER_DOCUMENT, 31, 0},
    {"optional/cross-draft.json", OTHER_DOCUMENT, 1, 0},
    {"vocabulary.json", OWN_DIALECT, 5, 0},
    {"optional/format-assertion.json", OWN_DIALECT, 4, 0},
    {0},
};

/* Formats are checked here, and are mere annotations in the suite. */
static struct format {
	const char *name;
	unsigned expected, found;
} formats[] = {
    {"date", 1, 0},
    {"time", 1, 0},
    {"date-time", 1, 0},
    {"email", 1, 0},
    {"uri", 1, 0},
    {"uuid", 1, 0},
    {0},
};

/* What is being read. */
struct group {
	const char *file;
	const struct pc_json *schema;
	const char *description;
};

static const char *
text_of(const struct pc_json *v, const char *name)
{
	size_t n;
	const char *text = pc_json_text(pc_json_get(v, name), &n);

	return text ? text : "";
}

static int
is_expected_refusal(const struct group *g, unsigned cases, const char *says)
{
	for (struct cause *c = causes; c->file; c++)
		if (strcmp(c->file, g->file) == 0 && strstr(says, c->says)) {
			c->found += cases;
			return 1;
		}
	return 0;
}

static int
is_expected_wrong(const struct group *g)
{
	const char *name = text_of(g->schema, "format");

	for (struct format *f = formats; f->name; f++)
		if (strcmp(g->file, "format.json") == 0 &&
		    strcmp(f->name, name) == 0) {
			f->found++;
			return 1;
		}
	return 0;
}

static void
run_case(const struct group *g, const struct pc_json *test)
{
	struct pc_error err = {""};
	const int fits = schema_validate(g->schema, pc_json_get(test, "data"),
			     &err) == 0;

	if (fits == pc_json_bool(pc_json_get(test, "valid"))) {
		total.right++;
		return;
	}
	total.wrong++;
	if (!is_expected_wrong(g))
		OK(0, "%s: %s: %s %s", g->file, g->description,
		    text_of(test, "description"), err.text);
}

static void
run_group(const char *file, const struct pc_json *group)
{
	const struct pc_json *tests = pc_json_get(group, "tests");
	const struct group g = {file, pc_json_get(group, "schema"),
	    text_of(group, "description")};
	const unsigned n = (unsigned)pc_json_length(tests);
	struct pc_error err = {""};

	if (schema_check(g.schema, &err) < 0) {
		total.refused += n;
		if (!is_expected_refusal(&g, n, err.text))
			OK(0, "%s: %s is refused: %s", file, g.description,
			    err.text);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		run_case(&g, pc_json_at(tests, i));
}

static void
run_file(const char *dir, const char *name)
{
	struct pc_buf path = {0}, text = {0};
	struct pc_error err = {""};
	struct pc_json *groups = NULL;
	int fd;

	pc_buf_addf(&path, "%s/%s%s", SUITE, dir, name);
	fd = open((char *)path.data, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && pc_read_all(fd, &text, FILE_MAX_BYTES) == 0)
		groups = pc_json_parse((char *)text.data, text.len, &err);
	OK(pc_json_length(groups) > 0, "%s%s can be read %s", dir, name,
	    err.text);
	path.len = 0;
	pc_buf_addf(&path, "%s%s", dir, name);
	for (size_t i = 0; i < pc_json_length(groups); i++)
		run_group((char *)path.data, pc_json_at(groups, i));
	pc_json_free(groups);
	pc_buf_clear(&path);
	pc_buf_clear(&text);
	if (fd >= 0)
		close(fd);
}

static int
is_suite_file(const struct dirent *d)
{
	const size_t n = strlen(d->d_name);

	return n > 5 && strcmp(d->d_name + n - 5, ".json") == 0;
}

static void
run_folder(const char *dir)
{
	struct dirent **files;
	char path[100];
	int n;

	snprintf(path, sizeof path, "%s/%s", SUITE, dir);
	n = scandir(path, &files, is_suite_file, alphasort);
	for (int i = 0; i < n; i++) {
		run_file(dir, files[i]->d_name);
		free(files[i]);
	}
	OK(n > 0, "%s has files", path);
	if (n >= 0)
		free(files);
}

int
main(void)
{
	run_folder("");
	run_folder("optional/");
	for (const struct cause *c = causes; c->file; c++)
		OK(c->found == c->expected, "%u cases of %s are refused: %s",
		    c->expected, c->file, c->says);
	for (const struct format *f = formats; f->name; f++)
		OK(f->found == f->expected,
		    "%u case of the format %s is not the suite's", f->expected,
		    f->name);
	OK(total.wrong == 6, "wrong are those 6 cases of formats only");
	OK(total.right + total.wrong + total.refused == 1461,
	    "all 1461 cases: %u right, %u wrong, %u refused", total.right,
	    total.wrong, total.refused);
	return tap_done();
}
