/* fuzz_docstream.c - any bytes as a helper's answer, in pieces of any size. */
#include "pc.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct sums {
	uint64_t promised, come;
	unsigned last;
};

static int
take_page(void *ctx, const struct pc_page *page)
{
	struct sums *s = ctx;

	if (page->page != s->last + 1 || page->page > page->pages ||
	    s->come != s->promised || (page->error && page->bytes))
		abort();
	s->last = page->page;
	s->promised += page->bytes;
	return 0;
}

static int
take_text(void *ctx, const void *p, size_t n)
{
	struct sums *s = ctx;

	(void)p;
	s->come += n;
	if (s->come > s->promised)
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sums sums = {0};
	struct pc_docstream d = {
	    .page = take_page, .text = take_text, .ctx = &sums};
	size_t piece = n ? p[0] % 31 + 1 : 1;

	for (size_t at = 0; at < n; at += piece)
		if (pc_docstream_feed(
		        &d, p + at, n - at < piece ? n - at : piece) < 0)
			break;
	pc_docstream_clear(&d);
	return 0;
}
