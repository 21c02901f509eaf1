/* now.c - what memory there is now: as text, JSON, and for Prometheus. */
#include "cli/prometheus.h"
#include "memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 36 }; /* of a GPU, to the end of 80 columns */

struct now {
	int known; /* the machine said something */
	struct host host;
	struct gpus gpus;
	struct servers *servers;
	struct models models;
	struct pc_buf out;
};

/* ---- text ---- */

static void
line(struct now *n, const char *name, uint64_t used, uint64_t total)
{
	char a[HUMAN_SIZE], b[HUMAN_SIZE];

	pc_buf_addf(&n->out, "%-8s %10s of %10s  %5.1f %%", name,
	    human(used, a), human(total, b),
	    total ? 100 * (double)used / (double)total : 0);
}

static void
host_text(struct now *n)
{
	const struct host *h = &n->host;
	char text[HUMAN_SIZE];

	line(n, "memory", h->total - h->available, h->total);
	pc_buf_addf(&n->out, ", %s available\n", human(h->available, text));
	if (h->limit) {
		line(n, "cgroup", h->current, h->limit);
		pc_buf_addf(&n->out, ", %s of it files; %s\n",
		    human(h->reclaimable, text), h->cgroup);
	}
	if (h->swap_total) {
		line(n, "swap", h->swap_total - h->swap_free, h->swap_total);
		pc_buf_addf(&n->out, "\n");
	}
	if (h->has_pressure)
		pc_buf_addf(&n->out,
		    "pressure %.1f %% some, %.1f %% full in "
		    "the last 10 s; %.1f, %.1f in 5 min\n",
		    h->some.avg10, h->full.avg10, h->some.avg300,
		    h->full.avg300);
}

/* How long it stays. */
static void
expiry_text(struct pc_buf *b, int64_t expires)
{
	const int64_t left = (expires - pc_now()) / 1000000;

	if (expires == PC_NEVER)
		pc_buf_addf(b, ", never expires");
	else if (expires && left > 0)
		pc_buf_addf(b, ", %lld min %lld s more", (long long)(left / 60),
		    (long long)(left % 60));
	else if (expires)
		pc_buf_addf(b, ", expiring now");
}

void
add_words(struct pc_buf *b, const char *s, size_t most)
{
	char text[512];

	snprintf(text, sizeof text, "%.*s",
	    most < sizeof text ? (int)most : (int)sizeof text - 1, s);
	terminal_line(text);
	pc_buf_addf(b, "%s", text);
}

static void
gpu_text(struct now *n)
{
	for (int i = 0; i < n->gpus.count; i++) {
		const struct gpu *g = &n->gpus.gpu[i];
		char name[16];

		snprintf(name, sizeof name, "gpu %d", g->index);
		line(n, name, g->used, g->total);
		pc_buf_addf(&n->out, "%s", g->name[0] ? ", " : "");
		add_words(&n->out, g->name, NAME_WIDTH);
		pc_buf_addf(&n->out, "\n");
	}
	if (n->gpus.fault[0]) {
		add_words(&n->out, n->gpus.fault, SIZE_MAX);
		pc_buf_addf(&n->out, "\n");
	}
}

static void
now_text(struct now *n)
{
	char ram[HUMAN_SIZE], vram[HUMAN_SIZE];

	if (n->known)
		host_text(n);
	gpu_text(n);
	for (int s = 0; s < n->models.servers; s++) {
		size_t count = 0;

		if (n->models.down[s].text[0]) {
			add_words(&n->out, n->models.down[s].text, SIZE_MAX);
			pc_buf_addf(&n->out, "\n");
			continue;
		}
		for (size_t i = 0; i < n->models.count; i++) {
			const struct model_loaded *l = &n->models.all[i];

			if (l->server != s)
				continue;
			count++;
			pc_buf_addf(&n->out, "model ");
			add_words(&n->out, l->name, SIZE_MAX);
			pc_buf_addf(&n->out, ": %s, %s on the GPU",
			    human(l->size - l->vram, ram),
			    human(l->vram, vram));
			expiry_text(&n->out, l->expires);
			pc_buf_addf(&n->out, "\n");
		}
		if (count)
			continue;
		pc_buf_addf(&n->out, "the server at ");
		add_words(&n->out, servers_url(n->servers, s), SIZE_MAX);
		pc_buf_addf(&n->out, " has no model loaded\n");
	}
}

/* ---- JSON ---- */

static void
pressure_json(struct pc_buf *b, const char *name, const struct pressure *p)
{
	pc_json_begin_object(b, name);
	pc_json_add_fixed(b, "avg10", p->avg10, 2);
	pc_json_add_fixed(b, "avg60", p->avg60, 2);
	pc_json_add_fixed(b, "avg300", p->avg300, 2);
	pc_json_add_uint(b, "total_us", p->total);
	pc_json_end_object(b);
}

static void
host_json(struct pc_buf *b, const struct host *h)
{
	pc_json_add_uint(b, "total_bytes", h->total);
	pc_json_add_uint(b, "available_bytes", h->available);
	pc_json_add_fixed(b, "used_pct", host_used_percent(h), 2);
	pc_json_add_uint(b, "swap_total_bytes", h->swap_total);
	pc_json_add_uint(b, "swap_free_bytes", h->swap_free);
	if (h->limit) {
		pc_json_begin_object(b, "cgroup");
		pc_json_add_text(b, "path", h->cgroup);
		pc_json_add_uint(b, "limit_bytes", h->limit);
		pc_json_add_uint(b, "current_bytes", h->current);
		pc_json_add_uint(b, "reclaimable_bytes", h->reclaimable);
		pc_json_end_object(b);
	}
	if (h->has_pressure) {
		pc_json_begin_object(b, "pressure");
		pressure_json(b, "some", &h->some);
		pressure_json(b, "full", &h->full);
		pc_json_end_object(b);
	}
}

static void
models_json(struct pc_buf *b, const struct models *m, int server)
{
	pc_json_begin_array(b, "models");
	for (size_t i = 0; i < m->count; i++) {
		const struct model_loaded *l = &m->all[i];

		if (l->server != server)
			continue;
		pc_json_begin_object(b, NULL);
		pc_json_add_text(b, "name", l->name);
		pc_json_add_uint(b, "size_bytes", l->size);
		pc_json_add_uint(b, "ram_bytes", l->size - l->vram);
		pc_json_add_uint(b, "vram_bytes", l->vram);
		if (l->expires && l->expires != PC_NEVER)
			pc_json_add_fixed(b, "expires",
			    (double)l->expires / 1e6, 3);
		pc_json_end_object(b);
	}
	pc_json_end_array(b);
}

static void
gpus_json(struct pc_buf *b, const struct gpus *all)
{
	pc_json_begin_array(b, "gpus");
	for (int i = 0; i < all->count; i++) {
		const struct gpu *g = &all->gpu[i];

		pc_json_begin_object(b, NULL);
		pc_json_add_int(b, "index", g->index);
		pc_json_add_text(b, "name", g->name);
		pc_json_add_uint(b, "total_bytes", g->total);
		pc_json_add_uint(b, "used_bytes", g->used);
		pc_json_end_object(b);
	}
	pc_json_end_array(b);
	if (all->fault[0])
		pc_json_add_text(b, "gpu_error", all->fault);
}

static void
now_json(struct now *n)
{
	struct pc_buf *b = &n->out;

	pc_json_begin_object(b, NULL);
	pc_json_add_fixed(b, "time", (double)pc_now() / 1e6, 3);
	if (n->known)
		host_json(b, &n->host);
	gpus_json(b, &n->gpus);
	pc_json_begin_array(b, "servers");
	for (int s = 0; s < n->models.servers; s++) {
		const char *why = n->models.down[s].text;

		pc_json_begin_object(b, NULL);
		pc_json_add_text(b, "url", servers_url(n->servers, s));
		pc_json_add_bool(b, "up", !*why);
		if (*why)
			pc_json_add_text(b, "error", why);
		models_json(b, &n->models, s);
		pc_json_end_object(b);
	}
	pc_json_end_array(b);
	pc_json_end_object(b);
	pc_buf_add(b, "\n", 1);
}

/* ---- Prometheus ---- */

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
pressure_metrics(struct pc_buf *b, const struct host *h)
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
host_metrics(struct pc_buf *b, const struct host *h)
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

/* A name that comes twice would spoil the whole page. */
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
now_add(struct cli *c, struct servers *servers, enum form form,
    struct pc_buf *b)
{
	static struct now n;
	static struct gpus gpus;

	/* Who hung once would hang each time. */
	if (!gpus.hung)
		gpus_read(&gpus);
	n = (struct now){.servers = servers, .out = *b, .gpus = gpus};
	gpus.count = 0;
	n.known = host_read(&n.host) == 0;
	if (!n.known && !c->quiet)
		cli_warn(c, "cannot read memory figures from /proc/meminfo");
	if (servers)
		servers_models(servers, 0, &n.models);
	if (form == FORM_JSON) {
		now_json(&n);
	} else if (form == FORM_PROMETHEUS) {
		if (n.known)
			host_metrics(&n.out, &n.host);
		gpu_metrics(&n.out, &n.gpus);
		if (servers)
			server_metrics(&n);
	} else {
		now_text(&n);
	}
	*b = n.out;
	models_clear(&n.models);
}
