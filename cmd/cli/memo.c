/* memo.c - see memo.h. */
#include "memo.h"

#include "stage.h"

int
memo_read(struct cli *c, const struct pc_id *key, struct pc_buf *text,
    int64_t *created)
{
	struct stage_entry e = {.cli = c, .key = *key, .memo = 1};
	const int found = stage_find(&e) == STAGE_HIT &&
	    pc_hit_read(&e.hit, text, PC_INLINE_MAX) == 0 &&
	    pc_buf_add(text, "", 1) == 0;

	*created = e.hit.record.created;
	stage_clear(&e);
	return !found;
}

void
memo_write(struct cli *c, const struct pc_id *key,
    const struct pc_buf *material, const struct pc_buf *text)
{
	struct stage_entry e = {.cli = c,
	    .key = *key,
	    .material = material->data,
	    .material_len = material->len,
	    .memo = 1};
	const struct stage_result r = {.bytes = text->data,
	    .len = text->len,
	    .ttl = PC_NEVER};

	if (!text->failed && c->store)
		(void)stage_store(&e, &r);
	stage_clear(&e);
}
