/* now_prometheus.c - the memory in use now, as metrics. */
#include "now.h"

#include "cli/prometheus.h"

#include <math.h>
#include <string.h>

static void
gauge(struct pc_buf *b, const char *name, const char *help, uint64_t v)
{
	prometheus_metric(b, name, "gauge", help);
	prometheus_sample(b, name);
	prometheus_uint(b, v);
}

static void
pressure_ratio(struct pc_buf *b, const char *kind, const char *window,
    double percent)
{
	prometheus_sample(b, "pc_memory_pressure_ratio");
	prometheus_label(b, "kind", kind);
	prometheus_label(b, "window", window);
	prometheus_real(b, percent / 100, 6);
}

static void
pressure_metrics(struct pc_buf *b, const struct machine *h)
{
	static const char total[] = "pc_memory_pressure_seconds_total";
	const struct pressure *const both[] = {&h->some, &h->full};
	static const char *const kinds[] = {"some", "full"};

	prometheus_metric(b, "pc_memory_pressure_ratio", "gauge",
	    "Recent share of time that tasks waited for memory.");
	for (int i = 0; i < 2; i++) {
		pressure_ratio(b, kinds[i], "10s", both[i]->avg10);
		pressure_ratio(b, kinds[i], "60s", both[i]->avg60);
		pressure_ratio(b, kinds[i], "300s", both[i]->avg300);
	}
	prometheus_metric(b, total, "counter",
	    "Time that tasks waited for memory.");
	for (int i = 0; i < 2; i++) {
		prometheus_sample(b, total);
		prometheus_label(b, "kind", kinds[i]);
		prometheus_fixed(b, (double)both[i]->total / 1e6, 6);
	}
}

static void
host_metrics(struct pc_buf *b, const struct machine *h)
{
	static const char used[] = "pc_memory_used_ratio";

	gauge(b, "pc_memory_total_bytes", "Memory of the machine.", h->total);
	gauge(b, "pc_memory_available_bytes",
	    "Memory available without swapping.", h->available);
	prometheus_metric(b, used, "gauge",
	    "Share of the machine's memory or of the cgroup's limit in use.");
	prometheus_sample(b, used);
	prometheus_fixed(b, host_used_percent(h) / 100, 6);
	gauge(b, "pc_memory_swap_total_bytes", "Swap space.", h->swap_total);
	gauge(b, "pc_memory_swap_free_bytes", "Swap space that is free.",
	    h->swap_free);
	if (h->limit) {
		gauge(b, "pc_memory_cgroup_limit_bytes", "Limit of the cgroup.",
		    h->limit);
		gauge(b, "pc_memory_cgroup_current_bytes",
		    "Memory of the cgroup.", h->current);
	}
	if (h->has_pressure)
		pressure_metrics(b, h);
}

static void
gpu_sample(struct pc_buf *b, const char *name, const struct gpu *g, uint64_t v)
{
	char index[16];

	snprintf(index, sizeof index, "%d", g->index);
	prometheus_sample(b, name);
	prometheus_label(b, "gpu", index);
	prometheus_label(b, "name", g->name);
	prometheus_uint(b, v);
}

static void
gpu_metrics(struct pc_buf *b, const struct gpus *all)
{
	static const char total[] = "pc_memory_gpu_total_bytes";
	static const char used[] = "pc_memory_gpu_used_bytes";

	if (!all->count)
		return;
	prometheus_metric(b, total, "gauge", "Memory of the GPU.");
	for (int i = 0; i < all->count; i++)
		gpu_sample(b, total, &all->gpu[i], all->gpu[i].total);
	prometheus_metric(b, used, "gauge", "Memory of the GPU in use.");
	for (int i = 0; i < all->count; i++)
		gpu_sample(b, used, &all->gpu[i], all->gpu[i].used);
}

/* Begin a sample of a model. */
static void
model_sample(struct now *n, const char *name, const struct model_loaded *l)
{
	struct pc_buf *b = &n->out;

	prometheus_sample(b, name);
	prometheus_label(b, "server", servers_url(n->servers, l->server));
	prometheus_label(b, "model", l->name);
}

/* Prometheus rejects a page with the same sample twice. */
static int
is_first(const struct models *m, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (m->all[k].server == m->all[i].server &&
		    strcmp(m->all[k].name, m->all[i].name) == 0)
			return 0;
	return 1;
}

static void
model_metrics(struct now *n)
{
	static const char bytes[] = "pc_memory_model_bytes";
	static const char expiry[] = "pc_memory_model_expiry_timestamp_seconds";
	struct pc_buf *b = &n->out;

	prometheus_metric(b, bytes, "gauge", "Memory of a loaded model.");
	for (size_t i = 0; i < n->models.count; i++) {
		const struct model_loaded *l = &n->models.all[i];

		if (!is_first(&n->models, i))
			continue;
		model_sample(n, bytes, l);
		prometheus_label(b, "part", "ram");
		prometheus_uint(b, l->size - l->vram);
		model_sample(n, bytes, l);
		prometheus_label(b, "part", "vram");
		prometheus_uint(b, l->vram);
	}
	prometheus_metric(b, expiry, "gauge",
	    "When an unused loaded model expires.");
	for (size_t i = 0; i < n->models.count; i++) {
		const struct model_loaded *l = &n->models.all[i];

		if (!is_first(&n->models, i) || !l->expires)
			continue;
		model_sample(n, expiry, l);
		prometheus_fixed(b,
		    l->expires == PC_NEVER ? INFINITY
					   : (double)l->expires / 1e6,
		    3);
	}
}

static void
server_metrics(struct now *n)
{
	static const char up[] = "pc_memory_server_up";
	struct pc_buf *b = &n->out;

	prometheus_metric(b, up, "gauge", "Does the inference server answer?");
	for (int s = 0; s < n->models.servers; s++) {
		prometheus_sample(b, up);
		prometheus_label(b, "server", servers_url(n->servers, s));
		prometheus_uint(b, !n->models.down[s].text[0]);
	}
	if (n->models.count)
		model_metrics(n);
}

void
now_prometheus(struct now *n)
{
	if (n->known)
		host_metrics(&n->out, &n->host);
	gpu_metrics(&n->out, &n->gpus);
	if (n->servers)
		server_metrics(n);
}
