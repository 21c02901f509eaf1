/* fuzz_engine.c - any bytes as the answer of pc-ocr --engine-cmd: what is
 * accepted is a page, within the picture, in UTF-8. */
#include "ocr/engine_answer.h"
#include "ocr/page/page.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
check(int holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct engine_picture picture = {600, 800, 72};
	char *text = malloc(n + 1);
	struct pc_buf out = {0};
	struct page page = {0};
	int32_t confidence = 0;

	check(text != NULL);
	memcpy(text, p, n);
	text[n] = '\0';
	if (engine_answer_parse(text, n, &picture, &out, &confidence) == 0 &&
	    out.len > 0) {
		check(confidence >= -1 && confidence <= 10000);
		page.data = out.data;
		page.length = out.len;
		check(page_parse(&page) == 0);
		for (size_t i = 0; i < page.word_count; i++) {
			const struct word *w = &page.words[i];

			check(pc_utf8_valid(w->text, w->length));
			check(w->box.x0 >= 0 && w->box.x1 <= 60000 &&
			    w->box.y0 >= 0 && w->box.y1 <= 80000);
		}
		out = (struct pc_buf){0};
		page_drop(&page);
	}
	pc_buf_clear(&out);
	free(text);
	return 0;
}
