/* content_scan.h - what the content of pages has, by its bytes alone. */
#ifndef CONTENT_SCAN_H
#define CONTENT_SCAN_H

#include "helper/doc/document_in.h"

/* Compare the checksums of all content, once.  If some fails, count the damage
 * of this page; without libqpdf, say in message that the document is damaged.
 */
void content_check(struct document *, const struct page_request *,
    char message[MESSAGE_SIZE]);

/* The content's facts, found on first use. */
const struct content_facts *content_facts(struct document *);

#endif
