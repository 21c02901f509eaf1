/* text_key.c - see text_key.h. */
#include "text_key.h"

#include "convert_key.h"
#include "engines.h"
#include "text_params.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what all documents have in common ---- */

/* The parameters and engines of each key; and only the helpers' engines. */
static struct pc_spec common, helpers;
static struct converters converters;
static enum { NOT_READ, KNOWN, UNKNOWN } state;

static int
recall_helper(struct cli *c, const char *name, const char *lang)
{
	char *helper = pc_helper_path(name);
	char *argv[] = {helper, (char *)"engines", (char *)"-l",
	    (char *)(uintptr_t)lang, NULL};
	int r;

	if (!lang)
		argv[2] = NULL;
	r = helper ? engines_recall(c, &common, argv) : 1;
	free(helper);
	return r;
}

/* pc-ocr is in the same folder as this program. */
static int
add_pc_ocr(struct cli *c)
{
	static const char name[] = "pc-ocr";
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - sizeof name);
	char *slash;

	if (n < 0)
		return -1;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return -1;
	memcpy(slash + 1, name, sizeof name);
	return engines_add_program(c, &common, path);
}

static int
copy_helpers(void)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < common.count; i++)
		if (common.fields[i].kind == PC_FIELD_ENGINE)
			r = pc_spec_add(&helpers, PC_FIELD_ENGINE,
			    common.fields[i].bytes, common.fields[i].len);
	return r;
}

static void
read_common(struct cli *c)
{
	const struct text_params p = text_params_default(c->config);
	const int known = pc_spec_stage(&common, "ocr") == 0 &&
	    text_params_add(&common, &p) == 0 &&
	    recall_helper(c, "pc-doc", NULL) == 0 &&
	    recall_helper(c, "pc-tesseract", p.lang) == 0 &&
	    copy_helpers() == 0 && add_pc_ocr(c) == 0;

	converters_read(c, &converters);

	state = known ? KNOWN : UNKNOWN;
}

/* ---- one document ---- */

int
text_key_begin(struct text_key *t, struct cli *c, const struct pc_id *given)
{
	const struct pc_spec *s = &c->spec;

	if (strcmp(s->stage, "ocr") != 0 || s->count != (given ? 0 : 1) ||
	    (!given && s->fields[0].kind != PC_FIELD_INPUT))
		return 0;
	*t = (struct text_key){.cli = c};
	memcpy(t->document.b, given ? given->b : (void *)s->fields[0].bytes,
	    sizeof t->document.b);
	return 1;
}

static int
add_input(const struct pc_id *id)
{
	return pc_spec_add(&common, PC_FIELD_INPUT, id->b, sizeof id->b);
}

/* Add the document, and what a converter made of it, if it was converted.
 * Returns the number of inputs; -1 with errno. */
static int
add_document(const struct text_key *t)
{
	struct convert_result r;
	const int converted = convert_key_recall(t->cli, &converters, &helpers,
				  &t->document, &r, 1) == 0;
	const struct pc_id result = r.entry.hit.record.output;

	convert_key_end(&r);
	if (add_input(&t->document) < 0 ||
	    (converted && add_input(&result) < 0))
		return -1;
	return 1 + converted;
}

int
text_key_make(struct text_key *t, struct pc_id *key)
{
	struct cli *c = t->cli;
	const char *twice;
	int inputs, r;

	if (state == NOT_READ && c->store)
		read_common(c);
	if (state != KNOWN || (inputs = add_document(t)) < 0)
		return 1;
	r = pc_spec_key(&common, &c->material, key, &twice) < 0;
	while (inputs-- > 0)
		pc_spec_drop_input(&common);
	return r;
}

static int
take_other(void *ctx, struct pc_id *key)
{
	struct text_key *t = ctx;

	t->used = text_key_make(t, key) == 0;
	return t->used;
}

/* A damaged document's text is stored by --negative, and pc-ocr warns of it
 * each time. */
static int
is_whole(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	const struct text_key *t = ctx;

	(void)event;
	return !t->used || !(hit->record.flags & PC_RECORD_NEGATIVE);
}

void
text_key_also(struct stage_entry *e, struct text_key *t)
{
	e->other_key = take_other;
	e->usable = is_whole;
	e->ctx = t;
}
