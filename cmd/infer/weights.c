/* weights.c - the answers stored since the model's digest was last confirmed.
 * If the weights have changed, they are removed. */
#include "infer.h"

#include <string.h>

void
weights_stored(struct backend *b, const struct pc_id *key)
{
	/* If memory is out, the answer counts as confirmed. */
	if (b->model.api == API_OLLAMA)
		(void)pc_buf_add(&b->unsure, key->b, sizeof key->b);
}

static void
remove_unsure(struct infer *in)
{
	const size_t each = sizeof(struct pc_id),
		     n = in->backend.unsure.len / each;
	struct pc_event e = {.bytes = 0};

	for (size_t i = 0; i < n; i++) {
		memcpy(e.key.b, in->backend.unsure.data + i * each, each);
		if (pc_store_remove(in->c->store, &e.key) < 0)
			cli_store_failed(in->c, "remove an answer");
		else
			cli_event(in->c, PC_EVENT_REMOVE, e);
	}
	if (!in->c->quiet)
		cli_warn(in->c,
		    "model '%s' was replaced during this run: %zu answer%s removed from the cache",
		    in->backend.wanted, n, n == 1 ? "" : "s");
}

void
weights_reported(struct infer *in, int others)
{
	if (others && in->backend.unsure.len)
		remove_unsure(in);
	in->backend.weights += others != 0;
	in->backend.unsure.len = 0;
}
