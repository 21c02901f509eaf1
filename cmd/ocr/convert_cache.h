/* convert_cache.h - documents that converters made of others, stored (stage
 * ocr.convert). */
#ifndef CONVERT_CACHE_H
#define CONVERT_CACHE_H

#include "ocr/doc.h"

/* Which type has a document, if a converter was run on it before?  1: not
 * known. */
int convert_cache_find_type(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, char type[TYPE_SIZE]);
void convert_cache_store_type(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, const char *type);

/* A result of a converter, or its place in the store. */
struct convert_result {
	struct stage_entry entry;
	struct pc_buf material; /* owned: the key's material */
	char *program;          /* owned: the path of the converter */
};

/* Begin a result with its key.  -1: there is none (error). */
int convert_cache_begin(struct cli *, const struct ocr_options *,
    const struct converter *, const struct pc_id *doc, struct convert_result *,
    char error[MESSAGE_SIZE]);
/* Look it up.  1: a miss. */
int convert_cache_find(struct convert_result *);
void convert_cache_store(struct convert_result *, struct pc_spool *,
    int64_t cost, uint32_t peak_kib);
void convert_cache_end(struct convert_result *);

#endif
