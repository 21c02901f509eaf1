/* stage_files.c - a value of several files. */
#include "stage_files.h"

#include <string.h>

enum { LIST_MAX = 256 * 1024 * 1024 }; /* bytes */

/* ---- one file ---- */

void
stage_file_begin(struct stage_file *f, struct cli *c, const char *stage,
    struct pc_spec *s, int whole)
{
	*f = (struct stage_file){.entry = {.cli = c, .stage = stage}};
	f->has_key = stage_make_key(&f->entry, &f->material, s, whole) == 0;
}

/* For stage_entry: can the record serve as the file? */
static int
is_file(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	struct stage_file *f = ctx;
	const size_t before = f->bytes ? f->bytes->len : 0;

	(void)event;
	if (f->id &&
	    memcmp(hit->record.output.b, f->id->b, sizeof f->id->b) != 0)
		return 0;
	if ((!f->bytes || pc_hit_read(hit, f->bytes, SIZE_MAX) == 0) &&
	    (!f->wanted || f->wanted(f->ctx, &hit->record, f->bytes)))
		return 1;
	if (f->bytes)
		f->bytes->len = before;
	return 0;
}

int
stage_file_find(struct stage_file *f)
{
	if (!f->has_key)
		return 1;
	f->entry.get = f->bytes ? 0 : PC_GET_HEADER;
	f->entry.usable = is_file;
	f->entry.ctx = f;
	return stage_find(&f->entry) != STAGE_HIT;
}

int
stage_file_store(struct stage_file *f, const struct stage_result *r)
{
	return f->has_key ? stage_store(&f->entry, r) : 1;
}

void
stage_file_end(struct stage_file *f)
{
	stage_clear(&f->entry);
	pc_buf_clear(&f->material);
}

/* ---- the list ---- */

static int
take_lines(char *line, int (*take)(void *ctx, const char *line), void *ctx)
{
	int r = 0;

	for (char *end; r == 0 && *line; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		r = take(ctx, line) != 0;
	}
	return r;
}

int
stage_files_take(const struct pc_hit *list,
    int (*take)(void *ctx, const char *line), void *ctx)
{
	struct pc_buf b = {0};
	int r = 1;

	if (pc_hit_read(list, &b, LIST_MAX) == 0 && b.len > 0 &&
	    b.data[b.len - 1] == '\n' && !memchr(b.data, '\0', b.len) &&
	    pc_buf_add(&b, "", 1) == 0)
		r = take_lines((char *)b.data, take, ctx);
	pc_buf_clear(&b);
	return r;
}
