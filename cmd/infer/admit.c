/* admit.c - memory: what a run would need, and what it had. */
#include "../memory/admission.h"
#include "infer.h"

int
infer_admit(struct infer *in, struct pc_error *err)
{
	struct admission a;

	if (in->admitted)
		return 0;
	admission_ask(in->c, in->c->spec.stage, (unsigned)in->at_once, &a);
	if (a.workers == 0) {
		admission_refusal(in->c, in->c->spec.stage, &a, err);
		in->failed_later = 1;
		return -1;
	}
	in->at_once = a.workers;
	in->admitted = 1;
	return 0;
}

void
infer_account(struct infer *in)
{
	struct pc_memory m = {.part = PC_MEMORY_ENGINE,
	    .started = in->engine_runs, .peak_kib = in->engine_kib};

	if (in->http)
		http_account(in->http, &m);
	if (m.started)
		cli_memory(in->c, m);
}
