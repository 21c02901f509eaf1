/* finish_reason.c - is an answer complete?  The reasons that servers give for
 * its end.
 *
 * Sources: OpenAI's API reference (stop, length, content_filter, tool_calls,
 * function_call); Ollama's api/types.go; Anthropic's stop_reason (end_turn,
 * max_tokens, stop_sequence, tool_use, pause_turn, refusal,
 * model_context_window_exceeded); Gemini's FinishReason; Mistral
 * (model_length, error); DeepSeek (insufficient_system_resource); Cohere
 * (complete, error_toxic); vLLM and SGLang (abort); Text Generation Inference
 * (eos_token).  Servers that pass on the reason of another one write it in
 * their own case. */
#include "model_protocol.h"

#include <string.h>
#include <strings.h>

enum end { END_COMPLETE, END_LIMIT, END_FILTER, END_TOOL, END_FAILED };

static const struct {
	const char *reason;
	enum end end;
} reasons[] = {
    {"stop", END_COMPLETE},
    {"end_turn", END_COMPLETE},
    {"stop_sequence", END_COMPLETE},
    {"eos", END_COMPLETE},
    {"eos_token", END_COMPLETE},
    {"complete", END_COMPLETE},
    {"completed", END_COMPLETE},
    {"length", END_LIMIT},
    {"max_tokens", END_LIMIT},
    {"max_output_tokens", END_LIMIT},
    {"model_length", END_LIMIT},
    {"model_context_window_exceeded", END_LIMIT},
    {"content_filter", END_FILTER},
    {"safety", END_FILTER},
    {"image_safety", END_FILTER},
    {"recitation", END_FILTER},
    {"language", END_FILTER},
    {"blocklist", END_FILTER},
    {"prohibited_content", END_FILTER},
    {"spii", END_FILTER},
    {"error_toxic", END_FILTER},
    {"refusal", END_FILTER},
    {"tool_calls", END_TOOL},
    {"tool_use", END_TOOL},
    {"function_call", END_TOOL},
    {"abort", END_FAILED},
    {"aborted", END_FAILED},
    {"cancelled", END_FAILED},
    {"error", END_FAILED},
    {"timeout", END_FAILED},
    {"insufficient_system_resource", END_FAILED},
};

enum { REASONS = sizeof reasons / sizeof *reasons };

static size_t
find(const char *reason, size_t n)
{
	size_t i = 0;

	while (i < REASONS &&
	    (strlen(reasons[i].reason) != n ||
		strncasecmp(reasons[i].reason, reason, n) != 0))
		i++;
	return i;
}

void
answer_finish(struct model_answer *a, const char *reason, size_t n)
{
	enum { SHOWN_MAX = 60 };
	const int shown = n < SHOWN_MAX ? (int)n : SHOWN_MAX;
	const size_t i = find(reason, n);

	if (a->verdict != VERDICT_OPEN)
		return;
	if (i == REASONS) {
		answer_fail(a, VERDICT_BAD,
		    "the server ended the answer for an unknown reason: %.*s",
		    shown, reason);
		return;
	}
	switch (reasons[i].end) {
	case END_COMPLETE:
		a->verdict = VERDICT_WHOLE;
		break;
	case END_LIMIT:
		a->verdict = VERDICT_TRUNCATED;
		break;
	case END_FILTER:
		answer_fail(a, VERDICT_BAD,
		    "the server's filter ended the answer (%.*s)", shown,
		    reason);
		break;
	case END_TOOL:
		answer_fail(a, VERDICT_BAD,
		    "the model called a tool instead of answering (%.*s)",
		    shown, reason);
		break;
	case END_FAILED:
		answer_fail(a, VERDICT_LATER,
		    "the server gave up before the answer's end (%.*s)", shown,
		    reason);
	}
}
