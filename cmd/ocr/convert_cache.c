/* convert_cache.c - documents that converters made of others, stored.
 *
 * The key has all that computes such a document: the bytes of the program and
 * of files that its words name, the words, and the program that confines it.
 * It has none of pc-ocr's engines, so a new version of one of them does not
 * convert a folder again. */
#include "convert_cache.h"

#include "cli/memo.h"
#include "ocr/page_result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char convert_stage[] = "ocr.convert", type_stage[] = "ocr.type";

/* ---- the document's type ---- */

static int
make_type_key(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, struct page_result *r)
{
	struct pc_spec s;
	const int whole = page_result_begin_key(&s, o, type_stage, doc) == 0;

	return page_result_take_key(&s, whole, c, type_stage, r);
}

int
convert_cache_find_type(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, char type[TYPE_SIZE])
{
	struct pc_buf text = {0};
	struct page_result r;
	int64_t created;
	int missed = 1;

	if (make_type_key(c, o, doc, &r) == 0)
		missed = memo_read(c, &r.entry.key, &text, &created);
	if (!missed)
		snprintf(type, TYPE_SIZE, "%s", (char *)text.data);
	pc_buf_clear(&text);
	page_result_clear(&r);
	return missed;
}

void
convert_cache_store_type(struct cli *c, const struct ocr_options *o,
    const struct pc_id *doc, const char *type)
{
	struct pc_buf text = {0};
	struct page_result r;

	if (make_type_key(c, o, doc, &r) == 0 &&
	    pc_buf_add(&text, type, strlen(type)) == 0)
		memo_write(c, &r.entry.key, &r.material, &text);
	pc_buf_clear(&text);
	page_result_clear(&r);
}

/* ---- what a converter made ---- */

static int
add_file(struct cli *c, struct pc_spec *s, const char *kind, const char *path)
{
	char hex[PC_ID_HEX];
	struct pc_id id;

	if (pc_ident_file(c->store, path, 0, &id, NULL) < 0)
		return -1;
	pc_id_hex(&id, hex);
	return pc_spec_addf(s, PC_FIELD_ENGINE, "%s=%s", kind, hex);
}

/* Add the words, and the files that they name, such as a script. */
static int
add_words(struct cli *c, struct pc_spec *s, char *const *argv)
{
	struct stat st;
	char kind[32];
	int r = 0;

	for (unsigned i = 0; argv[i] && r == 0; i++) {
		r = pc_spec_add(s, PC_FIELD_ARG, argv[i], strlen(argv[i]));
		snprintf(kind, sizeof kind, "file.%u", i);
		if (r == 0 && i > 0 && *argv[i] == '/' &&
		    stat(argv[i], &st) == 0 && S_ISREG(st.st_mode))
			r = add_file(c, s, kind, argv[i]);
	}
	return r;
}

static int
add_converter(struct cli *c, const struct ocr_options *o,
    const struct converter *by, const char *program, struct pc_spec *s)
{
	char *confine = pc_helper_path("pc-confine");
	int r = confine ? add_file(c, s, "pc-confine", confine) : -1;

	free(confine);
	if (r == 0)
		r = add_file(c, s, "program", program);
	if (r == 0)
		r = add_words(c, s, by->argv);
	if (r == 0)
		r = param_text(s, "type", by->type);
	if (r == 0 && o->converters.unconfined)
		r = param_text(s, "unconfined", "yes");
	return r;
}

int
convert_cache_begin(struct cli *c, const struct ocr_options *o,
    const struct converter *by, const struct pc_id *doc,
    struct convert_result *r, char error[MESSAGE_SIZE])
{
	struct pc_spec s = {0};
	int whole;

	*r = (struct convert_result){
	    .entry = {.cli = c, .stage = convert_stage},
	    .program = pc_program_path(by->argv[0])};
	if (!r->program || *r->program != '/') {
		snprintf(error, MESSAGE_SIZE,
		    "cannot convert it: '%.100s' (ocr.convert) is not "
		    "installed",
		    by->argv[0]);
		return -1;
	}
	whole = pc_spec_stage(&s, convert_stage) == 0 &&
	    pc_spec_add(&s, PC_FIELD_INPUT, doc->b, sizeof doc->b) == 0 &&
	    add_converter(c, o, by, r->program, &s) == 0;
	if (stage_make_key(&r->entry, &r->material, &s, whole) == 0)
		return 0;
	snprintf(error, MESSAGE_SIZE,
	    "cannot convert it: '%.100s' (ocr.convert): %s", by->argv[0],
	    strerror(errno));
	return -1;
}

int
convert_cache_find(struct convert_result *r)
{
	return stage_find(&r->entry) != STAGE_HIT;
}

void
convert_cache_store(struct convert_result *r, struct pc_spool *out,
    int64_t cost, uint32_t peak_kib)
{
	stage_event(&r->entry, PC_EVENT_COMPUTE,
	    (struct pc_event){.duration = cost,
		.peak_kib = peak_kib,
		.bytes = pc_spool_size(out)});
	(void)stage_store(&r->entry,
	    &(struct stage_result){.spool = out,
		.ttl = r->entry.cli->ttl,
		.setting = "caching.ttl_ocr",
		.cost = cost,
		.peak_kib = peak_kib});
}

void
convert_cache_end(struct convert_result *r)
{
	stage_clear(&r->entry);
	pc_buf_clear(&r->material);
	free(r->program);
	r->program = NULL;
}
