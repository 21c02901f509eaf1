/* vision.c - send pages that OCR reads badly to a vision model. */
#include "vision.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	TEXT_MAX = 4 * 1024 * 1024,
	IDLE_MAX = 600 * 1000000, /* us; a model may have to be loaded first */
};

int
vision_wanted(const struct ocr_options *o, const struct page *p)
{
	if (o->vision_below == 0 || p->source == SOURCE_MIXED)
		return 0;
	if (o->vision_below == VISION_ALL)
		return !(p->marks & MARK_BLANK);
	return p->confidence >= 0 && p->confidence < o->vision_below;
}

/* Write the pixels to an unnamed PGM file (pgm(5)).  -1 with errno. */
static int
picture(const struct pixels *p, const unsigned char *gray)
{
	char head[64];
	int n = snprintf(head, sizeof head, "P5\n%u %u\n255\n", p->width,
	    p->height);
	int fd = memfd_create("page.pgm", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if (pc_write_full(fd, head, (size_t)n) == 0 &&
	    pc_write_full(fd, gray, (size_t)p->width * p->height) == 0 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
take(void *ctx, const void *p, size_t n)
{
	return pc_buf_add(ctx, p, n);
}

/* Pass on our options for the store. */
static void
pass_options(const struct cli *c, char **at)
{
	if (c->store_dir) {
		*at++ = (char *)"--store";
		*at++ = (char *)(uintptr_t)c->store_dir;
	}
	if (c->no_cache)
		*at++ = (char *)"--no-cache";
	if (c->read_only)
		*at++ = (char *)"--read-only";
	if (c->refresh)
		*at++ = (char *)"--refresh";
	if (c->quiet)
		*at++ = (char *)"-q";
}

void
vision_read(struct cli *c, struct doc *d, struct page *page,
    const struct pixels *p, const unsigned char *gray)
{
	char *argv[12] = {(char *)"pc-infer", (char *)"-T",
	    (char *)"ocr-vision", (char *)"--image", (char *)"-"};
	struct pc_buf text = {0};
	struct pc_child child = {.argv = argv,
	    .path = 1,
	    .in = picture(p, gray),
	    .out = take,
	    .ctx = &text,
	    .idle_max = IDLE_MAX,
	    .out_max = TEXT_MAX};
	const char *why = NULL;
	char status[32];

	pass_options(c, argv + 5);
	d->by_vision++;
	if (child.in < 0 || pc_child_run(&child) < 0) {
		why = strerror(errno);
	} else if (!WIFEXITED(child.status) || WEXITSTATUS(child.status)) {
		snprintf(status, sizeof status, "status %d",
		    WIFEXITED(child.status) ? WEXITSTATUS(child.status) : -1);
		why = status;
	} else if (text.len == 0 || !pc_utf8_valid(text.data, text.len)) {
		why = "its answer is not valid text";
	}
	if (child.in >= 0)
		close(child.in);
	if (why) {
		doc_warn(c, d,
		    ", page %u: pc-infer: %s; keeping the OCR result",
		    page->number, why);
		d->vision_failed = 1;
		pc_buf_clear(&text);
		return;
	}
	/* The template lets the model say NONE for a page without words. */
	if (text.len == 5 && memcmp(text.data, "NONE\n", 5) == 0) {
		pc_buf_clear(&text);
		/* If OCR guessed words, they stay in doubt. */
		if (page->word_count == 0)
			page->marks &= ~(uint32_t)MARK_LOW_CONFIDENCE;
		return;
	}
	page_drop(page);
	page->data = text.data;
	page->length = text.len;
	page->source = SOURCE_VISION;
	page->marks &= ~(uint32_t)MARK_LOW_CONFIDENCE;
	page->confidence = -1;
	page->rotation = 0;
}
