/* djvu.c - DjVu files, by libdjvulibre, which is loaded only for them.
 *
 * The library gets the whole file at once, so it never waits for data.  Parts
 * of a document that are files of their own do not exist for it. */
#include "djvu.h"
#include "helper/doc/base/library.h"
#include "helper/doc/doc.h"

#include <stdio.h>

#ifdef PC_DJVU
#include <dlfcn.h>
#include <libdjvu/ddjvuapi.h>
#include <libdjvu/miniexp.h>
#include <stdlib.h>
#include <string.h>

/* The functions used here: djvu.page_render() is ddjvu_page_render(), and so
 * on. */
#define DJVU_EACH(f)                                                           \
	f(get_version_string) f(context_create) f(cache_set_size)              \
	    f(message_peek) f(message_pop) f(message_wait) f(job_status) f(    \
		job_release) f(document_create) f(document_job)                \
		f(document_get_type) f(document_get_pagenum) f(                \
		    document_get_fileinfo_imp) f(document_get_filenum)         \
		    f(document_get_pageinfo_imp) f(document_get_pagetext) f(   \
			stream_write) f(stream_close) f(page_create_by_pageno) \
			f(page_job) f(page_get_width) f(page_get_height)       \
			    f(page_get_resolution) f(page_get_rotation)        \
				f(page_render) f(format_create)                \
				    f(format_set_row_order)

#define DJVU_MEMBER(name) __typeof__(ddjvu_##name) *name;
static struct {
	DJVU_EACH(DJVU_MEMBER)
	__typeof__(miniexp_to_str) *to_str;
	__typeof__(miniexp_to_name) *to_name;
	__typeof__(miniexp_stringp) *stringp;
} djvu;

struct djvu_file {
	const struct doc_bytes *bytes;
	ddjvu_context_t *context;
	ddjvu_document_t *document;
	unsigned pages;
};

const char *
djvu_library(void)
{
	static int tried, loaded;
	void *library = tried ? NULL : dlopen(PC_DJVU, RTLD_NOW);
	int missing = 0;

	tried = 1;
#define FIND(name) missing |= library_find(library, "ddjvu_" #name, &djvu.name);
	if (library) {
		DJVU_EACH(FIND)
		missing |= library_find(library, "miniexp_to_str",
		    &djvu.to_str);
		missing |= library_find(library, "miniexp_to_name",
		    &djvu.to_name);
		missing |= library_find(library, "miniexp_stringp",
		    &djvu.stringp);
		loaded = !missing;
	}
	return loaded ? djvu.get_version_string() : NULL;
}

/* ---- messages ---- */

/* A stream besides the first is another file, which has nothing. */
static void
take_message(struct djvu_file *f, const ddjvu_message_t *m)
{
	if (m->m_any.tag == DDJVU_NEWSTREAM && m->m_newstream.streamid > 0)
		djvu.stream_close(f->document, m->m_newstream.streamid, 0);
}

static void
take_messages(struct djvu_file *f)
{
	const ddjvu_message_t *m;

	djvu.message_wait(f->context);
	while ((m = djvu.message_peek(f->context))) {
		take_message(f, m);
		djvu.message_pop(f->context);
	}
}

/* Wait for its end.  -1: it failed. */
static int
finish(struct djvu_file *f, ddjvu_job_t *job)
{
	while (djvu.job_status(job) < DDJVU_JOB_OK)
		take_messages(f);
	return djvu.job_status(job) == DDJVU_JOB_OK ? 0 : -1;
}

/* ---- files ---- */

static int
load(struct djvu_file *f, char error[MESSAGE_SIZE])
{
	const struct doc_bytes *b = f->bytes;
	ddjvu_document_type_t type;

	f->context = djvu.context_create("pc-doc");
	if (f->context)
		f->document = djvu.document_create(f->context, NULL, 0);
	if (!f->document) {
		snprintf(error, MESSAGE_SIZE, "out of memory");
		return -1;
	}
	djvu.cache_set_size(f->context, 0);
	djvu.stream_write(f->document, 0, (const char *)b->p, b->n);
	djvu.stream_close(f->document, 0, 0);
	if (finish(f, djvu.document_job(f->document)) < 0) {
		snprintf(error, MESSAGE_SIZE, "cannot read the DjVu file");
		return -1;
	}
	type = djvu.document_get_type(f->document);
	if (type == DDJVU_DOCTYPE_INDIRECT ||
	    type == DDJVU_DOCTYPE_OLD_INDEXED) {
		snprintf(error, MESSAGE_SIZE,
		    "its pages are in other files; join them with 'djvmcvt -b "
		    "FILE FILE.djvu' (package djvulibre-bin)");
		return -1;
	}
	return 0;
}

struct djvu_file *
djvu_file_open(const struct doc_bytes *b, char error[MESSAGE_SIZE])
{
	struct djvu_file *f = calloc(1, sizeof *f);
	int n;

	if (!f) {
		snprintf(error, MESSAGE_SIZE, "out of memory");
		return NULL;
	}
	f->bytes = b;
	djvu_threads_put_off();
	if (load(f, error) < 0)
		return NULL; /* the worker ends */
	n = djvu.document_get_pagenum(f->document);
	f->pages = n > 0 ? (unsigned)n : 0;
	if (n <= 0)
		snprintf(error, MESSAGE_SIZE, "the DjVu file has no pages");
	return f;
}

unsigned
djvu_file_pages(const struct djvu_file *f)
{
	return f->pages;
}

/* ---- is a page whole? ---- */

static size_t
get32(const unsigned char *p)
{
	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 |
	    p[3];
}

/* Is all of the chunk at this offset in the file? */
static int
has_chunk(const struct doc_bytes *b, size_t at)
{
	enum { HEAD = 8 };

	return at <= b->n && b->n - at >= HEAD &&
	    b->n - at - HEAD >= get32(b->p + at + 4);
}

/* The number of the page's own file in a bundle.  -1: unknown. */
static int
find_part(const struct djvu_file *f, unsigned page)
{
	const int n = djvu.document_get_filenum(f->document);
	ddjvu_fileinfo_t info;

	for (int i = 0; i < n; i++)
		if (djvu.document_get_fileinfo_imp(f->document, i, &info,
			sizeof info) == DDJVU_JOB_OK &&
		    info.type == 'P' && info.pageno == (int)page)
			return i;
	return -1;
}

/* The decoder does not report all that is missing at the end of a file. */
static int
is_cut(const struct djvu_file *f, unsigned page)
{
	/* "AT&T", the head of the form, that of its directory, then flags and
	 * the number of files; an offset for each of them follows. */
	enum { FORM = 4, DIRECTORY = 16, OFFSETS = 27 };
	const struct doc_bytes *b = f->bytes;
	size_t at;
	int part;

	if (b->n < OFFSETS || memcmp(b->p + DIRECTORY, "DIRM", 4) != 0)
		return !has_chunk(b, FORM);
	part = find_part(f, page);
	if (part < 0)
		return 1;
	at = OFFSETS + 4 * (size_t)part;
	return at + 4 > b->n || !has_chunk(b, get32(b->p + at));
}

/* ---- pages ---- */

static unsigned
positive(int n)
{
	return n > 0 ? (unsigned)n : 0;
}

/* Read its size before it is decoded.  -1: it has none. */
static int
read_size(struct djvu_file *f, struct djvu_page *p)
{
	ddjvu_pageinfo_t info;
	ddjvu_status_t s;

	while ((s = djvu.document_get_pageinfo_imp(f->document, (int)p->number,
		    &info, sizeof info)) < DDJVU_JOB_OK)
		take_messages(f);
	if (s != DDJVU_JOB_OK)
		return -1;
	p->width = positive(info.width);
	p->height = positive(info.height);
	return 0;
}

int
djvu_page_open(struct djvu_file *f, unsigned n, unsigned max,
    struct djvu_page *p)
{
	ddjvu_page_t *page;

	*p = (struct djvu_page){.file = f, .number = n};
	if (read_size(f, p) < 0)
		return -1;
	if ((double)p->width * p->height > max * 1e6)
		return 1;
	p->decoded = page = djvu.page_create_by_pageno(f->document, (int)n);
	if (!page)
		return -1;
	p->damaged = finish(f, djvu.page_job(page)) < 0 || is_cut(f, n);
	p->width = positive(djvu.page_get_width(page));
	p->height = positive(djvu.page_get_height(page));
	p->dpi = positive(djvu.page_get_resolution(page));
	p->quarters = (unsigned)djvu.page_get_rotation(page) & 3;
	return p->width && p->height && p->dpi ? 0 : -1;
}

void
djvu_page_close(struct djvu_page *p)
{
	if (p->decoded)
		djvu.job_release(djvu.page_job(p->decoded));
	p->decoded = NULL;
}

int
djvu_page_render(const struct djvu_page *p, unsigned width, unsigned height,
    int colour, struct pdf_image *out)
{
	const ddjvu_rect_t all = {.w = width, .h = height};
	const size_t stride = (size_t)width * (colour ? 3 : 1);
	ddjvu_format_t *format = djvu.format_create(
	    colour ? DDJVU_FORMAT_RGB24 : DDJVU_FORMAT_GREY8, 0, NULL);

	*out = (struct pdf_image){.pixels = malloc(stride * height),
	    .width = (int)width,
	    .height = (int)height,
	    .stride = (int)stride};
	if (!format || !out->pixels)
		return -1;
	djvu.format_set_row_order(format, 1);
	/* A page that shows nothing is not rendered. */
	memset(out->pixels, 0xff, stride * height);
	djvu.page_render(p->decoded, DDJVU_RENDER_COLOR, &all, &all, format,
	    stride, (char *)out->pixels);
	return 0;
}

/* ---- hidden text ---- */

struct zone_walk {
	void (*begin)(void *ctx, const struct djvu_zone *);
	void (*end)(void *ctx, const struct djvu_zone *);
	void *ctx;
};

/* The next of a list. */
static miniexp_t
take(miniexp_t *list)
{
	miniexp_t head = miniexp_nil;

	if (miniexp_consp(*list)) {
		head = miniexp_car(*list);
		*list = miniexp_cdr(*list);
	}
	return head;
}

static int
take_number(miniexp_t *list)
{
	miniexp_t e = take(list);

	return miniexp_numberp(e) ? miniexp_to_int(e) : 0;
}

static enum djvu_level
level_of(miniexp_t type)
{
	const char *name = miniexp_symbolp(type) ? djvu.to_name(type) : "";

	return strcmp(name, "word") == 0 ? DJVU_WORD
	    : strcmp(name, "line") == 0  ? DJVU_LINE
					 : DJVU_BLOCK;
}

/* (TYPE LEFT BOTTOM RIGHT TOP "text") or (TYPE ... ZONE...) */
static void
walk_zone(const struct zone_walk *w, miniexp_t list, unsigned depth)
{
	enum { DEPTH_MAX = 10 };
	struct djvu_zone z = {.level = level_of(take(&list))};

	z.x0 = take_number(&list);
	z.y0 = take_number(&list);
	z.x1 = take_number(&list);
	z.y1 = take_number(&list);
	if (miniexp_consp(list) && djvu.stringp(miniexp_car(list)))
		z.text = djvu.to_str(miniexp_car(list));
	w->begin(w->ctx, &z);
	while (!z.text && miniexp_consp(list)) {
		miniexp_t part = take(&list);

		if (miniexp_consp(part) && depth < DEPTH_MAX)
			walk_zone(w, part, depth + 1);
	}
	w->end(w->ctx, &z);
}

int
djvu_page_zones(const struct djvu_page *p,
    void (*begin)(void *ctx, const struct djvu_zone *),
    void (*end)(void *ctx, const struct djvu_zone *), void *ctx)
{
	const struct zone_walk w = {begin, end, ctx};
	struct djvu_file *f = p->file;
	miniexp_t text;

	while ((text = djvu.document_get_pagetext(f->document, (int)p->number,
		    "word")) == miniexp_dummy)
		take_messages(f);
	if (miniexp_consp(text))
		walk_zone(&w, text, 0);
	/* A symbol says that it failed. */
	return miniexp_consp(text) || text == miniexp_nil ? 0 : -1;
}

#else

/* Built without libdjvulibre's headers: document.c refuses such files. */

const char *
djvu_library(void)
{
	return NULL;
}

struct djvu_file *
djvu_file_open(const struct doc_bytes *b, char error[MESSAGE_SIZE])
{
	(void)b;
	snprintf(error, MESSAGE_SIZE, "libdjvulibre is missing");
	return NULL;
}

unsigned
djvu_file_pages(const struct djvu_file *f)
{
	(void)f;
	return 0;
}

int
djvu_page_open(struct djvu_file *f, unsigned n, unsigned max,
    struct djvu_page *p)
{
	(void)f;
	(void)max;
	*p = (struct djvu_page){.number = n};
	return -1;
}

void
djvu_page_close(struct djvu_page *p)
{
	(void)p;
}

int
djvu_page_render(const struct djvu_page *p, unsigned width, unsigned height,
    int colour, struct pdf_image *out)
{
	(void)p;
	(void)width;
	(void)height;
	(void)colour;
	*out = (struct pdf_image){0};
	return -1;
}

int
djvu_page_zones(const struct djvu_page *p,
    void (*begin)(void *ctx, const struct djvu_zone *),
    void (*end)(void *ctx, const struct djvu_zone *), void *ctx)
{
	(void)p;
	(void)begin;
	(void)end;
	(void)ctx;
	return -1;
}

#endif
