/* quirks.c - see quirks.h.
 *
 * Refusals name the member: OpenAI and Azure in "param" and between quotes,
 * Mistral and other FastAPI servers in the path of "loc".  A few describe it
 * only. */
#include "quirks.h"

#include <ctype.h>
#include <string.h>

/* The first ones in the order of enum quirk. */
static const struct quirk_name {
	const char *member;
	const char *words[4]; /* that describe it */
} names[] = {
    {"max_tokens", {NULL}},
    {"stream", {"verified to stream", "does not support streaming"}},
    {"stream_options", {NULL}},
    {"strict",
	{"additionalProperties", "Invalid schema for response_format",
	    "'required' is required"}},
    {"json_schema", {"response_format"}},
    {"chat_template_kwargs", {NULL}},
    {"temperature", {NULL}},
    {"stop", {NULL}},
    {"seed", {NULL}},
    {"top_p", {NULL}},
    {"top_k", {NULL}},
    {"min_p", {NULL}},
    {"frequency_penalty", {NULL}},
    {"presence_penalty", {NULL}},
};

enum { NAMES = sizeof names / sizeof *names };

unsigned
quirk_named(const char *member, size_t n)
{
	for (int i = 0; i < NAMES; i++)
		if (strlen(names[i].member) == n &&
		    memcmp(names[i].member, member, n) == 0)
			return 1u << i;
	return 0;
}

const char *
quirk_name(unsigned one)
{
	int i = 0;

	while (i + 1 < NAMES && one >> 1) {
		one >>= 1;
		i++;
	}
	return names[i].member;
}

void
quirks_print(struct pc_buf *b, unsigned set)
{
	const char *between = "";

	for (int i = 0; i < NAMES; i++)
		if (set & 1u << i) {
			pc_buf_addf(b, "%s%s", between, names[i].member);
			between = " ";
		}
}

unsigned
quirks_sent(const struct params *p, const char *schema, enum think think,
    int think_given)
{
	unsigned set = QUIRK_STREAM | QUIRK_STREAM_OPTIONS;

	if (schema)
		set |= QUIRK_STRICT | QUIRK_JSON_SCHEMA;
	if (think == THINK_ON || (think == THINK_OFF && think_given))
		set |= QUIRK_THINKING;
	for (size_t i = 0; i < p->count; i++) {
		const char *member = p->all[i].kind->openai;
		const unsigned bit = member
		    ? quirk_named(member, strlen(member))
		    : 0;

		/* The limit that was given keeps its value under another name.
		 */
		if (p->all[i].keyed != PARAM_GIVEN || bit == QUIRK_MAX_TOKENS)
			set |= bit;
	}
	return set;
}

/* Is it there as a whole word between quotes, dots or blanks? */
static int
has_word(const char *text, size_t n, const char *word)
{
	const size_t len = strlen(word);
	const char *end = text + n, *at = text;

	while ((at = memmem(at, (size_t)(end - at), word, len))) {
		const int before = at > text ? at[-1] : ' ';
		const int after = at + len < end ? at[len] : ' ';

		if (strchr("'\"`.", before) && after != '_' && before &&
		    !isalnum((unsigned char)after))
			return 1;
		at += len;
	}
	return 0;
}

static int
describes(const char *text, size_t n, const struct quirk_name *q)
{
	for (int i = 0; i < 4 && q->words[i]; i++)
		if (memmem(text, n, q->words[i], strlen(q->words[i])))
			return 1;
	return 0;
}

unsigned
quirk_refused(const void *refusal, size_t n, unsigned sent)
{
	for (int i = 0; n && i < NAMES; i++)
		if (sent & 1u << i && has_word(refusal, n, names[i].member))
			return 1u << i;
	for (int i = 0; n && i < NAMES; i++)
		if (sent & 1u << i && describes(refusal, n, &names[i]))
			return 1u << i;
	return 0;
}
