/* text.c - one text on its way to a vector: its key, and its vector in the
 * store. */
#include "embed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
text_free(struct text *t)
{
	stage_clear(&t->entry);
	free(t->carried);
	free(t->bytes);
	free(t->vector);
	pc_buf_clear(&t->material);
	free(t);
}

void
text_fail(struct embedding *r, struct text *t, const char *why)
{
	snprintf(t->error.text, sizeof t->error.text, "%s", why);
	t->state = TEXT_DONE;
	stage_release(&t->entry);
	r->failed++;
}

void
text_make_key(struct embedding *r, struct text *t)
{
	struct pc_spec s = {0};
	int e = pc_spec_stage(&s, r->in->c->spec.stage);

	if (e == 0)
		e = pc_spec_addf(&s, PC_FIELD_ENGINE, "model=%s",
		    r->in->backend.model.digest);
	if (e == 0 && r->o->dimensions)
		e = pc_spec_addf(&s, PC_FIELD_PARAM, "dimensions=%lld",
		    (long long)r->o->dimensions);
	if (e == 0)
		e = text_ids_add(&s, &t->ids);
	if (stage_make_key(&t->entry, &t->material, &s, e == 0) < 0)
		cli_die(r->in->c, "%s", strerror(errno));
}

/* Is it as long as all others of the run? */
int
embed_size_fits(struct embedding *r, size_t n)
{
	if (r->size == 0 && n > 0 && n <= EMBED_DIMENSIONS_MAX &&
	    (!r->o->dimensions || n == (size_t)r->o->dimensions))
		r->size = n;
	return r->size > 0 && n == r->size;
}

/* Can the record be a vector of this run? */
int
text_is_vector(void *ctx, const struct pc_hit *hit, struct pc_event *e)
{
	struct embedding *r = ctx;

	if (!hit->value || hit->record.size % 4 ||
	    !embed_size_fits(r, hit->record.size / 4))
		return 0;
	infer_price(r->in, hit->record.extra, hit->record.extra_len, e);
	return 1;
}

void
text_take_hit(struct embedding *r, struct text *t)
{
	t->vector = malloc(r->size * sizeof *t->vector);
	if (!t->vector)
		cli_die(r->in->c, "%s", strerror(errno));
	for (size_t i = 0; i < r->size; i++) {
		uint32_t bits = pc_decode_u32(t->entry.hit.value + 4 * i);

		memcpy(&t->vector[i], &bits, sizeof bits);
	}
	t->hit = 1;
	t->state = TEXT_DONE;
	stage_clear(&t->entry);
}

int
text_find(struct embedding *r, struct text *t)
{
	if (stage_find(&t->entry) != STAGE_HIT)
		return 1;
	text_take_hit(r, t);
	return 0;
}

size_t
embed_extra(uint32_t tokens, char extra[EMBED_EXTRA])
{
	if (!tokens)
		return 0;
	return (size_t)snprintf(extra, EMBED_EXTRA, "\"prompt_tokens\":%lu",
	    (unsigned long)tokens);
}

void
embed_store(struct embedding *r, struct text *t, int64_t cost)
{
	char extra[EMBED_EXTRA];
	struct stage_result result = {.ttl = r->in->c->ttl,
	    .setting = "caching.ttl_embeddings",
	    .cost = cost,
	    .peak_kib = http_peak(r->in->backend.servers.http),
	    .extra = (unsigned char *)extra,
	    .extra_len = embed_extra(t->tokens, extra)};
	struct pc_buf b = {0};

	if (t->weights != r->in->backend.weights)
		return;
	for (size_t i = 0; i < r->size; i++) {
		uint32_t bits;

		memcpy(&bits, &t->vector[i], sizeof bits);
		pc_buf_add_u32(&b, bits);
	}
	if (b.failed)
		cli_die(r->in->c, "%s", strerror(ENOMEM));
	result.bytes = b.data;
	result.len = b.len;
	if (stage_store(&t->entry, &result) == 0)
		weights_stored(&r->in->backend, &t->entry.key);
	pc_buf_clear(&b);
}
