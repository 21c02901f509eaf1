/* content_scan.h - what the content of pages has, by its bytes alone. */
#ifndef CONTENT_SCAN_H
#define CONTENT_SCAN_H

#include "helper/doc/document_in.h"

/* Compare the checksums of all content, once.  If some fails, count the damage
 * of this page; without libqpdf, say in message that the document is damaged.
 */
void content_check(struct document *, const struct page_request *,
    char message[MESSAGE_SIZE]);

/* Has a font a map from codes to characters that is so short that it may lack
 * many? */
int content_has_short_map(const struct doc_bytes *);

/* May some content have inline images (BI)?  This unpacks it all. */
int content_may_have_images(const struct doc_bytes *);

#endif
