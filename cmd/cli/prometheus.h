/* prometheus.h - metrics in Prometheus's text format, version 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats). */
#ifndef PROMETHEUS_H
#define PROMETHEUS_H

#include "pc.h"

/* A metric is its head, and then one or more samples.  Each sample is a name,
 * labels if it has any, and a value:
 *
 *	prometheus_metric(&b, "pc_gpu_bytes", "gauge", "Memory of the GPU.");
 *	prometheus_sample(&b, "pc_gpu_bytes");
 *	prometheus_label(&b, "gpu", "0");
 *	prometheus_uint(&b, 4096);
 *
 * If memory runs out, the buffer's failed is set. */
void prometheus_metric(struct pc_buf *, const char *name, const char *type,
    const char *help);
void prometheus_sample(struct pc_buf *, const char *name);
/* The value is escaped; one that is not UTF-8 becomes "?". */
void prometheus_label(struct pc_buf *, const char *name, const char *value);
void prometheus_uint(struct pc_buf *, uint64_t);
/* Rounded to so many places after the point, or to so many digits in all. */
void prometheus_fixed(struct pc_buf *, double, int decimals);
void prometheus_real(struct pc_buf *, double, int digits);

#endif
