/* now.c - the memory in use now: of the machine, GPUs and models. */
#include "now.h"

#include <stdio.h>

void
now_add(struct cli *c, struct servers *servers, enum form form,
    struct pc_buf *b)
{
	static struct now n;
	static struct gpus gpus;

	/* A driver that hung once is not asked again, since it would hang
	 * again. */
	if (!gpus.hung)
		gpus_read(&gpus);
	n = (struct now){.servers = servers, .out = *b, .gpus = gpus};
	gpus.count = 0;
	n.known = host_read(&n.host) == 0;
	if (!n.known && !c->quiet)
		cli_warn(c, "cannot read memory figures from /proc/meminfo");
	if (servers)
		servers_models(servers, 0, &n.models);
	if (form == FORM_JSON)
		now_json(&n);
	else if (form == FORM_PROMETHEUS)
		now_prometheus(&n);
	else
		now_text(&n);
	*b = n.out;
	models_clear(&n.models);
}
