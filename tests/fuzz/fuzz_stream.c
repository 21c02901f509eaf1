/* fuzz_stream.c - any bytes as the stream of a server, NDJSON or SSE, of Ollama
 * or OpenAI, in pieces of any size: the result does not depend on the pieces,
 * and is text, a verdict or a fault. */
#include "server/line_stream.h"
#include "server/model_protocol.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct taken {
	const struct model_protocol *protocol;
	struct model_answer answer;
};

static void
take(void *ctx, const char *line, size_t n)
{
	struct taken *t = ctx;

	t->protocol->parse_piece(&t->answer, line, n);
}

static int
feed(struct taken *t, const uint8_t *p, size_t n, size_t step)
{
	struct line_stream s = {.sse = t->protocol->sse};
	int r = 0;

	answer_clear(&t->answer);
	for (size_t at = 0; at < n && r == 0; at += step)
		r = line_stream_feed(&s, p + at, n - at < step ? n - at : step,
		    take, t);
	if (r == 0)
		r = line_stream_end(&s, take, t);
	line_stream_clear(&s);
	return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char text[256], kind[64];
	struct taken whole, cut;
	size_t step;

	if (n < 2)
		return 0;
	whole = (struct taken){
	    .protocol = p[0] & 1 ? &openai_protocol : &ollama_protocol};
	cut = whole;
	step = 1 + p[1] % 16;
	p += 2;
	n -= 2;
	if (feed(&whole, p, n, n + 1) != feed(&cut, p, n, step) ||
	    whole.answer.verdict != cut.answer.verdict ||
	    whole.answer.text.len != cut.answer.text.len ||
	    (cut.answer.text.len &&
		memcmp(whole.answer.text.data, cut.answer.text.data,
		    cut.answer.text.len) != 0))
		abort();
	if (cut.answer.verdict >= VERDICT_BAD && !cut.answer.error.text[0])
		abort();
	parse_error_body(p, n, text, kind);
	if (!memchr(text, '\0', sizeof text) ||
	    !pc_utf8_valid(text, strlen(text)))
		abort();
	answer_clear(&whole.answer);
	answer_clear(&cut.answer);
	return 0;
}
