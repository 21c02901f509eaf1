/* admit.c - the memory of a run: check before it, and log after it. */
#include "admit/admission.h"
#include "infer.h"

#include "ledger.h"

int
infer_admit(struct infer *in, struct pc_error *err)
{
	struct admission a;

	if (!in->start_kib)
		in->start_kib = host_used_kib();
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
infer_close(struct infer *in)
{
	struct pc_run m = {.part = PC_RUN_ENGINE,
	    .started = in->engine_runs,
	    .peak_kib = in->engine_kib,
	    .start_kib = in->start_kib};

	if (in->servers.http)
		http_account(in->servers.http, &m);
	http_close(in->servers.http);
	in->servers.http = NULL;
	if (m.start_kib)
		m.end_kib = host_used_kib();
	if (m.started)
		cli_memory(in->c, m);
}
