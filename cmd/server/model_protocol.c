/* model_protocol.c - what both APIs have in common. */
#include "model_protocol.h"

#include "error_body.h"

#include <string.h>

const char *const api_names[] = {"auto", "ollama", "openai"};

int64_t
member_int(const struct pc_json *j, const char *name, int64_t other)
{
	int64_t v;

	return pc_json_int(pc_json_get(j, name), &v) == 0 ? v : other;
}

void
copy_member(char *to, size_t size, const struct pc_json *object,
    const char *name)
{
	size_t n;
	const char *s = pc_json_text(pc_json_get(object, name), &n);

	snprintf(to, size, "%s", s && !strpbrk(s, "\n\t") ? s : "");
}

void
begin_embed_request(struct pc_buf *b, const char *model,
    const struct message *texts, size_t count, int64_t dimensions)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "model", model);
	pc_json_begin_array(b, "input");
	for (size_t i = 0; i < count; i++)
		pc_json_add_bytes(b, NULL, texts[i].text, texts[i].len);
	pc_json_end_array(b);
	if (dimensions)
		pc_json_add_int(b, "dimensions", dimensions);
}

static void
fail_with(struct model_answer *a, const char *piece, size_t n)
{
	struct error_body e;
	struct pc_error err;

	error_body_parse(&e, piece, n);
	if (error_body_too_long(&e, e.code ? e.code : 400)) {
		error_body_say_too_long(&e, &err);
		answer_fail(a, VERDICT_TOO_LONG, "%s", err.text);
	} else {
		answer_fail(a,
		    error_body_passes(&e, e.code) ? VERDICT_LATER : VERDICT_BAD,
		    "%s", e.text);
	}
}

struct pc_json *
answer_parse_piece(struct model_answer *a, const char *piece, size_t n)
{
	struct pc_error err;
	struct pc_json *j = pc_json_parse(piece, n, &err);

	if (pc_json_type(j) != PC_JSON_OBJECT)
		answer_fail(a, VERDICT_BAD,
		    "the server sent something other than a JSON object: %.*s",
		    (int)(n < 60 ? n : 60), piece);
	else if (pc_json_type(pc_json_get(j, "error")) != PC_JSON_NULL)
		fail_with(a, piece, n);
	else
		return j;
	pc_json_free(j);
	return NULL;
}
