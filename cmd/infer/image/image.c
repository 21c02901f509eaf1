/* image.c - the images of a request: which they are, and how they are made.
 *
 * A PNG's bytes are the same whatever file its pixels came from, so that its
 * id is what an answer depends on. */
#include "image_in.h"

#include "reader/page_ranges.h"
#include "reader/team.h"

#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	DPI_MAX = 300,       /* of a small page, which is not blown up */
	GRACE = 5 * 1000000, /* us: a helper sees to its time by itself */
};

/* ---- their list ---- */

struct image *
image_append(struct images *m, size_t file, unsigned page, unsigned side_max)
{
	struct image *all = m->all;

	/* Powers of two have been filled. */
	if ((m->count & (m->count - 1)) == 0)
		all = realloc(m->all,
		    (m->count ? m->count * 2 : 1) * sizeof *all);
	if (!all)
		return NULL;
	m->all = all;
	all[m->count] = (struct image){.source = m->files[file].id,
	    .page = page,
	    .side_max = side_max,
	    .file = file};
	return &all[m->count++];
}

void
image_drop(struct images *m, size_t first)
{
	while (m->count > first)
		pc_buf_clear(&m->all[--m->count].png);
}

void
images_clear(struct images *m)
{
	image_drop(m, 0);
	for (size_t i = 0; i < m->file_count; i++) {
		free(m->files[i].name);
		if (m->files[i].kept >= 0)
			close(m->files[i].kept);
	}
	free(m->files);
	free(m->all);
	*m = (struct images){0};
}

/* ---- files ---- */

static int
fail(struct pc_error *err, const char *name, const char *what)
{
	pc_error_set(err, "'%.200s': %s", name, what);
	return -1;
}

/* A descriptor of what the file has now, whose id is set; the caller's unless
 * it is f->kept.  *st is of before it was read. */
static int
open_file(struct cli *c, struct image_file *f, struct stat *st,
    struct pc_error *err)
{
	const uint64_t max = (uint64_t)pc_config_int(c->config,
	    "ocr.max_bytes");
	int fd = f->kept, r;

	if (fd >= 0 && fstat(fd, st) == 0)
		return fd;
	fd = strcmp(f->name, "-") == 0
	    ? fcntl(0, F_DUPFD_CLOEXEC, 3)
	    : open(f->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return fail(err, f->name, strerror(errno));
	r = fstat(fd, st);
	if (r == 0 && S_ISREG(st->st_mode) && (uint64_t)st->st_size > max) {
		errno = EFBIG;
		r = -1;
		/* What seems empty, as files in /proc, cannot be mapped either.
		 */
	} else if (r == 0 && S_ISREG(st->st_mode) && st->st_size > 0 &&
	    strcmp(f->name, "-") != 0) {
		r = pc_ident_fd(c->store, fd, 0, &f->id, NULL);
	} else if (r == 0) {
		r = pc_spool_stream(fd, max, &f->id, &f->kept);
		close(fd);
		fd = f->kept;
		if (r == 0)
			r = fstat(fd, st);
	}
	if (r != 0) {
		(void)fail(err, f->name,
		    errno == EFBIG ? "it is larger than ocr.max_bytes allows"
				   : strerror(errno));
		if (fd != f->kept)
			close(fd);
		return -1;
	}
	return fd;
}

static void
close_file(const struct image_file *f, int fd)
{
	if (fd != f->kept)
		close(fd);
}

/* ---- the helper ---- */

/* A helper, for one file: when that is done its memory is free again. */
struct reader {
	struct cli *cli;
	struct images *images;
	struct team team;
	struct worker worker;
	char *command[8];
	char megapixels[24], timeout[24];
	int64_t most; /* us a page */
};

static char *
helper(struct pc_error *err)
{
	char *path = pc_helper_path("pc-doc");

	if (!path)
		pc_error_set(err, "%s", strerror(errno));
	return path;
}

/* Have it read what fd is. */
static int
begin(struct reader *r, int fd, struct pc_error *err)
{
	const struct pc_config *config = r->cli->config;

	r->worker.fd = -1;
	r->most = pc_config_span(config, "ocr.page_timeout");
	snprintf(r->megapixels, sizeof r->megapixels, "%lld",
	    (long long)pc_config_int(config, "ocr.max_megapixels"));
	snprintf(r->timeout, sizeof r->timeout, "%lld",
	    (long long)(r->most == PC_NEVER ? 0 : r->most / 1000000));
	r->command[0] = helper(err);
	if (!r->command[0])
		return -1;
	r->command[1] = (char *)"serve";
	r->command[2] = (char *)"--max-megapixels";
	r->command[3] = r->megapixels;
	r->command[4] = (char *)"--page-timeout";
	r->command[5] = r->timeout;
	if (pc_config_bool(config, "ocr.require_sandbox"))
		r->command[6] = (char *)"--require-sandbox";
	r->team.argv = r->command;
	if (team_hire(&r->team, &r->worker, fd) == 0)
		return 0;
	pc_error_set(err, "cannot run '%s': %s%s", r->command[0],
	    strerror(errno), pc_helper_remedy(errno));
	return -1;
}

static void
end(struct reader *r)
{
	struct pc_run m = {.part = PC_RUN_DOC};

	team_account(&r->team, &m);
	if (m.started)
		cli_memory(r->cli, m);
	worker_dismiss(&r->worker);
	team_end(&r->team);
	free(r->command[0]);
}

/* Wait for what was asked.  The answer is in r->worker. */
static int
await(struct reader *r, const char *name, struct pc_error *err)
{
	const int64_t most = r->most, began = pc_ticks();
	struct pollfd p = {.fd = r->worker.fd, .events = POLLIN};
	int have;

	while ((have = worker_read(&r->team, &r->worker)) == 0) {
		if (most != PC_NEVER && pc_ticks() - began > most + GRACE)
			return fail(err, name, "pc-doc does not answer");
		(void)poll(&p, 1, 1000);
	}
	if (have > 0)
		return 0;
	if (team_refused(&r->team))
		return fail(err, name,
		    "pc-doc cannot be run; is pc "
		    "installed?");
	if (most != PC_NEVER && pc_ticks() - began >= most - 100000)
		return fail(err, name,
		    "it took too long; ocr.page_timeout "
		    "allows more");
	return fail(err, name, "pc-doc crashed at it");
}

/* What the helper says is wrong, with a remedy that is pc-infer's. */
static int
refused(const struct page_answer *a, const char *name, struct pc_error *err)
{
	const char *why = a->message;
	char where[32] = "";

	if (strncmp(why, "it is locked", 12) == 0)
		why = "it is locked by a password: give it as "
		      "PC_OCR_PASSWORD in the environment";
	else if (strncmp(why, "it is text", 10) == 0)
		why = "it is text, no PDF or image: make it part of the "
		      "prompt";
	else if (a->page > 0)
		snprintf(where, sizeof where, ", page %u", (unsigned)a->page);
	pc_error_set(err, "'%.200s'%s: %s", name, where, why);
	return -1;
}

/* Ask, and wait for an answer of that kind. */
static int
ask(struct reader *r, const struct page_request *a, enum answer_kind kind,
    const char *name, struct pc_error *err)
{
	struct worker *w = &r->worker;

	worker_clear(w);
	/* One that is dead says so when it is read from. */
	(void)worker_send(w, a, NULL);
	if (await(r, name, err) < 0)
		return -1;
	if (w->head.kind == ANSWER_ERROR)
		return refused(&w->head, name, err);
	if (w->head.kind != kind ||
	    (kind == ANSWER_FILE && w->head.page != a->page))
		return fail(err, name,
		    "pc-doc's answer is to another question");
	return 0;
}

/* Have the PNG made. */
static int
make(struct reader *r, struct image *i, struct pc_error *err)
{
	const char *name = r->images->files[i->file].name;
	const struct worker *w = &r->worker;
	const struct page_request a = {.what = REQUEST_PNG,
	    .page = i->page,
	    .dpi = DPI_MAX,
	    .side_max = i->side_max};

	if (ask(r, &a, ANSWER_FILE, name, err) < 0)
		return -1;
	if (pc_buf_add(&i->png, w->payload, (size_t)w->head.length) < 0)
		return fail(err, name, strerror(ENOMEM));
	pc_sha256(i->png.data, i->png.len, &i->id);
	return 0;
}

/* ---- pages ---- */

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
		return fail(err, name, why.text);
	}
	for (unsigned page = r.from; page <= r.to; page++) {
		if (m->count == IMAGES_MAX) {
			pc_error_set(&why,
			    "with its pages these are more than "
			    "%d images, which is the most of a "
			    "request; choose some with --pages",
			    IMAGES_MAX);
			return fail(err, name, why.text);
		}
		if (!image_append(m, file, page, side_max))
			return fail(err, name, strerror(ENOMEM));
	}
	return 0;
}

/* An image for each wanted page, of how many there are. */
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

/* Is what the helper had the file that was identified? */
static int
unchanged(int fd, const struct stat *before)
{
	struct stat now;

	return fstat(fd, &now) == 0 && now.st_size == before->st_size &&
	    now.st_ctim.tv_sec == before->st_ctim.tv_sec &&
	    now.st_ctim.tv_nsec == before->st_ctim.tv_nsec;
}

/* By the helper, whatever is not remembered of each page. */
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
	struct reader reader = {.cli = c, .images = m};
	int r = begin(&reader, fd, err);

	if (r == 0)
		r = ask(&reader, &open, ANSWER_OPEN, name, err);
	if (r == 0)
		r = append_wanted(c, m, file, pages, reader.worker.head.pages,
		    list->side_max, err);
	for (size_t i = first; r == 0 && i < m->count; i++) {
		const int64_t start = pc_ticks();

		if (image_find(c, &m->all[i], NULL) == 0)
			continue;
		r = make(&reader, &m->all[i], err);
		if (r == 0 && !unchanged(fd, before))
			r = fail(err, name,
			    "it changed while it was read; "
			    "try again");
		if (r == 0 &&
		    image_keep(c, &m->all[i], pc_ticks() - start,
			reader.team.peak_kib) == 0)
			pc_buf_clear(&m->all[i].png);
	}
	end(&reader);
	if (r == 0)
		image_list_store(list, m, first, pc_ticks() - began);
	else
		image_drop(m, first);
	return r;
}

/* As the store has them, or as another process makes them now, or made. */
static int
find_or_make(struct cli *c, struct images *m, size_t file, int fd,
    const struct stat *before, const char *pages, unsigned side_max,
    struct pc_error *err)
{
	struct image_list list;
	int r;

	image_list_begin(c, &list, m, file, pages, side_max);
	r = image_list_find(&list, m);
	if (r == 1)
		r = image_list_claim(&list, m);
	if (r == 1)
		r = make_all(&list, m, fd, before, pages, err);
	image_list_end(&list);
	return r;
}

/* ---- for pc-infer ---- */

static int
add_file(struct images *m, const char *name)
{
	struct image_file *files = realloc(m->files,
	    (m->file_count + 1) * sizeof *files);
	char *copy = strdup(name);

	if (files)
		m->files = files;
	if (!files || !copy) {
		free(copy);
		return -1;
	}
	files[m->file_count++] = (struct image_file){.name = copy, .kept = -1};
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
	doc = helper(err);
	r = doc ? image_engines(c, doc, err) : -1;
	free(doc);
	if (r < 0)
		return -1;
	if (add_file(m, name) < 0)
		return fail(err, name, strerror(ENOMEM));
	fd = open_file(c, &m->files[file], &st, err);
	if (fd < 0)
		return -1;
	r = find_or_make(c, m, file, fd, &st, pages, side_max, err);
	close_file(&m->files[file], fd);
	if (r == 0 && m->count > IMAGES_MAX) {
		image_drop(m, first);
		r = fail(err, name,
		    "with its pages these are more than 64 "
		    "images, which is the most of a request; "
		    "choose some with --pages");
	}
	return r;
}

/* Its PNG from what its file has still. */
static int
make_again(struct cli *c, struct images *m, struct image *i,
    struct pc_error *err)
{
	struct image_file *f = &m->files[i->file];
	const struct pc_id id = i->id;
	const int64_t began = pc_ticks();
	struct reader reader = {.cli = c, .images = m};
	struct stat st;
	int fd, r;

	fd = open_file(c, f, &st, err);
	if (fd < 0)
		return -1;
	r = begin(&reader, fd, err);
	if (r == 0)
		r = make(&reader, i, err);
	end(&reader);
	close_file(f, fd);
	if (r == 0 && memcmp(i->id.b, id.b, sizeof id.b) != 0) {
		i->id = id;
		pc_buf_clear(&i->png);
		r = fail(err, f->name, "it is not what it was; try again");
	}
	if (r == 0)
		(void)image_keep(c, i, pc_ticks() - began,
		    reader.team.peak_kib);
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
	return fail(err, m->files[i->file].name, strerror(ENOMEM));
}
