/* image_store.c - what is remembered of images: which PNG files a document's
 * pages became (infer.images), and these (infer.image). */
#include "image_in.h"

#include "cli/memo.h"
#include "reader/engines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char png_stage[] = "infer.image", list_stage[] = "infer.images";

/* What computes a PNG: only engine fields; the same for all of a run. */
static struct pc_spec engines;
static int engines_known;

/* ---- keys ---- */

/* Of the page, or of the list of pages; NULL is all. */
static int
make_key(const struct image *i, const char *stage, const char *pages,
    struct pc_buf *material, struct pc_id *key)
{
	struct pc_spec s = {0};
	const char *twice;
	int r = pc_spec_stage(&s, stage);

	for (size_t k = 0; r == 0 && k < engines.count; k++)
		r = pc_spec_add(&s, PC_FIELD_ENGINE, engines.fields[k].bytes,
		    engines.fields[k].len);
	if (r == 0)
		r = pc_spec_add(&s, PC_FIELD_INPUT, i->source.b,
		    sizeof i->source.b);
	if (r == 0)
		r = pc_spec_addf(&s, PC_FIELD_PARAM, "side_max=%u",
		    i->side_max);
	if (r == 0 && stage == png_stage)
		r = pc_spec_addf(&s, PC_FIELD_PARAM, "page=%u", i->page);
	if (r == 0 && stage == list_stage && pages)
		r = pc_spec_addf(&s, PC_FIELD_PARAM, "pages=%s", pages);
	/* A spec of which something is missing would be another's. */
	if (r == 0)
		r = pc_spec_key(&s, material, key, &twice);
	pc_spec_clear(&s);
	return r;
}

/* ---- PNG files ---- */

/* The entry of i's PNG; material is to be cleared.  -1: there is no key, so
 * nothing can be stored. */
static int
png_entry(struct cli *c, const struct image *i, struct stage_entry *e,
    struct pc_buf *material)
{
	*e = (struct stage_entry){.cli = c, .stage = png_stage};
	if (!c->store || make_key(i, png_stage, NULL, material, &e->key) < 0)
		return -1;
	e->material = material->data;
	e->material_len = material->len;
	return 0;
}

/* Is it the PNG that the image's id names? */
static int
is_same_png(void *ctx, const struct pc_hit *hit, struct pc_event *e)
{
	const struct image *i = ctx;

	(void)e;
	return memcmp(hit->record.output.b, i->id.b, sizeof i->id.b) == 0;
}

int
image_find(struct cli *c, struct image *i, struct pc_buf *png)
{
	const size_t before = png ? png->len : 0;
	struct pc_buf material = {0};
	struct stage_entry e;
	int r = 1;

	if (png_entry(c, i, &e, &material) == 0) {
		e.get = png ? 0 : PC_GET_HEADER;
		e.usable = png ? is_same_png : NULL;
		e.ctx = i;
		r = stage_find(&e) != STAGE_HIT;
	}
	if (r == 0 && !png)
		i->id = e.hit.record.output;
	if (r == 0 && png && pc_hit_read(&e.hit, png, SIZE_MAX) < 0) {
		png->len = before;
		r = 1;
	}
	stage_clear(&e);
	pc_buf_clear(&material);
	return r;
}

int
image_keep(struct cli *c, const struct image *i, int64_t cost,
    uint32_t peak_kib)
{
	const struct stage_result r = {.bytes = i->png.data,
	    .len = i->png.len,
	    .ttl = c->ttl,
	    .setting = "caching.ttl_layout",
	    .cost = cost,
	    .peak_kib = peak_kib};
	struct pc_buf material = {0};
	struct stage_entry e;
	int kept = 1;

	if (png_entry(c, i, &e, &material) == 0) {
		stage_event(&e, PC_EVENT_COMPUTE,
		    (struct pc_event){.duration = cost,
			.bytes = i->png.len,
			.peak_kib = peak_kib});
		kept = stage_store(&e, &r);
	}
	stage_clear(&e);
	pc_buf_clear(&material);
	return kept;
}

/* ---- which pages became which ---- */

/* One line of a list: a page and the id of its PNG.  The next line, or NULL:
 * it is malformed. */
static const char *
parse_line(const char *s, const char *end, unsigned *page, struct pc_id *id)
{
	const char *nl = memchr(s, '\n', (size_t)(end - s));
	char line[96], hex[PC_ID_HEX];

	if (!nl || nl - s >= (long)sizeof line)
		return NULL;
	snprintf(line, sizeof line, "%.*s", (int)(nl - s), s);
	if (sscanf(line, "%u %64[0-9a-f]", page, hex) != 2 ||
	    pc_id_parse(hex, id) < 0)
		return NULL;
	return nl + 1;
}

static int
is_list(void *ctx, const struct pc_hit *hit, struct pc_event *e)
{
	const char *s = (const char *)hit->value, *end;
	struct pc_id id;
	unsigned page;

	(void)ctx, (void)e;
	if (!s || hit->record.size == 0)
		return 0;
	for (end = s + hit->record.size; s && s < end;)
		s = parse_line(s, end, &page, &id);
	return s != NULL;
}

void
image_list_begin(struct cli *c, struct image_list *l, const struct images *m,
    size_t file, const char *pages, unsigned side_max)
{
	const struct image asked = {.source = m->files[file].id,
	    .side_max = side_max};

	*l = (struct image_list){.file = file, .side_max = side_max};
	l->entry = (struct stage_entry){.cli = c,
	    .stage = png_stage,
	    .usable = is_list};
	l->stored = c->store &&
	    make_key(&asked, list_stage, pages, &l->material, &l->entry.key) ==
		0;
	l->entry.material = l->material.data;
	l->entry.material_len = l->material.len;
}

void
image_list_end(struct image_list *l)
{
	stage_clear(&l->entry);
	pc_buf_clear(&l->material);
}

/* Append an image for each line of the list that was found. */
static int
take_list(struct image_list *l, struct images *m)
{
	const char *s = (const char *)l->entry.hit.value;
	const char *end = s + l->entry.hit.record.size;
	const size_t first = m->count;

	while (s < end) {
		struct pc_id id;
		struct image *i;
		unsigned page;

		s = parse_line(s, end, &page, &id);
		i = image_append(m, l->file, page, l->side_max);
		if (!i) {
			image_drop(m, first);
			return 1;
		}
		i->id = id;
	}
	return 0;
}

int
image_list_find(struct image_list *l, struct images *m)
{
	if (!l->stored || stage_find(&l->entry) != STAGE_HIT)
		return 1;
	return take_list(l, m);
}

int
image_list_claim(struct image_list *l, struct images *m)
{
	if (!l->stored || stage_await(&l->entry, -1) != STAGE_HIT)
		return 1;
	return take_list(l, m);
}

/* ---- what computes them ---- */

/* The engines of the last PNG that was made. */
static void
last_key(struct pc_id *key)
{
	static const char what[] = "infer.image engines 1";

	pc_sha256(what, sizeof what, key);
}

static void
note_engines(struct cli *c)
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

void
image_list_store(struct image_list *l, const struct images *m, size_t first,
    int64_t cost)
{
	struct cli *c = l->entry.cli;
	struct stage_result r = {.ttl = c->ttl,
	    .setting = "caching.ttl_layout",
	    .cost = cost};
	struct pc_buf list = {0};

	if (!l->stored || !stage_stores(c))
		return;
	for (size_t i = first; i < m->count; i++) {
		char hex[PC_ID_HEX];

		pc_id_hex(&m->all[i].id, hex);
		pc_buf_addf(&list, "%u %s\n", m->all[i].page, hex);
	}
	r.bytes = list.data;
	r.len = list.len;
	if (!list.failed) {
		(void)stage_store(&l->entry, &r);
		note_engines(c);
	}
	pc_buf_clear(&list);
}

/* 1: none was ever made here. */
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
	/* What was made by the last one there was is good still. */
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
		/* The program's own key has the PNG's id, which is enough. */
		c->spec = (struct pc_spec){0};
		engines_add(c, command);
		engines = c->spec;
		c->spec = own;
	}
	engines_known = 1;
	return 0;
}
