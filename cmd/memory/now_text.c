/* now_text.c - the memory in use now, as text. */
#include "now.h"

enum { NAME_WIDTH = 36 }; /* of a GPU; the line fits 80 columns */

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
	const struct machine *h = &n->host;
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

/* Add how long the model stays loaded. */
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

void
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
