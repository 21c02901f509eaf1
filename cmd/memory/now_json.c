/* now_json.c - the memory in use now, as JSON. */
#include "now.h"

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
host_json(struct pc_buf *b, const struct machine *h)
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

void
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
