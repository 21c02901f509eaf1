/* image_store.c - what is remembered of images: which PNG files a document's
 * pages became (infer.images), and these (infer.image). */
#include "image_in.h"

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

/* ---- in and out ---- */

static int
find(struct cli *c, const struct pc_id *key, unsigned flags, struct pc_hit *hit)
{
	struct pc_event e = {.key = *key, .bytes = 0};
	const int64_t began = pc_ticks();
	const int found = pc_store_get(c->store, key, flags, hit);

	if (found < 0)
		cli_store_failed(c, "read the store");
	strcpy(e.stage, png_stage);
	e.duration = pc_ticks() - began;
	if (found == 0) {
		e.bytes = hit->record.size;
		e.saved = hit->record.cost;
	}
	cli_event(c, found == 0 ? PC_EVENT_HIT : PC_EVENT_MISS, e);
	return found == 0 ? 0 : 1;
}

static int
keep(struct cli *c, struct pc_record *r, const struct pc_buf *material,
    const void *value, size_t n)
{
	struct pc_event e = {.key = r->key, .bytes = n};
	const int64_t began = pc_ticks();
	int stored;

	r->created = pc_now();
	r->expires = cli_expires(c, c->ttl, "caching.ttl_layout");
	r->material = material->data;
	r->material_len = material->len;
	stored = pc_store_put_bytes(c->store, r, value, n) == 0;
	if (!stored)
		cli_store_failed(c, "store an image");
	strcpy(e.stage, png_stage);
	e.ttl = pc_record_ttl(r);
	e.duration = pc_ticks() - began;
	cli_event(c, stored ? PC_EVENT_PUT : PC_EVENT_ERROR, e);
	return stored ? 0 : 1;
}

/* ---- PNG files ---- */

int
image_find(struct cli *c, struct image *i, struct pc_buf *png)
{
	struct pc_buf material = {0};
	struct pc_hit hit = {0};
	struct pc_id key;
	int r = 1;

	if (!c->store || make_key(i, png_stage, NULL, &material, &key) < 0)
		goto out;
	r = find(c, &key, png ? 0 : PC_GET_HEADER, &hit);
	if (r == 0 && png) {
		const size_t before = png->len;

		if (memcmp(hit.record.output.b, i->id.b, sizeof i->id.b) != 0)
			r = 1;
		else if (pc_hit_read(&hit, png, SIZE_MAX) < 0) {
			png->len = before;
			r = 1;
		}
	} else if (r == 0) {
		i->id = hit.record.output;
	}
out:
	pc_hit_clear(&hit);
	pc_buf_clear(&material);
	return r;
}

int
image_keep(struct cli *c, const struct image *i, int64_t cost,
    uint32_t peak_kib)
{
	struct pc_record r = {.cost = cost, .peak_kib = peak_kib};
	struct pc_buf material = {0};
	struct pc_event e = {.duration = cost,
	    .bytes = i->png.len,
	    .peak_kib = peak_kib};
	int kept = 1;

	if (!c->store || make_key(i, png_stage, NULL, &material, &r.key) < 0)
		goto out;
	e.key = r.key;
	strcpy(e.stage, png_stage);
	cli_event(c, PC_EVENT_COMPUTE, e);
	if (!c->read_only)
		kept = keep(c, &r, &material, i->png.data, i->png.len);
out:
	pc_buf_clear(&material);
	return kept;
}

/* ---- which pages became which ---- */

int
image_find_list(struct cli *c, struct images *m, size_t file, const char *pages,
    unsigned side_max)
{
	const struct image asked = {.source = m->files[file].id,
	    .side_max = side_max};
	const size_t first = m->count;
	struct pc_buf material = {0}, list = {0};
	struct pc_hit hit = {0};
	struct pc_id key;
	int r = 1;

	if (!c->store || c->refresh ||
	    make_key(&asked, list_stage, pages, &material, &key) < 0 ||
	    find(c, &key, 0, &hit) != 0)
		goto out;
	if (pc_hit_read(&hit, &list, SIZE_MAX) < 0 ||
	    pc_buf_add(&list, "", 1) < 0)
		goto out;
	r = list.len <= 1;
	for (char *s = (char *)list.data; r == 0 && *s;
	     s += strcspn(s, "\n"), s += *s == '\n') {
		char hex[PC_ID_HEX];
		struct image *i;
		unsigned page;

		if (sscanf(s, "%u %64[0-9a-f]", &page, hex) != 2 ||
		    !(i = image_append(m, file, page, side_max)) ||
		    pc_id_parse(hex, &i->id) < 0)
			r = 1;
	}
	if (r != 0)
		image_drop(m, first);
out:
	pc_hit_clear(&hit);
	pc_buf_clear(&material);
	pc_buf_clear(&list);
	return r;
}

int
image_flight(struct cli *c, const struct images *m, size_t file,
    const char *pages, unsigned side_max, struct pc_id *flight)
{
	const struct image asked = {.source = m->files[file].id,
	    .side_max = side_max};
	struct pc_buf material = {0};
	int waited = 0;

	*flight = (struct pc_id){{0}};
	if (c->store && !c->refresh &&
	    make_key(&asked, list_stage, pages, &material, flight) == 0)
		waited = cli_flight(c, flight, -1);
	pc_buf_clear(&material);
	return waited;
}

void
image_land(struct cli *c, const struct pc_id *flight)
{
	if (c->store && !(pc_store_flags(c->store) & PC_STORE_READ_ONLY))
		pc_flight_land(c->store, flight);
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
keep_engines(struct cli *c)
{
	struct pc_record r = {.expires = PC_NEVER, .created = pc_now()};
	struct pc_buf b = {0};

	for (size_t i = 0; i < engines.count; i++)
		pc_buf_addf(&b, "%s\n", engines.fields[i].bytes);
	last_key(&r.key);
	if (!b.failed && pc_store_put_bytes(c->store, &r, b.data, b.len) < 0)
		cli_store_failed(c, "store the list of engines");
	pc_buf_clear(&b);
}

void
image_keep_list(struct cli *c, const struct images *m, size_t first,
    const char *pages, int64_t cost)
{
	struct pc_record r = {.cost = cost};
	struct pc_buf material = {0}, list = {0};

	if (!c->store || c->read_only)
		return;
	for (size_t i = first; i < m->count; i++) {
		char hex[PC_ID_HEX];

		pc_id_hex(&m->all[i].id, hex);
		pc_buf_addf(&list, "%u %s\n", m->all[i].page, hex);
	}
	if (!list.failed &&
	    make_key(&m->all[first], list_stage, pages, &material, &r.key) ==
		0) {
		(void)keep(c, &r, &material, list.data, list.len);
		keep_engines(c);
	}
	pc_buf_clear(&material);
	pc_buf_clear(&list);
}

/* 1: none was ever made here. */
static int
last_engines(struct cli *c)
{
	struct pc_hit hit = {0};
	struct pc_buf b = {0};
	struct pc_id key;
	int r;

	last_key(&key);
	r = pc_store_get(c->store, &key, 0, &hit) != 0 ||
	    pc_hit_read(&hit, &b, SIZE_MAX) < 0;
	for (size_t at = 0, n; r == 0 && at < b.len; at += n + 1) {
		const char *line = (char *)b.data + at;
		const char *end = memchr(line, '\n', b.len - at);

		n = end ? (size_t)(end - line) : b.len - at;
		r = pc_spec_add(&engines, PC_FIELD_ENGINE, line, n) < 0;
	}
	if (r != 0)
		pc_spec_clear(&engines);
	pc_hit_clear(&hit);
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
