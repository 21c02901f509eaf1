/* convert_key.c - see convert_key.h.
 *
 * The key of a result has all that computes it: the bytes of the program and of
 * files that its words name, the words, and the program that confines it.  It
 * has none of pc-ocr's engines, so a new version of one of them does not
 * convert a folder again. */
#include "convert_key.h"

#include "cli/memo.h"
#include "reader/text_params.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char convert_stage[] = "ocr.convert", type_stage[] = "ocr.type";

/* ---- the document's type ---- */

static int
make_type_key(const struct pc_spec *engines, const struct pc_id *doc,
    struct stage_entry *e, struct pc_buf *material)
{
	struct pc_spec s = {0};
	int r = pc_spec_stage(&s, type_stage);

	for (size_t i = 0; r == 0 && i < engines->count; i++)
		if (engines->fields[i].kind == PC_FIELD_ENGINE)
			r = pc_spec_add(&s, PC_FIELD_ENGINE,
			    engines->fields[i].bytes, engines->fields[i].len);
	if (r == 0)
		r = pc_spec_add(&s, PC_FIELD_INPUT, doc->b, sizeof doc->b);
	return stage_make_key(e, material, &s, r == 0);
}

static int
find_type(struct cli *c, const struct pc_spec *engines, const struct pc_id *doc,
    char type[TYPE_SIZE])
{
	struct pc_buf text = {0}, material = {0};
	struct stage_entry e = {0};
	int64_t created;
	int missed = 1;

	if (make_type_key(engines, doc, &e, &material) == 0)
		missed = memo_read(c, &e.key, &text, &created);
	if (!missed)
		snprintf(type, TYPE_SIZE, "%s", (char *)text.data);
	pc_buf_clear(&text);
	pc_buf_clear(&material);
	return missed;
}

void
convert_key_note_type(struct cli *c, const struct pc_spec *engines,
    const struct pc_id *doc, const char *type)
{
	struct pc_buf text = {0}, material = {0};
	struct stage_entry e = {0};

	if (make_type_key(engines, doc, &e, &material) == 0 &&
	    pc_buf_add(&text, type, strlen(type)) == 0)
		memo_write(c, &e.key, &material, &text);
	pc_buf_clear(&text);
	pc_buf_clear(&material);
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
add_converter(struct cli *c, const struct converters *all,
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
	if (r == 0 && all->unconfined)
		r = param_text(s, "unconfined", "yes");
	return r;
}

int
convert_key_begin(struct cli *c, const struct converters *all,
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
	    add_converter(c, all, by, r->program, &s) == 0;
	if (stage_make_key(&r->entry, &r->material, &s, whole) == 0)
		return 0;
	snprintf(error, MESSAGE_SIZE,
	    "cannot convert it: '%.100s' (ocr.convert): %s", by->argv[0],
	    strerror(errno));
	return -1;
}

int
convert_key_recall(struct cli *c, const struct converters *all,
    const struct pc_spec *engines, const struct pc_id *doc,
    struct convert_result *r, int memo)
{
	char type[TYPE_SIZE], error[MESSAGE_SIZE];
	const struct converter *by;

	*r = (struct convert_result){0};
	if (all->count == 0 || find_type(c, engines, doc, type) != 0 ||
	    !(by = converters_find(all, type)) ||
	    convert_key_begin(c, all, by, doc, r, error) < 0)
		return 1;
	r->entry.memo = memo;
	return stage_find(&r->entry) != STAGE_HIT;
}

void
convert_key_end(struct convert_result *r)
{
	stage_clear(&r->entry);
	pc_buf_clear(&r->material);
	free(r->program);
	r->program = NULL;
}
