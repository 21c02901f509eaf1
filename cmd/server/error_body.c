/* error_body.c - what a server says about an error. */
#include "error_body.h"

#include <string.h>

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

static void
copy_text(char *to, size_t size, const struct pc_json *j)
{
	size_t n;
	const char *s = pc_json_text(j, &n);

	copy(to, size, s ? s : "", s ? n : 0);
}

/* {"error": "text"}, {"error": {"message": "text", "type": "kind", "code":
 * 400}}, or {"message": "text"}; Gemini puts that into an array */
static void
take_json(struct error_body *e, const struct pc_json *j)
{
	const struct pc_json *error = pc_json_get(j, "error");
	const int is_object = pc_json_type(error) == PC_JSON_OBJECT;
	const struct pc_json *from = is_object ? error : j;
	int64_t code;

	copy_text(e->text, sizeof e->text,
	    pc_json_type(error) == PC_JSON_TEXT ? error
						: pc_json_get(from, "message"));
	copy_text(e->kind, sizeof e->kind, pc_json_get(from, "type"));
	if (!*e->kind)
		copy_text(e->kind, sizeof e->kind, pc_json_get(from, "code"));
	e->signin = pc_json_type(pc_json_get(j, "signin_url")) == PC_JSON_TEXT;
	if (pc_json_int(pc_json_get(from, "code"), &code) == 0 && code >= 400 &&
	    code <= 599)
		e->code = (int)code;
}

/* The title of a web page, which proxies and gateways send. */
static void
take_title(struct error_body *e, const char *body, size_t n)
{
	static const char begin[] = "<title>", end[] = "</title>";
	char lower[4096];
	const char *from, *to;

	n = n < sizeof lower ? n : sizeof lower;
	for (size_t i = 0; i < n; i++)
		lower[i] = body[i] >= 'A' && body[i] <= 'Z'
		    ? (char)(body[i] - 'A' + 'a')
		    : body[i];
	from = memmem(lower, n, begin, sizeof begin - 1);
	if (!from)
		return;
	from += sizeof begin - 1;
	to = memmem(from, (size_t)(lower + n - from), end, sizeof end - 1);
	if (to)
		copy(e->text, sizeof e->text, body + (from - lower),
		    (size_t)(to - from));
}

void
error_body_parse(struct error_body *e, const void *body, size_t n)
{
	struct pc_error err;
	struct pc_json *j = n ? pc_json_parse(body, n, &err) : NULL;
	const char *nl = n ? memchr(body, '\n', n) : NULL;

	*e = (struct error_body){.code = 0};
	if (j)
		take_json(e,
		    pc_json_type(j) == PC_JSON_ARRAY ? pc_json_at(j, 0) : j);
	else if (n)
		take_title(e, body, n);
	if (!*e->text && n)
		copy(e->text, sizeof e->text, body,
		    nl ? (size_t)(nl - (const char *)body) : n);
	if (!*e->text)
		snprintf(e->text, sizeof e->text, "no more was said");
	pc_json_free(j);
}

/* Each server words it differently: OpenAI and vLLM ("maximum context length
 * is"), llama.cpp ("exceeds the available context size"), Anthropic ("prompt is
 * too long"), Gemini ("input token count (N) exceeds the maximum number of
 * tokens allowed"), Groq ("reduce the length of the messages",
 * "reduce your message size"), Mistral ("too
 * large for model with N maximum context length"), Text Generation Inference
 * ("`inputs` tokens + `max_new_tokens` must be <="), Cohere ("too many
 * tokens"). */
int
error_body_too_long(const struct error_body *e, int status)
{
	static const char *const words[] = {"context length", "context size",
	    "context window", "maximum model length", "prompt is too long",
	    "input is too long", "input token count",
	    "maximum number of tokens", "reduce the length of",
	    "too many tokens", "input tokens exceed", "`inputs` tokens",
	    "`inputs` must have less than", "reduce your message size"};

	if (status != 400 && status != 413 && status != 422)
		return 0;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(e->text, words[i]))
			return 1;
	return strstr(e->kind, "context") != NULL;
}

void
error_body_say_too_long(const struct error_body *e, struct pc_error *err)
{
	pc_error_set(err, "the prompt is too long for the model's context: %s",
	    e->text);
}

int
error_body_passes(const struct error_body *e, int status)
{
	if (status == 0)
		return !strstr(e->kind, "invalid_request") &&
		    !strstr(e->kind, "authentication") &&
		    !strstr(e->kind, "permission") &&
		    !strstr(e->kind, "not_found");
	return (status >= 500 && status != 501) || status == 429 ||
	    status == 408 || status == 409;
}
