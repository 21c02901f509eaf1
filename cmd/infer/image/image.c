/* image.c - the images of a request: which they are, and how they are made.
 *
 * A PNG's bytes are the same whatever file its pixels came from, so that its
 * id is what an answer depends on. */
#include "renderer.h"

#include "reader/page_ranges.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
append_pages(struct images *m, size_t file, struct page_range r, unsigned pages,
    unsigned side_max, struct pc_error *err)
{
	const char *name = m->files[file].name;
	struct pc_error why;

	if (r.to == 0)
		r.to = r.from > pages ? r.from : pages;
	if (r.to > pages) {
		pc_error_set(&why, "it has %u page%s, and no page %u", pages,
		    pages == 1 ? "" : "s", r.from > pages ? r.from : r.to);
		return image_fail(err, name, why.text);
	}
	for (unsigned page = r.from; page <= r.to; page++) {
		if (m->count == IMAGES_MAX) {
			pc_error_set(&why,
			    "with its pages these are more than "
			    "%d images, which is the most of a "
			    "request; choose some with --pages",
			    IMAGES_MAX);
			return image_fail(err, name, why.text);
		}
		if (!image_append(m, file, page, side_max))
			return image_fail(err, name, strerror(ENOMEM));
	}
	return 0;
}

/* An image for each wanted page of the document. */
static int
append_wanted(struct cli *c, struct images *m, size_t file, const char *wanted,
    unsigned pages, unsigned side_max, struct pc_error *err)
{
	struct page_ranges ranges;
	int r = 0;

	if (!wanted)
		return append_pages(m, file, (struct page_range){.from = 1},
		    pages, side_max, err);
	ranges = page_ranges_parse(c, wanted);
	for (size_t i = 0; i < ranges.count && r == 0; i++)
		r = append_pages(m, file, ranges.list[i], pages, side_max, err);
	free(ranges.list);
	return r;
}

/* Has the file not changed since it was identified? */
static int
unchanged(int fd, const struct stat *before)
{
	struct stat now;

	return fstat(fd, &now) == 0 && now.st_size == before->st_size &&
	    now.st_ctim.tv_sec == before->st_ctim.tv_sec &&
	    now.st_ctim.tv_nsec == before->st_ctim.tv_nsec;
}

/* Have the helper make each page that is not in the store. */
static int
make_all(struct image_list *list, struct images *m, int fd,
    const struct stat *before, const char *pages, struct pc_error *err)
{
	struct cli *c = list->entry.cli;
	const size_t file = list->file;
	const size_t first = m->count;
	const struct page_request open = {.what = REQUEST_OPEN};
	const char *name = m->files[file].name;
	const int64_t began = pc_ticks();
	struct renderer renderer = {.cli = c, .images = m};
	int r = renderer_begin(&renderer, fd, err);

	if (r == 0)
		r = renderer_ask(&renderer, &open, ANSWER_OPEN, name, err);
	if (r == 0)
		r = append_wanted(c, m, file, pages, renderer.worker.head.pages,
		    list->side_max, err);
	for (size_t i = first; r == 0 && i < m->count; i++) {
		const int64_t start = pc_ticks();

		if (image_find(c, &m->all[i], NULL) == 0)
			continue;
		r = renderer_make(&renderer, &m->all[i], err);
		if (r == 0 && !unchanged(fd, before))
			r = image_fail(err, name,
			    "it changed while it was read; "
			    "try again");
		if (r == 0 &&
		    image_keep(c, &m->all[i], pc_ticks() - start,
			renderer.team.peak_kib) == 0)
			pc_buf_clear(&m->all[i].png);
	}
	renderer_end(&renderer);
	if (r == 0)
		image_list_store(list, pc_ticks() - began);
	else
		image_drop(m, first);
	return r;
}

/* Take the images from the store, wait for the process that makes them, or make
 * them. */
static int
find_or_make(struct cli *c, struct images *m, size_t file, int fd,
    const struct stat *before, const char *pages, unsigned side_max,
    struct pc_error *err)
{
	struct image_list list;
	int r;

	image_list_begin(c, &list, m, file, pages, side_max);
	r = image_list_find(&list);
	if (r == 1)
		r = image_list_claim(&list);
	if (r == 1)
		r = make_all(&list, m, fd, before, pages, err);
	image_list_end(&list);
	return r;
}

/* ---- for pc-infer ---- */

static int
add_file(struct images *m, const char *name)
{
	struct image_source *files = realloc(m->files,
	    (m->file_count + 1) * sizeof *files);
	char *copy = strdup(name);

	if (files)
		m->files = files;
	if (!files || !copy) {
		free(copy);
		return -1;
	}
	files[m->file_count++] = (struct image_source){.name = copy,
	    .kept = -1};
	return 0;
}

int
images_add(struct cli *c, struct images *m, const char *name, const char *pages,
    unsigned side_max, struct pc_error *err)
{
	const size_t file = m->file_count, first = m->count;
	struct stat st;
	char *doc;
	int fd, r;

	if (side_max == 0 || side_max > SIDE_MAX)
		side_max = IMAGE_SIDE;
	doc = renderer_path(err);
	r = doc ? image_engines(c, doc, err) : -1;
	free(doc);
	if (r < 0)
		return -1;
	if (add_file(m, name) < 0)
		return image_fail(err, name, strerror(ENOMEM));
	fd = image_file_open(c, &m->files[file], &st, err);
	if (fd < 0)
		return -1;
	r = find_or_make(c, m, file, fd, &st, pages, side_max, err);
	image_file_close(&m->files[file], fd);
	if (r == 0 && m->count > IMAGES_MAX) {
		image_drop(m, first);
		r = image_fail(err, name,
		    "with its pages these are more than 64 "
		    "images, which is the most of a request; "
		    "choose some with --pages");
	}
	return r;
}

/* Make its PNG again, if its file has not changed. */
static int
make_again(struct cli *c, struct images *m, struct image *i,
    struct pc_error *err)
{
	struct image_source *f = &m->files[i->file];
	const struct pc_id id = i->id;
	const int64_t began = pc_ticks();
	struct renderer renderer = {.cli = c, .images = m};
	struct stat st;
	int fd, r;

	fd = image_file_open(c, f, &st, err);
	if (fd < 0)
		return -1;
	r = renderer_begin(&renderer, fd, err);
	if (r == 0)
		r = renderer_make(&renderer, i, err);
	renderer_end(&renderer);
	image_file_close(f, fd);
	if (r == 0 && memcmp(i->id.b, id.b, sizeof id.b) != 0) {
		i->id = id;
		pc_buf_clear(&i->png);
		r = image_fail(err, f->name,
		    "it is not what it was; try again");
	}
	if (r == 0)
		(void)image_keep(c, i, pc_ticks() - began,
		    renderer.team.peak_kib);
	return r;
}

int
images_png(struct cli *c, struct images *m, size_t n, struct pc_buf *png,
    struct pc_error *err)
{
	struct image *i = &m->all[n];

	if (i->png.len == 0 && image_find(c, i, png) == 0)
		return 0;
	if (i->png.len == 0 && make_again(c, m, i, err) < 0)
		return -1;
	if (pc_buf_add(png, i->png.data, i->png.len) == 0)
		return 0;
	return image_fail(err, m->files[i->file].name, strerror(ENOMEM));
}
