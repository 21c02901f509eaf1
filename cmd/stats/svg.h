/* svg.h - the charts of the report, as SVG in HTML. */
#ifndef STATS_SVG_H
#define STATS_SVG_H

#include "stats.h"

/* Each appends to a buffer.  Rows are days or hours, in order. */
void svg_rates(struct pc_buf *, const struct figures *, size_t count);
void svg_latencies(struct pc_buf *, const struct figures *, size_t count);
/* Values are us. */
void svg_histogram(struct pc_buf *, const struct pc_histogram *,
    const char *class);

void html_text(struct pc_buf *, const char *); /* escaped */

#endif
