/* page_result.h - the result of an inner stage, from which a document's result
 * is made: make its key, find it in the store, and store it. */
#ifndef PAGE_RESULT_H
#define PAGE_RESULT_H

#include "ocr/doc.h"

struct page_result {
	struct stage_entry entry;
	struct pc_buf material; /* owned: the key's material */
};

/* Where a record is read to. */
struct page_target {
	struct page *page;
	struct pixels *pixels;
	struct page_layer *layer;
	int for_words; /* the layer is needed with what words say: their roles,
			* and which are struck out; else with its text */
};

/* Begin a spec with the fields that all these keys have.  -1 with errno. */
int page_result_begin_key(struct pc_spec *, const struct ocr_options *,
    const char *stage, const struct pc_id *input);
/* Begin a result with the key of the spec, and free the spec; see
 * stage_make_key(). */
int page_result_take_key(struct pc_spec *, int whole, struct cli *,
    const char *stage, struct page_result *);
/* Unlock its key and free it. */
void page_result_clear(struct page_result *);

/* Look it up; usable() reads a record into the target.  1: a miss. */
int page_result_find(struct page_result *,
    int (*usable)(void *, const struct pc_hit *, struct pc_event *),
    struct page_target *);
/* Store it.  setting names the TTL's setting; cost is in us.  A failure is
 * only a warning. */
void page_result_store(struct page_result *, const char *extra,
    const void *value, size_t, int64_t cost, const char *setting);

/* Copy a record's extra or value as a string, truncated to n - 1 bytes. */
void page_result_copy_text(const unsigned char *, size_t len, char *out,
    size_t n);
/* Read the value into the page's data, which the page owns.  -1 with errno. */
int page_result_read_data(struct page *, const struct pc_hit *);

#endif
