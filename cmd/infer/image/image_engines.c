/* image_engines.c - what computes a PNG: the programs and libraries whose
 * digests are in its key. */
#include "image_in.h"

#include "cli/memo.h"
#include "reader/engines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Only engine fields; the same for all of a run. */
static struct pc_spec engines;
static int engines_known;

int
image_engines_add(struct pc_spec *s)
{
	int r = 0;

	for (size_t k = 0; r == 0 && k < engines.count; k++)
		r = pc_spec_add(s, PC_FIELD_ENGINE, engines.fields[k].bytes,
		    engines.fields[k].len);
	return r;
}

/* The key of the note: the engines of the last PNG that was made. */
static void
last_key(struct pc_id *key)
{
	static const char what[] = "infer.image engines 1";

	pc_sha256(what, sizeof what, key);
}

void
image_engines_note(struct cli *c)
{
	const struct pc_buf none = {0};
	struct pc_buf b = {0};
	struct pc_id key;

	for (size_t i = 0; i < engines.count; i++)
		pc_buf_addf(&b, "%s\n", engines.fields[i].bytes);
	last_key(&key);
	memo_write(c, &key, &none, &b);
	pc_buf_clear(&b);
}

/* 1: there is no note. */
static int
last_engines(struct cli *c)
{
	struct pc_buf b = {0};
	struct pc_id key;
	int64_t created;
	int r;

	last_key(&key);
	r = memo_read(c, &key, &b, &created);
	/* A line each, and a NUL after the last one. */
	for (size_t at = 0, n; r == 0 && at + 1 < b.len; at += n + 1) {
		const char *line = (char *)b.data + at;

		n = strcspn(line, "\n");
		r = pc_spec_add(&engines, PC_FIELD_ENGINE, line, n) < 0;
	}
	if (r != 0)
		pc_spec_clear(&engines);
	pc_buf_clear(&b);
	return r;
}

int
image_engines(struct cli *c, const char *doc, struct pc_error *err)
{
	char *const command[] = {(char *)(uintptr_t)doc, (char *)"engines",
	    NULL};
	const struct pc_spec own = c->spec;

	if (engines_known || !c->store)
		return 0;
	/* Without pc-doc, what the last one made can still be a hit. */
	if (access(doc, R_OK) < 0) {
		if (last_engines(c) != 0) {
			pc_error_set(err,
			    "cannot read '%s': %s; is pc "
			    "installed?  PC_LIBEXEC names its "
			    "helpers' directory",
			    doc, strerror(errno));
			return -1;
		}
	} else {
		/* The key of an answer has the ids of its images, and so
		 * does not need these engines. */
		c->spec = (struct pc_spec){0};
		engines_add(c, command);
		engines = c->spec;
		c->spec = own;
	}
	engines_known = 1;
	return 0;
}
