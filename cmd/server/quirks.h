/* quirks.h - members of a request that a server of OpenAI's API refuses: it is
 * asked without them, or with another form of them. */
#ifndef SERVER_QUIRKS_H
#define SERVER_QUIRKS_H

#include "server/params.h"

/* Bits of a set. */
enum quirk {
	QUIRK_MAX_TOKENS = 1 << 0, /* max_completion_tokens is sent instead */
	QUIRK_STREAM = 1 << 1,     /* the answer comes at once */
	QUIRK_STREAM_OPTIONS = 1 << 2,
	QUIRK_STRICT = 1 << 3,      /* the schema is a hint */
	QUIRK_JSON_SCHEMA = 1 << 4, /* the schema is in the prompt */
	QUIRK_THINKING = 1 << 5,    /* reasoning_effort is sent instead of
				     * chat_template_kwargs */
	/* Others are parameters; quirks.c has their table. */
};

/* The set with this member alone; 0: none. */
unsigned quirk_named(const char *member, size_t n);
/* The member of a set of one. */
const char *quirk_name(unsigned one);
/* Append the members of a set, separated by blanks. */
void quirks_print(struct pc_buf *, unsigned set);

/* The members of a request that can be left out: those that no person gave. */
unsigned quirks_sent(const struct params *, const char *schema,
    enum think think, int think_given);
/* Which of these members does a refusal (n bytes) name?  One of them; 0: none.
 */
unsigned quirk_refused(const void *refusal, size_t n, unsigned sent);

#endif
