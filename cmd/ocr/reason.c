/* reason.c - why documents are not in the cache.
 *
 * The store knows documents by their content.  To tell a changed document from
 * a new one, a record's extra ends with a line "@DIGEST", made from the
 * document's path. */
#include "reason.h"

#include "ocr/doc_convert.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Bytes read at the end of each log.  Only --explain reads a large store
 * completely. */
enum { SAMPLE = 64 * 1024 };

static struct pc_reasons *reasons; /* read when the first document misses */

/* ---- names ---- */

/* A digest of the document's path; 0: it has no lasting path. */
static uint64_t
hash_name(const char *name)
{
	char *path = strcmp(name, "-") == 0 ? NULL : realpath(name, NULL);
	struct pc_id id;
	uint64_t h = 0;

	if (path) {
		pc_sha256(path, strlen(path), &id);
		memcpy(&h, id.b, sizeof h);
	}
	free(path);
	return h;
}

static uint64_t
name_of(const struct pc_record *r)
{
	const char *at = r->extra_len ? memrchr(r->extra, '@', r->extra_len)
				      : NULL;
	char hex[17];
	size_t n;

	if (!at)
		return 0;
	n = r->extra_len - (size_t)(at + 1 - (const char *)r->extra);
	if (n != 17 || at[17] != '\n')
		return 0;
	snprintf(hex, sizeof hex, "%.16s", at + 1);
	return strtoull(hex, NULL, 16);
}

void
reason_add_extra(const struct doc *d, struct pc_buf *extra)
{
	const uint64_t name = d->file.spooled ? 0 : hash_name(d->file.name);

	if (name)
		pc_buf_addf(extra, "@%016llx\n", (unsigned long long)name);
}

/* ---- reasons ---- */

/* Look up the key.  PC_HIT, PC_MISS, or -1 after a warning. */
static int
find(struct cli *c, const char *name, const struct pc_id *key, uint64_t newest,
    struct pc_buf *text)
{
	int r = -1;

	if (!reasons)
		reasons = pc_reasons_read(c->store, c->spec.stage, newest,
		    name_of);
	if (reasons)
		r = pc_reasons_find(reasons, &c->material, key, hash_name(name),
		    text);
	if (r < 0)
		cli_store_failed(c, "read the store");
	return r;
}

void
reason_note(struct cli *c, struct doc *d)
{
	d->reason.len = 0;
	if (!c->store)
		pc_buf_addf(&d->reason, "no cache");
	else if (c->refresh)
		pc_buf_addf(&d->reason, "--refresh");
	else if (find(c, d->file.name, &d->stage.key, SAMPLE, &d->reason) < 0)
		pc_buf_addf(&d->reason, "the store cannot be read");
}

/* ---- --explain ---- */

static void
print(struct cli *c, const char *name, const struct pc_id *id,
    const struct pc_id *key, int hit, const struct pc_buf *reason)
{
	struct pc_buf b = {0};

	if (c->jsonl) {
		pc_json_begin_object(&b, NULL);
		pc_json_add_text(&b, "file", name);
		pc_json_add_id(&b, "id", id);
		pc_json_add_id(&b, "key", key);
		pc_json_add_bool(&b, "hit", hit);
		pc_json_add_bytes(&b, "reason", reason->data, reason->len);
		pc_json_end_object(&b);
	} else {
		if (terminal_escape(&b, name) < 0)
			cli_die(c, "%s", strerror(ENOMEM));
		pc_buf_addf(&b, ": %s: %.*s", hit ? "hit" : "miss",
		    (int)reason->len, (const char *)reason->data);
	}
	if (pc_buf_add(&b, "\n", 1) < 0)
		cli_die(c, "%s", strerror(ENOMEM));
	if (cli_write(c, b.data, b.len) < 0)
		cli_die(c, "cannot write standard output: %s", strerror(errno));
	pc_buf_clear(&b);
}

/* Explain one document.  -1 after a warning. */
static int
explain(struct cli *c, const struct ocr_options *o, const char *name)
{
	struct doc *d = calloc(1, sizeof *d);
	struct pc_buf reason = {0};
	struct pc_id key;
	int r = -1;

	if (!d || !(d->file.name = strdup(name)))
		cli_die(c, "%s", strerror(errno));
	d->file.fd = d->converted.fd = -1;
	if (doc_file_identify(c, &d->file, d->error) == 0) {
		doc_recall_conversion(c, o, d);
		doc_make_key(c, d, &key);
		r = find(c, name, &key, 0, &reason);
	}
	if (r >= 0)
		print(c, name, &d->file.id, &key, r == PC_HIT, &reason);
	pc_buf_clear(&reason);
	doc_drop_conversion(d);
	doc_file_close(&d->file);
	free(d);
	return r < 0 ? -1 : 0;
}

int
reason_explain(struct cli *c, const struct ocr_options *o,
    struct cli_names *names)
{
	struct cli_name name;
	uint64_t failed = 0;
	int more;

	while ((more = cli_names_next(c, names, &name)) != 1) {
		if (more == 0 && name.kind != CLI_NAME_FILE) {
			cli_warn(c, "a record has no \"file\"");
			more = -1;
		}
		failed += more < 0 || explain(c, o, name.text) < 0;
	}
	return cli_status(failed, names->count);
}
