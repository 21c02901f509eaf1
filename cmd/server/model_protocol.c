/* model_protocol.c - what both APIs have in common. */
#include "model_protocol.h"

#include <errno.h>
#include <stdarg.h>
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

static void
copy(char *to, size_t size, const char *s, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n && len + 1 < size; i++)
		to[len++] = (unsigned char)s[i] < ' ' ? ' ' : s[i];
	/* The text must not end within a character. */
	while (len > 0 && !pc_utf8_valid(to, len))
		len--;
	to[len] = '\0';
}

/* {"error": "text"}, {"error": {"message": "text", "type": "kind"}}, or
 * {"message": "text"} */
static int
find_error(const struct pc_json *j, char text[256], char kind[64])
{
	const struct pc_json *e = pc_json_get(j, "error");
	const struct pc_json *m = pc_json_get(e ? e : j, "message");
	size_t n;
	const char *s = pc_json_text(m ? m : e, &n);
	const char *type;

	if (!s || n == 0)
		return -1;
	copy(text, 256, s, n);
	type = pc_json_text(pc_json_get(e, "type"), &n);
	copy(kind, 64, type ? type : "", type ? n : 0);
	type = pc_json_text(pc_json_get(e, "code"), &n);
	if (type && !*kind)
		copy(kind, 64, type, n);
	return 0;
}

void
parse_error_body(const void *body, size_t n, char text[256], char kind[64])
{
	struct pc_error err;
	struct pc_json *j = n ? pc_json_parse(body, n, &err) : NULL;
	const char *nl = n ? memchr(body, '\n', n) : NULL;

	*kind = '\0';
	if (find_error(j, text, kind) < 0)
		copy(text, 256, body,
		    nl ? (size_t)(nl - (const char *)body) : n);
	if (!*text)
		snprintf(text, 256, "no more was said");
	pc_json_free(j);
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

void
answer_fail(struct model_answer *a, enum verdict verdict, const char *fmt, ...)
{
	va_list ap;

	if (a->verdict >= VERDICT_BAD)
		return;
	a->verdict = verdict;
	va_start(ap, fmt);
	vsnprintf(a->error.text, sizeof a->error.text, fmt, ap);
	va_end(ap);
}

struct pc_json *
answer_parse_piece(struct model_answer *a, const char *piece, size_t n)
{
	struct pc_error err;
	struct pc_json *j = pc_json_parse(piece, n, &err);
	char text[256], kind[64];

	if (pc_json_type(j) != PC_JSON_OBJECT) {
		answer_fail(a, VERDICT_BAD,
		    "the server sent something other than a JSON object: %.*s",
		    (int)(n < 60 ? n : 60), piece);
	} else if (pc_json_get(j, "error")) {
		parse_error_body(piece, n, text, kind);
		answer_fail(a, VERDICT_LATER, "%s", text);
	} else {
		return j;
	}
	pc_json_free(j);
	return NULL;
}

void
answer_add_text(struct model_answer *a, const char *s, size_t n)
{
	if (a->text.len + n > ANSWER_TEXT_MAX)
		answer_fail(a, VERDICT_BAD, "the answer is longer than %d MiB",
		    ANSWER_TEXT_MAX >> 20);
	else if (pc_buf_add(&a->text, s, n) < 0)
		answer_fail(a, VERDICT_BAD, "%s", strerror(errno));
}

void
answer_clear(struct model_answer *a)
{
	pc_buf_clear(&a->text);
	*a = (struct model_answer){.prompt_tokens = -1, .answer_tokens = -1};
}
