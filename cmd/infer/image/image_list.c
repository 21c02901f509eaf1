/* image_list.c - which PNG files the pages of a document became (infer.images).
 *
 * The list has a line "PAGE SHA-256" for each of them.  The files are not
 * looked up with it: most requests need only their ids, and a file that is no
 * longer there is made again from the document. */
#include "image_in.h"

#include <string.h>

static const char list_stage[] = "infer.images";

/* Append the image of a line. */
static int
take_line(void *ctx, const char *line)
{
	const struct image_list *l = ctx;
	char hex[PC_ID_HEX];
	struct pc_id id;
	struct image *i;
	unsigned page;

	if (sscanf(line, "%u %64[0-9a-f]", &page, hex) != 2 ||
	    pc_id_parse(hex, &id) < 0)
		return 1;
	i = image_append(l->images, l->file, page, l->side_max);
	if (!i)
		return 1;
	i->id = id;
	return 0;
}

static int
take_list(void *ctx, const struct pc_hit *hit, struct pc_event *e)
{
	const struct image_list *l = ctx;

	(void)e;
	/* An earlier look may have taken some. */
	image_drop(l->images, l->first);
	return stage_files_take(hit, take_line, ctx) == 0;
}

void
image_list_begin(struct cli *c, struct image_list *l, struct images *m,
    size_t file, const char *pages, unsigned side_max)
{
	const struct image asked = {.source = m->files[file].id,
	    .side_max = side_max};
	struct pc_spec s = {0};
	int whole = c->store && image_begin_key(&s, &asked, list_stage) == 0;

	/* Without it they are all pages. */
	if (whole && pages)
		whole = pc_spec_addf(&s, PC_FIELD_PARAM, "pages=%s", pages) ==
		    0;
	*l = (struct image_list){.images = m,
	    .first = m->count,
	    .file = file,
	    .side_max = side_max};
	l->entry = (struct stage_entry){.cli = c,
	    .stage = IMAGE_STAGE,
	    .usable = take_list,
	    .ctx = l};
	l->stored = stage_make_key(&l->entry, &l->material, &s, whole) == 0;
}

void
image_list_end(struct image_list *l)
{
	stage_clear(&l->entry);
	pc_buf_clear(&l->material);
}

/* 0: a hit; 1: there is none, and no image of one. */
static int
settle(struct image_list *l, enum stage_state state)
{
	if (state == STAGE_HIT)
		return 0;
	image_drop(l->images, l->first);
	return 1;
}

int
image_list_find(struct image_list *l)
{
	return l->stored ? settle(l, stage_find(&l->entry)) : 1;
}

int
image_list_claim(struct image_list *l)
{
	return l->stored ? settle(l, stage_await(&l->entry, -1)) : 1;
}

void
image_list_store(struct image_list *l, int64_t cost)
{
	const struct images *m = l->images;
	struct cli *c = l->entry.cli;
	struct stage_result r = {.ttl = c->ttl,
	    .setting = "caching.ttl_layout",
	    .cost = cost};
	struct pc_buf list = {0};

	if (!l->stored || !stage_stores(c))
		return;
	for (size_t i = l->first; i < m->count; i++) {
		char hex[PC_ID_HEX];

		pc_id_hex(&m->all[i].id, hex);
		pc_buf_addf(&list, "%u %s\n", m->all[i].page, hex);
	}
	r.bytes = list.data;
	r.len = list.len;
	if (!list.failed) {
		(void)stage_store(&l->entry, &r);
		image_engines_note(c);
	}
	pc_buf_clear(&list);
}
