/* page_result.h - a result of an inner stage, which a document's result is made
 * of: its key, found in the store and put into it. */
#ifndef PAGE_RESULT_H
#define PAGE_RESULT_H

#include "ocr/doc.h"

struct page_result {
	struct stage_entry entry;
	struct pc_buf material; /* owned: of the key */
};

/* What a record is read into. */
struct page_target {
	struct page *page;
	struct pixels *pixels;
	const struct pc_id *id; /* of an image's bytes */
	struct pc_buf *bytes;
};

/* Begin a spec with the fields of all these keys.  -1 with errno. */
int page_result_begin_key(struct pc_spec *, const struct ocr_options *,
    const char *stage, const struct pc_id *input);
/* Free the spec and begin a result with its key.  A spec that is not whole, for
 * lack of memory, has no key: it would be the key of another result.  -1: there
 * is no key, so do not look it up or store it. */
int page_result_take_key(struct pc_spec *, int whole, struct cli *,
    const char *stage, struct page_result *);
/* Unlock and free it. */
void page_result_clear(struct page_result *);

/* Look it up; usable() reads a record into the target.  1: a miss. */
int page_result_find(struct page_result *,
    int (*usable)(void *, const struct pc_hit *, struct pc_event *),
    struct page_target *);
/* Store it; setting names its TTL, cost is in us.  A fault is a warning. */
void page_result_store(struct page_result *, const char *extra,
    const void *value, size_t, int64_t cost, const char *setting);

/* Copy a record's extra or value as a string, cut to n - 1 bytes. */
void page_result_copy_text(const unsigned char *, size_t len, char *out,
    size_t n);
/* Read the value as the page's data, owned by the page.  -1 with errno. */
int page_result_read_data(struct page *, const struct pc_hit *);

#endif
