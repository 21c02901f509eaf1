/* find.c - the texts' vectors in the store: found, or claimed to be computed
 * here. */
#include "embed.h"

#include <string.h>

struct text *
text_pending(const struct embedding *r, const struct text *t)
{
	for (struct text *k = r->first; k && k != t; k = k->next)
		if ((k->state != TEXT_DONE && k->state != TEXT_FOLLOWS) &&
		    memcmp(k->entry.key.b, t->entry.key.b,
			sizeof t->entry.key.b) == 0)
			return k;
	return NULL;
}

size_t
embed_count(const struct embedding *r, enum text_state state)
{
	size_t n = 0;

	for (const struct text *t = r->first; t; t = t->next)
		n += t->state == state;
	return n;
}

void
embed_find(struct embedding *r, struct text *const texts[], size_t n)
{
	struct stage_entry *entries[EMBED_BATCH] = {0};
	enum stage_state states[EMBED_BATCH];

	for (size_t i = 0; i < n; i++)
		entries[i] = &texts[i]->entry;
	stage_find_all(entries, n, states);
	for (size_t i = 0; i < n; i++) {
		struct text *t = texts[i];

		if (states[i] == STAGE_HIT) {
			text_take_hit(r, t);
			continue;
		}
		t->state = text_pending(r, t) ? TEXT_FOLLOWS : TEXT_MISSED;
		r->missed++;
		if (r->in->c->offline)
			text_fail(r, t, "not in the cache (--offline)");
	}
}

void
embed_find_again(struct embedding *r)
{
	struct stage_entry *entries[EMBED_AHEAD] = {0};
	enum stage_state states[EMBED_AHEAD];
	struct text *texts[EMBED_AHEAD] = {0};
	size_t n = 0;

	for (struct text *t = r->first; t; t = t->next)
		if (t->state != TEXT_DONE && t->state != TEXT_ASKED) {
			entries[n] = &t->entry;
			texts[n++] = t;
		}
	stage_release_all(entries, n);
	for (size_t i = 0; i < n; i++)
		text_make_key(r, texts[i]);
	stage_find_all(entries, n, states);
	for (size_t i = 0; i < n; i++)
		if (states[i] == STAGE_HIT)
			text_take_hit(r, texts[i]);
}

void
embed_claim(struct embedding *r, struct text *const texts[], size_t n)
{
	struct stage_entry *entries[EMBED_AHEAD] = {0};
	enum stage_state states[EMBED_AHEAD];

	for (size_t i = 0; i < n; i++)
		entries[i] = &texts[i]->entry;
	stage_claim_all(entries, n, states);
	for (size_t i = 0; i < n; i++)
		if (states[i] == STAGE_HIT)
			text_take_hit(r, texts[i]);
		else
			texts[i]->state = states[i] == STAGE_BUSY
			    ? TEXT_ELSEWHERE
			    : TEXT_MISSED;
}

void
embed_claim_elsewhere(struct embedding *r)
{
	struct text *texts[EMBED_AHEAD] = {0};
	size_t n = 0;

	for (struct text *t = r->first; t; t = t->next)
		if (t->state == TEXT_ELSEWHERE)
			texts[n++] = t;
	embed_claim(r, texts, n);
}
